"""The table of medicines and its checks: every rule has a source; more said never makes an answer more permissive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.goods.engines.medicines import (
    OTHER,
    STATES,
    STRICTNESS,
    Issued,
    Patient,
    Taken,
    check,
    read_table,
    table,
)

KNOWN = table()
NONE: frozenset[str] = frozenset()


def patient(years: float = 40, **more: object) -> Patient:
    return Patient(**{"months": int(years * 12), "allergies": NONE, **more})


def outcome(code: str, who: Patient, quantity: int = 1) -> str:
    return check(KNOWN.medicines[code], who, quantity).outcome


def test_every_rule_has_a_source_and_every_medicine_an_ingredient() -> None:
    rules = [rule for one in KNOWN.medicines.values() for rule in one.all_rules] + list(
        KNOWN.general.values()
    )
    assert rules and all(rule.sources for rule in rules)
    assert all(source.english and source.chinese for rule in rules for source in rule.sources)
    assert all(pair.sources for pair in (*KNOWN.pairs, *KNOWN.cross_allergies))
    for one in KNOWN.medicines.values():
        assert one.substances and one.most[0] > 0 and one.unit
    states = {rule.state for one in KNOWN.medicines.values() for rule in one.all_rules if rule.state}
    assert states <= set(STATES)


def test_a_rule_without_a_source_is_not_read() -> None:
    rule = {"kind": "age", "below_months": 3, "outcome": "refused", "sources": []}
    parts = {"classes": {}, "substances": {"x": {"name": "x", "english": "x", "classes": [], "rules": [rule]}},
             "pairs": [], "cross_allergies": [], "general": {}}  # fmt: skip
    with pytest.raises(ValueError, match="without a source"):
        read_table({}, parts, {"medicines": []})


@pytest.mark.parametrize(
    ("code", "months", "expected", "finding"),
    [
        ("paracetamol_drops", 2, "ask_doctor", "young-doctor-first"),
        ("paracetamol_drops", 3, "ok", "leaflet-from"),
        ("paracetamol_drops", 12, "ok", ""),
        ("ibuprofen_drops", 5, "refused", "too-young"),
        ("ibuprofen_drops", 6, "ok", ""),
        ("ibuprofen_suspension", 5, "refused", "too-young"),
        ("ibuprofen_suspension", 8, "ask_doctor", "young-doctor-first"),
        ("ibuprofen_suspension", 12, "ok", ""),
        ("aspirin_tablet", 191, "refused", "too-young"),
        ("aspirin_tablet", 192, "ok", ""),
        ("child_amantadine_granules", 59, "refused", "too-young"),
        ("child_cold_granules", 23, "refused", "too-young"),
        ("child_cold_granules", 71, "ask_doctor", "young-doctor-first"),
        ("child_cold_granules", 72, "ok", ""),
        ("montmorillonite_powder", 23, "ask_doctor", "young-doctor-first"),
        ("loperamide_capsule", 143, "refused", "too-young"),
        ("levofloxacin_tablet", 215, "refused", "too-young"),
        ("nimesulide_tablet", 143, "refused", "too-young"),
        ("codeine_syrup", 480, "refused", "not-shared"),
        ("codeine_syrup", 215, "refused", "too-young"),
        ("metamizole_tablet", 480, "refused", "not-shared"),
        ("dextromethorphan_tablet", 480, "refused", "not-shared"),
        ("amoxicillin_capsule", 480, "ask_doctor", "no-prescription"),
    ],
)
def test_ages(code: str, months: int, expected: str, finding: str) -> None:
    verdict = check(KNOWN.medicines[code], patient(months=months), 1)
    assert verdict.outcome == expected
    assert not finding or finding in verdict.codes


def test_fever_of_an_infant_under_three_months_goes_to_a_doctor_first() -> None:
    verdict = check(KNOWN.medicines["paracetamol_drops"], patient(months=2, fever=True), 1)
    assert verdict.outcome == "ask_doctor" and "fever-under-3-months" in verdict.codes
    assert outcome("paracetamol_drops", patient(months=3, fever=True)) == "ok"
    assert outcome("ibuprofen_drops", patient(months=3, fever=True)) == "refused"


def test_no_double_paracetamol_under_two_names() -> None:
    lately = patient(7, taken=[Taken("child_cold_granules", 2)])
    assert outcome("paracetamol_suspension", lately) == "refused"
    assert (
        outcome("paracetamol_suspension", patient(7, taken=[Taken("child_cold_granules", None)])) == "refused"
    )
    assert (
        outcome("paracetamol_suspension", patient(7, taken=[Taken("child_cold_granules", 20, True)]))
        == "refused"
    )
    earlier = check(
        KNOWN.medicines["paracetamol_suspension"], patient(7, taken=[Taken("paracetamol_suspension", 8)]), 1
    )
    assert earlier.outcome == "ok" and "count-it-in" in earlier.codes
    assert outcome("paracetamol_suspension", patient(7, taken=[Taken("paracetamol_suspension", 30)])) == "ok"
    given_before = patient(7, issued=[Issued("child_cold_granules", 3, 30)])
    assert "double-ingredient" in check(KNOWN.medicines["paracetamol_suspension"], given_before, 1).codes


def test_allergies_also_by_class_and_not_asked_is_refused() -> None:
    assert outcome("paracetamol_tablet", patient(allergies=None)) == "refused"
    assert outcome("paracetamol_tablet", patient(allergies=frozenset({"paracetamol"}))) == "refused"
    assert outcome("ibuprofen_capsule", patient(allergies=frozenset({"aspirin"}))) == "refused"
    allergic = patient(
        allergies=frozenset({"penicillin"}),
        prescribed=frozenset({"amoxicillin_capsule", "cefaclor_suspension"}),
    )
    assert outcome("amoxicillin_capsule", allergic) == "refused"
    assert outcome("cefaclor_suspension", allergic) == "ask_doctor"
    assert outcome("paracetamol_tablet", patient(allergies=frozenset({OTHER}))) == "ask_doctor"


def test_pregnancy_weeks() -> None:
    def at(weeks: int | None) -> Patient:
        return patient(30, states=frozenset({"pregnant"}), weeks=weeks)

    assert outcome("ibuprofen_capsule", at(10)) == "ask_doctor"
    assert outcome("ibuprofen_capsule", at(20)) == outcome("ibuprofen_capsule", at(None)) == "refused"


def test_limits_and_too_soon_again() -> None:
    tablets = KNOWN.medicines["paracetamol_tablet"]
    assert check(tablets, patient(), 12).outcome == "ok"
    assert "over-limit" in check(tablets, patient(), 13).codes
    assert "over-limit" not in check(tablets, patient(), 13, limit=(20, 7)).codes
    assert "issued-lately" in check(tablets, patient(issued=[Issued("paracetamol_tablet", 2, 30)]), 2).codes
    assert check(tablets, patient(issued=[Issued("paracetamol_tablet", 10, 100)]), 2).outcome == "ok"
    assert "over-limit" in check(tablets, patient(issued=[Issued("paracetamol_tablet", 11, 100)]), 2).codes


def test_pairs_and_signs() -> None:
    assert outcome("ibuprofen_capsule", patient(taken=[Taken("aspirin_tablet", 3, True)])) == "ask_doctor"
    assert outcome("ibuprofen_capsule", patient(taken=[Taken("paracetamol_tablet", 3)])) == "ask_doctor"
    assert outcome("huoxiang_water", patient(taken=[Taken("cefaclor_suspension", 3, True)])) == "refused"
    assert outcome("loratadine_tablet", patient(taken=[Taken("child_cold_granules", 3)])) == "ask_doctor"
    assert outcome("paracetamol_tablet", patient(signs=frozenset({"breathing"}))) == "ask_doctor"


def test_medicines_are_found_under_the_names_people_use() -> None:
    assert KNOWN.called("美林")[0].code == "ibuprofen_suspension"
    assert KNOWN.called("感康")[0].code == "amantadine_capsule"
    assert KNOWN.called("Paracetamol")[0].substances[0].code == "paracetamol"
    assert KNOWN.called("莲花清瘟")[0].code == "lianhua_capsule"
    assert KNOWN.called("") == [] and KNOWN.called("扳手") == []


codes = st.sampled_from(sorted(KNOWN.medicines))
people = st.builds(
    Patient,
    months=st.none() | st.integers(0, 1100),
    kg=st.none() | st.floats(2, 90),
    states=st.frozensets(st.sampled_from(STATES)),
    weeks=st.none() | st.integers(1, 40),
    allergies=st.none() | st.frozensets(st.sampled_from([*KNOWN.allergies, OTHER]), max_size=3),
    signs=st.frozensets(st.sampled_from(["breathing"])),
    fever=st.booleans(),
    prescribed=st.frozensets(codes, max_size=3),
    taken=st.lists(st.builds(Taken, codes, st.none() | st.floats(0, 90), st.booleans()), max_size=3),
    issued=st.lists(st.builds(Issued, codes, st.integers(1, 30), st.floats(0, 400)), max_size=3),
)


def strict(code: str, who: Patient, quantity: int = 1) -> int:
    return STRICTNESS[outcome(code, who, quantity)]


@given(codes, people, st.integers(0, 24))
def test_younger_is_never_more_permissive(code: str, who: Patient, months: int) -> None:
    if who.months is not None:
        younger = replace(who, months=max(0, who.months - months))
        assert strict(code, younger) >= strict(code, who)
        assert strict(code, replace(who, months=None)) >= strict(code, who)


@given(codes, people, st.sampled_from(sorted(KNOWN.substances)))
def test_another_ingredient_never_makes_a_refused_thing_allowed(
    code: str, who: Patient, ingredient: str
) -> None:
    medicine = KNOWN.medicines[code]
    wider = replace(medicine, substances=(*medicine.substances, KNOWN.substances[ingredient]))
    assert STRICTNESS[check(wider, who, 1).outcome] >= STRICTNESS[check(medicine, who, 1).outcome]


@given(
    codes,
    people,
    st.sampled_from(sorted(KNOWN.allergies)),
    st.sampled_from(STATES),
    codes,
    st.integers(1, 50),
)
def test_more_said_is_never_more_permissive(
    code: str, who: Patient, allergy: str, state: str, other: str, quantity: int
) -> None:
    before = strict(code, who, quantity)
    if who.allergies is not None:
        assert strict(code, replace(who, allergies=who.allergies | {allergy}), quantity) >= before
    assert strict(code, replace(who, states=who.states | {state}), quantity) >= before
    assert strict(code, replace(who, taken=[*who.taken, Taken(other, 3)]), quantity) >= before
    assert strict(code, replace(who, issued=[*who.issued, Issued(other, 2, 5)]), quantity) >= before
    assert strict(code, who, quantity + 1) >= before


@given(codes, people)
def test_no_flagged_ingredient_is_ever_ok(code: str, who: Patient) -> None:
    flagged = who.allergies or NONE
    medicine = KNOWN.medicines[code]
    if who.allergies is None or flagged & medicine.classes & set(KNOWN.allergies):
        assert outcome(code, who) == "refused"
