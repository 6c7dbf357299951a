"""The table of medicines as people read it: what each rule says in a sentence, and where every figure comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.goods.engines.medicines import OK, STRICTNESS, Medicine, Pair, Rule, Source, Table, table
from shouwang.goods.selectors.medicine_checks import months_words
from shouwang.goods.states import BodyState
from shouwang.goods.states.medicine_names import amount_said, cited, in_chinese, medicine_name

DAY_HOURS = 24
# Rules that give a bound rather than a verdict: the check that reads them, whose verdict counts beyond it.
BOUNDS = {"interval": "double-ingredient", "again": "issued-lately", "most": "over-limit"}
# As they stand on the page: who it is for, then what they have, then how much and how often.
ORDER = ("not_shared", "age", "weight", "state", "leaflet_from", "interval", "again", "most")


@dataclass(frozen=True)
class Said:
    """One rule: when it holds, what then, and which of the card's sources say so (their numbers, from 1)."""

    sentence: str
    outcome: str
    marks: str


@dataclass(frozen=True)
class Card:
    """One medicine: its names, what is in it, its rules with the strictest first, its sources in order."""

    code: str
    name: str
    brands: str
    contains: str
    prescription: bool
    rules: Sequence[Said]
    sources: Sequence[str]


@dataclass(frozen=True)
class TablePage:
    """The medicines that were asked for; what does not go together stands with the whole table only."""

    said: str
    cards: Sequence[Card]
    pairs: Sequence[Said]
    crosses: Sequence[Said]
    sources: Sequence[str]


class _Notes:
    """Numbers the sources of a card in the order in which they are first needed."""

    def __init__(self) -> None:
        self.found: list[Source] = []

    def marks(self, sources: Iterable[Source]) -> str:
        numbers = []
        for one in dict.fromkeys(sources):
            if one not in self.found:
                self.found.append(one)
            numbers.append(self.found.index(one) + 1)
        return ", ".join(str(number) for number in sorted(numbers))

    def words(self) -> list[str]:
        return [cited(one) for one in self.found]


def table_page(said: str) -> TablePage:
    """The page for what was typed: a name, a brand, an ingredient; nothing typed shows all of it."""
    known, said = table(), said.strip()
    if said:
        return TablePage(said, [_card(one, known) for one in known.called(said)], [], [], [])
    notes = _Notes()
    return TablePage(
        said, [_card(one, known) for one in known.medicines.values()],
        [_pair(one, known, notes) for one in known.pairs],
        [_cross(one, known, notes) for one in known.cross_allergies], notes.words(),
    )  # fmt: skip


def _card(medicine: Medicine, known: Table) -> Card:
    notes = _Notes()
    rules = _rules(medicine, known, notes)
    comma = _(", ")
    return Card(
        medicine.code, medicine_name(medicine), comma.join(medicine.aliases),
        comma.join(medicine_name(one) for one in medicine.substances), medicine.prescription, rules, notes.words(),
    )  # fmt: skip


def _rules(medicine: Medicine, known: Table, notes: _Notes) -> list[Said]:
    """Each sentence once, with the strictest verdict that any of its ingredients has, and the sources of all."""
    outcomes: dict[str, str] = {}
    sources: dict[str, list[Source]] = {}
    for rule in sorted(medicine.all_rules, key=lambda one: (ORDER.index(one.kind), one.state, -one.figure)):
        sentence, outcome = rule_said(rule, medicine), _outcome(rule, known)
        outcomes[sentence] = max(outcome, outcomes.get(sentence, OK), key=STRICTNESS.__getitem__)
        sources.setdefault(sentence, []).extend(rule.sources)
    strictest = sorted(outcomes, key=lambda sentence: -STRICTNESS[outcomes[sentence]])
    return [Said(sentence, outcomes[sentence], notes.marks(sources[sentence])) for sentence in strictest]


def _outcome(rule: Rule, known: Table) -> str:
    return known.general[BOUNDS[rule.kind]].outcome if rule.kind in BOUNDS else rule.outcome


def rule_said(rule: Rule, medicine: Medicine) -> str:
    """When a rule holds, in words: under 6 months; pregnant, from week 20; more than 12 tablets in 7 days."""
    if rule.kind == "not_shared":
        return _("Never passed on by the bank")
    if rule.kind == "age":
        return _("Under %(age)s") % {"age": _age(rule.figure)}
    if rule.kind == "weight":
        return _("Under %(figure)s kg") % {"figure": f"{rule.figure:g}"}
    if rule.kind == "state":
        return _state_said(rule)
    if rule.kind == "leaflet_from":
        return _("Under %(age)s: the leaflet's own table does not begin yet; let a doctor see the child today") % {
            "age": _age(rule.figure)
        }  # fmt: skip
    return _bound_said(rule, medicine)


def _age(months: float) -> str:
    """Whole years as years; everything else in months, as a leaflet for the small ones says it."""
    if months % 12:
        return ngettext("%(count)s month", "%(count)s months", int(months)) % {"count": int(months)}
    return months_words(months)


def _state_said(rule: Rule) -> str:
    state = _capital(str(BodyState(rule.state).label))
    if not rule.figure:
        return state
    return _("%(state)s, from week %(week)s") % {"state": state, "week": f"{rule.figure:g}"}


def _bound_said(rule: Rule, medicine: Medicine) -> str:
    if rule.kind == "most":
        days = ngettext("%(count)s day", "%(count)s days", rule.days) % {"count": rule.days}
        return _("More than %(amount)s for one person in %(days)s") % {
            "amount": amount_said(int(rule.figure), medicine.unit), "days": days,
        }  # fmt: skip
    span = _span(rule.figure)
    if rule.kind == "interval":
        return _("Within %(span)s of the last time it was taken") % {"span": span}
    return _("Within %(span)s of the last time the bank gave it") % {"span": span}


def _span(hours: float) -> str:
    """Whole days from two days on, else hours."""
    if hours >= 2 * DAY_HOURS and hours % DAY_HOURS == 0:
        days = int(hours // DAY_HOURS)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return ngettext("%(count)s hour", "%(count)s hours", int(hours)) % {"count": f"{hours:g}"}


def _pair(pair: Pair, known: Table, notes: _Notes) -> Said:
    one, other = medicine_name(known.named(pair.one)), medicine_name(known.named(pair.other))
    if pair.one == pair.other:
        sentence = _("Two different %(kind)s together") % {"kind": one}
    elif pair.code == "alternating":
        sentence = _("%(one)s and %(other)s in turns") % {"one": one, "other": other}
    else:
        sentence = _("%(one)s together with %(other)s") % {"one": one, "other": other}
    return Said(_capital(sentence), pair.outcome, notes.marks(pair.sources))


def _cross(pair: Pair, known: Table, notes: _Notes) -> Said:
    """An allergy to the one speaks against the other, both ways round."""
    sentence = _("Allergic to one of these: %(one)s, %(other)s. Then the other too") % {
        "one": medicine_name(known.named(pair.one)),
        "other": medicine_name(known.named(pair.other)),
    }
    return Said(sentence, pair.outcome, notes.marks(pair.sources))


def _capital(words: str) -> str:
    return words if in_chinese() else words[:1].upper() + words[1:]
