"""What a phone says of a roster by code, by number and by name; nobody who was sampled is lost for not being on a list."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import pytest

from shouwang.core.actors import OPERATOR
from shouwang.field.models import SetAside
from shouwang.field.selectors import snapshot_for
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, settle
from shouwang.people.models import Person
from shouwang.people.selectors import code_text
from shouwang.people.services import add_person, issue_codes, merge_persons, revoke_codes
from shouwang.rounds.models import Attempt, Kind, Round, Tube, WalkIn
from shouwang.rounds.services import add_spots, begin_round
from tests.guards.routes_world import id_number, photo

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    here = settle()
    for number, home in enumerate(here.households):
        add_person(
            household=home, name=f"居民{number}", relation="head", id_kind="resident_id", id_number=id_number(number),
            by=OPERATOR, at=AT,
        )  # fmt: skip
    return here


def begun(here: Neighbourhood, **more: Any) -> Round:
    said = {"name": "第三轮", "whom": "people", "tube_size": 10} | more
    return begin_round(community=here.community, places=here.buildings, by=here.alice, at=AT, **said)


def scan(phone: Phone, round_: Round, who: dict[str, Any], state: str = "done", **more: Any) -> UUID:
    base = more.pop("base", None)
    return phone.make("rounds.mark", {"round": str(round_.pk), "who": who, "state": state, **more}, base=base)


def told(phone: Phone) -> list[tuple[str, str]]:
    return [(line.status, line.reason) for line in phone.sync(AT)]


def test_a_code_means_its_residents_entry_and_many_go_together(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    codes = issue_codes(persons=Person.objects.all(), by=here.alice, at=AT)
    for code in codes:
        scan(phone, round_, {"code": code_text(code)}, tube="T-0001")
    assert told(phone) == [("accepted", "")] * 6
    assert {row.state for row in round_.entries.all()} == {"done"}
    assert Tube.objects.get().barcode == "T-0001"


def test_in_a_round_over_households_anybodys_code_means_the_household(here: Neighbourhood) -> None:
    home = here.households[1]
    add_person(household=home, name="奶奶", by=OPERATOR, at=AT)
    round_, phone = begun(here, whom="households", tube_size=None), phone_of(here.alice, AT)
    codes = {
        code.person.name: code for code in issue_codes(persons=Person.objects.all(), by=here.alice, at=AT)
    }
    given = snapshot_for(here.scope(here.alice), AT, after=0, mark="")["entries"]
    (entry,) = [one for one in given if one["name"] == "居民1"]
    assert set(entry["codes"]) == {codes["居民1"].short, codes["奶奶"].short}
    pk = scan(phone, round_, {"code": code_text(codes["奶奶"])})
    assert told(phone) == [("accepted", "")]
    assert str(Attempt.objects.get(pk=pk).entry_id) == entry["id"]


def test_the_number_of_an_id_card_means_its_holder(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    pk = scan(phone, round_, {"id_number": id_number(2)}, tube="T-0001")
    assert told(phone) == [("accepted", "")]
    assert Attempt.objects.get(pk=pk).entry.person == Person.objects.get(name="居民2")


def test_a_sample_of_somebody_unknown_is_not_lost(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    number = scan(phone, round_, {"id_number": id_number(77)}, tube="T-0001")
    name = scan(
        phone, round_, {"walk_in": {"name": "婴儿", "document": "newborn", "door": "3-2-501"}}, tube="T-0001"
    )
    gone = issue_codes(persons=[Person.objects.get(name="居民1")], by=here.alice, at=AT)[0]
    text = code_text(gone)
    revoke_codes(person=gone.person, by=here.alice, at=AT)
    by_code = scan(phone, round_, {"code": text}, tube="T-0001")
    assert told(phone) == [("accepted", "")] * 3
    assert set(WalkIn.objects.values_list("pk", flat=True)) | set(Attempt.objects.values_list("pk", flat=True)) == {
        number, name, by_code,
    }  # fmt: skip
    assert WalkIn.objects.get(pk=number).number == id_number(77)


def test_the_last_one_is_taken_back_also_when_it_was_on_no_list(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    who = {"walk_in": {"name": "来客", "document": "none"}}
    first = scan(phone, round_, who, tube="T-0001")
    scan(phone, round_, who, "waiting", base=first)
    assert told(phone) == [("accepted", "")] * 2
    assert WalkIn.objects.get().taken_back_at == AT


def test_nobody_is_refused_by_an_unknown_number(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    scan(phone, round_, {"id_number": id_number(77)}, "away")
    assert told(phone) == [("quarantined", "refused")]
    assert "姓名" in SetAside.objects.get().sentence


def test_a_name_and_a_code_at_once_are_one_too_many(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    scan(phone, round_, {"id_number": id_number(1), "code": "SW1.X"})
    assert told(phone) == [("quarantined", "unfit")]


def test_answers_are_checked_as_the_round_asks_for_them(here: Neighbourhood) -> None:
    kind = Kind.objects.get(community_id=None, code="daily_call")
    round_, phone = begun(here, kind=kind, tube_size=None), phone_of(here.alice, AT)
    one, two = round_.entries.all()[:2]
    fine = {"to_buy": True, "shopping": "土豆5斤", "family_well": True, "unwell": False}
    for entry, answers in ((one, fine), (two, {"to_buy": "perhaps"})):
        scan(phone, round_, {"entry": str(entry.pk)}, answers=answers)
    assert told(phone) == [("accepted", ""), ("quarantined", "refused")]
    assert Attempt.objects.get().answers["shopping"] == "土豆5斤"


def test_a_trouble_met_on_the_way_becomes_one_request(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.bob, AT)
    entry = round_.entries.get(stairwell_id=here.stairwells[0].pk)
    elsewhere = round_.entries.exclude(stairwell_id=here.stairwells[0].pk)[0]
    for pk in (entry.pk, elsewhere.pk):
        said = {"round": str(round_.pk), "entry": str(pk), "category": "shopping", "words": "买不到菜"}
        phone.make("rounds.trouble", said)
    parcels = list(phone.outbox.values())
    assert told(phone) == [("accepted", ""), ("quarantined", "gone")]
    phone.outbox = {parcel.id: parcel for parcel in parcels}
    told(phone)
    asked = HelpRequest.objects.get()
    assert (asked.household_id, asked.taken_by_id, asked.words) == (
        entry.household_id,
        here.bob.pk,
        "买不到菜",
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [(base64.b64encode(photo()).decode(), 1), ("", 0), ("no base64!", 0), (base64.b64encode(b"GIF").decode(), 0)],
)  # fmt: skip
def test_a_photo_of_a_trouble_is_kept_and_a_bad_one_keeps_nobody_from_help(
    here: Neighbourhood, said: str, kept: int
) -> None:
    round_, phone = begun(here), phone_of(here.bob, AT)
    entry = round_.entries.get(stairwell_id=here.stairwells[0].pk)
    body = {"round": str(round_.pk), "entry": str(entry.pk), "category": "repair", "words": "水管漏水"}
    phone.make("rounds.trouble", body | {"photo": said})
    assert told(phone) == [("accepted", "")]
    assert HelpRequest.objects.get().events.exclude(photo=None).count() == kept


def test_a_phone_is_given_the_least_that_the_work_needs(here: Neighbourhood) -> None:
    round_ = begun(here)
    issue_codes(persons=Person.objects.all(), by=here.alice, at=AT)
    given = snapshot_for(here.scope(here.bob), AT, after=0, mark="")
    assert [one["id"] for one in given["rounds"]] == [str(round_.pk)]
    assert given["rounds"][0]["tube_size"] == 10
    (entry,) = given["entries"]
    assert (entry["name"], len(entry["codes"])) == ("居民0", 1)
    assert set(entry) == {
        "id", "round", "building", "door", "floor", "name", "state", "last", "tries", "disputed", "do", "codes",
    }  # fmt: skip
    again = snapshot_for(here.scope(here.bob), AT, after=max(1, given["position"]), mark=given["mark"])
    assert again.get("unchanged") is True


def test_spots_are_given_with_where_they_are_and_marked_without_anybody(here: Neighbourhood) -> None:
    lift = {"community": here.community, "places": [here.stairwells[0]], "name": "电梯", "per_day": 2}
    add_spots(**lift, by=here.alice, at=AT)
    kind = Kind.objects.get(community_id=None, code="disinfection")
    round_, phone = begun(here, kind=kind, tube_size=None), phone_of(here.alice, AT)
    (entry,) = snapshot_for(here.scope(here.alice), AT, after=0, mark="")["entries"]
    assert (entry["door"], entry["floor"], entry["name"]) == ("1号楼 1单元 电梯", None, "")
    assert (entry["codes"], entry["do"]) == ([], [])
    scan(phone, round_, {"entry": entry["id"]}, answers={"agent": "alcohol"})
    said = {"round": str(round_.pk), "entry": entry["id"], "category": "repair", "words": "电梯灯不亮"}
    phone.make("rounds.trouble", said)
    assert told(phone) == [("accepted", "")] * 2
    assert round_.entries.get().state == "done"
    asked = HelpRequest.objects.get()
    assert (asked.household_id, asked.stairwell_id) == (None, here.stairwells[0].pk)


def test_nobody_comes_onto_a_round_over_spots(here: Neighbourhood) -> None:
    lift = {"community": here.community, "places": [here.stairwells[0]], "name": "电梯", "per_day": 2}
    add_spots(**lift, by=here.alice, at=AT)
    round_, phone = begun(here, whom="spots", tube_size=None), phone_of(here.alice, AT)
    code = issue_codes(persons=[Person.objects.get(name="居民1")], by=here.alice, at=AT)[0]
    for who in (
        {"code": code_text(code)}, {"id_number": id_number(2)}, {"walk_in": {"name": "来客"}},
        {"id_number": id_number(77)},
    ):  # fmt: skip
        scan(phone, round_, who)
    assert told(phone) == [("quarantined", "refused")] * 4
    assert not WalkIn.objects.exists() and round_.entries.get().spot is not None


def test_what_a_phone_says_of_an_entry_that_was_joined_reaches_the_one_that_remains(
    here: Neighbourhood,
) -> None:
    alias = add_person(household=here.households[1], name="居民零", by=OPERATOR, at=AT)
    survivor, phone = Person.objects.get(name="居民0"), phone_of(here.alice, AT)
    round_ = begun(here)
    gone = round_.entries.get(person=alias)
    scan(phone, round_, {"entry": str(gone.pk)}, tube="T-0001")
    said = {"round": str(round_.pk), "entry": str(gone.pk), "category": "shopping", "words": "买不到菜"}
    phone.make("rounds.trouble", said)
    merge_persons(survivor=survivor, alias=alias, by=here.alice, at=AT)
    do_due("clock", AT)
    assert told(phone) == [("accepted", "")] * 2
    kept = round_.entries.get(person=survivor)
    assert (kept.state, HelpRequest.objects.get().household_id) == ("done", kept.household_id)


def test_signs_that_no_database_keeps_set_one_command_aside_and_hold_up_none(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    scan(phone, round_, {"walk_in": {"name": "来\x00客", "document": "none"}})
    scan(phone, round_, {"id_number": id_number(1)}, tube="T-0001")
    phone.make("rounds.\x00", {})
    assert told(phone) == [("quarantined", "unfit"), ("accepted", ""), ("quarantined", "unknown-kind")]
