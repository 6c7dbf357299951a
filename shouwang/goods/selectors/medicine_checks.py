"""What is known of whom a medicine is for, put before the table's checks; and the answer in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.personal import FIELD_CLASSES
from shouwang.goods.engines.medicines import (
    ASK_DOCTOR,
    OK,
    REFUSED,
    Finding,
    Issued,
    Patient,
    Source,
    Taken,
    Verdict,
    check,
    table,
)
from shouwang.goods.engines.medicines.figures import HOUSEHOLD_SHARES, LOOKS_BACK
from shouwang.goods.models import MedicineAsk, MedicineIssue, MedicineLimit
from shouwang.goods.selectors.medicine import allergy_words, notes_of
from shouwang.goods.states import CHECK_SENTENCES, IssueState
from shouwang.goods.states.medicine_names import cited, medicine_name
from shouwang.people.models import Person
from shouwang.people.selectors import flags_of
from shouwang.people.states import Care

# What a doctor's word on the phone does not put aside.
NOT_SETTLED = frozenset({"no-prescription", "danger-sign"})
FROM_FLAGS = {Care.PREGNANT: "pregnant", Care.POSTPARTUM: "breastfeeding"}


@dataclass(frozen=True)
class Limit:
    """The most that the bank gives out: units for one person and for one household in so many days; `own` when the
    community has set it, else it is the table's."""

    units: int
    household_units: int
    days: int
    own: bool
    sources: Sequence[Source] = ()


def limit_of(community_id: UUID | None, code: str) -> Limit:
    """What counts in a community for a medicine of the table."""
    row = MedicineLimit.objects.filter(community_id=community_id, medicine=code).first()  # type: ignore[misc]
    if row is not None:
        return Limit(row.units, row.household_units, row.days, own=True)
    medicine = table().medicines[code]
    units, days = medicine.most
    rule = next(rule for rule in medicine.rules if rule.kind == "most")
    return Limit(units, units * HOUSEHOLD_SHARES, days, own=False, sources=rule.sources)


def months_at(person: Person | None, day: date) -> int | None:
    """Full months of age; with a partial birth date the smallest possible age; None without a year."""
    if person is None or person.birth_year is None:
        return None
    months = (day.year - person.birth_year) * 12 + day.month - (person.birth_month or 12)
    return max(0, months - (day.day < (person.birth_day or 28)))


def age_of(ask: MedicineAsk, at: datetime) -> int | None:
    """The age that counts: what was said and what the register knows to the month, whichever is younger."""
    said = ask.answers.get("months")
    known = months_at(ask.person, timezone.localtime(at).date())
    if said is None or known is None:
        return known if said is None else int(said)
    exact = ask.person is not None and ask.person.birth_month is not None
    return int(min(said, known) if exact else said)


def patient_of(ask: MedicineAsk, at: datetime) -> Patient:
    """Everything that is known, the more cautious word where two differ."""
    said = ask.answers
    asked = said.get("allergies")
    flagged = {note.substance for note in notes_of(ask.person)}
    return Patient(
        months=age_of(ask, at), kg=said.get("kg"), weeks=said.get("weeks"), fever=bool(said.get("fever")),
        states=frozenset(said.get("states", ())) | _states_on_file(ask),
        allergies=None if asked is None else frozenset(asked) | flagged,
        signs=frozenset(said.get("signs", ())), prescribed=frozenset(said.get("prescribed", ())),
        taken=tuple(Taken(row["medicine"], row.get("hours"), bool(row.get("going_on"))) for row in said.get("taken", ())),
        issued=issued_before(ask, at),
    )  # fmt: skip


def _states_on_file(ask: MedicineAsk) -> frozenset[str]:
    """What a care flag of this person says, proposed ones too: until somebody decides, the more cautious counts."""
    if ask.household is None or ask.person is None:
        return frozenset()
    flags = flags_of(ask.household, frozenset(FIELD_CLASSES))
    mine = (flag for flag in flags if flag.person_id == ask.person_id)
    return frozenset(FROM_FLAGS[flag.kind] for flag in mine if flag.kind in FROM_FLAGS)  # type: ignore[index]


def issued_before(ask: MedicineAsk, at: datetime) -> tuple[Issued, ...]:
    """What the bank gave before for this person; where nobody knows who it is, for the household's unknown."""
    rows = MedicineIssue.objects.filter(counted_at__gte=at - LOOKS_BACK).exclude(state=IssueState.TAKEN_BACK)
    rows = rows.exclude(ask=ask).exclude(medicine="")
    if ask.person_id is not None:
        rows = rows.filter(person_id=ask.person_id)
    elif ask.household_id is not None:
        rows = rows.filter(household_id=ask.household_id, person__isnull=True)
    else:
        return ()
    found = rows.values_list("medicine", "quantity", "counted_at")
    return tuple(Issued(code, number, (at - then).total_seconds() / 3600) for code, number, then in found)


def household_has(ask: MedicineAsk, code: str, at: datetime, days: int) -> int:
    """Units of a medicine that the household was given in the last days, for whomever."""
    if ask.household_id is None:
        return 0
    rows = MedicineIssue.objects.filter(
        household_id=ask.household_id, medicine=code, counted_at__gt=at - timedelta(days=days)
    ).exclude(state=IssueState.TAKEN_BACK)
    return sum(rows.exclude(ask=ask).values_list("quantity", flat=True))


def verdict_of(ask: MedicineAsk, at: datetime, quantity: int | None = None) -> Verdict:
    """May it go to this person, as of now? A doctor's word puts 'a doctor first' aside, never a no."""
    medicine = table().medicines[ask.medicine]
    limit = limit_of(ask.community_id, ask.medicine)
    wanted = ask.quantity if quantity is None else quantity
    found = check(medicine, patient_of(ask, at), wanted, limit=(limit.units, limit.days))
    over = household_has(ask, ask.medicine, at, limit.days) + wanted > limit.household_units
    if over and "over-limit" not in found.codes:
        rule = table().general["over-limit"]
        finding = Finding("over-limit", REFUSED, rule.sources, (medicine,), limit.household_units)
        found = Verdict(REFUSED, (finding, *found.findings))
    return _settled(found) if ask.doctor_at is not None else found


def _settled(found: Verdict) -> Verdict:
    rest = tuple(
        one if one.outcome != ASK_DOCTOR or one.code in NOT_SETTLED else Finding(one.code, OK, one.sources, one.what, one.figure)
        for one in found.findings
    )  # fmt: skip
    outcomes = {one.outcome for one in rest}
    outcome = REFUSED if REFUSED in outcomes else ASK_DOCTOR if ASK_DOCTOR in outcomes else OK
    return Verdict(outcome, tuple(sorted(rest, key=lambda one: (REFUSED, ASK_DOCTOR, OK).index(one.outcome))))


def months_words(months: float) -> str:
    """An age as a leaflet says it."""
    if months < 24 and months != 12:
        return ngettext("%(count)s month", "%(count)s months", int(months)) % {"count": int(months)}
    years = int(months // 12)
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def said(finding: Finding) -> str:
    """A finding as a sentence."""
    figure = f"{finding.figure:g}"
    what = _(", ").join(medicine_name(part) for part in finding.what)
    return str(CHECK_SENTENCES[finding.code]) % {
        "what": what,
        "figure": figure,
        "age": months_words(finding.figure),
    }


@dataclass(frozen=True)
class Told:
    """A finding for a page: the sentence, how strict, and where it comes from."""

    code: str
    outcome: str
    sentence: str
    sources: Sequence[str]


def told(verdict: Verdict) -> list[Told]:
    """The findings in words, the strictest first; each sentence once."""
    rows: dict[str, Told] = {}
    for one in verdict.findings:
        sentence = said(one)
        rows.setdefault(
            sentence, Told(one.code, one.outcome, sentence, [cited(source) for source in one.sources])
        )
    return list(rows.values())


def answers_told(ask: MedicineAsk, at: datetime) -> list[tuple[str, Any]]:
    """What was said on the phone, in words."""
    patient = patient_of(ask, at)
    taken = [
        f"{_name(one.medicine)} · {_ago(one.hours)}{' · ' + _('still taking it') if one.going_on else ''}"
        for one in patient.taken
    ]
    allergies = (
        None
        if patient.allergies is None
        else [allergy_words(code) or _("something else") for code in sorted(patient.allergies)]
    )
    return [
        (_("Age"), months_words(patient.months) if patient.months is not None else _("not known")),
        (_("Body weight"), f"{patient.kg:g} kg" if patient.kg else _("not asked")),
        (_("Allergic to"), _("not asked yet") if allergies is None else _(", ").join(allergies) or _("nothing known")),
        (_("Taken already"), _("; ").join(taken) or _("nothing taken")),
    ]  # fmt: skip


def _name(code: str) -> str:
    medicine = table().medicines.get(code)
    return medicine_name(medicine) if medicine else _("something else")


def _ago(hours: float | None) -> str:
    if hours is None:
        return _("when is not known")
    return ngettext("%(hours)s hour ago", "%(hours)s hours ago", int(hours)) % {"hours": f"{hours:g}"}


def limits_told(community_id: UUID) -> list[tuple[str, Limit]]:
    """What counts in a community, medicine by medicine; the community's own where it has set one."""
    known = table().medicines
    return [(medicine_name(known[code]), limit) for code, limit in limits_in(community_id).items()]


def limits_in(community_id: UUID) -> dict[str, Limit]:
    """The same by the medicine's code."""
    own = {row.medicine: row for row in MedicineLimit.objects.filter(community_id=community_id)}
    found = {}
    for code, medicine in table().medicines.items():
        row, (units, days) = own.get(code), medicine.most
        found[code] = (
            Limit(row.units, row.household_units, row.days, own=True)
            if row
            else Limit(units, units * HOUSEHOLD_SHARES, days, own=False)
        )
    return found
