"""What the bank counted out goes with a delivery run: until it is at the door, and again where it was not."""

from __future__ import annotations

import pytest

from shouwang.core.models import DueRow
from shouwang.goods.models import MedicineIssue
from shouwang.goods.services import medicine_issues as issues
from shouwang.goods.services.parcels import bring_back, hand_over, load_parcels, put_back
from shouwang.goods.tests.medicine_world import Bank, asked, bank_world, in_bank, shelf_of
from shouwang.incidents.tests.neighbourhood import AT, do_due

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def bank(db: object) -> Bank:
    return bank_world()


def given_to_runs(bank: Bank) -> MedicineIssue:
    """Counted out five minutes after the call, a parcel of the gate one minute later."""
    in_bank(bank)
    ask = asked(bank)
    there = shelf_of(ask)
    issue = issues.count_out(
        ask=ask, lot=there.lot, shelf=there.shelf, quantity=1, by=bank.gina, at=bank.later(5)
    )
    return issues.hand_to_runs(issue=issue, by=bank.gina, at=bank.later(6))


def test_a_run_brings_it_as_a_parcel(bank: Bank) -> None:
    issue = given_to_runs(bank)
    assert issue.parcel.state == "released" and issue.parcel.urgent and issue.parcel.medicine
    [parcel] = load_parcels(parcels=[issue.parcel], holder=bank.vera.user, by=bank.gina, at=bank.later(7))
    hand_over(parcel=parcel, by=bank.vera.user, at=bank.later(21))
    do_due("clock", bank.later(21))
    issue.refresh_from_db()
    assert issue.state == "at_the_door" and issue.ask.minutes(AT) == 21


def test_what_a_run_takes_back_is_waited_for_again(bank: Bank) -> None:
    """A slip of the finger must not end the clock of somebody who waits for medicine."""
    issue = given_to_runs(bank)
    [parcel] = load_parcels(parcels=[issue.parcel], holder=bank.vera.user, by=bank.gina, at=bank.later(7))
    parcel = hand_over(parcel=parcel, by=bank.vera.user, at=bank.later(9))
    parcel = put_back(parcel=parcel, by=bank.vera.user, at=bank.later(10))
    do_due("clock", bank.later(10))
    issue.refresh_from_db()
    assert issue.state == "on_the_way", "taken back before the clock heard of it"
    parcel = hand_over(parcel=parcel, by=bank.vera.user, at=bank.later(11))
    do_due("clock", bank.later(11))
    issue.refresh_from_db()
    assert issue.state == "at_the_door"
    parcel = put_back(parcel=parcel, by=bank.vera.user, at=bank.later(12))
    do_due("clock", bank.later(12))
    issue.refresh_from_db(), issue.ask.refresh_from_db()
    assert (issue.state, issue.ask.state, issue.ask.ended_at) == ("on_the_way", "on_the_way", None)
    assert DueRow.objects.filter(kind="goods.medicine_watch", subject_id=issue.ask_id).exists()
    parcel = bring_back(parcel=parcel, reason="没人在家", by=bank.vera.user, at=bank.later(20))
    [parcel] = load_parcels(parcels=[parcel], holder=bank.vera.user, by=bank.gina, at=bank.later(25))
    hand_over(parcel=parcel, by=bank.vera.user, at=bank.later(28))
    do_due("clock", bank.later(28))
    issue.refresh_from_db(), issue.ask.refresh_from_db()
    assert issue.state == "at_the_door" and issue.ask.minutes(AT) == 28
