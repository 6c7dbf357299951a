"""A hotline's ticket: its deadline is kept in sight, it is answered in writing, and whoever rang is rung back."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.registry import erasers, invariants
from shouwang.help import services
from shouwang.help.models import HotlineTicket
from shouwang.help.selectors.faces import ticket_items
from shouwang.help.selectors.tickets import ticket_rows
from shouwang.help.tests.scene import AT, neighbourhood, run_clock, scope, strangers
from shouwang.notices.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = timedelta(days=1)


@pytest.fixture
def here() -> SimpleNamespace:
    return neighbourhood()


def taken_in(here: SimpleNamespace, number: str = "2026-0001", **more: Any) -> HotlineTicket:
    given = {"source": "12345", "due_at": AT + DAY, "words": "透析没有车", "caller_name": "李女士"} | more
    return services.take_in_ticket(community=here.community, number=number, by=here.alice, at=AT, **given)


def told(template: str) -> int:
    return Message.objects.filter(template=template).count()


def test_the_office_is_told_four_hours_before_and_each_hour_after_the_deadline(here: SimpleNamespace) -> None:
    taken_in(here)
    run_clock(AT + DAY - timedelta(hours=5))
    assert told("help.ticket_soon") == 0
    run_clock(AT + DAY - timedelta(hours=4))
    assert told("help.ticket_soon") == 1
    run_clock(AT + DAY)
    run_clock(AT + DAY + timedelta(hours=1))
    assert told("help.ticket_late") == 2


def test_answered_is_not_over_before_somebody_has_rung_back(here: SimpleNamespace) -> None:
    ticket = services.reply_to_ticket(ticket=taken_in(here), reply="已安排车辆", by=here.alice, at=AT)
    assert (ticket.state, ticket.reply) == ("replied", "已安排车辆")
    run_clock(AT + DAY)
    assert told("help.ticket_ring") == 1
    closed = services.record_call_back(ticket=ticket, outcome="content", by=here.alice, at=AT + DAY)
    assert closed.state == "closed" and not DueRow.objects.filter(kind="help.ticket").exists()
    kinds = (
        AuditEntry.objects.filter(kind__startswith="help.ticket")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == ["help.ticket.taken_in", "help.ticket.replied", "help.ticket.rung_back"]


def test_whoever_is_not_content_has_it_open_again(here: SimpleNamespace) -> None:
    ticket = services.reply_to_ticket(ticket=taken_in(here), reply="请再等等", by=here.alice, at=AT)
    again = services.record_call_back(ticket=ticket, outcome="not_content", by=here.alice, at=AT)
    assert again.state == "open" and again.closed_at is None
    assert DueRow.objects.get(kind="help.ticket").due_at == AT
    services.reply_to_ticket(ticket=again, reply="车明早七点到", by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.reply_to_ticket(
            ticket=again.__class__.objects.get(pk=again.pk), reply="再答", by=here.alice, at=AT
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [({"number": " "}, "number"), ({"words": ""}, "words"), ({"due_at": AT - DAY}, "due_at")],
)
def test_what_is_missing_is_said_at_its_field(
    here: SimpleNamespace, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        taken_in(here, **more)
    assert refused.value.field == field


def test_the_same_number_is_taken_in_once(here: SimpleNamespace) -> None:
    taken_in(here)
    with pytest.raises(Conflict):
        taken_in(here)
    taken_in(here, source="district")
    assert HotlineTicket.objects.count() == DueRow.objects.filter(kind="help.ticket").count() == 2


def test_one_that_nothing_watches_breaks_the_promise(here: SimpleNamespace) -> None:
    ticket, promise = taken_in(here), invariants.get("help.ticket.watched")
    assert promise.run(AT, here.community.pk).broken == []
    DueRow.objects.filter(kind="help.ticket").delete()
    found = promise.run(AT, here.community.pk)
    assert (found.counted, found.broken) == (1, [ticket.pk])


def test_today_and_the_list_show_what_presses(here: SimpleNamespace) -> None:
    first, later = taken_in(here), taken_in(here, "2", due_at=AT + 3 * DAY)
    assert ticket_rows(scope(here.alice), "open") == [first, later]
    assert ticket_items(scope(here.alice), AT) == []
    (item,) = ticket_items(scope(here.alice, AT + DAY), AT + DAY)
    assert item.rank == 1
    assert ticket_items(scope(here.bob, AT + DAY), AT + DAY) == [], "the office answers"


def test_on_the_pages_from_taking_in_to_the_call_back(here: SimpleNamespace, client: Client) -> None:
    client.force_login(here.alice)
    wrong = client.post(
        reverse("help:new_ticket"), {"number": "7", "source": "12345", "words": "灯坏了", "due_at": "x"}
    )
    assert wrong.status_code == 422 and "灯坏了" in wrong.content.decode()
    ids = iter(f"01a21b95-808d-72b0-a8e8-1d333e0e14f{n}" for n in range(9))
    given = {
        "number": "7",
        "source": "12345",
        "words": "灯坏了",
        "due_at": "2099-01-01T12:00",
        "command_id": next(ids),
    }
    page = client.post(reverse("help:new_ticket"), given)["Location"]
    assert "灯坏了" in client.get(page).content.decode()
    client.post(f"{page}reply/", {"reply": "已换", "command_id": next(ids)})
    client.post(f"{page}call-back/", {"outcome": "content", "command_id": next(ids)})
    assert HotlineTicket.objects.get(number="7").state == "closed"
    assert client.get(reverse("help:tickets"), {"show": "closed"}).status_code == 200
    away = strangers()
    client.force_login(away.charlie)
    assert client.get(page).status_code == 404


def test_the_words_go_when_their_days_are_over(here: SimpleNamespace) -> None:
    ticket = services.reply_to_ticket(ticket=taken_in(here), reply="好", by=here.alice, at=AT)
    services.record_call_back(ticket=ticket, outcome="not_wanted", by=here.alice, at=AT)
    eraser, later = erasers.get("help.tickets"), AT + timedelta(days=31)
    assert (eraser.count(AT), eraser.count(later), eraser.verify(later)) == (0, 1, 1)
    assert eraser.erase_batch(later, 10) == 1 and eraser.verify(later) == 0
