"""Whom to ask, with reasons; and what happens when somebody stands down."""

from __future__ import annotations

import pytest

from shouwang.core.errors import Conflict, NotAllowed, Refusal
from shouwang.help.models import RequestEvent, Told
from shouwang.help.selectors import suggestions_for
from shouwang.help.services import (
    accept_offer,
    decline_offer,
    finish_request,
    offer_request,
    release,
    start_request,
)
from shouwang.help.tests.scene import AT, again, asked, minutes, neighbourhood, run_clock, seconds, volunteer
from shouwang.volunteers.models import Commitment
from shouwang.volunteers.services import stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def codes(suggestion: object) -> set[str]:
    return {reason.code for reason in suggestion.reasons}  # type: ignore[attr-defined]


def test_nearest_first_with_reasons() -> None:
    made = neighbourhood()
    far = volunteer(made, "李楠")
    near = volunteer(made, "周敏", home=made.stairwell)
    found = suggestions_for(asked(made), AT)
    assert [s.volunteer for s in found] == [near, far]
    assert "same_stairwell" in codes(found[0])
    assert {"same_grid", "metres", "free"} <= codes(found[1])
    assert next(r.value for r in found[1].reasons if r.code == "metres") == "80"


def test_whoever_answers_for_the_place_comes_before_a_neighbour() -> None:
    made = neighbourhood()
    volunteer(made, "周敏", home=made.stairwell)
    bob = volunteer(made, "", user=made.bob, home=made.stairwell)
    found = suggestions_for(asked(made), AT)
    assert found[0].volunteer == bob
    assert "answers_here" in codes(found[0])
    assert all(str(reason) for reason in found[0].reasons)


def test_skill_weight_and_load_decide_who_is_possible() -> None:
    made = neighbourhood()
    nurse = volunteer(made, "李楠", skills=["nurse"], carries_kg=30)
    plain = volunteer(made, "周敏", home=made.stairwell, carries_kg=5)
    request = asked(made, needs_skills=["nurse"], weight_kg=20)
    found = {s.volunteer: s for s in suggestions_for(request, AT)}
    assert found[nurse].possible
    assert {"skill", "carries"} <= codes(found[nurse])
    assert not found[plain].possible
    assert codes(found[plain]) == {"lacks", "too_heavy"}


def test_a_full_hand_costs_and_then_ends_it() -> None:
    made = neighbourhood()
    busy = volunteer(made, "周敏", home=made.stairwell, at_most=1)
    free = volunteer(made, "李楠")
    offer_request(request=asked(made), volunteer=busy, by=made.alice, at=AT)
    found = suggestions_for(asked(made, dwelling=made.next_door, household=None), AT)
    assert [s.volunteer for s in found if s.possible] == [free]
    assert "full" in {code for s in found if not s.possible for code in codes(s)}


def test_whoever_did_it_last_time_is_preferred() -> None:
    made = neighbourhood()
    first = volunteer(made, "李楠", home=made.other_stairwell)
    second = volunteer(made, "安宁", home=made.other_stairwell)
    before = asked(made)
    accept_offer(request=before, volunteer=first, by=first.user, at=AT)
    finish_request(request=before, by=first.user, at=AT + minutes(30))
    found = suggestions_for(asked(made), AT + minutes(60))
    assert [s.volunteer for s in found] == [first, second]
    assert "last_time" in codes(found[0])


def test_stood_down_is_shown_and_cannot_be_asked() -> None:
    made = neighbourhood()
    away = volunteer(made, "李强", home=made.stairwell)
    volunteer(made, "周敏")
    stand_down(volunteer=away, reason="ill", by=made.alice, at=AT)
    request = asked(made)
    found = {s.volunteer: s for s in suggestions_for(request, AT + seconds(1))}
    assert not found[away].possible
    assert codes(found[away]) == {"stood_down"}
    with pytest.raises(Refusal, match="stood-down"):
        offer_request(request=request, volunteer=away, by=made.alice, at=AT + seconds(1))
    assert not Commitment.objects.filter(volunteer=away).exists()


def test_declined_is_an_outcome_and_asks_the_next() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    other = volunteer(made, "周敏")
    request = asked(made)
    assignment = offer_request(request=request, volunteer=helper, by=made.alice, at=AT)
    assert again(request).state == "offered"
    decline_offer(assignment=assignment, by=helper.user, at=AT + minutes(1))
    assert again(request).state == "new"
    assert again(assignment.commitment).state == "closed"
    found = suggestions_for(again(request), AT + minutes(2))
    assert [s.volunteer for s in found if s.possible] == [other]


def test_several_are_on_one_request_until_it_is_over() -> None:
    made = neighbourhood()
    first, second = volunteer(made, "李楠"), volunteer(made, "周敏")
    request = asked(made, category="care")
    one = accept_offer(request=request, volunteer=first, by=first.user, at=AT)
    two = accept_offer(request=request, volunteer=second, by=second.user, at=AT + minutes(1))
    start_request(request=request, by=first.user, at=AT + minutes(2))
    release(assignment=two, by=second.user, at=AT + minutes(3))
    assert again(request).state == "under_way"
    release(assignment=again(one), by=first.user, at=AT + minutes(4))
    assert again(request).state == "new"
    with pytest.raises(Conflict):
        start_request(request=request, by=first.user, at=AT + minutes(5))


def test_only_one_of_two_moves_wins() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made)
    assignment = offer_request(request=request, volunteer=helper, by=made.alice, at=AT)
    stale = again(assignment)
    accept_offer(assignment=assignment, by=helper.user, at=AT)
    with pytest.raises(Conflict):
        accept_offer(assignment=stale, by=helper.user, at=AT)
    with pytest.raises(Conflict, match="assigned-already"):
        offer_request(request=request, volunteer=helper, by=made.alice, at=AT)


def test_nobody_answers_for_somebody_else() -> None:
    made = neighbourhood()
    helper, other = volunteer(made, "李楠"), volunteer(made, "周敏")
    request = asked(made)
    assignment = offer_request(request=request, volunteer=helper, by=made.alice, at=AT)
    with pytest.raises(NotAllowed):
        accept_offer(assignment=assignment, by=other.user, at=AT)
    accept_offer(assignment=assignment, by=made.on_call, at=AT)
    assert again(request).state == "accepted"


def test_a_stand_down_offers_everything_anew_at_once() -> None:
    made = neighbourhood()
    ill = volunteer(made, "李强")
    stays = volunteer(made, "周敏")
    alone, shared, offered = asked(made), asked(made), asked(made)
    for request in (alone, shared):
        accept_offer(request=request, volunteer=ill, by=ill.user, at=AT)
    accept_offer(request=shared, volunteer=stays, by=stays.user, at=AT)
    offer_request(request=offered, volunteer=ill, by=made.alice, at=AT)
    run_clock(AT + minutes(1))
    Told.objects.all().delete()

    stand_down(volunteer=ill, reason="contact", by=made.alice, at=AT + minutes(10))
    run_clock(AT + minutes(10))

    assert [again(r).state for r in (alone, shared, offered)] == ["new", "accepted", "new"]
    assert not Commitment.objects.filter(volunteer=ill).exclude(state="closed").exists()
    assert set(Told.objects.filter(request=alone).values_list("user__name", flat=True)) == {"张敏"}
    told = RequestEvent.objects.filter(request=alone, kind="released").get()
    assert told.code == "stood_down"
    assert told.text == ""
