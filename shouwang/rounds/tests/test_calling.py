"""A point is set up, planned by the worker, called slot by slot; what changes is planned anew."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest
from django.utils.translation import override

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, signed_in
from shouwang.notices.models import Message
from shouwang.people.models import Person
from shouwang.people.services import add_flag, add_proxy, move_person
from shouwang.rounds import services
from shouwang.rounds.models import Entry, Point, Round, Slot, SlotEntry
from shouwang.rounds.selectors.calling import board_of, silent_tables
from shouwang.rounds.selectors.planning import measured_pace, point_of, to_be_called
from shouwang.rounds.selectors.slips import slips_of, words_to_call
from shouwang.rounds.services import Agreed, Word
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytest.importorskip("ortools")
pytestmark = [pytest.mark.django_db, pytest.mark.both]

OPENS = AT + timedelta(minutes=30)


def at(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def set_up(here: Neighbourhood, round_: Round, when: datetime = AT, **changes: object) -> Point:
    agreed = {
        "opens_at": OPENS, "tables": 2, "seconds_given": 30, "queue_limit": 8, "walk_minutes": 4,
        "paths": [(here.buildings[0], here.buildings[1])],
    } | changes  # fmt: skip
    point = services.set_point(round_=round_, agreed=Agreed(**agreed), by=here.alice, at=when)  # type: ignore[arg-type]
    do_due("worker", when)
    point.refresh_from_db()
    return point


def slots(round_: Round, state: str = "planned") -> list[Slot]:
    return list(Slot.objects.filter(round=round_, state=state).order_by("starts_at", "id"))


def mark(here: Neighbourhood, slot: Slot, when: datetime, state: str = "done") -> None:
    words = [Word(uuid7(), row.entry_id, state) for row in SlotEntry.objects.filter(slot=slot)]
    services.hear_words(words, by=here.alice, at=when)


def test_everybody_is_in_one_slot_and_nobody_comes_before_it_opens(here: Neighbourhood) -> None:
    round_ = begun(here)
    assert point_of(round_) is None
    point = set_up(here, round_)
    assert point_of(round_) == point
    assert SlotEntry.objects.filter(slot__round=round_).count() == 12
    assert min(slot.starts_at for slot in slots(round_)) == OPENS
    assert (point.asked, point.planned_seconds, point.planned_tables, point.fault) == (False, 30.0, 2, "")
    assert DueRow.objects.get(kind="rounds.replan").due_at == AT + timedelta(minutes=3)


def test_who_cannot_walk_and_high_risk_buildings_are_not_called(here: Neighbourhood) -> None:
    lame = Person.objects.get(name="居民2head")
    add_flag(
        household=here.households[2], person=lame, kind="needs_care", source="登记", by=here.alice, at=AT
    )
    round_ = begun(here)
    point = set_up(here, round_, door_to_door=[here.buildings[0]])
    called = set(SlotEntry.objects.filter(slot__round=round_).values_list("entry__person__name", flat=True))
    assert "居民2head" not in called and "居民2spouse" in called
    assert {row.building_id for row in to_be_called(point, AT)} == {b.pk for b in here.buildings[1:]}


def test_the_green_lane_comes_first_or_is_visited(here: Neighbourhood) -> None:
    slow = Person.objects.get(name="居民5head")
    add_flag(
        household=here.households[5], person=slow, kind="walks_badly", source="登记", by=here.alice, at=AT
    )
    Person.objects.filter(name="居民4head").update(birth_year=1940)
    round_ = begun(here)
    point = set_up(here, round_)
    first = slots(round_)[0]
    assert (first.lane, first.people, first.building_id) == ("green", 4, here.buildings[2].pk)
    services.set_point(
        round_=round_, agreed=Agreed(OPENS, 2, 30, 8, 4, walks_badly="door"), by=here.alice, at=AT
    )
    point.refresh_from_db()
    assert slow.pk not in {row.entry.person_id for row in to_be_called(point, AT)}


def test_what_is_read_aloud_says_who_is_meant_and_of_the_green_lane_nothing(here: Neighbourhood) -> None:
    Person.objects.filter(name="居民4head").update(birth_year=1940)
    round_ = begun(here)
    set_up(here, round_)
    green, *usual = slots(round_)
    with override("en"):
        assert words_to_call(green, "3号楼").startswith("3号楼, green lane: whom your head has told")
        said = words_to_call(
            next(slot for slot in usual if slot.building_id == here.buildings[0].pk), "1号楼"
        )
        assert said.startswith("1号楼, 1单元 floor 1, 2单元 floor 1 (2 households): it is your turn.")
    with override("zh-hans"):
        assert words_to_call(usual[0], "1号楼").count("号楼") == 1


def test_a_call_tells_those_who_can_be_told_and_the_heads(here: Neighbourhood) -> None:
    round_ = begun(here)
    set_up(here, round_)
    add_proxy(
        household=here.households[0],
        kind="child_elsewhere",
        name="女儿",
        user=here.charlie,
        by=here.alice,
        at=AT,
    )
    slot = next(one for one in slots(round_) if one.building_id == here.buildings[0].pk)
    for other in slots(round_):
        if other.starts_at < slot.starts_at:
            services.call_slot(slot_id=other.pk, anyway=True, by=here.alice, at=at(26))
    before = set(Message.objects.values_list("pk", flat=True))
    services.call_slot(slot_id=slot.pk, anyway=True, by=here.alice, at=at(26))
    told = set(Message.objects.exclude(pk__in=before).values_list("to_id", "template"))
    assert told >= {(here.charlie.pk, "rounds.called"), (here.bob.pk, "rounds.called_head")}
    message = Message.objects.filter(template="rounds.called").latest("written_at")
    assert "1号楼" in message.sentence() and "1号楼" not in message.discreet()
    audit = AuditEntry.objects.filter(kind="rounds.slot.called", subject_id=slot.pk).get()
    assert (audit.building_id, audit.payload["told"]) == (here.buildings[0].pk, 2)


def test_what_was_called_stays_called_and_the_rest_is_planned_anew(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    first = services.call_slot(slot_id=slots(round_)[0].pk, by=here.alice, at=at(26))
    services.set_tables(point=point, tables=1, by=here.alice, at=at(27))
    do_due("worker", at(27))
    first.refresh_from_db()
    assert (first.state, first.called_at) == ("called", at(26))
    planned = SlotEntry.objects.filter(slot__round=round_, slot__state="planned")
    assert planned.count() == 12 - first.people
    assert not set(planned.values_list("entry_id", flat=True)) & set(
        SlotEntry.objects.filter(slot=first).values_list("entry_id", flat=True)
    )
    point.refresh_from_db()
    assert (point.planned_tables, point.planned_at) == (1, at(27))


def test_it_is_planned_at_most_once_in_three_minutes(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    services.plan_anew(point=point, by=here.alice, at=at(1))
    assert do_due("worker", at(1)) == 0
    assert do_due("worker", at(3)) == 1
    point.refresh_from_db()
    assert (point.planned_at, point.asked) == (at(3), False)
    do_due("worker", at(6))
    assert AuditEntry.objects.filter(kind="rounds.point.planned").count() == 2


def test_whoever_is_to_be_visited_by_now_or_has_moved_is_planned_anew(here: Neighbourhood) -> None:
    round_ = begun(here)
    set_up(here, round_)
    lame, mover = Person.objects.get(name="居民2head"), Person.objects.get(name="居民0head")
    add_flag(
        household=here.households[2], person=lame, kind="needs_care", source="登记", by=here.alice, at=at(1)
    )
    move_person(person=mover, household=here.households[5], relation="other", by=here.alice, at=at(1))
    services.keep_true(round_id=round_.pk, at=at(1))
    do_due("worker", at(3))
    rows = dict(
        SlotEntry.objects.filter(slot__round=round_).values_list("entry__person", "slot__building_id")
    )
    assert lame.pk not in rows and rows[mover.pk] == here.buildings[2].pk


def test_a_plan_made_from_older_figures_is_dropped(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    plan = services.Plan(OPENS, 30.0, point.version, (), {}, 0.0)
    services.call_slot(slot_id=slots(round_)[0].pk, by=here.alice, at=at(26))
    left = len(slots(round_))
    assert not services.keep_plan(point_id=point.pk, plan=plan, at=at(27))
    assert len(slots(round_)) == left


def test_two_buildings_that_must_not_meet_are_not_called_into_each_other(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_, queue_limit=4)
    one, other = here.buildings[0].pk, here.buildings[1].pk
    by_building = {slot.building_id: slot for slot in slots(round_)}
    first = services.call_slot(slot_id=by_building[one].pk, by=here.alice, at=at(26))
    with pytest.raises(Conflict, match="paths-meet"):
        services.call_slot(slot_id=by_building[other].pk, by=here.alice, at=at(27))
    board = board_of(point, at(27))
    assert board.offered is not None and board.offered.slot.building_id == here.buildings[2].pk
    assert next(line for line in board.following if line.slot.building_id == other).meets == ("1号楼",)
    mark(here, first, at(31))
    with pytest.raises(Conflict, match="paths-meet"):
        services.call_slot(slot_id=by_building[other].pk, by=here.alice, at=at(34))
    services.call_slot(slot_id=by_building[other].pk, by=here.alice, at=at(35))


def test_a_building_is_held_back_and_let_come(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    act = {"point": point, "building": here.buildings[2], "by": here.alice}
    services.hold_building(held=True, at=at(1), **act)
    assert SlotEntry.objects.filter(slot__round=round_).count() == 8
    do_due("worker", at(4))
    assert SlotEntry.objects.filter(slot__round=round_).count() == 8
    assert board_of(point, at(4)).held == [here.buildings[2]]
    services.hold_building(held=False, at=at(5), **act)
    do_due("worker", at(8))
    assert SlotEntry.objects.filter(slot__round=round_).count() == 12
    assert board_of(point, at(8)).held == []


def test_a_called_slot_is_over_when_all_are_home(here: Neighbourhood) -> None:
    round_ = begun(here)
    set_up(here, round_)
    slot = services.call_slot(slot_id=slots(round_)[0].pk, by=here.alice, at=at(26))
    mark(here, slot, at(31))
    do_due("worker", at(34))
    slot.refresh_from_db()
    assert slot.state == "called"
    do_due("worker", at(37))
    slot.refresh_from_db()
    assert (slot.state, slot.passed_at) == ("passed", at(37))
    other = services.call_slot(slot_id=slots(round_)[0].pk, anyway=True, by=here.alice, at=at(38))
    assert services.pass_slot(slot_id=other.pk, by=here.alice, at=at(39)).state == "passed"


@pytest.mark.parametrize(
    "changes",
    [{"tables": 0}, {"tables": 21}, {"queue_limit": 1}, {"seconds_given": 4}, {"walk_minutes": 61}],
)
def test_a_point_that_cannot_be_is_refused(here: Neighbourhood, changes: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        set_up(here, begun(here), **changes)
    assert refused.value.field in changes


def test_one_table_stays_open_and_a_closed_round_calls_nobody(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    with pytest.raises(Refusal, match="tables-impossible"):
        services.set_tables(point=point, tables=0, by=here.alice, at=AT)
    slot = slots(round_)[0]
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    with pytest.raises(Conflict, match="round-closed"):
        services.call_slot(slot_id=slot.pk, by=here.alice, at=AT)
    do_due("worker", at(10))
    assert not DueRow.objects.filter(kind="rounds.replan").exists()


def test_the_pace_is_measured_from_arrivals_and_late_ones_do_not_distort_it(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    entry = entry_of(round_, "居民0head")
    for n in range(12):
        services.mark_entry(entry=entry, state="done", by=here.bob, at=at(40) + timedelta(seconds=40 * n))
    assert measured_pace(point, at(48)) == 40
    others = Entry.objects.filter(round=round_).exclude(pk=entry.pk)
    services.hear_words([Word(uuid7(), one.pk, "done") for one in others], by=here.alice, at=at(48))
    assert measured_pace(point, at(48)) == 40
    assert silent_tables(round_, at(57)) == [] and silent_tables(round_, at(59)) == ["Alice", "Bob"]
    do_due("worker", at(48))
    point.refresh_from_db()
    assert point.planned_seconds == 40


def test_the_slips_say_doors_and_minutes_within_the_scope(here: Neighbourhood) -> None:
    round_ = begun(here)
    set_up(here, round_)
    Person.objects.filter(name__startswith="居民1").update(phone="")
    rows = slips_of(here.scope(here.alice), round_, AT)
    assert sum(door.people for slip in rows for door in slip.doors) == 12
    assert [door.door for slip in rows for door in slip.doors if door.knock] == ["1号楼 2单元 101"]
    assert {slip.leaf for slip in slips_of(here.scope(here.bob), round_, AT)} == {"1号楼 1单元"}
    assert slips_of(here.scope(here.charlie), round_, AT) == []


def test_the_board_counts_what_has_arrived(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    slot = services.call_slot(slot_id=slots(round_)[0].pk, by=here.alice, at=at(26))
    board = board_of(point, at(28))
    assert (board.waiting, board.walking, board.uncalled, board.done) == (0, slot.people, 12 - slot.people, 0)
    mark(here, slot, at(30.4))
    board = board_of(point, at(30.5))
    assert (board.waiting, board.walking, board.done, board.total) == (0, 0, slot.people, 12)
    assert board.ends_at is not None and board.ends_at > at(30.5)


def test_without_the_planner_buildings_come_one_after_another_and_it_is_said(
    here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    round_ = begun(here)
    point = set_up(here, round_)
    assert (point.fault, SlotEntry.objects.filter(slot__round=round_).count()) == ("no-solver", 12)
    page = signed_in(here.alice).get(f"/rounds/{round_.pk}/calling/").content.decode()
    assert "shouwang[plan]" in page


def test_the_caller_presses_and_sees_it(here: Neighbourhood) -> None:
    round_ = begun(here)
    client = signed_in(here.alice)
    assert (
        client.get(f"/rounds/{round_.pk}/calling/").headers["Location"]
        == f"/rounds/{round_.pk}/calling/point/"
    )
    said = {
        "command_id": str(uuid7()), "day": "2026-02-20", "opens": "06:00", "tables": "3", "seconds_given": "30",
        "queue_limit": "8", "walk_minutes": "4", "walks_badly": "green", "apart": "1-2，2 和 9",
    }  # fmt: skip
    page = client.post(f"/rounds/{round_.pk}/calling/point/", said)
    assert page.status_code == 422 and "2 和 9" in page.content.decode()
    said["apart"] = "1-2\n2号楼 3号楼"
    assert client.post(f"/rounds/{round_.pk}/calling/point/", said).status_code == 302
    assert point_of(round_).paths.count() == 2  # type: ignore[union-attr]
    do_due("worker")
    slot = slots(round_)[0]
    page = client.get(f"/rounds/{round_.pk}/calling/")
    assert f"/rounds/calling/slots/{slot.pk}/call/" in page.content.decode()
    press = {"command_id": str(uuid7())}
    for _turn in range(2):
        assert client.post(f"/rounds/calling/slots/{slot.pk}/call/", press).status_code == 302
    assert [one.pk for one in slots(round_, "called")] == [slot.pk]
    for address in ("calling/screen/", "calling/slips/", f"calling/slips/?slot={slot.pk}", "point/"):
        assert client.get(f"/rounds/{round_.pk}/{address}").status_code == 200


def test_a_board_on_which_nothing_has_changed_answers_nothing(here: Neighbourhood) -> None:
    round_ = begun(here)
    set_up(here, round_)
    client = signed_in(here.bob)
    after = client.get(f"/rounds/{round_.pk}/calling/screen/").headers["X-After"]
    answers = {
        client.get(f"/rounds/{round_.pk}/calling/screen/?after={after}").status_code for _turn in range(3)
    }
    assert 204 in answers
    assert client.get(f"/rounds/{round_.pk}/calling/").status_code == 404
