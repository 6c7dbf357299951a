"""Walking lists: everybody for whom somebody goes up is on one; the volunteer sees these doors, while the list lasts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.accounts.models import User
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, do_due, signed_in
from shouwang.people.models import Person
from shouwang.people.services import add_flag, add_person, open_household
from shouwang.places.services import ensure_dwelling
from shouwang.rounds import services
from shouwang.rounds.models import Round, WalkingList
from shouwang.rounds.registry.calling import lists_without_anybody
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.selectors.walking import NEAREST, entries_of, may_go_upstairs, walkers_for, work_for
from shouwang.rounds.services import Agreed
from shouwang.rounds.tests.test_rounds import begun, entry_of, here
from shouwang.volunteers.models import Commitment, Volunteer
from shouwang.volunteers.services import enrol, stand_down

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def serving(here: Neighbourhood, name: str, stairwell: int = 0, **more: object) -> Volunteer:
    return enrol(user=add_user(name), home=here.stairwells[stairwell], by=here.alice, at=AT, **more)


def visited(here: Neighbourhood) -> Round:
    """A round whose first building has two people in the first stairwell who cannot come down."""
    for name in ("居民0head", "居民0spouse"):
        add_flag(household=here.households[0], person=Person.objects.get(name=name), kind="needs_care", source="登记",
                 by=here.alice, at=AT)  # fmt: skip
    round_ = begun(here)
    agreed = Agreed(AT, 2, 30, 20, 4, door_to_door=[here.buildings[2]])
    services.set_point(round_=round_, agreed=agreed, by=here.alice, at=AT)
    return round_


def given(here: Neighbourhood, to: Volunteer) -> WalkingList:
    round_ = visited(here)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    first = round_.walking_lists.get(for_whom="cannot_walk")
    return services.give_list(walking_list=first, volunteer=to, by=here.alice, at=AT)


def test_lists_are_made_by_building_and_reason_and_nobody_is_on_two(here: Neighbourhood) -> None:
    round_ = visited(here)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    made = {(row.for_whom, row.building_id): row.entries.count() for row in round_.walking_lists.all()}
    assert made == {("cannot_walk", here.buildings[0].pk): 2, ("high_risk", here.buildings[2].pk): 4}
    with pytest.raises(Refusal, match="nobody-to-visit"):
        services.propose_lists(round_=round_, by=here.alice, at=AT)


def test_who_was_called_and_has_not_come_is_visited(here: Neighbourhood) -> None:
    pytest.importorskip("ortools")
    round_ = visited(here)
    do_due("worker", AT)
    for slot in round_.slots.order_by("starts_at"):
        services.call_slot(slot_id=slot.pk, anyway=True, by=here.alice, at=AT)
        services.pass_slot(slot_id=slot.pk, by=here.alice, at=AT)
    services.mark_entry(entry=entry_of(round_, "居民1head"), state="done", by=here.alice, at=AT)
    services.mark_entry(entry=entry_of(round_, "居民1spouse"), state="away", by=here.alice, at=AT)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    rows = round_.walking_lists.filter(for_whom="not_come")
    names = {row.entry.person.name for one in rows for row in one.entries.all()}
    assert names == {"居民1spouse", "居民2head", "居民2spouse", "居民3head", "居民3spouse"}


def test_without_a_point_everybody_open_is_visited_top_floor_first(here: Neighbourhood) -> None:
    for door, floor in (("201", 2), ("501", 5)):
        dwelling = ensure_dwelling(leaf=here.stairwells[0], door=door, floor=floor, by=here.alice, at=AT)
        home = open_household(dwelling=dwelling, from_on=AT.date(), by=here.alice, at=AT)
        add_person(household=home, name=f"居民{door}", relation="head", by=here.alice, at=AT)
    round_ = begun(here)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    assert sum(row.entries.count() for row in round_.walking_lists.all()) == 14
    walk = round_.walking_lists.get(building_id=here.buildings[0].pk)
    doors = [(one.household.dwelling.place.code, one.household.dwelling.door) for one in entries_of(walk)]
    assert list(dict.fromkeys(doors)) == [("1", "501"), ("1", "201"), ("1", "101"), ("2", "101")]


def test_the_volunteer_sees_these_doors_and_no_others_while_the_list_lasts(here: Neighbourhood) -> None:
    walker = serving(here, "Wang")
    walk = given(here, walker)
    client = signed_in(walker.user)
    page = client.get(reverse("rounds:walking_list", args=[walk.pk])).content.decode()
    assert "居民0head" in page and "居民1head" not in page and str(walk.get_for_whom_display()) not in page
    assert "下不了楼" not in page and AuditEntry.objects.filter(kind="rounds.walk.read").count() == 1
    mine, foreign = entry_of(walk.round, "居民0head"), entry_of(walk.round, "居民1head")
    assert client.get(reverse("rounds:entry", args=[mine.pk])).status_code == 200
    assert client.get(reverse("rounds:entry", args=[foreign.pk])).status_code == 404
    for address in (
        reverse("rounds:walks", args=[walk.round_id]),
        reverse("rounds:missing", args=[walk.round_id]),
    ):
        assert client.get(address).status_code == 404
    (item,) = work_for(walker.user, AT)
    assert (item.key, item.round) == (f"walk:{walk.pk}", walk.round_id)
    assert item.entries == [entry.pk for entry in entries_of(walk)] and len(item.entries) == 2
    services.take_back_list(walking_list=walk, by=here.alice, at=AT)
    assert client.get(reverse("rounds:walking_list", args=[walk.pk])).status_code == 404
    assert client.get(reverse("rounds:entry", args=[mine.pk])).status_code == 404
    assert not work_for(walker.user, AT)


def test_what_has_to_be_asked_leads_back_to_the_list_or_the_building_too(here: Neighbourhood) -> None:
    walker, round_ = serving(here, "Wang"), begun(here, kind=shipped_kind("door_visit"))
    walk = services.propose_lists(round_=round_, by=here.alice, at=AT)[0]
    services.give_list(walking_list=walk, volunteer=walker, by=here.alice, at=AT)
    client, own = signed_in(walker.user), reverse("rounds:walking_list", args=[walk.pk])
    entry = walk.entries.first().entry  # type: ignore[union-attr]
    page = client.get(own).content.decode()
    assert f"/entries/{entry.pk}/?ask=1&amp;list={walk.pk}" in page and "去问" in page and "没有人在" in page
    assert reverse("rounds:quick", args=[entry.pk, "done"]) not in page
    for by_name, way in (("list", walk.pk), ("building", here.buildings[0].pk)):
        who = client if by_name == "list" else signed_in(here.alice)
        press = {"command_id": str(uuid7()), by_name: str(way)}
        asks = who.post(reverse("rounds:quick", args=[entry.pk, "done"]), press).headers["Location"]
        assert asks == reverse("rounds:entry", args=[entry.pk]) + f"?ask=1&{by_name}={way}"
        page = who.get(asks).content.decode()
        assert f'<input type="hidden" name="{by_name}" value="{way}">' in page
        assert re.search(r'value="done"[^>]*checked', page), "whoever comes to ask has asked"
        state = "deferred" if by_name == "list" else "away"
        said = {"command_id": str(uuid7()), "state": state, "note": "晚上再来", by_name: str(way)}
        back = who.post(reverse("rounds:entry", args=[entry.pk]), said).headers["Location"]
        missing = reverse("rounds:missing", args=[round_.pk]) + f"?building={way}"
        assert back == (own if by_name == "list" else missing)
    page = signed_in(here.alice).get(reverse("rounds:entry", args=[entry.pk])).content.decode()
    assert not re.search(r'value="done"[^>]*checked', page)
    Round.objects.filter(pk=round_.pk).update(states=["done", "refused"])
    assert reverse("rounds:quick", args=[entry.pk, "away"]) not in client.get(own).content.decode()


def test_one_press_settles_a_door_and_leads_back_to_the_list(here: Neighbourhood) -> None:
    walker = serving(here, "Wang")
    walk = given(here, walker)
    client = signed_in(walker.user)
    own = reverse("rounds:walking_list", args=[walk.pk])
    for name, quick in (("居民0head", "done"), ("居民0spouse", "away")):
        address = reverse("rounds:quick", args=[entry_of(walk.round, name).pk, quick])
        answer = client.post(address, {"command_id": str(uuid7()), "list": str(walk.pk)})
        assert answer.headers["Location"] == own
    assert {entry.state for entry in entries_of(walk)} == {"done", "away"}
    answer = client.post(reverse("rounds:end_walk", args=[walk.pk]), {"command_id": str(uuid7())})
    assert answer.status_code == 200
    walk.refresh_from_db()
    assert (walk.state, walk.commitment.state) == ("ended", "closed")  # type: ignore[union-attr]
    services.propose_lists(round_=walk.round, for_whom=["not_come"], by=here.alice, at=AT)
    assert walk.round.walking_lists.get(for_whom="not_come").entries.get().entry == entry_of(
        walk.round, "居民0spouse"
    )


def test_a_list_is_given_once_and_not_to_somebody_off_duty(here: Neighbourhood) -> None:
    walker, other = serving(here, "Wang"), serving(here, "Li")
    walk = given(here, walker)
    with pytest.raises(Conflict, match="walk-taken"):
        services.give_list(walking_list=walk, volunteer=other, by=here.alice, at=AT)
    services.take_back_list(walking_list=walk, by=here.alice, at=AT)
    stand_down(volunteer=other, reason="ill", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="stood-down"):
        services.give_list(walking_list=walk, volunteer=other, by=here.alice, at=AT)
    walk.refresh_from_db()
    assert (walk.state, walk.volunteer) == ("waiting", None)
    with pytest.raises(Conflict, match="walk-not-given"):
        services.take_back_list(walking_list=walk, by=here.alice, at=AT)


def test_who_stands_down_leaves_the_list_to_somebody_else(here: Neighbourhood) -> None:
    walker = serving(here, "Wang")
    walk = given(here, walker)
    stand_down(volunteer=walker, reason="ill", by=here.alice, at=AT + timedelta(minutes=1))
    assert not work_for(walker.user, AT)
    do_due("clock", AT + timedelta(minutes=1))
    walk.refresh_from_db()
    assert (walk.state, walk.volunteer, walk.commitment) == ("waiting", None, None)
    assert {row.state for row in Commitment.objects.filter(subject_id=walk.pk)} == {"closed"}
    assert "rounds.walk_waits" in messages_to(here.alice)
    items = lists_without_anybody(here.scope(here.alice), AT)
    assert [item.key for item in items] == [f"walks:{walk.round_id}"]
    assert lists_without_anybody(here.scope(here.bob), AT) == []


def messages_to(user: User) -> list[str]:
    return list(user.messages.order_by("written_at").values_list("template", flat=True))


def test_a_volunteer_gives_it_back(here: Neighbourhood) -> None:
    walker, other = serving(here, "Wang"), serving(here, "Li")
    walk = given(here, walker)
    address = reverse("rounds:give_back", args=[walk.pk])
    assert signed_in(other.user).post(address, {"command_id": str(uuid7())}).status_code == 404
    assert signed_in(walker.user).post(address, {"command_id": str(uuid7())}).status_code == 200
    walk.refresh_from_db()
    assert walk.state == "waiting" and messages_to(walker.user) == ["rounds.walk_given"]


def test_closing_the_round_ends_its_lists(here: Neighbourhood) -> None:
    walk = given(here, serving(here, "Wang"))
    services.close_round(round_=walk.round, reason="到此为止", by=here.alice, at=AT)
    assert set(walk.round.walking_lists.values_list("state", flat=True)) == {"ended"}
    assert not Commitment.objects.exclude(state="closed").exists()
    later = AT + timedelta(days=31)
    services.erase_past(later, 10)
    assert walk.entries.count() == 0


def test_those_of_the_building_are_asked_first_and_nobody_off_duty(here: Neighbourhood) -> None:
    here_, far, busy = serving(here, "Zhou", 0), serving(here, "An", 4), serving(here, "Full", 0, at_most=1)
    ill = serving(here, "Ill", 0)
    stand_down(volunteer=ill, reason="ill", by=here.alice, at=AT)
    walk = given(here, busy)
    found = walkers_for(walk.round, AT)
    assert [one.volunteer for one in found[here.buildings[0].pk].near] == [here_, far]
    assert [one.volunteer for one in found[here.buildings[2].pk].near] == [far, here_]


def test_after_the_nearest_everybody_else_can_be_chosen_by_name(here: Neighbourhood) -> None:
    near = [serving(here, f"N{number}") for number in range(NEAREST)]
    others = [serving(here, name, 4) for name in ("Zhao", "An")]
    round_ = visited(here)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    found = walkers_for(round_, AT)[here.buildings[0].pk]
    assert {one.volunteer for one in found.near} == set(near)
    assert [one.volunteer for one in found.others] == others[::-1]
    page = signed_in(here.alice).get(reverse("rounds:walks", args=[round_.pk])).content.decode()
    assert page.count("<optgroup") == 2 * round_.walking_lists.count()
    assert page.index("最近的") < page.index("其他人，按姓名")


def test_all_waiting_lists_of_a_grid_are_given_at_once(here: Neighbourhood) -> None:
    walker, round_, client = serving(here, "Wang", at_most=9), visited(here), signed_in(here.alice)
    services.propose_lists(round_=round_, by=here.alice, at=AT)
    assert round_.walking_lists.count() == 2
    url, walks = reverse("rounds:give_all", args=[round_.pk]), reverse("rounds:walks", args=[round_.pk])
    assert url in client.get(walks).content.decode()
    said = {"volunteer": str(walker.pk), "place": str(here.elsewhere.pk)}
    assert client.post(url, {**said, "command_id": str(uuid7())}).status_code == 422
    assert client.post(url, {"place": "x", "command_id": str(uuid7())}).status_code == 422
    said = {"volunteer": str(walker.pk), "place": str(here.community.pk), "command_id": str(uuid7())}
    assert client.post(url, said).headers["Location"] == walks == client.post(url, said).headers["Location"]
    assert set(round_.walking_lists.values_list("state", "volunteer")) == {("given", walker.pk)}
    assert url not in client.get(walks).content.decode()
    assert signed_in(here.bob).post(url, said).status_code in (403, 404)


def test_the_one_who_leads_gives_it_on_the_page(here: Neighbourhood) -> None:
    walker = serving(here, "Wang")
    round_ = visited(here)
    client = signed_in(here.alice)
    page = reverse("rounds:walks", args=[round_.pk])
    assert reverse("rounds:make_walks", args=[round_.pk]) in client.get(page).content.decode()
    client.post(
        reverse("rounds:make_walks", args=[round_.pk]), {"command_id": str(uuid7()), "when": "before"}
    )
    walk = round_.walking_lists.get(for_whom="cannot_walk")
    give = reverse("rounds:give", args=[walk.pk])
    assert client.post(give, {"command_id": str(uuid7()), "volunteer": ""}).status_code == 422
    assert client.post(give, {"command_id": str(uuid7()), "volunteer": str(walker.pk)}).status_code == 302
    walk.refresh_from_db()
    assert walk.volunteer == walker
    for name in ("walking_list", "walking_sheet"):
        assert client.get(reverse(f"rounds:{name}", args=[walk.pk])).status_code == 200
    assert client.get(page).status_code == 200
    client.post(reverse("rounds:take_back", args=[walk.pk]), {"command_id": str(uuid7())})
    walk.refresh_from_db()
    assert walk.state == "waiting"


def test_nobody_goes_upstairs_between_opening_the_point_and_disinfecting_it(here: Neighbourhood) -> None:
    round_ = begun(here)
    assert may_go_upstairs(round_) is None, "a round without a point"
    for minutes, step, ready in ((0, "opened", False), (90, "disinfected", True), (1440, "opened", False)):
        services.take_point_step(round_=round_, step=step, by=here.alice, at=here.later(minutes))
        assert may_go_upstairs(round_) is ready
