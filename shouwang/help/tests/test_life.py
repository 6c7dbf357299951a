"""A request's life: targets, the link, confirming, erasing; and the state machine under any order of steps."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shouwang.core.actors import RESIDENT
from shouwang.core.commands import run_once
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, Tombstone
from shouwang.core.registry import erasers
from shouwang.help import services
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.rules import TARGETS, target_of
from shouwang.help.selectors import request_by_link, timeline_of, without_owner_or_due, work_for
from shouwang.help.states import (
    LIVE_ASSIGNMENTS,
    REQUEST_MOVES,
    UNTAKEN_STATES,
    AssignmentState,
    Category,
    RequestState,
)
from shouwang.help.tests.scene import AT, again, asked, minutes, neighbourhood, run_clock, volunteer
from shouwang.incidents.models import Incident
from shouwang.incidents.services import open_incident
from shouwang.volunteers.models import Commitment
from shouwang.volunteers.services import come_back, stand_down

DAY = timedelta(days=1)


@pytest.mark.django_db
def test_every_category_has_a_target_and_urgency_tightens_it() -> None:
    assert set(TARGETS) == set(Category)
    for category in Category:
        usual, today, life = (target_of(category, urgency) for urgency in ("normal", "today", "life"))
        assert life.accept <= today.accept <= usual.accept or category == Category.EMERGENCY
        assert today.finish <= usual.finish


@pytest.mark.django_db
def test_an_incident_changes_the_targets_inside_its_line() -> None:
    made = neighbourhood()
    incident = open_incident(
        community=made.community,
        name="C区封控",
        protocol="sealed_zone",
        places=[made.building],
        by=made.alice,
        at=AT,
    )
    Incident.objects.filter(pk=incident.pk).update(targets={"shopping": {"accept": 240, "finish": 2880}})
    inside, outside = asked(made), asked(made, dwelling=made.far_door, household=None)
    assert (inside.accept_due_at, inside.finish_due_at) == (AT + minutes(240), AT + 2 * DAY)
    assert inside.incident_id == incident.pk
    assert outside.accept_due_at == AT + minutes(120)
    assert outside.incident_id is None


@pytest.mark.django_db
def test_numbers_are_short_and_a_communitys_own() -> None:
    from shouwang.help.tests.scene import strangers

    made, far = neighbourhood(), strangers()
    assert [asked(made).spoken_number, asked(made).spoken_number] == ["0001", "0002"]
    there, _token = services.take_in_request(
        community_id=far.community.pk, place=far.community, dwelling=None, household=None, category="other",
        urgency="normal", source="phone", title="路灯不亮", words="", by=far.charlie, at=AT,
    )  # fmt: skip
    assert there.spoken_number == "0001"


@pytest.mark.django_db
def test_a_door_of_another_community_is_refused_whole() -> None:
    from shouwang.help.tests.scene import strangers

    made, far = neighbourhood(), strangers()
    with pytest.raises(Refusal, match="other-community"):
        services.take_in_request(
            community_id=far.community.pk, place=None, dwelling=made.door, household=None, category="other",
            urgency="normal", source="phone", title="x", words="", by=far.charlie, at=AT,
        )  # fmt: skip
    assert not HelpRequest.objects.filter(community_id=far.community.pk).exists()


def linked(made: SimpleNamespace) -> tuple[HelpRequest, str]:
    request, token = services.take_in_request(
        community_id=made.community.pk, place=made.stairwell, dwelling=None, household=None, category="shopping",
        urgency="normal", source="portal", title="牛奶", words="", by=RESIDENT, at=AT, door_said="501",
    )  # fmt: skip
    assert token
    return request, token


@pytest.mark.django_db
def test_the_link_is_kept_as_a_hash_and_dies_seven_days_after_the_end() -> None:
    made = neighbourhood()
    request, token = linked(made)
    assert token not in str(HelpRequest.objects.filter(pk=request.pk).values().get())
    assert request_by_link(token, AT + 300 * DAY) == request, "as long as it is open"
    services.close_request(request=request, by=made.alice, at=AT + DAY, reason="已送")
    assert request_by_link(token, AT + 8 * DAY - minutes(1)) == request
    assert request_by_link(token, AT + 8 * DAY) is None
    assert request_by_link("x" + token, AT) is None


@pytest.mark.django_db
def test_a_new_link_ends_the_one_before() -> None:
    made = neighbourhood()
    request, token = linked(made)
    fresh = services.renew_link(request=request, by=made.alice, at=AT)
    assert request_by_link(token, AT) is None
    assert request_by_link(fresh, AT) == request


@pytest.mark.django_db
def test_the_resident_sees_what_happens_and_never_who_was_told() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request, _token = linked(made)
    run_clock(AT)
    assert again(request).seen_at is None, "a machine's telling is no seeing"
    services.mark_seen(request=request, by=made.bob, at=AT + minutes(1))
    services.add_note(request=request, text="老人脾气急", by=made.bob, at=AT + minutes(2))
    services.accept_offer(request=request, volunteer=helper, by=helper.user, at=AT + minutes(3))
    shown = timeline_of(request, for_resident=True)
    assert [m.kind for m in shown] == ["received", "seen", "accepted"]
    assert not any("脾气" in m.text or "陈书记" in m.sentence for m in shown)
    whole = timeline_of(request)
    assert any(m.kind == "told" for m in whole)


@pytest.mark.django_db
def test_right_closes_and_not_right_goes_back_to_work() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request, _token = linked(made)
    services.accept_offer(request=request, volunteer=helper, by=helper.user, at=AT)
    services.finish_request(request=request, by=helper.user, at=AT + minutes(60), note="放门口")
    services.confirm_request(request=request, by=RESIDENT, at=AT + minutes(70), right=False, words="少一盒")
    now = again(request)
    assert (now.state, now.done_at) == ("new", None)
    assert now.finish_due_at > AT + minutes(70)
    run_clock(AT + minutes(70))
    services.accept_offer(request=now, volunteer=helper, by=helper.user, at=AT + minutes(75))
    services.finish_request(request=now, by=helper.user, at=AT + minutes(80))
    services.confirm_request(request=now, by=RESIDENT, at=AT + minutes(90))
    assert (again(request).state, again(request).closed_at) == ("closed", AT + minutes(90))


@pytest.mark.django_db
def test_closing_before_it_is_done_needs_a_reason() -> None:
    made = neighbourhood()
    request = asked(made)
    with pytest.raises(Refusal, match="reason-missing"):
        services.close_request(request=request, by=made.alice, at=AT)
    assert again(request).state == "new"


@pytest.mark.django_db
def test_texts_go_when_their_days_are_over() -> None:
    made = neighbourhood()
    request = asked(
        made, title="降压药", words="高血压", asker_name="李女士", asker_phone="19900000713", door_said="五楼东",
        lines=[{"name": "降压药", "quantity": "2", "unit": "盒", "note": "国产"}],
    )  # fmt: skip
    still_open = asked(made, title="修水管", words="漏水")
    services.record_attempt(request=request, outcome="not_in", by=made.bob, at=AT, note="门上有封条")
    services.close_request(request=request, by=made.alice, at=AT, reason="已送医")
    eraser = erasers.get("help.requests")
    assert eraser.count(AT + 30 * DAY) == 0
    late = AT + 30 * DAY + minutes(1)
    assert eraser.count(late) == eraser.count(late) == 1
    assert eraser.verify(late) > 0
    with transaction.atomic():
        assert eraser.erase_batch(late, 100) == 1
    assert (eraser.count(late), eraser.verify(late)) == (0, 0)
    gone = again(request)
    assert (gone.title, gone.words, gone.asker_name, gone.asker_phone, gone.door_said) == ("", "", "", "", "")
    assert not gone.lines.exists()
    assert not any(m.text for m in timeline_of(gone))
    assert gone.number == request.number
    assert Tombstone.objects.filter(subject_id=request.pk).exists()
    assert again(still_open).words == "漏水"


@pytest.mark.django_db
def test_work_in_hand_says_door_lift_and_what_waits() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made, weight_kg=5, urgency="today")
    services.offer_request(request=request, volunteer=helper, by=made.alice, at=AT)
    item = work_for(helper.user, AT)[0]
    assert item.door == "8号楼 2单元 501"
    assert item.waiting_for_me
    assert "kg" in item.small
    services.accept_offer(request=request, volunteer=helper, by=helper.user, at=AT)
    assert not work_for(helper.user, AT)[0].waiting_for_me
    services.finish_request(request=request, by=helper.user, at=AT)
    assert work_for(helper.user, AT) == []


@pytest.mark.django_db
def test_a_command_applied_twice_is_applied_once() -> None:
    made = neighbourhood()
    command = uuid7()

    def take_in() -> str:
        return str(asked(made).pk)

    answers = [
        run_once(
            command_id=command, kind="help.take_in", by=made.alice, body={"title": "土豆"}, do=take_in, at=AT
        )
        for _time in range(3)
    ]
    assert [a.status for a in answers] == ["accepted", "duplicate", "duplicate"]
    assert len({a.answer for a in answers}) == 1
    assert HelpRequest.objects.count() == 1
    assert AuditEntry.objects.filter(kind="help.request.taken_in").count() == 1


class AnyOrder(RuleBasedStateMachine):
    """Any steps in any order, refused or not: commitments always match live assignments."""

    @initialize()
    def begin(self) -> None:
        self.made = neighbourhood()
        self.people = [volunteer(self.made, name) for name in ("李楠", "周敏")]
        self.request = asked(self.made)
        self.at = AT

    def attempt(self, do: Any, **values: Any) -> None:
        """A step; a refusal must leave everything as it was."""
        self.at += minutes(1)
        before = again(self.request).state
        try:
            with transaction.atomic():
                do(by=self.made.alice, at=self.at, **values)
        except Refusal:
            assert again(self.request).state == before
        after = again(self.request).state
        assert after == before or self.reachable(before, after), (before, after)

    @staticmethod
    def reachable(before: str, after: str) -> bool:
        """By one move, or by two through the queue (somebody else is still asked)."""
        table = {str(k): {str(v) for v in values} for k, values in REQUEST_MOVES.items()}
        direct = table.get(before, set())
        return after in direct or ("new" in direct and after in table["new"])

    def one_of(self, states: tuple[str, ...], which: int) -> Assignment | None:
        rows = list(
            Assignment.objects.filter(request=self.request, state__in=states).order_by("offered_at", "pk")
        )
        return rows[which % len(rows)] if rows else None

    @rule(who=st.integers(0, 1))
    def offer(self, who: int) -> None:
        self.attempt(services.offer_request, request=self.request, volunteer=self.people[who])

    @rule(who=st.integers(0, 1))
    def accept(self, who: int) -> None:
        self.attempt(services.accept_offer, request=self.request, volunteer=self.people[who])

    @rule(which=st.integers(0, 3))
    def decline(self, which: int) -> None:
        if row := self.one_of((AssignmentState.OFFERED, AssignmentState.ACCEPTED), which):
            self.attempt(services.decline_offer, assignment=row)

    @rule(which=st.integers(0, 3))
    def hand_back(self, which: int) -> None:
        if row := self.one_of(LIVE_ASSIGNMENTS, which):
            self.attempt(services.release, assignment=row)

    @rule()
    def start(self) -> None:
        self.attempt(services.start_request, request=self.request)

    @rule()
    def finish(self) -> None:
        self.attempt(services.finish_request, request=self.request)

    @rule(right=st.booleans())
    def confirm(self, right: bool) -> None:
        self.attempt(services.confirm_request, request=self.request, right=right)

    @rule()
    def close(self) -> None:
        self.attempt(services.close_request, request=self.request, reason="重复")

    @rule()
    def reopen(self) -> None:
        self.attempt(services.reopen_request, request=self.request)

    @rule(who=st.integers(0, 1))
    def fall_ill(self, who: int) -> None:
        self.at += minutes(1)
        with suppress(Refusal), transaction.atomic():
            stand_down(volunteer=self.people[who], reason="ill", by=self.made.alice, at=self.at)
        run_clock(self.at)

    @rule(who=st.integers(0, 1))
    def recover(self, who: int) -> None:
        self.at += minutes(1)
        with suppress(Refusal), transaction.atomic():
            come_back(volunteer=self.people[who], by=self.made.alice, at=self.at)

    @rule(later=st.integers(1, 600))
    def time_passes(self, later: int) -> None:
        self.at += minutes(later)
        run_clock(self.at)

    @invariant()
    def commitments_match_live_assignments(self) -> None:
        if not hasattr(self, "request"):
            return
        live = Assignment.objects.filter(request=self.request, state__in=LIVE_ASSIGNMENTS)
        held = Commitment.objects.filter(kind="help.request", subject_id=self.request.pk).exclude(
            state="closed"
        )
        assert set(live.values_list("commitment_id", flat=True)) == set(held.values_list("pk", flat=True))

    @invariant()
    def the_state_says_who_has_it(self) -> None:
        if not hasattr(self, "request"):
            return
        now = again(self.request)
        live = list(now.assignments.filter(state__in=LIVE_ASSIGNMENTS).values_list("state", flat=True))
        if now.state in (RequestState.ACCEPTED, RequestState.UNDER_WAY):
            assert AssignmentState.ACCEPTED in live
        elif now.state in UNTAKEN_STATES:
            assert AssignmentState.ACCEPTED not in live
            assert (now.state == RequestState.OFFERED) == bool(live)
        else:
            assert not live
        assert without_owner_or_due(None)[1] == []


class TestAnyOrder(TestCase):
    def test_any_order(self) -> None:
        calm = settings(
            max_examples=10, stateful_step_count=12, deadline=None, phases=(Phase.explicit, Phase.generate),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        )  # fmt: skip

        class Once(AnyOrder):
            """Each run in a transaction of its own, so that runs do not see one another."""

            def __init__(self) -> None:
                super().__init__()
                self.savepoint = transaction.savepoint()

            def teardown(self) -> None:
                transaction.savepoint_rollback(self.savepoint)

        run_state_machine_as_test(Once, settings=calm)
