"""May this medicine go to this person? ok, a doctor first, or no, each with a code, figures and sources.

Never a diagnosis and never a dose. Whatever is not known counts as the more cautious answer, and more said about
somebody (a younger age, an allergy, another medicine) never makes the answer more permissive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shouwang.goods.engines.medicines.table import (
    ASK_DOCTOR,
    OK,
    REFUSED,
    STRICTNESS,
    Medicine,
    Named,
    Pair,
    Rule,
    Source,
    Substance,
    Table,
    table,
)

OTHER = "other"


@dataclass(frozen=True)
class Taken:
    """What was taken already, as said: `hours` ago (None: not known), `going_on` when it is still being taken."""

    medicine: str
    hours: float | None = None
    going_on: bool = False


@dataclass(frozen=True)
class Issued:
    """What the bank itself gave out for this person: base units, hours ago."""

    medicine: str
    quantity: int
    hours: float


@dataclass(frozen=True)
class Patient:
    """What is said about whom it is for. `months` of age (None: not known), `weeks` of pregnancy (None: not known).

    `states` are of table.STATES; `allergies` codes of the table or 'other'; None when nobody has asked yet.
    `signs` are danger signs that were ticked; `prescribed` medicines that a doctor has prescribed to this person.
    """

    months: int | None
    kg: float | None = None
    states: frozenset[str] = frozenset()
    weeks: int | None = None
    allergies: frozenset[str] | None = None
    signs: frozenset[str] = frozenset()
    fever: bool = False
    prescribed: frozenset[str] = frozenset()
    taken: Sequence[Taken] = ()
    issued: Sequence[Issued] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that a check found. `what` is shown by name, `figure` goes into the sentence of the code."""

    code: str
    outcome: str
    sources: tuple[Source, ...]
    what: tuple[Named, ...] = ()
    figure: float = 0


@dataclass(frozen=True)
class Verdict:
    """The outcome is that of the strictest finding; `findings` the strictest first, those that are ok are advice."""

    outcome: str
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what was found, each once."""
        return tuple(dict.fromkeys(one.code for one in self.findings))


def check(
    medicine: Medicine,
    patient: Patient,
    quantity: int = 0,
    *,
    limit: tuple[int, int] | None = None,
    known: Table | None = None,
) -> Verdict:
    """Whether so much of the medicine may go to this person. `limit` is the community's (units, days), else the table's."""
    known = known or table()
    found = [
        *_about_the_person(patient, known),
        *_by_rules(medicine, patient),
        *_allergies(medicine, patient, known),
        *_beside_others(medicine, patient, known),
        *_from_the_bank(medicine, patient, quantity, limit, known),
        *_prescription(medicine, patient, known),
    ]
    ordered = tuple(sorted(dict.fromkeys(found), key=lambda one: -STRICTNESS[one.outcome]))
    return Verdict(ordered[0].outcome if ordered else OK, ordered)


def _general(known: Table, code: str, what: tuple[Named, ...] = (), figure: float = 0) -> Finding:
    rule = known.general[code]
    return Finding(code, rule.outcome, rule.sources, what, figure or rule.figure)


def _about_the_person(patient: Patient, known: Table) -> Iterator[Finding]:
    if patient.signs:
        yield _general(known, "danger-sign")
    if patient.months is None:
        yield _general(known, "age-not-known")
    if patient.fever:
        if patient.months is None or patient.months < known.general["fever-under-3-months"].figure:
            yield _general(known, "fever-under-3-months")
        yield _general(known, "fever-three-days")
    if patient.allergies is None:
        yield _general(known, "allergies-not-asked")


def _by_rules(medicine: Medicine, patient: Patient) -> Iterator[Finding]:
    for rule in medicine.rules:
        if _applies(rule, patient):
            yield Finding(_code(rule), rule.outcome, rule.sources, (medicine,), rule.figure)
    for one in medicine.substances:
        for rule in one.rules:
            if _applies(rule, patient):
                yield Finding(_code(rule), rule.outcome, rule.sources, (one,), rule.figure)


def _code(rule: Rule) -> str:
    if rule.kind == "age":
        return "too-young" if rule.outcome == REFUSED else "young-doctor-first"
    names = {"weight": "too-light", "leaflet_from": "leaflet-from", "not_shared": "not-shared"}
    return rule.state if rule.kind == "state" else names[rule.kind]


def _applies(rule: Rule, patient: Patient) -> bool:
    """An age that is not known counts as below every age; a weight that is not known is not asked for."""
    if rule.kind in ("age", "leaflet_from"):
        return patient.months is None or patient.months < rule.figure
    if rule.kind == "weight":
        return patient.kg is not None and patient.kg < rule.figure
    if rule.kind == "state":
        return rule.state in patient.states and (patient.weeks is None or patient.weeks >= rule.figure)
    return rule.kind == "not_shared"


def _allergies(medicine: Medicine, patient: Patient, known: Table) -> Iterator[Finding]:
    flagged = patient.allergies or frozenset()
    if OTHER in flagged:
        yield _general(known, "allergy-not-in-table")
    wide = flagged | {name for code in flagged for name in _allergy_classes(code, known)}
    for one in medicine.substances:
        if one.code in flagged or wide & _allergy_classes(one.code, known):
            yield _general(known, "allergy", (one,))
    for pair in known.cross_allergies:
        if _crosses(pair, wide, medicine.classes):
            yield Finding(pair.code, pair.outcome, pair.sources, (medicine,))


def _allergy_classes(code: str, known: Table) -> frozenset[str]:
    """The classes of an ingredient that people react to as a whole; a class stands for itself."""
    one = known.substances.get(code)
    return frozenset(name for name in (one.classes if one else (code,)) if name in known.allergies)


def _crosses(pair: Pair, here: Collection[str], there: Collection[str]) -> bool:
    return (pair.one in here and pair.other in there) or (pair.other in here and pair.one in there)


def _beside_others(medicine: Medicine, patient: Patient, known: Table) -> Iterator[Finding]:
    """The same ingredient under two names, two of a kind, and what does not go together, with what was said to be
    taken."""
    for taken in patient.taken:
        other = known.medicines.get(taken.medicine)
        if other is None:
            yield _general(known, "allergy-not-in-table" if taken.medicine == OTHER else "double-ingredient")
            continue
        if not _still_counts(taken):
            continue
        for one in _shared(medicine, other):
            code = "double-ingredient" if _too_soon(one, taken, medicine) else "count-it-in"
            yield _general(known, code, (one, other), _hours(one, "interval"))
        yield from _pairs(medicine, other, known)


def _still_counts(taken: Taken) -> bool:
    return taken.going_on or taken.hours is None or taken.hours < 24


def _too_soon(one: Substance, taken: Taken, medicine: Medicine) -> bool:
    """Whether taking this would double an ingredient: another product that goes on, or less than the interval ago."""
    if taken.hours is None or taken.hours < _hours(one, "interval"):
        return True
    return taken.going_on and taken.medicine != medicine.code


def _hours(one: Substance, kind: str) -> float:
    """The strictest figure of the kind; where the table has none, a day."""
    return max((rule.figure for rule in one.rules if rule.kind == kind), default=24)


def _shared(medicine: Medicine, other: Medicine) -> list[Substance]:
    theirs = {one.code for one in other.substances}
    return [one for one in medicine.substances if one.code in theirs]


def _pairs(medicine: Medicine, other: Medicine, known: Table) -> Iterator[Finding]:
    shared = {one.code for one in _shared(medicine, other)}
    for pair in known.pairs:
        for one in medicine.substances:
            for two in other.substances:
                here, there = one.classes | {one.code}, two.classes | {two.code}
                if one.code != two.code and not shared & {one.code, two.code} and _crosses(pair, here, there):
                    yield Finding(pair.code, pair.outcome, pair.sources, (one, two))


def _from_the_bank(
    medicine: Medicine, patient: Patient, quantity: int, limit: tuple[int, int] | None, known: Table
) -> Iterator[Finding]:
    """What the bank gave before: not so soon again, not the same ingredient in another bag, not more than the limit."""
    units, days = limit or medicine.most
    before = [one for one in patient.issued if one.medicine == medicine.code and one.hours < days * 24]
    if quantity + sum(one.quantity for one in before) > units:
        yield _general(known, "over-limit", (medicine,), units)
    for issued in patient.issued:
        other = known.medicines.get(issued.medicine)
        for one in _shared(medicine, other) if other else ():
            if issued.hours < _hours(one, "again"):
                code = "issued-lately" if other is medicine else "double-ingredient"
                yield _general(known, code, (one, other) if other else (one,), _hours(one, "again"))
        if other is not None and issued.hours < 72:
            yield from _pairs(medicine, other, known)


def _prescription(medicine: Medicine, patient: Patient, known: Table) -> Iterator[Finding]:
    if medicine.prescription and medicine.code not in patient.prescribed:
        yield _general(known, "no-prescription", (medicine,))


__all__ = [
    "ASK_DOCTOR",
    "OK",
    "OTHER",
    "REFUSED",
    "Finding",
    "Issued",
    "Patient",
    "Taken",
    "Verdict",
    "check",
]
