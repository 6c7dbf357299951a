"""The evening's count: each request stands in exactly one place, and whoever is unanswered is named or counted."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Refusal
from shouwang.core.models import AuditEntry
from shouwang.core.registry import erasers
from shouwang.help import services
from shouwang.help.models import EveningSignOff, HelpRequest
from shouwang.help.selectors.evening import evening_of, last_sign_off, past_evenings
from shouwang.help.selectors.faces import evening_items
from shouwang.help.tests.scene import AT, asked, minutes, neighbourhood, scope, user, volunteer
from shouwang.places.services import appoint
from shouwang.places.states import Role

pytestmark = [pytest.mark.django_db, pytest.mark.both]
# 19:00 in Hohhot on the day of AT.
NIGHT = datetime(2022, 2, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def here() -> SimpleNamespace:
    made = neighbourhood()
    made.clerk = user("clerk", "刘洋", "19900000008")
    appoint(place=made.community, role=Role.CLERK, holder=made.clerk, by=OPERATOR, at=AT)
    made.volunteer = volunteer(made, "何军")
    return made


def counted(here: SimpleNamespace, at: datetime = NIGHT, who: Any = None) -> Any:
    return evening_of(scope(who or here.alice, at), here.community, at)


def test_an_empty_day_has_nobody_unanswered(here: SimpleNamespace) -> None:
    evening = counted(here)
    assert (evening.whole, evening.unanswered, evening.reconciles) == (0, 0, True)


def test_came_in_and_carried_stand_where_they_are(here: SimpleNamespace) -> None:
    old = asked(here, at=AT - timedelta(days=1))
    answered = asked(here, at=AT)
    waiting = asked(here, at=AT + minutes(5))
    services.close_request(request=answered, reason="电话里答复了", by=here.alice, at=AT + minutes(9))
    evening = counted(here)
    assert (evening.came_in, evening.carried, evening.closed, evening.waiting) == (2, 1, 1, 2)
    assert evening.reconciles and evening.first == answered.number and evening.last == waiting.number
    assert {row.request.pk for row in evening.left} == {old.pk, waiting.pk}


def test_what_was_closed_yesterday_is_not_todays(here: SimpleNamespace) -> None:
    done = asked(here, at=AT - timedelta(days=1))
    services.close_request(request=done, reason="办好了", by=here.alice, at=AT - timedelta(hours=20))
    assert counted(here).whole == 0


def test_a_missing_number_or_record_is_said(here: SimpleNamespace) -> None:
    first, gone = asked(here, at=AT), asked(here, at=AT)
    asked(here, at=AT)
    assert counted(here).reconciles
    HelpRequest.objects.filter(pk=gone.pk).update(number=99)
    assert not counted(here).reconciles
    HelpRequest.objects.filter(pk=gone.pk).update(number=first.number + 1)
    AuditEntry.objects.filter(subject_id=gone.pk, kind="help.request.taken_in").update(community_id=None)
    assert not counted(here).reconciles


def test_a_confidential_one_is_counted_and_not_shown(here: SimpleNamespace) -> None:
    asked(here, at=AT, confidential=True)
    seen, unseen = counted(here, who=here.alice), counted(here, who=here.clerk)
    assert (len(seen.left), seen.hidden) == (1, 0)
    assert (len(unseen.left), unseen.hidden, unseen.unanswered) == (0, 1, 1)


def test_signing_needs_a_word_for_those_who_are_left_and_keeps_the_figures(here: SimpleNamespace) -> None:
    request = asked(here, at=AT)
    sign = {"scope": scope(here.alice, NIGHT), "community": here.community, "by": here.alice, "at": NIGHT}
    with pytest.raises(Refusal, match="remark-missing"):
        services.sign_off_evening(remark="  ", **sign)
    signed = services.sign_off_evening(remark="王芳今晚再打一次电话", **sign)
    assert signed.counts["unanswered"] == 1 and last_sign_off(here.community.pk, date(2022, 2, 20)) == signed
    services.close_request(request=request, reason="办好了", by=here.alice, at=NIGHT)
    again = services.sign_off_evening(remark="", **{**sign, "at": NIGHT + minutes(30)})
    assert last_sign_off(here.community.pk, date(2022, 2, 20)) == again
    assert past_evenings(here.community.pk, date(2022, 2, 21)) == [again]
    assert EveningSignOff.objects.count() == 2, "none is overwritten"


def test_today_says_so_from_six_until_it_is_signed(here: SimpleNamespace) -> None:
    before = datetime(2022, 2, 20, 9, 59, tzinfo=UTC)
    assert evening_items(scope(here.alice, before), before) == []
    assert len(evening_items(scope(here.alice, NIGHT), NIGHT)) == 1
    assert evening_items(scope(here.bob, NIGHT), NIGHT) == [], "the office signs"
    services.sign_off_evening(
        scope=scope(here.alice, NIGHT), community=here.community, remark="", by=here.alice, at=NIGHT
    )
    assert evening_items(scope(here.alice, NIGHT), NIGHT) == []


def test_the_remark_goes_when_its_days_are_over(here: SimpleNamespace) -> None:
    asked(here, at=AT)
    services.sign_off_evening(
        scope=scope(here.alice, NIGHT), community=here.community, remark="张敏去看", by=here.alice, at=NIGHT
    )
    eraser, later = erasers.get("help.evenings"), NIGHT + timedelta(days=32)
    assert (eraser.count(NIGHT), eraser.count(later), eraser.verify(later)) == (0, 1, 1)
    assert eraser.erase_batch(later, 10) == 1 and eraser.verify(later) == 0
    assert EveningSignOff.objects.get().counts["unanswered"] == 1


def test_the_page_signs_and_keeps_what_was_typed(here: SimpleNamespace, client: Client) -> None:
    client.force_login(here.alice)
    asked(here)
    page = reverse("help:evening")
    assert client.get(page).status_code == 200
    refused = client.post(page, {"remark": "", "command_id": "01a21b95-808d-72b0-a8e8-1d333e0e14f6"})
    assert refused.status_code == 422 and "error" in refused.content.decode()
    assert client.get(page, {"community": str(here.household.pk)}).status_code == 404


def examples(usual: int) -> int:
    return 300 if os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly" else usual


acts = st.lists(
    st.tuples(
        st.sampled_from(["yesterday", "today"]),
        st.sampled_from(["leave", "accept", "finish", "close", "withdraw", "reopen"]),
    ),
    max_size=6,
)


@given(acts)
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_sides_always_make_the_same_sum(here: SimpleNamespace, done: list[tuple[str, str]]) -> None:
    HelpRequest.objects.filter(community_id=here.community.pk).update(
        community_id=None, number=1, closed_at=None
    )  # earlier examples of the same test are not this day's
    AuditEntry.objects.filter(kind="help.request.taken_in").update(community_id=None)
    for day, what in done:
        request = asked(here, at=AT - timedelta(days=1) if day == "yesterday" else AT)
        at = AT + minutes(3)
        if what in ("accept", "finish"):
            services.accept_offer(request=request, volunteer=here.volunteer, by=here.alice, at=at)
        if what == "finish":
            services.finish_request(request=request, by=here.alice, at=at + minutes(1))
        if what in ("close", "reopen"):
            services.close_request(request=request, reason="答复了", by=here.alice, at=at)
        if what == "reopen":
            services.reopen_request(request=request, reason="没办好", by=here.alice, at=at + minutes(1))
        if what == "withdraw":
            services.withdraw_request(request=request, by=here.alice, at=at)
    evening = counted(here, at=AT + minutes(5))
    assert evening.whole == evening.standing == len(done)
    assert evening.reconciles
    late = sum(line == ("yesterday", "accept") for line in done)
    assert evening.unanswered == late + sum(what in ("leave", "reopen") for _day, what in done)
