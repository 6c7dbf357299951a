"""A stairwell without a live head: somebody above is told at once, and it is on record that they were."""

from __future__ import annotations

import pytest

from shouwang.core.actors import OPERATOR
from shouwang.core.models import DueRow
from shouwang.core.registry import invariants
from shouwang.incidents.tests.neighbourhood import Neighbourhood, add_user, do_due, settle
from shouwang.notices import selectors
from shouwang.notices.models import Message
from shouwang.places.selectors import coverage_of
from shouwang.places.services import appoint, end_post, suspend_posts

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def told(here: Neighbourhood) -> set[str]:
    return {str(pk) for pk, row in coverage_of(here.community.pk).items() if row.told_at}


def test_many_gaps_of_one_hour_make_one_message(here: Neighbourhood) -> None:
    do_due("clock", here.at)
    message = selectors.unread_for(here.alice).get()
    assert message.template == "notices.gaps"
    assert message.values["number"] == 5
    assert told(here) == {str(place.pk) for place in here.stairwells[1:]}
    assert not Message.objects.filter(to=here.charlie).exists()


def test_a_new_gap_goes_to_the_next_rung_and_opens_the_place(here: Neighbourhood) -> None:
    grace = add_user("Grace")
    appoint(place=here.grid, role="grid_head", holder=grace, by=OPERATOR, at=here.at)
    do_due("clock", here.at)
    before = selectors.unread_for(grace).count()
    suspend_posts(holder=here.bob, by=here.alice, at=here.later(5))
    do_due("clock", here.later(5))
    message = selectors.unread_for(grace).first()
    assert message is not None
    assert selectors.unread_for(grace).count() == before + 1
    assert (message.template, message.subject_id) == ("notices.gap", here.stairwells[0].pk)
    assert "1号楼 1单元" in message.sentence()
    assert "1号楼" not in message.discreet()
    assert not selectors.unread_for(here.alice).exists()


def test_a_gap_filled_at_once_is_told_to_nobody(here: Neighbourhood) -> None:
    do_due("clock", here.at)
    Message.objects.all().delete()
    post = here.bob.posts.get()
    end_post(post=post, by=here.alice, at=here.later(1))
    appoint(
        place=here.stairwells[0], role="stairwell_head", holder=here.alice, by=here.alice, at=here.later(1)
    )
    do_due("clock", here.later(2))
    assert not Message.objects.exists()


def test_nobody_above_is_asked_again_until_somebody_is_there(here: Neighbourhood) -> None:
    suspend_posts(holder=here.alice, by=OPERATOR, at=here.at)
    do_due("clock", here.at)
    row = DueRow.objects.get(kind="notices.tell_gaps", subject_id=here.community.pk)
    assert row.due_at > here.at
    assert told(here) == set()
    promise = invariants.get("places.leaf.head-or-told-gap")
    assert len(promise.run(here.later(10), here.community.pk).broken) == 5
    grace = add_user("Grace")
    appoint(place=here.community, role="on_call", holder=grace, by=OPERATOR, at=row.due_at)
    do_due("clock", row.due_at)
    assert selectors.unread_for(grace).count() == 1
    assert promise.run(here.later(10), here.community.pk).broken == []
    assert not DueRow.objects.filter(kind="notices.tell_gaps", subject_id=here.community.pk).exists()
