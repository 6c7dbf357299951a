"""More requests than a page holds: the most pressing are never the ones left out, and the page says that there are more."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from shouwang.help.models import HelpRequest
from shouwang.help.selectors import board_counts, board_rows
from shouwang.help.selectors.board import MOST
from shouwang.help.selectors.faces import MOST_ITEMS, today_items
from shouwang.help.tests import scene
from shouwang.help.tests.scene import AT

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> SimpleNamespace:
    return scene.neighbourhood()


def many(here: SimpleNamespace, number: int) -> None:
    for place in range(number):
        scene.asked(here, at=AT + timedelta(seconds=place), title=f"土豆{place}斤", category="shopping")


def test_danger_to_life_that_came_last_stands_first(here: SimpleNamespace) -> None:
    many(here, MOST + 5)
    late = HelpRequest.objects.order_by("received_at")[7]
    HelpRequest.objects.filter(pk=late.pk).update(accept_due_at=AT - timedelta(hours=1))
    life = scene.asked(
        here, at=AT + timedelta(seconds=900), title="摔倒", urgency="life", category="emergency"
    )
    reader = scene.scope(here.alice, AT + timedelta(seconds=901))
    for show in ("mine", "nobody", "all"):
        rows = board_rows(reader, reader.at, show)
        assert len(rows) == MOST
        assert [row.request.pk for row in rows[:2]] == [life.pk, late.pk]
    assert board_counts(reader, reader.at)["nobody"] == MOST + 6
    items = today_items(reader, reader.at)
    assert [item.key for item in items[:2]] == [f"help:{life.pk}", f"help:{late.pk}"]
    assert (len(items), items[-1].key) == (MOST_ITEMS + 1, "help:more")
    assert f"{MOST + 6 - MOST_ITEMS}" in items[-1].title


def test_soon_is_what_is_due_soon_and_the_count_agrees(here: SimpleNamespace) -> None:
    many(here, 6)
    HelpRequest.objects.update(accept_due_at=AT + timedelta(hours=9))
    first = HelpRequest.objects.order_by("received_at")[0]
    HelpRequest.objects.filter(pk=first.pk).update(accept_due_at=AT + timedelta(minutes=2))
    reader = scene.scope(here.alice, AT + timedelta(seconds=60))
    assert [row.request.pk for row in board_rows(reader, reader.at, "soon")] == [first.pk]
    assert board_counts(reader, reader.at)["soon"] == 1


def test_the_board_says_that_there_are_more(here: SimpleNamespace, client: Client) -> None:
    many(here, MOST + 1)
    client.force_login(here.alice, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/help/", {"show": "nobody"}, headers={"Accept-Language": "en"}).content.decode()
    assert "most pressing are shown" in page
    HelpRequest.objects.filter(number__gt=5).update(state="withdrawn")
    assert "most pressing are shown" not in client.get("/help/", {"show": "nobody"}).content.decode()
