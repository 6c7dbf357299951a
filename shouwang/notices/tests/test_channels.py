"""Channels: validated, sealed, one's own."""

from __future__ import annotations

import pytest
from django.db import connection

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, CommandReceipt
from shouwang.incidents.tests.neighbourhood import AT, add_user, signed_in
from shouwang.notices import services
from shouwang.notices.engines.addresses import fault_of
from shouwang.notices.models import Channel, Message
from shouwang.notices.states import Urgency

ADDRESS = "ntfys://ntfy.example.org/canary-topic"


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        (ADDRESS, ""),
        ("wecombot://abcdefghijklmnop", ""),
        ("  nonsense", "unreadable"),
        ("", "unreadable"),
        ("json://" + "a" * 500, "unreadable"),
        ("syslog://localhost", "service"),
        ("dbus://", "service"),
        ("twitter://a/b/c/d", "service"),
        ("json://127.0.0.1/x", "own-machine"),
        ("json://localhost/x", "own-machine"),
        ("json://169.254.169.254/latest", "own-machine"),
        ("json://0.0.0.0/", "own-machine"),
        ("json://192.168.1.20/x", ""),
    ],
)
def test_addresses(address: str, fault: str) -> None:
    assert fault_of(address) == fault


def test_the_demonstration_may_use_its_own_machine() -> None:
    assert fault_of("json://127.0.0.1/x", own_machine_too=True) == ""
    assert fault_of("syslog://localhost", own_machine_too=True) == "service"


@pytest.mark.django_db
def test_an_address_is_sealed_and_nowhere_else() -> None:
    bob = add_user("Bob")
    client = signed_in(bob)
    sent = {"command_id": uuid7(), "label": "phone", "address": ADDRESS}
    assert client.post("/notices/channels/", sent).status_code == 302
    channel = Channel.objects.get()
    assert channel.address == ADDRESS
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notices_channel")
        assert "canary" not in cursor.fetchone()[0]
    kept = [str(row.payload) for row in AuditEntry.objects.all()]
    kept += [str(row.answer) for row in CommandReceipt.objects.all()]
    assert not any("canary" in text for text in kept)
    assert "canary" not in client.get("/notices/channels/").content.decode()


@pytest.mark.django_db
def test_a_wrong_address_gets_its_sentence_at_the_field() -> None:
    client = signed_in(add_user("Bob"))
    sent = {"command_id": uuid7(), "label": "phone", "address": "dbus://x"}
    answer = client.post("/notices/channels/", sent, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "Messages cannot go there." in answer.content.decode()
    assert not Channel.objects.exists()


@pytest.mark.django_db
def test_six_ways_are_enough_and_none_twice() -> None:
    bob = add_user("Bob")
    for number in range(services.MOST_CHANNELS):
        services.add_channel(user=bob, label="x", address=f"{ADDRESS}{number}", by=bob, at=AT)
    with pytest.raises(Refusal, match="channel-twice"):
        services.add_channel(user=bob, label="x", address=f"{ADDRESS}0", by=bob, at=AT)
    with pytest.raises(Refusal, match="channels-full"):
        services.add_channel(user=bob, label="x", address=ADDRESS, by=bob, at=AT)


@pytest.mark.django_db
def test_nobody_touches_anothers() -> None:
    bob, charlie = add_user("Bob"), add_user("Charlie")
    channel = services.add_channel(user=bob, label="x", address=ADDRESS, by=bob, at=AT)
    message = services.tell(
        to=bob, template="notices.test", urgency=Urgency.CALM, values={"channel": "x"}, by=bob, at=AT
    )
    client = signed_in(charlie)
    for url in (f"channels/{channel.pk}/test/", f"channels/{channel.pk}/end/", f"{message.pk}/open/"):
        assert client.post(f"/notices/{url}", {"command_id": uuid7()}).status_code == 404
    client.post("/notices/read-all/", {"command_id": uuid7()})
    channel.refresh_from_db()
    message.refresh_from_db()
    assert (channel.until_at, message.read_at) == (None, None)
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_remove_and_test_by_button() -> None:
    bob = add_user("Bob")
    channel = services.add_channel(user=bob, label="x", address=ADDRESS, by=bob, at=AT)
    client = signed_in(bob)
    assert client.post(f"/notices/channels/{channel.pk}/test/", {"command_id": uuid7()}).status_code == 302
    assert Message.objects.get().deliveries.get().channel == channel
    assert client.post(f"/notices/channels/{channel.pk}/end/", {"command_id": uuid7()}).status_code == 302
    channel.refresh_from_db()
    assert channel.until_at is not None
    assert client.post(f"/notices/channels/{channel.pk}/end/", {"command_id": uuid7()}).status_code == 404
