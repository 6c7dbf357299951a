"""A large sheet is the worker's: a bar says how far it is, it can be stopped, and being killed costs nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.services import create_user
from shouwang.core import clock, due, progress
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.ledgers import services
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.services import confirming
from shouwang.ledgers.states import ImportState
from shouwang.ledgers.tests.test_import import AT, sheet
from shouwang.people.models import Household, Membership, Person
from shouwang.places.models import Dwelling, Place
from shouwang.places.services import appoint, create_community
from shouwang.places.states import Role

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DOORS, AT_A_DOOR = 20, 3


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirming, "MOST_AT_ONCE", 40)
    monkeypatch.setattr(confirming, "A_STEP", 10)


@pytest.fixture
def community() -> Place:
    return create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)


def large(mark: str = "") -> bytes:
    """Sixty people behind twenty doors; those of one door are far apart on the sheet."""
    return sheet(
        *(
            (f"8-1-{door + 1}01", f"王{mark}{door}之{person}", "户主" if person == 0 else "子女", "", "", "")
            for person in range(AT_A_DOOR)
            for door in range(DOORS)
        )
    )


def staged_for(community: Place, content: bytes | None = None, at: dt.datetime = AT) -> RegisterImport:
    return services.stage_register(
        community=community, content=content or large(), name="t.xlsx", by=OPERATOR, at=at
    )


def begun(community: Place, by: Any = OPERATOR) -> RegisterImport:
    row = services.begin_confirming(register_import=staged_for(community), by=by, at=AT)
    assert row.state == ImportState.CONFIRMING and not Person.objects.exists()
    return row


def work() -> None:
    assert due.do_until(AT, "worker") >= 1


def test_it_is_taken_in_whole_with_households_kept_together(
    community: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    report = progress.report

    def hear(work_id: Any, done: int, total: int) -> None:
        told.append((done, total))
        report(work_id, done, total)

    monkeypatch.setattr(progress, "report", hear)
    row = begun(community)
    work()
    row.refresh_from_db()
    assert row.state == ImportState.CONFIRMED and row.counts["taken"] == DOORS * AT_A_DOOR
    assert Person.objects.count() == DOORS * AT_A_DOOR and Household.objects.count() == DOORS
    assert Membership.objects.filter(relation="head").count() == DOORS
    assert len(told) >= 5 and told == sorted(told) and told[-1] == (66, 66)
    assert progress.progress_of(row.pk) == progress.Progress()
    assert not DueRow.objects.filter(kind="ledgers.confirm").exists()


def test_a_small_sheet_is_taken_in_at_once(community: Place) -> None:
    content = sheet(("8-1-101", "王一", "户主", "", "", ""))
    row = services.begin_confirming(register_import=staged_for(community, content), by=OPERATOR, at=AT)
    assert row.state == ImportState.CONFIRMED and Person.objects.count() == 1


def test_stopped_it_takes_everything_back_and_can_begin_again(community: Place) -> None:
    row = begun(community)
    services.stop_confirming(register_import=row, by=OPERATOR, at=AT)
    assert progress.progress_of(row.pk).stopping
    work()
    row.refresh_from_db()
    assert row.state == ImportState.STAGED and not Person.objects.exists() and not Dwelling.objects.exists()
    assert AuditEntry.objects.get(kind="ledgers.register.not_taken").payload == {"why": "stopped"}
    again = services.begin_confirming(register_import=row, by=OPERATOR, at=AT)
    assert not progress.progress_of(row.pk).stopping
    work()
    again.refresh_from_db()
    assert again.state == ImportState.CONFIRMED and Person.objects.count() == DOORS * AT_A_DOOR


def test_killed_in_the_middle_it_begins_anew(community: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed worker leaves its claim behind, which ends after a minute; the sheet is then taken in once."""
    row = begun(community)
    due.claim_next("worker", AT)
    assert not due.do_one("worker", AT + dt.timedelta(seconds=30))
    assert due.do_one("worker", AT + dt.timedelta(seconds=61))
    row.refresh_from_db()
    assert row.state == ImportState.CONFIRMED and Person.objects.count() == DOORS * AT_A_DOOR


def test_what_fails_to_the_end_waits_as_before(community: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_more: Any) -> None:
        raise OSError("the disk")

    row = begun(community)
    monkeypatch.setattr(progress, "report", fails)
    at = AT
    for _try in range(due.TRIES):
        assert due.do_one("worker", at)
        at += dt.timedelta(hours=1)
    row.refresh_from_db()
    assert row.state == ImportState.STAGED and not Person.objects.exists()
    assert AuditEntry.objects.filter(kind="core.due.failed").count() == 1


def test_while_it_is_under_way_it_is_neither_begun_nor_dropped(community: Place) -> None:
    row = begun(community)
    for act in (services.begin_confirming, services.drop_register):
        with pytest.raises(Conflict):
            act(register_import=RegisterImport.objects.get(pk=row.pk), by=OPERATOR, at=AT)


def test_the_pages(client: Client) -> None:
    at = clock.now()
    community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at)
    user = create_user(username="secretary", name="陈静", password=None, by=OPERATOR, at=at)
    appoint(place=community, role=Role.SECRETARY, holder=user, by=OPERATOR, at=at)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    row = staged_for(community, at=at)
    pressed = {"command_id": str(uuid7())}
    address = reverse("ledgers:confirm", args=[row.pk])
    assert client.post(address, pressed).status_code == client.post(address, pressed).status_code == 302
    page = client.get(reverse("ledgers:preview", args=[row.pk])).content.decode()
    assert (
        reverse("ledgers:progress", args=[row.pk]) in page and reverse("ledgers:stop", args=[row.pk]) in page
    )
    progress.report(row.pk, 33, 66)
    part = client.get(reverse("ledgers:progress", args=[row.pk])).content.decode()
    assert "50" in part and "<html" not in part
    stopped = client.post(reverse("ledgers:stop", args=[row.pk]), {"command_id": str(uuid7())})
    assert stopped.status_code == 302 and progress.progress_of(row.pk).stopping
    due.do_until(clock.now(), "worker")
    over = client.get(reverse("ledgers:progress", args=[row.pk]))
    assert over.status_code == 302 and over.headers["Location"] == reverse("ledgers:preview", args=[row.pk])
