"""A parcel's way at the gate: the clock holds it, a named override lets it go, every step says who has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouwang.core.due import do_until
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow, StoredFile
from shouwang.goods import services
from shouwang.goods.models import Parcel, ParcelStep
from shouwang.goods.signals import door_wish_changed, parcels_moved
from shouwang.goods.tests.gate import AT, HOUR, arrive, seal
from shouwang.incidents.services import suspend_incident
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle
from shouwang.people.models import CareFlag
from shouwang.people.services import add_flag, decide_flag, end_flag

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def states(parcel: Parcel) -> list[str]:
    return list(parcel.steps.order_by("id").values_list("kind", flat=True))


def test_where_nothing_is_closed_a_parcel_is_released_as_it_comes(here: Neighbourhood) -> None:
    parcel = arrive(here)
    assert (parcel.state, parcel.released_at, parcel.incident_id) == ("released", AT, None)
    assert states(parcel) == ["received", "released"] and parcel.spoken_number == "0001"
    assert parcel.place_id == here.stairwells[0].pk and parcel.building_id == here.buildings[0].pk
    assert arrive(here).number == 2 and not parcel.code.isdigit()


def test_inside_the_line_it_is_disinfected_rests_two_hours_and_is_released_by_the_clock(
    here: Neighbourhood,
) -> None:
    seal(here)
    parcels = [arrive(here), arrive(here, 1), arrive(here, 0, cold=True), arrive(here, 0, kind="medicine")]
    assert {row.state for row in parcels} == {"received"}
    services.disinfect(parcels=parcels, by=here.alice, at=here.later(10))
    rows = list(Parcel.objects.order_by("number"))
    assert [row.state for row in rows] == ["resting", "resting", "released", "released"]
    assert rows[0].rest_until_at == here.later(10 + 2 * HOUR) and rows[2].rest_until_at == here.later(10)
    assert DueRow.objects.filter(kind="goods.release").count() == 1
    do_until(here.later(10 + 2 * HOUR - 1))
    assert Parcel.objects.filter(state="resting").count() == 2
    do_until(here.later(10 + 2 * HOUR))
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].released_at) == ("released", here.later(10 + 2 * HOUR))
    assert states(rows[0]) == ["received", "disinfected", "released"]
    assert rows[0].steps.get(kind="released").by is None
    assert AuditEntry.objects.filter(kind="goods.parcels.released").get().payload == {"parcels": 2}


def test_the_minutes_are_the_incidents_own_copy_of_its_protocol(here: Neighbourhood) -> None:
    incident = seal(here)
    incident.rest = {"usual": 30, "cold": 15, "medicine": 0}
    incident.save()
    usual, cold = arrive(here), arrive(here, cold=True)
    services.disinfect(parcels=[usual, cold], by=here.alice, at=AT)
    hours = dict(Parcel.objects.values_list("number", "rest_until_at"))
    assert hours == {1: here.later(30), 2: here.later(15)}
    arrive(here, 2)  # another building is outside the line
    assert Parcel.objects.get(number=3).state == "released"


def test_a_protocol_without_rest_lets_goods_in_as_they_come(here: Neighbourhood) -> None:
    seal(here, protocol="heat")
    assert arrive(here).state == "released"


def test_of_several_lines_the_longest_rest_counts_and_a_suspended_one_not(here: Neighbourhood) -> None:
    long = seal(here)
    long.rest = {"usual": 240}
    long.save()
    seal(here, minutes=1)
    assert arrive(here, minutes=2).incident_id == long.pk
    suspend_incident(incident=long, by=here.alice, at=here.later(3))
    assert arrive(here, minutes=4).incident_id not in (None, long.pk)


def test_nothing_leaves_before_its_hour(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    act: dict[str, Any] = {"by": here.alice, "at": here.later(HOUR)}
    with pytest.raises(Refusal, match="not-disinfected"):
        services.load_parcels(parcels=[parcel], holder=here.bob, **act)
    services.disinfect(parcels=[parcel], by=here.alice, at=AT)
    for leave in (
        lambda: services.load_parcels(parcels=[parcel], holder=here.bob, **act),
        lambda: services.hand_over(parcel=parcel, **act),
    ):
        with pytest.raises(Refusal, match="still-resting") as told:
            leave()
        assert "0001" in told.value.sentence() and "11:30" in told.value.sentence()
    for wrong in ({"state": "released", "released_at": here.later(HOUR)}, {"state": "released"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Parcel.objects.filter(pk=parcel.pk).update(**wrong)


def test_a_late_clock_holds_nothing_back(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    services.disinfect(parcels=[parcel], by=here.alice, at=AT)
    services.load_parcels(parcels=[parcel], holder=here.bob, by=here.alice, at=here.later(2 * HOUR))
    assert states(parcel) == ["received", "disinfected", "released", "loaded"]
    assert do_until(here.later(3 * HOUR)) >= 1
    assert Parcel.objects.get().state == "on_the_way"


def test_it_is_let_go_early_by_name_and_with_a_reason(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    with pytest.raises(Refusal, match="reason-missing"):
        services.let_go_early(parcel=parcel, reason="急", by=here.alice, at=AT)
    services.let_go_early(parcel=parcel, reason="胰岛素，等不了", by=here.alice, at=here.later(5))
    parcel.refresh_from_db()
    assert (parcel.state, parcel.let_go_early) == ("released", True)
    step = parcel.steps.get(kind="let_go_early")
    assert (step.by, step.reason) == (here.alice, "胰岛素，等不了")
    on_record = AuditEntry.objects.get(kind="goods.parcel.let_go_early")
    assert on_record.actor_id == here.alice.pk and "胰岛素" not in str(on_record.payload)
    with pytest.raises(Conflict, match="may-leave-anyway"):
        services.let_go_early(parcel=parcel, reason="再来一次也不行", by=here.alice, at=here.later(6))


def test_who_has_it_is_on_every_step(here: Neighbourhood) -> None:
    parcel = arrive(here)
    services.load_parcels(parcels=[parcel], holder=here.bob, by=here.alice, at=here.later(1))
    assert services.load_parcels(parcels=[parcel], holder=here.bob, by=here.alice, at=here.later(1)) == []
    with pytest.raises(Conflict):
        services.load_parcels(parcels=[parcel], holder=here.charlie, by=here.alice, at=here.later(1))
    services.bring_back(parcel=parcel, reason="家里没人", by=here.bob, at=here.later(2))
    services.load_parcels(parcels=[parcel], holder=here.charlie, by=here.alice, at=here.later(3))
    services.hand_over(parcel=parcel, by=here.charlie, at=here.later(4), to_words="本人")
    steps = list(ParcelStep.objects.filter(parcel=parcel).order_by("id"))
    holders = [step.holder.name if step.holder else None for step in steps]
    assert holders == [None, None, "Bob", None, "Charlie", None]
    parcel.refresh_from_db()
    assert (parcel.state, parcel.ended_at, parcel.holder) == ("handed_over", here.later(4), None)
    services.take_back_handing(parcel=parcel, by=here.charlie, at=here.later(5))
    parcel.refresh_from_db()
    assert (parcel.state, parcel.holder, parcel.ended_at) == ("on_the_way", here.charlie, None)


def test_collected_at_the_gate_and_taken_back(here: Neighbourhood) -> None:
    parcel = arrive(here)
    services.hand_over(parcel=parcel, by=here.alice, at=here.later(4))
    services.take_back_handing(parcel=parcel, by=here.alice, at=here.later(5))
    parcel.refresh_from_db()
    assert (parcel.state, parcel.holder) == ("released", None)
    services.hand_over(parcel=parcel, by=here.alice, at=here.later(6))
    with pytest.raises(Conflict, match="too-late"):
        services.take_back_handing(parcel=parcel, by=here.alice, at=here.later(6 + 2 * HOUR + 1))


def test_lost_and_found_keeps_the_hour(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    services.disinfect(parcels=[parcel], by=here.alice, at=AT)
    services.mark_lost(parcel=parcel, by=here.alice, at=here.later(10))
    do_until(here.later(3 * HOUR))
    assert Parcel.objects.get().state == "lost"
    services.found(parcel=parcel, by=here.alice, at=here.later(3 * HOUR))
    assert Parcel.objects.get().state == "resting"
    do_until(here.later(3 * HOUR))
    assert Parcel.objects.get().state == "released"


def test_disinfecting_is_taken_back(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    services.disinfect(parcels=[parcel], by=here.alice, at=AT)
    with pytest.raises(Conflict, match="nothing-to-disinfect"):
        services.disinfect(parcels=[parcel], by=here.alice, at=AT)
    services.take_back_disinfecting(parcels=[parcel], by=here.alice, at=here.later(1))
    do_until(here.later(3 * HOUR))
    parcel.refresh_from_db()
    assert (parcel.state, parcel.rest_until_at) == ("received", None)


def test_a_door_that_is_not_known_is_a_gap_until_it_is_put_to_one(here: Neighbourhood) -> None:
    seal(here)
    with pytest.raises(Refusal, match="door-missing"):
        arrive(here, None)
    parcel = arrive(here, None, door_said="三号楼张阿姨")
    assert (parcel.place, parcel.community_id, parcel.state) == (None, here.community.pk, "received")
    outside = here.households[4].dwelling
    services.place_parcel(parcel=parcel, dwelling=outside, by=here.alice, at=here.later(1))
    parcel.refresh_from_db()
    assert (parcel.household, parcel.state, parcel.building_id) == (
        here.households[4],
        "released",
        here.buildings[2].pk,
    )
    inside = here.households[0].dwelling
    services.place_parcel(parcel=parcel, dwelling=inside, by=here.alice, at=here.later(2))
    parcel.refresh_from_db()
    assert (parcel.household, parcel.state, parcel.released_at) == (here.households[0], "received", None)


def test_what_is_put_right_and_what_was_entered_by_mistake(here: Neighbourhood) -> None:
    seal(here)
    parcel = arrive(here)
    looks = {
        "kind": "groceries",
        "pieces": 3,
        "cold": True,
        "medicine": False,
        "weight_kg": 8,
        "urgent": True,
    }
    services.change_parcel(parcel=parcel, by=here.alice, at=AT, **looks)
    parcel.refresh_from_db()
    assert (parcel.kind, parcel.pieces, parcel.cold, parcel.weight_class) == ("groceries", 3, True, 8)
    with pytest.raises(Refusal, match="pieces"):
        services.change_parcel(parcel=parcel, by=here.alice, at=AT, **{**looks, "pieces": 0})
    services.void_parcel(parcel=parcel, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.disinfect(parcels=[parcel], by=here.alice, at=AT)


def test_the_same_id_takes_in_once(here: Neighbourhood) -> None:
    same = uuid7()
    first = arrive(here, parcel_id=same)
    assert arrive(here, parcel_id=same) == first and Parcel.objects.count() == 1


def test_a_note_on_a_bag_becomes_a_proposal_and_once_accepted_the_bag_goes_to_the_door(
    here: Neighbourhood,
) -> None:
    seal(here)
    parcel = arrive(here, note="老人腿脚不便，走不了楼，麻烦送到家门口")
    flags = CareFlag.objects.filter(household=here.households[0])
    assert {(flag.kind, flag.state) for flag in flags} == {
        ("walks_badly", "proposed"),
        ("to_door", "proposed"),
    }
    do_until(here.later(1))
    assert not Parcel.objects.get().to_door
    told: list[dict[str, Any]] = []

    def hear(**news: Any) -> None:
        told.append(news)

    door_wish_changed.connect(hear)
    try:
        accepted = decide_flag(
            flag=flags.get(kind="walks_badly"), accept=True, by=here.alice, at=here.later(2)
        )
        do_until(here.later(2))
        assert Parcel.objects.get().to_door
        assert (
            told[0]["household_ids"] == [here.households[0].pk]
            and told[0]["community_id"] == here.community.pk
        )
        assert arrive(here, minutes=3).to_door
        end_flag(flag=accepted, by=here.alice, at=here.later(4))
        do_until(here.later(4))
        assert not Parcel.objects.filter(to_door=True).exists() and len(told) == 2
    finally:
        door_wish_changed.disconnect(hear)
    assert parcel.household == here.households[0]


def test_a_note_is_read_when_the_door_is_known(here: Neighbourhood) -> None:
    parcel = arrive(here, None, door_said="?", note="一个人在家带宝宝，请送到家门口")
    assert not CareFlag.objects.exists()
    services.place_parcel(
        parcel=parcel, dwelling=here.households[1].dwelling, by=here.alice, at=here.later(1)
    )
    kinds = set(CareFlag.objects.values_list("kind", flat=True))
    assert kinds == {"alone_with_child", "infant", "to_door"}
    add_flag(household=here.households[1], kind="to_door", source="来电", by=here.alice, at=here.later(2))
    services.note_parcel(parcel=parcel, note="请送到家门口", by=here.alice, at=here.later(3))


def test_what_moves_is_told_in_the_transaction(here: Neighbourhood) -> None:
    told: list[tuple[str, int]] = []

    def hear(*, state: str, parcel_ids: list[Any], **_more: Any) -> None:
        told.append((state, len(parcel_ids)))

    parcels_moved.connect(hear)
    try:
        seal(here)
        parcels = [arrive(here), arrive(here)]
        services.disinfect(parcels=parcels, by=here.alice, at=AT)
    finally:
        parcels_moved.disconnect(hear)
    assert told == [("received", 1), ("received", 1), ("resting", 2)]


def test_thirty_days_after_its_end_nothing_personal_is_left(here: Neighbourhood) -> None:
    parcel = arrive(here, door_said="1-1-101", note="腿脚不便", carrier_code="SF100")
    services.hand_over(parcel=parcel, by=here.alice, at=AT, to_words="女儿")
    late = AT + timedelta(days=31)
    assert services.erase_parcel_texts(AT + timedelta(days=29), 10) == 0
    assert services.erase_parcel_texts(late, 10) == 1 and services.erase_parcel_texts(late, 10) == 0
    parcel.refresh_from_db()
    assert (parcel.door_said, parcel.note, parcel.carrier_code) == ("", "", "")
    assert not parcel.steps.exclude(reason="").exists()
    assert not StoredFile.objects.filter(expires_at__isnull=True).exists()
