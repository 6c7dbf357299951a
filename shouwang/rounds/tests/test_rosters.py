"""Rosters by more than places: an incident, a stay, a post; of stairwells, and of spots; kept true all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.incidents.services import move_line, open_incident
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, signed_in
from shouwang.people.models import Person
from shouwang.people.services import end_stay, record_stay
from shouwang.rounds import services
from shouwang.rounds.engines.order import place_in_list
from shouwang.rounds.models import Entry, Round, Spot
from shouwang.rounds.selectors import counts_of, kept_counts, missing_rows, recount
from shouwang.rounds.selectors.roster import holders_without_home
from shouwang.rounds.tests.test_rounds import begun, here
from shouwang.volunteers.services import enrol

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
LATER = AT + timedelta(minutes=5)


def names(round_: Round) -> set[str]:
    return set(round_.entries.values_list("person__name", flat=True))


def test_a_round_of_an_incident_goes_over_its_line_and_follows_it_as_it_grows(here: Neighbourhood) -> None:
    incident = open_incident(
        community=here.community,
        name="封控",
        protocol="sealed_zone",
        places=[here.buildings[0]],
        by=here.alice,
        at=AT,
    )
    round_ = begun(here, places=[], incident=incident)
    assert {entry.building_id for entry in round_.entries.all()} == {here.buildings[0].pk}
    move_line(incident=incident, add=[here.buildings[1]], remove=[here.buildings[0]], by=here.alice, at=LATER)
    services.keep_true(round_id=round_.pk, at=LATER)
    by_building = {row.building_id: row.why for row in round_.entries.all()}
    assert by_building == {here.buildings[0].pk: "began", here.buildings[1].pk: "came"}
    assert not round_.entries.filter(state="moved").exists()
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_a_round_of_those_who_stay_somewhere_has_just_them_and_nobody_exempt(here: Neighbourhood) -> None:
    away = Person.objects.get(name="居民0head")
    record_stay(person=away, kind="quarantine_hotel", by=here.alice, at=AT)
    round_ = begun(here, stay="quarantine_hotel")
    assert (names(round_), set(round_.entries.values_list("state", flat=True))) == (
        {"居民0head"},
        {"waiting"},
    )
    at_home = begun(here, stay="home")
    assert at_home.frozen_count == 11
    homes = begun(here, stay="quarantine_hotel", whom="households")
    assert [entry.household_id for entry in homes.entries.all()] == [here.households[0].pk]


def test_who_was_exempt_for_being_elsewhere_and_comes_back_is_open_again(here: Neighbourhood) -> None:
    person = Person.objects.get(name="居民0head")
    stay = record_stay(person=person, kind="hospital", by=here.alice, at=AT)
    round_ = begun(here)
    assert round_.entries.get(person=person).state == "exempt"
    end_stay(stay=stay, by=here.alice, at=LATER)
    services.keep_true(round_id=round_.pk, at=LATER)
    entry = round_.entries.get(person=person)
    assert (entry.state, entry.why) == ("waiting", "came_back")
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_a_round_of_those_who_serve_has_them_as_residents_and_names_who_lives_in_none_of_its_homes(
    here: Neighbourhood,
) -> None:
    person = Person.objects.get(name="居民3spouse")
    with pytest.raises(Refusal, match="nobody-on-it"):
        begun(here, post="stairwell_head")
    enrol(user=here.bob, home=here.stairwells[0], person=person, by=OPERATOR, at=AT)
    round_ = begun(here, post="stairwell_head")
    assert (names(round_), holders_without_home(round_, AT)) == ({"居民3spouse"}, [])
    assert [post.holder for post in holders_without_home(_over(round_, post="secretary"), AT)] == [here.alice]


def _over(round_: Round, **changes: str) -> Round:
    for name, value in changes.items():
        setattr(round_, name, value)
    return round_


def test_stairwells_themselves_can_be_gone_over(here: Neighbourhood) -> None:
    round_ = begun(here, whom="places", places=[here.buildings[0], here.stairwells[2]])
    assert {entry.place_id for entry in round_.entries.all()} == {place.pk for place in here.stairwells[:3]}
    scope = here.scope(here.bob)
    rows, total = missing_rows(scope, round_)
    assert ([row.door for row in rows], total) == (["1号楼 1单元"], 1)
    services.mark_entry(entry=rows[0].entry, state="done", by=here.bob, at=AT)
    assert counts_of(scope, round_).done == 1
    client = signed_in(here.bob)
    assert client.get(reverse("rounds:entry", args=[rows[0].entry.pk])).status_code == 200


def spots_at(here: Neighbourhood, name: str = "电梯", count: int = 6) -> list[Spot]:
    return services.add_spots(
        community=here.community, places=here.stairwells[:count], name=name, per_day=2, by=here.alice, at=AT
    )


def test_a_round_of_spots_follows_the_list_of_spots(here: Neighbourhood) -> None:
    first = spots_at(here, count=2)
    round_ = begun(here, whom="spots")
    assert (round_.frozen_count, [row.door for row in missing_rows(here.scope(here.alice), round_)[0]]) == (
        2, ["1号楼 1单元 电梯", "1号楼 2单元 电梯"],
    )  # fmt: skip
    spots_at(here, "门把手", 1)
    services.end_spot(spot=first[0], by=here.alice, at=LATER)
    do_due("clock", LATER)
    states = dict(round_.entries.values_list("spot__name", "why")) | {
        entry.spot_id: entry.state for entry in round_.entries.all()
    }
    assert (states["门把手"], states[first[0].pk], states[first[1].pk]) == ("added", "exempt", "waiting")
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_a_spot_stands_once_on_the_list_and_is_ended_once(here: Neighbourhood) -> None:
    [spot] = spots_at(here, count=1)
    with pytest.raises(Refusal, match="spot-there"):
        spots_at(here, count=1)
    assert len(spots_at(here, " 电梯 ", 3)) == 2
    services.end_spot(spot=spot, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.end_spot(spot=spot, by=here.alice, at=AT)
    assert len(spots_at(here, count=1)) == 1
    with pytest.raises(Refusal):
        services.add_spots(
            community=here.elsewhere, places=here.stairwells[:1], name="门", per_day=1, by=here.alice, at=AT
        )


def test_the_page_puts_a_spot_at_many_places_at_once(here: Neighbourhood) -> None:
    client = signed_in(here.alice)
    form = {
        "command_id": "018f2a3c-0000-7000-8000-000000000001", "name": "垃圾桶", "per_day": "3", "where": "building",
        "community": str(here.community.pk),
    }  # fmt: skip
    for _turn in range(2):
        assert client.post(reverse("rounds:spots"), form).status_code == 302
    assert {spot.place_id for spot in Spot.objects.all()} == {place.pk for place in here.buildings}
    assert "垃圾桶" in client.get(reverse("rounds:spots")).content.decode()
    assert signed_in(here.bob).get(reverse("rounds:spots")).status_code == 404
    spot = Spot.objects.all()[0]
    press = {"command_id": "018f2a3c-0000-7000-8000-000000000002"}
    assert signed_in(here.charlie).post(reverse("rounds:end_spot", args=[spot.pk]), press).status_code == 404
    assert client.post(reverse("rounds:end_spot", args=[spot.pk]), press).status_code == 302
    spot.refresh_from_db()
    assert spot.until is not None


def test_an_entry_is_of_one_thing(here: Neighbourhood) -> None:
    round_ = begun(here)
    placed = here.stairwells[0].stamp()
    for of in ({}, {"place": here.stairwells[0], "household": here.households[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(round=round_, at=AT, **of, **placed)


def test_doors_are_listed_as_people_walk(here: Neighbourhood) -> None:
    keys = [
        place_in_list("/1/000002/000001", 6, "000601"),
        place_in_list("/1/000002/000001", 1, "000101"),
        place_in_list("/1/000002/000001", -1, "000001"),
        place_in_list("/1/000002/000001", None, "000001"),
        place_in_list("/1/000002/000002", 33, "003301"),
        place_in_list("/1/000010", 2, "000201"),
    ]
    assert keys == sorted(keys)
