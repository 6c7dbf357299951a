"""What goes out: over a real channel to a real receiver; discreet; a dead provider is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shouwang.core.actors import CLOCK, OPERATOR
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.registry import MessageTemplate, invariants, message_templates
from shouwang.incidents.tests.neighbourhood import AT, add_user, do_due
from shouwang.notices import selectors, services
from shouwang.notices.adapters import outside
from shouwang.notices.jobs import deliver_due_message
from shouwang.notices.models import Delivery, Message
from shouwang.notices.states import DeliveryState, Urgency
from shouwang.notices.tests.sink import Sink, dead_address, listening

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(seconds=1)
TEMPLATE = "notices.for_tests"
if TEMPLATE not in message_templates:
    message_templates.add(
        MessageTemplate(TEMPLATE, "%(name)s at %(door)s needs milk", "Somebody needs something")
    )


@pytest.fixture(autouse=True)
def loopback_allowed(settings: object) -> None:
    settings.SHOUWANG_DEMO = True  # type: ignore[attr-defined]
    settings.SHOUWANG_CHANNELS = []  # type: ignore[attr-defined]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with listening() as server:
        yield server


@pytest.fixture
def bob() -> object:
    return add_user("Bob")


def say(to: object, urgency: str = Urgency.SOON) -> Message:
    return services.tell(
        to=to,
        template=TEMPLATE,
        urgency=urgency,
        values={"name": "王桂英", "door": "8-2-501"},
        by=OPERATOR,
        at=AT,
    )


def reach(user: object, *addresses: str) -> None:
    for number, address in enumerate(addresses):
        services.add_channel(user=user, label=f"way {number}", address=address, by=user, at=AT)


def states(message: Message) -> list[str]:
    return list(message.deliveries.order_by("id").values_list("state", flat=True))


def test_a_message_arrives_and_names_nobody(bob: object, sink: Sink) -> None:
    reach(bob, sink.address())
    message = say(bob)
    assert states(message) == [DeliveryState.WAITING]
    assert do_due("worker", LATER) == 1
    assert states(message) == [DeliveryState.SENT]
    assert len(sink.got) == 1
    said = f"{sink.got[0]['title']} {sink.got[0]['message']}"
    assert "Somebody needs something" in said
    assert not any(word in said for word in ("王桂英", "8-2-501", "milk"))
    assert do_due("worker", LATER) == 0


def test_in_app_it_says_everything(bob: object) -> None:
    message = say(bob)
    assert selectors.unread_for(bob).get().sentence() == "王桂英 at 8-2-501 needs milk"
    assert states(message) == []
    services.mark_read(message=message, by=bob, at=LATER)
    services.mark_read(message=message, by=bob, at=LATER)
    assert not selectors.unread_for(bob).exists()
    assert AuditEntry.objects.filter(kind="notices.message.read").count() == 1


def test_a_dead_provider_is_passed_over(bob: object, sink: Sink) -> None:
    reach(bob, dead_address(), sink.address())
    message = say(bob)
    assert do_due("worker", LATER) == 2
    assert states(message) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert len(sink.got) == 1


def test_a_provider_that_refuses_is_passed_over(bob: object, sink: Sink) -> None:
    with listening() as refusing:
        refusing.answer = 500
        reach(bob, refusing.address(), sink.address())
        message = say(bob)
        do_due("worker", LATER)
        assert len(refusing.got) >= 1
    assert states(message) == [DeliveryState.FAILED, DeliveryState.SENT]


def test_the_house_answers_where_nobodys_own_channel_does(bob: object, sink: Sink, settings: object) -> None:
    settings.SHOUWANG_CHANNELS = [sink.address("house")]  # type: ignore[attr-defined]
    reach(bob, dead_address())
    message = say(bob)
    do_due("worker", LATER)
    assert states(message) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert [body["path"] for body in sink.got] == ["/house"]


def test_danger_to_life_goes_out_everywhere_at_once(bob: object, sink: Sink) -> None:
    reach(bob, sink.address("one"), sink.address("two"))
    say(bob, Urgency.LIFE)
    assert do_due("worker", LATER) == 2
    assert {body["path"] for body in sink.got} == {"/one", "/two"}


def test_what_is_calm_waits_to_be_read(bob: object, sink: Sink) -> None:
    reach(bob, sink.address())
    say(bob, Urgency.CALM)
    assert do_due("worker", LATER) == 0
    assert sink.got == []


def test_the_last_channel_is_tried_again_and_given_up_after_five(bob: object) -> None:
    reach(bob, dead_address())
    message, at = say(bob), LATER
    for tried in range(1, services.TRIES + 1):
        assert do_due("worker", at) == 1
        assert message.deliveries.get().tries == tried
        if tried < services.TRIES:
            row = DueRow.objects.get(kind="notices.deliver")
            assert row.due_at == at + services.WAITS[tried - 1]
            at = row.due_at
    assert states(message) == [DeliveryState.FAILED]
    assert AuditEntry.objects.filter(kind="notices.delivery.failed", subject_id=message.pk).exists()
    assert not DueRow.objects.filter(kind="notices.deliver").exists()


def test_it_comes_back_when_the_provider_does(bob: object, sink: Sink) -> None:
    sink.answer = 500
    reach(bob, sink.address())
    message = say(bob)
    do_due("worker", LATER)
    assert states(message) == [DeliveryState.WAITING]
    sink.answer = 200
    do_due("worker", LATER + services.WAITS[0])
    assert states(message) == [DeliveryState.SENT]


def test_sent_is_written_after_sending(bob: object, sink: Sink) -> None:
    """A worker that dies between sending and marking sends once more; it never leaves a message unsent."""
    reach(bob, sink.address())
    message = say(bob)
    delivery = selectors.waiting_delivery(message.deliveries.get().pk)
    services.count_try(delivery)
    assert outside.send(selectors.addresses_of(delivery), "once", title="x")
    assert states(message) == [DeliveryState.WAITING]
    do_due("worker", LATER)
    assert states(message) == [DeliveryState.SENT]
    assert len(sink.got) == 2
    row = DueRow(subject_id=delivery.pk)
    assert deliver_due_message(row, LATER) is None
    assert len(sink.got) == 2


def test_an_ended_channel_gets_nothing_more(bob: object, sink: Sink) -> None:
    reach(bob, sink.address("gone"), sink.address("stays"))
    message = say(bob)
    services.end_channel(channel=selectors.channels_for(bob)[0], by=bob, at=AT)
    do_due("worker", LATER)
    assert [body["path"] for body in sink.got] == ["/stays"]
    assert states(message) == [DeliveryState.FAILED, DeliveryState.SENT]


def test_a_test_goes_over_its_own_channel_alone(bob: object, sink: Sink) -> None:
    reach(bob, sink.address("one"), sink.address("two"))
    services.test_channel(channel=selectors.channels_for(bob)[1], by=bob, at=AT)
    do_due("worker", LATER)
    assert [body["path"] for body in sink.got] == ["/two"]


def test_the_promise_notices_a_lost_delivery(bob: object, sink: Sink) -> None:
    promise = invariants.get("notices.outbox.sent-or-due")
    reach(bob, sink.address())
    message = say(bob)
    assert promise.run(LATER, None).broken == []
    DueRow.objects.all().delete()
    delivery = Delivery.objects.get(message=message)
    assert promise.run(LATER, None).broken == [delivery.pk]
    services.mark_sent(delivery=delivery, by=CLOCK, at=LATER)
    assert promise.run(LATER, None).broken == []


def test_values_must_fill_both_sentences(bob: object) -> None:
    with pytest.raises(KeyError):
        services.tell(
            to=bob, template=TEMPLATE, urgency=Urgency.CALM, values={"name": "x"}, by=OPERATOR, at=AT
        )
    assert not Message.objects.exists()
