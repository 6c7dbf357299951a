"""My messages: unread on top of the navigation, opened and read by a button, erased after their days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwang.core.ids import uuid7
from shouwang.core.models import DueRow, Tombstone
from shouwang.core.registry import erasers, nav_entries
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, settle, signed_in
from shouwang.notices import selectors, services
from shouwang.notices.models import Channel, Message
from shouwang.notices.states import Urgency

pytestmark = pytest.mark.django_db


def say(to: object, **more: object) -> Message:
    return services.tell(
        to=to,
        template="notices.test",
        urgency=Urgency.CALM,
        values={"channel": "canary"},
        by=to,
        at=AT,
        **more,
    )


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def test_unread_is_counted_and_opening_reads_it(here: Neighbourhood) -> None:
    message = say(here.alice, page=("notices.messages", {}))
    count = nav_entries.get("notices").count
    assert count is not None
    assert count(here.scope(here.alice), here.at) == 1
    client = signed_in(here.alice)
    assert "canary" in client.get("/notices/").content.decode()
    answer = client.post(f"/notices/{message.pk}/open/", {"command_id": uuid7()})
    assert answer.headers["Location"] == "/notices/"
    assert count(here.scope(here.alice), here.at) == 0
    assert "canary" not in client.get("/notices/", {"show": "unread"}).content.decode()


def test_live_answers_only_when_something_is_new(here: Neighbourhood) -> None:
    client = signed_in(here.bob)
    mark = client.get("/notices/")["X-After"]
    assert client.get("/notices/", {"after": mark}).status_code == 204
    say(here.bob)
    news = client.get("/notices/", {"after": mark})
    assert news.status_code == 200
    assert "<html" not in news.content.decode()
    assert client.get("/notices/", {"after": news["X-After"]}).status_code == 204


def test_all_read_by_one_button(here: Neighbourhood) -> None:
    say(here.bob), say(here.bob), say(here.alice)
    assert signed_in(here.bob).post("/notices/read-all/", {"command_id": uuid7()}).status_code == 302
    assert not selectors.unread_for(here.bob).exists()
    assert selectors.unread_for(here.alice).count() == 1


def test_a_page_nobody_draws_leaves_no_link(here: Neighbourhood) -> None:
    assert say(here.bob, page=("nowhere.at_all", {})).url == ""
    assert say(here.bob, page=("notices.messages", {"too": "much"})).url == ""


def test_messages_are_erased_after_their_days(here: Neighbourhood, settings: object) -> None:
    settings.SHOUWANG_DEMO = True  # type: ignore[attr-defined]
    bob = add_user("Bo")
    services.add_channel(user=bob, label="x", address="json://127.0.0.1:9/", by=bob, at=AT)
    old = services.tell(
        to=bob, template="notices.test", urgency=Urgency.SOON, values={"channel": "x"}, by=bob, at=AT
    )
    eraser, at = erasers.get("notices.messages"), AT + timedelta(days=31)
    young = services.tell(
        to=bob, template="notices.test", urgency=Urgency.CALM, values={"channel": "x"}, by=bob, at=at
    )
    assert (eraser.count(at), eraser.verify(at)) == (1, 1)
    assert eraser.erase_batch(at, 10) == 1
    assert (eraser.count(at), eraser.verify(at)) == (0, 0)
    assert list(Message.objects.filter(to=bob)) == [young]
    assert not DueRow.objects.filter(kind="notices.deliver").exists()
    assert Tombstone.objects.filter(subject_id=old.pk).exists()


def test_addresses_of_ended_channels_are_erased(settings: object) -> None:
    settings.SHOUWANG_DEMO = True  # type: ignore[attr-defined]
    bob = add_user("Bob")
    channels = [
        services.add_channel(user=bob, label="x", address=f"json://127.0.0.1:9/{n}", by=bob, at=AT)
        for n in (1, 2)
    ]
    services.end_channel(channel=channels[0], by=bob, at=AT)
    eraser, at = erasers.get("notices.channels"), AT + timedelta(days=400)
    assert (eraser.count(at), eraser.verify(at)) == (1, 1)
    assert eraser.erase_batch(at, 10) == 1
    assert (eraser.count(at), eraser.verify(at)) == (0, 0)
    assert [Channel.objects.get(pk=c.pk).address for c in channels] == ["", "json://127.0.0.1:9/2"]
