"""Residents' codes: whose they are, how they end, what becomes of them when people are merged and erased."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict
from shouwang.core.models import AuditEntry, Tombstone
from shouwang.core.registry import copy_sources, erasers, purposes
from shouwang.people import selectors, services
from shouwang.people.engines.codes import (
    CodeStatus,
    verify_code,
)
from shouwang.people.engines.numbers import widened_id
from shouwang.people.models import Person, ResidentCode
from shouwang.people.rules import CODE_LIVES, CODE_RENEWED
from shouwang.people.selectors.codes import day_here
from shouwang.people.tests.house import MORNING, House, build_house, family, made_up_id

DAY = date(2022, 2, 20)


# Made, read, revoked


def later(**how: int) -> Any:
    return MORNING + timedelta(**how)


def text_of(code: ResidentCode) -> str:
    return selectors.code_text(ResidentCode.objects.get(pk=code.pk))


@pytest.mark.both
def test_codes_are_made_and_read(house: House) -> None:
    household, wife, husband = family(house.door)
    made = services.issue_codes(persons=[wife, husband], by=house.alice, at=MORNING)
    assert [code.person_id for code in made] == [wife.pk, husband.pk]
    assert {code.valid_until for code in made} == {DAY + CODE_LIVES}
    read = selectors.person_of_code(text_of(made[0]), MORNING)
    assert (read.status, read.short, read.person) == ("ok", made[0].short, wife)
    assert selectors.codes_of([wife.pk, husband.pk], MORNING) == {
        wife.pk: [made[0].short], husband.pk: [made[1].short],
    }  # fmt: skip
    audit = AuditEntry.objects.get(kind="people.codes.issued")
    assert (audit.subject_id, audit.person_id, audit.payload) == (household.pk, None, {"codes": 2})
    key = load_der_public_key(base64.b64decode(selectors.code_public_key()))
    assert verify_code(text_of(made[0]), key, DAY)[0] == CodeStatus.OK  # type: ignore[arg-type]


@pytest.mark.both
def test_nothing_of_the_person_is_in_a_code(house: House) -> None:
    _household, wife, _husband = family(house.door)
    first, second = services.issue_codes(persons=[wife], by=house.alice, at=MORNING) + services.issue_codes(
        persons=[wife], by=house.alice, at=MORNING
    )
    bodies = [base64.b32decode(text_of(code)[4:] + "=" * 6) for code in (first, second)]
    # Two codes of one person have nothing in common but their last day.
    assert bodies[0][10:12] == bodies[1][10:12] and bodies[0][:10] != bodies[1][:10]
    for body in bodies:
        for said in (wife.name, wife.phone, wife.id_number, "501", str(wife.pk)):
            assert said.encode() not in body
        assert wife.pk.bytes[:8] not in body and wife.pk.bytes[-8:] not in body


@pytest.mark.both
def test_a_code_ends_with_its_day_and_when_it_is_revoked(house: House) -> None:
    _household, wife, _husband = family(house.door)
    (code,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    text, after = text_of(code), MORNING + CODE_LIVES + timedelta(days=1)
    assert selectors.person_of_code(text, MORNING + CODE_LIVES).status == "ok"
    assert selectors.person_of_code(text, after) == selectors.CodeRead("expired", code.short, wife)
    assert selectors.codes_of([wife.pk], after) == {}
    assert services.revoke_codes(person=wife, by=house.alice, at=later(hours=1)) == 1
    assert selectors.person_of_code(text, later(hours=1)).status == "revoked"
    assert selectors.codes_of([wife.pk], later(hours=1)) == {}
    audit = AuditEntry.objects.get(kind="people.codes.revoked")
    assert (audit.person_id, audit.payload) == (wife.pk, {"codes": 1})
    with pytest.raises(Conflict, match="no-code"):
        services.revoke_codes(person=wife, by=house.alice, at=later(hours=2))


@pytest.mark.both
def test_a_lost_sheet_takes_the_printed_ones_only(house: House) -> None:
    _household, wife, husband = family(house.door)
    (old,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    phone, _token = services.give_phone_code(person=wife, by=house.alice, at=MORNING)
    (beside,) = services.issue_codes(persons=[wife], by=house.alice, at=later(hours=1))
    assert set(selectors.codes_of([wife.pk], later(hours=1))[wife.pk]) == {
        old.short, phone.short, beside.short,
    }  # fmt: skip
    (new,) = services.issue_codes(persons=[wife], lost=True, by=house.alice, at=later(hours=2))
    assert set(selectors.codes_of([wife.pk], later(hours=2))[wife.pk]) == {phone.short, new.short}
    assert selectors.codes_of([husband.pk], later(hours=2)) == {}


@pytest.mark.both
def test_a_sheet_makes_what_is_missing_and_what_ends_soon(house: House) -> None:
    _household, wife, husband = family(house.door)
    (old,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    services.give_phone_code(person=husband, by=house.alice, at=MORNING)
    both = [wife, husband]
    found = services.complete_codes(persons=both, by=house.alice, at=later(hours=1))
    assert found[wife.pk].pk == old.pk and not found[husband.pk].on_phone
    assert services.complete_codes(persons=both, by=house.alice, at=later(hours=1)) == found
    near = MORNING + CODE_LIVES - CODE_RENEWED + timedelta(days=1)
    again = services.complete_codes(persons=both, by=house.alice, at=near)
    assert again[wife.pk].pk != old.pk
    assert selectors.person_of_code(text_of(old), near).status == "ok", "the old one stays until its day"


@pytest.mark.both
def test_the_code_on_the_phone(house: House) -> None:
    _household, wife, _husband = family(house.door)
    first, token = services.give_phone_code(person=wife, by=house.alice, at=MORNING)
    assert token not in str(ResidentCode.objects.values_list().get())
    shown = selectors.phone_code(token, MORNING)
    assert shown is not None and shown.text == text_of(first) and shown.name == "··英"
    second, other = services.give_phone_code(person=wife, by=house.alice, at=later(hours=1))
    old, new = selectors.phone_code(token, later(hours=1)), selectors.phone_code(other, later(hours=1))
    assert old is not None and (old.status, old.text, old.name) == ("revoked", "", "")
    assert new is not None and new.text == text_of(second)
    run_out = selectors.phone_code(other, MORNING + CODE_LIVES + timedelta(days=2))
    assert run_out is not None and (run_out.status, run_out.text, run_out.name) == ("expired", "", "")
    assert selectors.phone_code("nothing", MORNING) is None


@pytest.mark.both
def test_many_shorts_are_one_query(house: House) -> None:
    _household, wife, husband = family(house.door)
    made = services.issue_codes(persons=[wife, husband], by=house.alice, at=MORNING)
    services.revoke_codes(person=husband, by=house.alice, at=MORNING)
    asked = [made[0].short, made[1].short, "00" * 10]
    with CaptureQueriesContext(connection) as asked_of:
        found = selectors.persons_by_shorts(asked, MORNING)
    assert len(asked_of) == 1
    assert {short: read.status for short, read in found.items()} == dict(
        zip(asked, ("ok", "revoked", "unknown"), strict=True)
    )
    assert found[made[0].short].person == wife


@pytest.mark.both
def test_whoever_is_off_the_register_has_no_code(house: House) -> None:
    _household, wife, _husband = family(house.door)
    (code,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    text = text_of(code)
    services.void_person(person=wife, by=house.alice, at=later(hours=1))
    read = selectors.person_of_code(text, later(hours=1))
    assert (read.status, read.person) == ("revoked", None)
    with pytest.raises(Conflict, match="person-voided"):
        services.issue_codes(persons=[wife], by=house.alice, at=later(hours=2))


# A number or a code at the table


@pytest.mark.both
def test_who_is_meant(house: House) -> None:
    _household, wife, husband = family(house.door)
    (code,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    number, scope = made_up_id("19410305", 2), house.scope(house.bob)

    def meant(said: str, who: Any = scope) -> tuple[str, Any, str]:
        read = selectors.identify(who, said, MORNING)
        return read.status, read.person, read.how

    assert meant(text_of(code)) == ("ok", wife, "code")
    assert meant(number) == meant(f" {number[:6]} {number[6:]}\n") == ("ok", wife, "id_number")
    assert meant(number[:6] + number[8:17]) == ("ok", wife, "id_number"), "as it was until 1999"
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert meant(wrong) == ("unreadable", None, "id_number")
    assert meant(made_up_id("19500101", 7)) == ("unknown", None, "id_number")
    assert meant("王桂英") == meant("") == ("unreadable", None, "")
    # Charlie answers for another community.
    elsewhere = house.scope(house.charlie)
    assert meant(text_of(code), elsewhere) == ("unknown", None, "code")
    assert meant(number, elsewhere) == ("unknown", None, "id_number")
    services.change_person(person=husband, id_kind="other", id_number="150199390305007", by=house.alice)
    assert meant(widened_id("150199390305007"))[1] is None, (
        "kept as it was given, it is found as it was given"
    )
    assert meant("150199390305007") == ("ok", husband, "id_number")


# Two entries of one person


def kept() -> list[tuple[Any, ...]]:
    return sorted(ResidentCode.objects.values_list("short", "person_id", "valid_until", "revoked_at"))


@pytest.mark.both
def test_a_second_entrys_codes_lead_to_the_survivor_and_back(house: House) -> None:
    _household, wife, _husband = family(house.door)
    home = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    alias = services.add_person(household=home, name="王桂英", relation="head", by=house.alice, at=MORNING)
    (own,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    (second,) = services.issue_codes(persons=[alias], by=house.alice, at=MORNING)
    before = kept()
    merge = services.merge_persons(survivor=wife, alias=alias, by=house.alice, at=later(hours=1))
    read = selectors.person_of_code(text_of(second), later(hours=1))
    assert (read.status, read.person) == ("ok", wife)
    assert set(selectors.codes_of([wife.pk], later(hours=1))[wife.pk]) == {own.short, second.short}
    services.undo_merge(merge=merge, by=house.alice, at=later(hours=2))
    assert kept() == before
    assert selectors.person_of_code(text_of(second), later(hours=2)).person == alias


@pytest.mark.both
def test_a_code_made_for_the_second_entry_meanwhile_leads_to_the_survivor(house: House) -> None:
    _household, wife, _husband = family(house.door)
    home = services.open_household(dwelling=house.next_door, by=house.alice, at=MORNING)
    alias = services.add_person(household=home, name="王桂英", relation="head", by=house.alice, at=MORNING)
    (code,) = services.issue_codes(persons=[alias], by=house.alice, at=MORNING)
    services.merge_persons(survivor=wife, alias=alias, by=house.alice, at=later(hours=1))
    ResidentCode.objects.filter(pk=code.pk).update(person=alias)
    assert selectors.person_of_code(text_of(code), later(hours=1)).person == wife


# Erased


@pytest.mark.both
def test_codes_go_when_their_days_are_over(house: House) -> None:
    _household, wife, _husband = family(house.door)
    (code,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    text = text_of(code)
    eraser, days = erasers.get("people.code"), timedelta(days=purposes.get("code").days)
    on_time, after = MORNING + CODE_LIVES + days, MORNING + CODE_LIVES + days + timedelta(days=1)
    assert (eraser.count(on_time), eraser.verify(on_time)) == (0, 0)
    assert (eraser.count(after), eraser.verify(after)) == (1, 1)
    assert eraser.erase_batch(after, 10) == 1
    assert (eraser.count(after), eraser.verify(after)) == (0, 0)
    assert Tombstone.objects.filter(kind="people.residentcode").exists()
    # Its own date still says that it has run out; a genuine one that nobody knows is something else.
    assert selectors.person_of_code(text, after).status == "expired"
    assert selectors.person_of_code(text, MORNING).status == "unknown"


@pytest.mark.both
def test_whoever_is_erased_leaves_no_code(house: House) -> None:
    household, wife, husband = family(house.door)
    at = MORNING + timedelta(days=purposes.get("register").days + 2)
    services.close_household(household=household, by=house.alice, at=MORNING)
    services.issue_codes(persons=[wife, husband], by=house.alice, at=at)
    erasers.get("people.register").erase_batch(at, 10)
    assert not Person.objects.exists() and not ResidentCode.objects.exists()
    assert erasers.get("people.code").verify(at) == 0


@pytest.mark.both
def test_ones_own_copy_names_the_codes(house: House) -> None:
    _household, wife, _husband = family(house.door)
    (code,) = services.issue_codes(persons=[wife], by=house.alice, at=MORNING)
    services.revoke_codes(person=wife, by=house.alice, at=later(hours=1))
    parts = {str(part.title): part.lines for part in copy_sources.get("people").parts(wife.pk, MORNING)}
    ((_when, said),) = parts["居民码"]
    assert "纸质码" in said and "2022-04-17" in said and "作废" in said and code.short in said


# Whatever is done, in whatever order


class Count:
    """What should be in force, counted plainly beside the register: person id to {short: (on a phone, last day)}."""

    def __init__(self, persons: list[Person], by: Any) -> None:
        self.live: dict[Any, dict[str, tuple[bool, date]]] = {person.pk: {} for person in persons}
        self.made: list[ResidentCode] = []
        self.by = by

    def act(self, act: str, person: Person, at: datetime) -> None:
        mine = self.live[person.pk]
        if act == "revoke":
            if self.expected(at)[person.pk]:
                services.revoke_codes(person=person, by=self.by, at=at)
            mine.clear()
            return
        if act == "phone":
            ends, code = True, services.give_phone_code(person=person, by=self.by, at=at)[0]
        else:
            ends = False
            (code,) = services.issue_codes(persons=[person], lost=act == "lost", by=self.by, at=at)
        if act != "issue":
            self.live[person.pk] = {short: said for short, said in mine.items() if said[0] is not ends}
        self.live[person.pk][code.short] = (act == "phone", code.valid_until)
        self.made.append(code)

    def expected(self, at: datetime) -> dict[Any, set[str]]:
        today = day_here(at)
        return {pk: {short for short, said in of.items() if said[1] >= today} for pk, of in self.live.items()}


ACTS = st.lists(
    st.tuples(st.sampled_from(["issue", "lost", "phone", "revoke", "wait"]), st.integers(0, 1)), max_size=8
)


@pytest.mark.both
@pytest.mark.django_db
@given(ACTS)
@settings(max_examples=25)
def test_a_code_is_in_force_exactly_until_something_ends_it(acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        house = build_house()
        _household, *both = family(house.door)
        count, at = Count(both, house.alice), MORNING
        for act, who in acts:
            at += timedelta(days=25) if act == "wait" else timedelta(minutes=1)
            if act != "wait":
                count.act(act, both[who], at)
        expected, found = count.expected(at), selectors.codes_of(count.live, at)
        assert {pk: set(found.get(pk, ())) for pk in count.live} == expected
        for code in count.made:
            said = selectors.person_of_code(text_of(code), at)
            assert (said.status == "ok") == (code.short in expected[code.person_id])
            assert said.person is not None and said.person.pk == code.person_id
        transaction.set_rollback(True)
