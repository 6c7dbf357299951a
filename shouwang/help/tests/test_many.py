"""More requests than a page holds: the most pressing stand on the first, and the others on the next."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from shouwang.help.models import HelpRequest
from shouwang.help.selectors import board_counts, board_rows, board_total
from shouwang.help.selectors.board import A_PAGE
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
    many(here, A_PAGE + 5)
    late = HelpRequest.objects.order_by("received_at")[7]
    HelpRequest.objects.filter(pk=late.pk).update(accept_due_at=AT - timedelta(hours=1))
    life = scene.asked(
        here, at=AT + timedelta(seconds=900), title="摔倒", urgency="life", category="emergency"
    )
    reader = scene.scope(here.alice, AT + timedelta(seconds=901))
    for show in ("mine", "nobody", "all"):
        rows = board_rows(reader, reader.at, show)
        assert len(rows) == A_PAGE
        assert [row.request.pk for row in rows[:2]] == [life.pk, late.pk]
    assert board_counts(reader, reader.at)["nobody"] == A_PAGE + 6
    items = today_items(reader, reader.at)
    assert [item.key for item in items[:2]] == [f"help:{life.pk}", f"help:{late.pk}"]
    assert (len(items), items[-1].key) == (MOST_ITEMS + 1, "help:more")
    assert f"{A_PAGE + 6 - MOST_ITEMS}" in items[-1].title


def test_soon_is_what_is_due_soon_and_the_count_agrees(here: SimpleNamespace) -> None:
    many(here, 6)
    HelpRequest.objects.update(accept_due_at=AT + timedelta(hours=9))
    first = HelpRequest.objects.order_by("received_at")[0]
    HelpRequest.objects.filter(pk=first.pk).update(accept_due_at=AT + timedelta(minutes=2))
    reader = scene.scope(here.alice, AT + timedelta(seconds=60))
    assert [row.request.pk for row in board_rows(reader, reader.at, "soon")] == [first.pk]
    assert board_counts(reader, reader.at)["soon"] == 1


@pytest.mark.parametrize("sort", ["", "number", "-number", "door", "-door", "due", "-due"])
def test_every_request_stands_on_one_page_whatever_the_order(here: SimpleNamespace, sort: str) -> None:
    many(here, A_PAGE + 5)
    reader = scene.scope(here.alice, AT + timedelta(seconds=901))
    pages = [board_rows(reader, reader.at, "nobody", sort=sort, page=page) for page in (1, 2, 3)]
    assert [len(rows) for rows in pages] == [A_PAGE, 5, 0]
    numbers = [row.request.number for rows in pages for row in rows]
    assert len(set(numbers)) == A_PAGE + 5 == board_total(reader, reader.at, "nobody")
    if sort.endswith("number"):
        assert numbers == sorted(numbers, reverse=sort.startswith("-"))


def test_the_board_leads_to_the_rest(here: SimpleNamespace, client: Client) -> None:
    many(here, A_PAGE + 1)
    client.force_login(here.alice, backend="django.contrib.auth.backends.ModelBackend")

    def read(**more: str) -> str:
        return client.get(
            "/help/", {"show": "nobody", **more}, headers={"Accept-Language": "en"}
        ).content.decode()

    assert f"{A_PAGE} of {A_PAGE + 1}" in read()
    assert "show=nobody&amp;sort=&amp;page=2" in read()
    assert f"1 of {A_PAGE + 1}" in read(page="2") and "土豆0斤" not in read(page="2")
    assert f"1 of {A_PAGE + 1}" in read(page="7"), "the last one, when there are no more"
    for odd in ("0", "-1", "x", "²", "99999999"):
        assert read(page=odd)
    HelpRequest.objects.filter(number__gt=5).update(state="withdrawn")
    assert 'class="pager"' not in read()
