"""The table of medicines: three JSON files beside this one, read once, each rule with its sources in two languages.

What the figures are for: to say 'a doctor first' or 'not this' in time. Nothing here says how much anybody takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
OK, ASK_DOCTOR, REFUSED = "ok", "ask_doctor", "refused"
STRICTNESS = {OK: 0, ASK_DOCTOR: 1, REFUSED: 2}
# What may be said of somebody's state; the form asks for these and for no more.
STATES = (
    "pregnant", "breastfeeding", "liver", "kidney", "ulcer", "asthma", "high_blood_pressure", "blood_thinner", "g6pd",
    "dehydrated", "chickenpox",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a rule comes from, as it is cited in English and in Chinese. Which one is shown, the page decides."""

    code: str
    english: str
    chinese: str


@dataclass(frozen=True)
class Named:
    """Something with a name: `name` is the Chinese one, which stands on the packet; `english` the generic one."""

    code: str
    name: str
    english: str


@dataclass(frozen=True)
class Rule:
    """One rule: `kind` says which figure counts; `sources` say where it comes from, never empty.

    age, leaflet_from: `figure` months, below it; weight: `figure` kg, below it; state: `state`, from week `figure`
    (0: at any time); interval, again: `figure` hours; most: `figure` base units in `days`; not_shared: always.
    """

    kind: str
    outcome: str
    sources: tuple[Source, ...]
    figure: float = 0
    state: str = ""
    days: int = 0


@dataclass(frozen=True)
class Substance(Named):
    """An active ingredient; `rules` are its own and those of its classes."""

    classes: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Medicine(Named):
    """A generic class of products with the same ingredients and form; `aliases` are brands under which people know it."""

    form: str
    unit: str
    kind: str
    substances: tuple[Substance, ...]
    prescription: bool
    aliases: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The product's own rules, then its ingredients'."""
        return (*self.rules, *(rule for one in self.substances for rule in one.rules))

    @property
    def classes(self) -> frozenset[str]:
        """The classes of its ingredients, and the ingredients' own codes."""
        return frozenset(one.code for one in self.substances).union(*(one.classes for one in self.substances))

    @property
    def most(self) -> tuple[int, int]:
        """(base units, days): the most that the bank gives out for one person, where the community says nothing."""
        rule = next(rule for rule in self.rules if rule.kind == "most")
        return int(rule.figure), rule.days


@dataclass(frozen=True)
class Pair:
    """Two classes or ingredients that do not go together."""

    code: str
    one: str
    other: str
    outcome: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Table:
    """All of it. `allergies` are what may be flagged, by code: ingredients, and classes that people react to."""

    medicines: dict[str, Medicine]
    substances: dict[str, Substance]
    pairs: tuple[Pair, ...]
    cross_allergies: tuple[Pair, ...]
    allergies: dict[str, Named]
    classes: dict[str, Named]
    general: dict[str, Rule]

    def spelled(self, words: str) -> list[Medicine]:
        """What somebody's own words may mean; those alone that have exactly this name or brand where there are any."""
        found, said = self.called(words), words.strip().lower()
        return [one for one in found if _rank(one, said) == 0] or found

    def named(self, code: str) -> Named:
        """A class or an ingredient by its code."""
        return self.classes.get(code) or self.substances[code]

    def called(self, words: str) -> list[Medicine]:
        """The medicines that are known under these words, best first: name, brand, English, ingredient."""
        said = words.strip().lower()
        if not said:
            return []
        ranked = [(_rank(one, said), n, one) for n, one in enumerate(self.medicines.values())]
        return [one for rank, _n, one in sorted(ranked, key=lambda row: row[:2]) if rank < 9]


def _rank(one: Medicine, said: str) -> int:
    names = [one.name.lower(), *(alias.lower() for alias in one.aliases)]
    if said in names:
        return 0
    if any(said in name or name in said for name in names):
        return 1
    inside = [
        *(sub.name for sub in one.substances),
        *(sub.english.lower() for sub in one.substances),
        one.english.lower(),
    ]
    return 2 if any(said in name or name == said for name in inside) else 9


@cache
def table() -> Table:
    """The table as shipped."""
    return read_table(*(_json(name) for name in ("sources", "substances", "medicines")))


def read_table(
    cited: dict[str, dict[str, str]], ingredients: dict[str, Any], products: dict[str, Any]
) -> Table:
    """The table from its three parts. KeyError for a source, class or ingredient that is not there; ValueError for a rule
    without a source."""
    sources = {code: Source(code, row["en"], row["zh"]) for code, row in cited.items()}
    classes, rows = ingredients["classes"], ingredients["substances"]
    kinds = {code: Named(code, row["name"], row["english"]) for code, row in classes.items()}
    substances = {code: _substance(code, row, classes, sources) for code, row in rows.items()}
    medicines = {row["code"]: _medicine(row, substances, sources) for row in products["medicines"]}
    allergic: dict[str, Named] = {code: kinds[code] for code, row in classes.items() if row.get("allergy")}
    return Table(
        medicines=medicines,
        substances=substances,
        pairs=tuple(_pair(row, sources) for row in ingredients["pairs"]),
        cross_allergies=tuple(_pair(row, sources) for row in ingredients["cross_allergies"]),
        allergies={**allergic, **substances},
        classes=kinds,
        general={
            code: _rule({"kind": "general", **row}, sources) for code, row in ingredients["general"].items()
        },
    )


def _json(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def _cited(codes: Iterable[str], sources: dict[str, Source]) -> tuple[Source, ...]:
    found = tuple(sources[code] for code in codes)
    if not found:
        raise ValueError("a rule without a source")
    return found


def _rule(row: dict[str, Any], sources: dict[str, Source]) -> Rule:
    figures = ("below_months", "below_kg", "from_week", "hours", "units")
    return Rule(
        kind=row["kind"], outcome=row.get("outcome", OK), sources=_cited(row["sources"], sources), state=row.get("state", ""),
        figure=next((row[name] for name in figures if name in row), 0), days=row.get("days", 0),
    )  # fmt: skip


def _substance(
    code: str, row: dict[str, Any], classes: dict[str, Any], sources: dict[str, Source]
) -> Substance:
    rules = [*row["rules"], *(rule for name in row["classes"] for rule in classes[name]["rules"])]
    return Substance(
        code, row["name"], row["english"], frozenset(row["classes"]), tuple(_rule(rule, sources) for rule in rules)
    )  # fmt: skip


def _medicine(row: dict[str, Any], substances: dict[str, Substance], sources: dict[str, Source]) -> Medicine:
    return Medicine(
        code=row["code"], name=row["name"], english=row["english"], form=row["form"], unit=row["unit"], kind=row["kind"],
        substances=tuple(substances[code] for code in row["substances"]), prescription=row["prescription"],
        aliases=tuple(row["aliases"]), rules=tuple(_rule(rule, sources) for rule in row["rules"]),
    )  # fmt: skip


def _pair(row: dict[str, Any], sources: dict[str, Source]) -> Pair:
    return Pair(
        row.get("code", "cross-allergy"),
        row["one"],
        row["other"],
        row["outcome"],
        _cited(row["sources"], sources),
    )
