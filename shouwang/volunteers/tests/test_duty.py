"""Commitments, load, standing down and coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.registry import erasers, invariants, today_sources
from shouwang.core.scope import ObjectGrant
from shouwang.incidents.tests.neighbourhood import Neighbourhood, add_user, do_due, settle
from shouwang.notices.selectors import unread_for
from shouwang.places.services import appoint
from shouwang.volunteers import selectors, services
from shouwang.volunteers.models import Commitment, StandDown, Volunteer
from shouwang.volunteers.rules import COMMITTED_CLASSES
from shouwang.volunteers.signals import came_back, stood_down
from shouwang.volunteers.states import CommitmentState, StandDownReason

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


@pytest.fixture
def bob(here: Neighbourhood) -> Volunteer:
    return services.enrol(user=here.bob, by=here.alice, at=here.at, skills=["driver", "nurse"], carries_kg=20)


def take_on(here: Neighbourhood, volunteer: Volunteer, **more: object) -> Commitment:
    given = {
        "kind": "help.request",
        "subject_id": uuid7(),
        "placed": here.stairwells[0],
        "at": here.at,
        **more,
    }
    return services.commit(volunteer=volunteer, by=here.alice, **given)  # type: ignore[arg-type]


def test_staff_belong_where_their_post_is(here: Neighbourhood, bob: Volunteer) -> None:
    assert bob.stamp() == here.stairwells[0].stamp()
    assert bob.skills == ["nurse", "driver"]
    assert selectors.volunteer_of(here.bob) == bob
    with pytest.raises(Conflict, match="enrolled-already"):
        services.enrol(user=here.bob, by=here.alice, at=here.at)


def test_a_skill_that_is_not_in_the_list_is_refused(here: Neighbourhood, bob: Volunteer) -> None:
    with pytest.raises(Refusal) as refused:
        services.set_skills(volunteer=bob, skills=["nurse", "flying"], by=here.alice)
    assert "flying" in refused.value.sentence()
    bob.refresh_from_db()
    assert bob.skills == ["nurse", "driver"]


def test_load_is_the_weight_of_what_is_open(here: Neighbourhood, bob: Volunteer) -> None:
    first = take_on(here, bob, weight=2)
    take_on(here, bob)
    assert selectors.loads([bob.pk]) == {bob.pk: 3}
    services.close_commitment(commitment=first, by=here.bob, at=here.later(5))
    services.close_commitment(commitment=first, by=here.bob, at=here.later(6))
    assert selectors.loads([bob.pk]) == {bob.pk: 1}
    first.refresh_from_db()
    assert first.until_at == here.later(5)


def test_nothing_is_taken_on_twice(here: Neighbourhood, bob: Volunteer) -> None:
    subject = uuid7()
    take_on(here, bob, subject_id=subject)
    with pytest.raises(Conflict, match="committed-already"):
        take_on(here, bob, subject_id=subject)
    assert Commitment.objects.count() == 1


def test_a_commitment_opens_its_household_while_it_lasts(here: Neighbourhood, bob: Volunteer) -> None:
    household = uuid7()
    one = take_on(here, bob, household_id=household)
    classes = COMMITTED_CLASSES
    expected = {
        ObjectGrant("help.request", one.subject_id, classes, "commitment"),
        ObjectGrant("people.household", household, classes, "commitment"),
    }
    assert set(here.scope(here.bob).objects) == expected
    assert "health" not in classes
    services.close_commitment(commitment=one, by=here.bob, at=here.at)
    assert here.scope(here.bob).objects == ()


def test_availability_says_who_can_be_asked_now(here: Neighbourhood, bob: Volunteer) -> None:
    assert bob in selectors.can_serve(here.at)
    period = (here.later(60), here.later(120))
    services.set_availability(volunteer=bob, periods=[period, period], by=here.bob, at=here.at)
    assert len(selectors.availability_of(bob, here.at)) == 1
    assert bob not in selectors.can_serve(here.at)
    assert bob in selectors.can_serve(here.later(60))
    assert bob not in selectors.can_serve(here.later(120))
    with pytest.raises(Refusal, match="period-backwards"):
        services.set_availability(volunteer=bob, periods=[(here.later(9), here.later(8))], by=here.bob)
    assert len(selectors.availability_of(bob, here.at)) == 1


def test_whoever_works_by_phone_goes_to_no_door(here: Neighbourhood, bob: Volunteer) -> None:
    services.change_volunteer(volunteer=bob, by_phone_only=True, by=here.bob, at=here.at)
    with pytest.raises(Refusal, match="by-phone-only"):
        take_on(here, bob)
    assert take_on(here, bob, by_phone=True).by_phone


def test_standing_down_suspends_reoffers_and_tells(here: Neighbourhood, bob: Volunteer) -> None:
    heard: list[dict[str, object]] = []

    def listen(**news: object) -> None:
        heard.append(news)

    do_due("clock", here.at)
    one, two = take_on(here, bob), take_on(here, bob)
    stood_down.connect(listen)
    try:
        services.stand_down(volunteer=bob, reason="contact", by=here.alice, at=here.later(5))
    finally:
        stood_down.disconnect(listen)
    assert [(n["volunteer_id"], set(n["commitment_ids"])) for n in heard] == [(bob.pk, {one.pk, two.pk})]
    assert {c.state for c in Commitment.objects.all()} == {CommitmentState.TO_REOFFER}
    assert selectors.is_stood_down(bob, here.later(5))
    assert bob not in selectors.can_serve(here.later(5))
    assert here.bob.posts.get().suspended_at == here.later(5)
    do_due("clock", here.later(5))
    assert unread_for(here.alice).filter(template="notices.gap", subject_id=here.stairwells[0].pk).exists()
    with pytest.raises(Refusal, match="stood-down"):
        take_on(here, bob, at=here.later(6))
    with pytest.raises(Conflict, match="stood-down-already"):
        services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.later(6))


def test_who_is_stood_down_is_put_in_charge_of_nothing(here: Neighbourhood, bob: Volunteer) -> None:
    """A place would look covered, and nobody would come."""
    other = here.stairwells[1]
    services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.at)
    said = {"place": other, "role": "stairwell_head", "holder": here.bob, "by": here.alice}
    with pytest.raises(Refusal, match="stood-down") as refused:
        appoint(**said, at=here.later(5))
    assert refused.value.field == "holder" and here.bob.name in refused.value.sentence()
    services.come_back(volunteer=bob, by=here.alice, at=here.later(10))
    assert appoint(**said, at=here.later(11)).holder == here.bob


def test_the_promise_gives_a_minute(here: Neighbourhood, bob: Volunteer) -> None:
    promise = invariants.get("volunteers.stood-down.reoffered")
    left = take_on(here, bob)
    services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.at)
    assert promise.run(here.at + timedelta(seconds=59), here.community.pk).broken == []
    late = here.at + timedelta(seconds=61)
    assert list(promise.run(late, here.community.pk).broken) == [left.pk]
    assert promise.run(late, here.elsewhere.pk).broken == []
    services.close_commitment(commitment=left, by=OPERATOR, at=late)
    assert promise.run(late, None).broken == []


def test_the_promise_notices_what_was_left_open(here: Neighbourhood, bob: Volunteer) -> None:
    left = take_on(here, bob)
    StandDown.objects.create(volunteer=bob, reason="ill", from_at=here.at, by=here.alice)
    assert list(invariants.get("volunteers.stood-down.reoffered").run(here.at, None).broken) == [left.pk]


def test_today_names_who_left_something_behind(here: Neighbourhood, bob: Volunteer) -> None:
    items = today_sources.get("volunteers.left").items
    left = take_on(here, bob)
    services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.at)
    found = items(here.scope(here.alice, 1), here.later(1))
    assert [item.key for item in found] == [f"left:{bob.pk}"]
    assert "1" in str(found[0].title)
    assert list(items(here.scope(here.charlie, 1), here.later(1))) == []
    services.close_commitment(commitment=left, by=OPERATOR, at=here.later(1))
    assert list(items(here.scope(here.alice, 1), here.later(1))) == []


def test_coming_back_takes_up_the_posts_and_nothing_else(here: Neighbourhood, bob: Volunteer) -> None:
    left = take_on(here, bob)
    services.stand_down(volunteer=bob, reason="rest", by=here.bob, at=here.at)
    heard: list[object] = []

    def listen(**news: object) -> None:
        heard.append(news["volunteer_id"])

    came_back.connect(listen)
    try:
        services.come_back(volunteer=bob, by=here.bob, at=here.later(60))
    finally:
        came_back.disconnect(listen)
    left.refresh_from_db()
    assert (heard, left.state) == ([bob.pk], CommitmentState.TO_REOFFER)
    assert here.bob.posts.get().suspended_at is None
    assert bob in selectors.can_serve(here.later(60))
    with pytest.raises(Conflict, match="not-stood-down"):
        services.come_back(volunteer=bob, by=here.bob, at=here.later(61))
    services.stand_down(volunteer=bob, reason="ill", by=here.bob, at=here.later(90))


def test_an_agreed_return_happens_by_itself(here: Neighbourhood, bob: Volunteer) -> None:
    services.stand_down(volunteer=bob, reason="rest", by=here.alice, at=here.at, until_at=here.later(600))
    do_due("clock", here.later(599))
    assert here.bob.posts.get().suspended_at is not None
    do_due("clock", here.later(600))
    assert here.bob.posts.get().suspended_at is None
    assert bob in selectors.can_serve(here.later(600))
    with pytest.raises(Refusal, match="until-past"):
        services.stand_down(volunteer=bob, reason="rest", by=here.alice, at=here.later(700), until_at=here.at)


def test_an_agreed_return_does_not_undo_a_newer_stand_down(here: Neighbourhood, bob: Volunteer) -> None:
    services.stand_down(volunteer=bob, reason="rest", by=here.alice, at=here.at, until_at=here.later(600))
    row = DueRow.objects.get(kind=services.COME_BACK)
    services.come_back(volunteer=bob, by=here.alice, at=here.later(10))
    assert not DueRow.objects.filter(pk=row.pk).exists()
    services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.later(20))
    assert services.come_back_as_agreed(volunteer=bob, by=OPERATOR, at=here.later(600)) is None
    assert here.bob.posts.get().suspended_at is not None


def test_the_reason_is_nowhere_but_in_its_sealed_field(here: Neighbourhood, bob: Volunteer) -> None:
    row = services.stand_down(volunteer=bob, reason="contact", by=here.alice, at=here.at)
    stored = StandDown.objects.filter(pk=row.pk).values_list("reason", flat=True).get()
    assert "contact" not in stored
    assert StandDown.objects.get(pk=row.pk).why == StandDownReason.CONTACT.label
    assert not any("contact" in str(entry.payload) for entry in AuditEntry.objects.all())


def test_reasons_are_erased_after_their_days(here: Neighbourhood, bob: Volunteer) -> None:
    row = services.stand_down(volunteer=bob, reason="ill", by=here.alice, at=here.at)
    eraser, at = erasers.get("volunteers.reasons"), here.at + timedelta(days=40)
    assert (eraser.count(at), eraser.verify(at)) == (0, 0)
    services.come_back(volunteer=bob, by=here.alice, at=here.later(60))
    assert (eraser.count(at), eraser.verify(at)) == (1, 1)
    assert eraser.erase_batch(at, 10) == 1
    assert (eraser.count(at), eraser.verify(at)) == (0, 0)
    assert StandDown.objects.get(pk=row.pk).why == ""


def test_a_made_up_reason_is_refused(here: Neighbourhood, bob: Volunteer) -> None:
    with pytest.raises(Refusal, match="reason-unknown"):
        services.stand_down(volunteer=bob, reason="lazy", by=here.alice, at=here.at)
    assert not StandDown.objects.exists()


def test_the_list_shows_load_and_posts_with_few_questions(
    here: Neighbourhood, bob: Volunteer, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        services.enrol(user=add_user(f"V{number}"), by=here.alice, at=here.at, home=here.buildings[1])
    take_on(here, bob)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        rows = selectors.rows_for(here.scope(here.alice))
    assert [row.volunteer.user.name for row in rows] == ["Bob", "V0", "V1", "V2", "V3", "V4"]
    assert rows[0].load == 1
    assert "1号楼 1单元" in rows[0].posts[0]
    assert len(selectors.rows_at(here.scope(here.alice), here.buildings[1].pk)) == 5
    free = selectors.rows_for(here.scope(here.alice), skill="nurse", show="free")
    assert [row.volunteer for row in free] == [bob]
