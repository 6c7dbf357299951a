"""What is not taken in time rises; danger to life reaches everybody."""

from __future__ import annotations

import pytest

from shouwang.core.registry import invariants
from shouwang.help.models import HelpRequest, RequestEvent, Told
from shouwang.help.services import accept_offer, close_request, finish_request, record_ring, tick_green_step
from shouwang.help.states import EventKind, RequestState
from shouwang.help.tests.scene import (
    AT,
    again,
    asked,
    minutes,
    neighbourhood,
    run_clock,
    scope,
    seconds,
    volunteer,
)
from shouwang.notices.models import Message
from shouwang.places.services import end_post

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def told_names(request: HelpRequest) -> set[str]:
    return set(Told.objects.filter(request=request).values_list("user__name", flat=True))


def risen(request: HelpRequest) -> list[str]:
    return list(
        RequestEvent.objects.filter(request=request, kind=EventKind.ESCALATED).values_list("code", flat=True)
    )


def test_untaken_rises_one_level_at_a_time_and_ends_at_the_community() -> None:
    made = neighbourhood()
    request = asked(made, urgency="today")  # to be taken on within 30 minutes
    run_clock(AT)
    assert told_names(request) == {"张敏"}
    run_clock(AT + minutes(29))
    assert told_names(request) == {"张敏"}
    run_clock(AT + minutes(30))
    assert told_names(request) == {"张敏", "赵磊"}
    run_clock(AT + minutes(45))
    assert "孙丽" in told_names(request)
    assert "王芳" not in told_names(request)
    run_clock(AT + minutes(60))
    assert {"王芳", "陈书记"} <= told_names(request)
    assert again(request).rung_out_at is None
    run_clock(AT + minutes(75))
    assert again(request).rung_out_at == AT + minutes(75)
    assert risen(request) == ["building", "grid", "community", "rung_out"]


def test_taken_in_time_does_not_rise() -> None:
    made = neighbourhood()
    request = asked(made, urgency="today")
    helper = volunteer(made, "李楠")
    run_clock(AT)
    accept_offer(request=request, volunteer=helper, by=helper.user, at=AT + minutes(5))
    run_clock(AT + minutes(200))
    assert risen(request) == []
    assert told_names(request) == {"张敏"}


def test_late_at_the_end_reminds_then_rises() -> None:
    made = neighbourhood()
    request = asked(made, urgency="today")  # to be finished within 8 hours
    helper = volunteer(made, "李楠")
    run_clock(AT)
    accept_offer(request=request, volunteer=helper, by=helper.user, at=AT + minutes(5))
    run_clock(AT + minutes(8 * 60 - 15))
    assert told_names(request) == {"张敏", "李楠"}
    run_clock(AT + minutes(8 * 60))
    assert risen(request) == ["stairwell"]
    run_clock(AT + minutes(8 * 60 + 30))
    assert risen(request) == ["stairwell", "building"]


def test_without_anybody_below_the_next_level_is_told_first() -> None:
    made = neighbourhood()
    end_post(post=made.bobs_post, by=made.alice, at=AT)
    request = asked(made)
    run_clock(AT)
    assert told_names(request) == {"赵磊"}


def test_without_a_place_the_community_is_the_queue() -> None:
    made = neighbourhood()
    request = asked(made, dwelling=None, household=None, door_said="7楼")
    run_clock(AT)
    assert told_names(request) == {"陈书记", "王芳"}


def test_danger_to_life_step_by_step() -> None:
    made = neighbourhood()
    for name in ("李楠", "周敏"):
        volunteer(made, name)
    request = asked(made, category="emergency", title="透析病人喘不上气")
    assert request.urgency == "life"
    run_clock(AT)
    assert told_names(request) == {"张敏", "陈书记", "王芳"}
    run_clock(AT + seconds(59))
    assert told_names(request) == {"张敏", "陈书记", "王芳"}
    run_clock(AT + seconds(60))
    assert told_names(request) == {"张敏", "陈书记", "王芳", "赵磊"}
    run_clock(AT + seconds(180))
    assert told_names(request) == {"张敏", "陈书记", "王芳", "赵磊", "孙丽", "李楠", "周敏"}
    assert again(request).rung_out_at is None
    run_clock(AT + seconds(300))
    assert again(request).rung_out_at is not None
    record_ring(request=request, whom=made.bob, outcome="no_answer", by=made.alice, at=AT + seconds(320))
    assert RequestEvent.objects.filter(request=request, kind=EventKind.RANG, code="no_answer").exists()


def test_on_my_way_stops_it_and_runs_out_after_half_an_hour() -> None:
    made = neighbourhood()
    bob = volunteer(made, "", user=made.bob, home=made.stairwell)
    request = asked(made, category="emergency", title="摔倒起不来")
    run_clock(AT)
    accept_offer(request=request, volunteer=bob, by=made.bob, at=AT + seconds(40))
    run_clock(AT + minutes(29))
    assert told_names(request) == {"张敏", "陈书记", "王芳"}
    assert risen(request) == []
    run_clock(AT + seconds(40) + minutes(30))
    assert risen(request) == ["word_ran_out"]
    told = Message.objects.filter(subject_id=request.pk, to=made.alice, template="help.life")
    assert told.count() == 2
    run_clock(AT + seconds(40) + minutes(31))
    assert "赵磊" in told_names(request)


def test_a_sign_of_life_keeps_the_word() -> None:
    made = neighbourhood()
    bob = volunteer(made, "", user=made.bob, home=made.stairwell)
    request = asked(made, category="emergency", title="摔倒起不来")
    run_clock(AT)
    accept_offer(request=request, volunteer=bob, by=made.bob, at=AT + seconds(40))
    tick_green_step(request=request, step="called_120", by=made.bob, at=AT + minutes(20))
    run_clock(AT + minutes(35))
    assert risen(request) == []
    finish_request(request=request, by=made.bob, at=AT + minutes(40))
    run_clock(AT + minutes(90))
    assert risen(request) == []


def test_nobody_at_all_shows_whom_to_ring_at_once() -> None:
    made = neighbourhood()
    from shouwang.places.selectors import live_posts

    request = asked(made, category="emergency", title="喘不上气")
    for post in list(live_posts(AT)):
        end_post(post=post, by=made.alice, at=AT)
    run_clock(AT)
    assert again(request).rung_out_at == AT


def test_done_twice_or_late_changes_nothing() -> None:
    made = neighbourhood()
    request = asked(made, category="emergency", title="喘不上气")
    from shouwang.help.services import escalate_due_request

    run_clock(AT)
    before = Message.objects.count()
    again_at = escalate_due_request(request_id=request.pk, at=AT)
    assert again_at == AT + seconds(60)
    assert Message.objects.count() == before
    close_request(request=request, by=made.alice, at=AT + seconds(10), reason="误报")
    assert escalate_due_request(request_id=request.pk, at=AT + minutes(5)) is None


def test_done_and_unconfirmed_is_asked_after_each_day() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made)
    run_clock(AT)
    accept_offer(request=request, volunteer=helper, by=helper.user, at=AT + minutes(5))
    finish_request(request=request, by=helper.user, at=AT + minutes(60))
    run_clock(AT + minutes(60 + 23 * 60))
    assert not Message.objects.filter(template="help.unconfirmed").exists()
    run_clock(AT + minutes(60 + 24 * 60))
    assert Message.objects.filter(template="help.unconfirmed", to=made.alice).count() == 1
    assert again(request).state == RequestState.DONE


def test_the_promise_holds_and_breaks_when_it_is_broken() -> None:
    made = neighbourhood()
    request = asked(made, category="emergency", title="喘不上气")
    owner, heard = invariants.get("help.request.has-owner-and-due"), invariants.get("help.life.somebody-told")
    run_clock(AT)
    at = AT + minutes(2)
    assert owner.run(at, made.community.pk).broken == []
    assert heard.run(at, made.community.pk).broken == []
    Told.objects.filter(request=request).delete()
    assert list(heard.run(at, None).broken) == [request.pk]
    from shouwang.core.due import cancel

    cancel("help.escalate", subject_id=request.pk)
    assert list(owner.run(at, None).broken) == [request.pk]


def test_the_scope_of_the_told_lasts_until_somebody_goes() -> None:
    from shouwang.help.selectors import requests_for

    made = neighbourhood()
    helper = volunteer(made, "李楠")
    bob = volunteer(made, "", user=made.bob, home=made.stairwell)
    request = asked(made, category="emergency", title="喘不上气")
    for at in (AT, AT + seconds(60), AT + seconds(180)):
        run_clock(at)
    assert list(requests_for(scope(helper.user))) == [request]
    accept_offer(request=request, volunteer=bob, by=made.bob, at=AT + seconds(200))
    assert not requests_for(scope(helper.user)).exists()
