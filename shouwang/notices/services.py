"""Every write of notices: messages, their deliveries, channels. Calls to the outside are the worker's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.erasure import leave_tombstone
from shouwang.core.errors import Refusal
from shouwang.core.moves import move
from shouwang.core.registry import pages
from shouwang.notices import selectors
from shouwang.notices.engines.addresses import fault_of
from shouwang.notices.models import Channel, Delivery, Message
from shouwang.notices.states import DELIVERY_MOVES, DeliveryState, Urgency
from shouwang.places.models import Coverage
from shouwang.places.selectors import glass_by_id, label_of, rungs_above
from shouwang.places.services import mark_gap_told

TRIES = 5
WAITS = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
MOST_CHANNELS = 6

ADDRESS_FAULTS = {
    "unreadable": _("This address cannot be read. Copy it once more from the messenger's settings."),
    "service": _(
        "Messages cannot go there. Use WeCom, DingTalk, Feishu, mail, ntfy, Bark, Telegram or Matrix."
    ),
    "own-machine": _("This address is on the server itself. Nobody would see the message there."),
}


@transaction.atomic
def tell(
    *,
    to: User,
    template: str,
    urgency: str,
    values: Mapping[str, Any],
    by: Actor,
    at: datetime | None = None,
    subject_id: UUID | None = None,
    page: tuple[str, Mapping[str, Any]] | None = None,
    community_id: UUID | None = None,
) -> Message:
    """Writes a message to one user, with its deliveries and their due rows, in the caller's transaction.

    `template` is a code of core.registry.message_templates, `values` all that its two sentences ask for
    (KeyError otherwise), `page` the (code, arguments) of the registered page it opens. Danger to life goes
    out over every channel at once, `soon` over the first one that works, `calm` waits to be read.
    """
    at = at or clock.now()
    message = Message(
        to=to,
        template=template,
        values=dict(values),
        urgency=urgency,
        subject_id=subject_id,
        url=address_of(page),
        written_at=at,
        community_id=community_id,
    )
    message.sentence(), message.discreet()
    message.save(force_insert=True)
    write_audit("notices.message.told", by=by, at=at, subject=message, template=template, urgency=urgency)
    open_deliveries(message, at)
    return message


def address_of(page: tuple[str, Mapping[str, Any]] | None) -> str:
    """The address of a registered page, or "" where nobody draws it."""
    entry = pages.find(page[0]) if page else None
    if entry is None or page is None:
        return ""
    try:
        return reverse(entry.url_name, kwargs=dict(page[1]))
    except NoReverseMatch:
        return ""


def open_deliveries(message: Message, at: datetime) -> None:
    """Writes what is to be sent now."""
    if message.urgency == Urgency.CALM:
        return
    channels = selectors.next_channels(message)
    for channel in channels if message.urgency == Urgency.LIFE else channels[:1]:
        open_delivery(message, channel, at)


def open_delivery(message: Message, channel: Channel | None, at: datetime) -> Delivery:
    """Writes one delivery with its due row for the worker."""
    delivery = Delivery.objects.create(message=message, channel=channel)
    schedule("notices.deliver", at=at, subject_id=delivery.pk)
    return delivery


@transaction.atomic
def mark_read(*, message: Message, by: User, at: datetime | None = None) -> Message:
    """Marks a message as read by its addressee; a second time changes nothing."""
    at = at or clock.now()
    if Message.objects.filter(pk=message.pk, to=by, read_at__isnull=True).update(read_at=at):
        write_audit("notices.message.read", by=by, at=at, subject=message)
    message.refresh_from_db()
    return message


@transaction.atomic
def mark_all_read(*, by: User, at: datetime | None = None) -> int:
    """Marks everything that waits for `by` as read; how many there were."""
    at = at or clock.now()
    number = selectors.unread_for(by).update(read_at=at)
    if number:
        write_audit("notices.messages.read", by=by, at=at, subject=by, number=number)
    return number


# Deliveries: the worker claims the due row, sends, and only then marks.


def count_try(delivery: Delivery) -> int:
    """Counts a try before it is made; how many there have been."""
    tries = delivery.tries + 1
    Delivery.objects.filter(pk=delivery.pk).update(tries=tries)
    delivery.tries = tries
    return tries


@transaction.atomic
def mark_sent(*, delivery: Delivery, by: Actor, at: datetime | None = None) -> Delivery:
    """Marks a delivery as sent, after sending."""
    at = at or clock.now()
    move(delivery, DeliveryState.SENT, table=DELIVERY_MOVES, sent_at=at)
    write_audit("notices.delivery.sent", by=by, at=at, subject=delivery.message, tries=delivery.tries)
    return delivery


@transaction.atomic
def mark_not_sent(*, delivery: Delivery, by: Actor, at: datetime | None = None) -> datetime | None:
    """Passes a dead channel over for the next one, or says when to try the last one again.

    None when there is nothing more to do here: another channel has taken over, or all tries are used up.
    """
    at = at or clock.now()
    following = selectors.next_channels(delivery.message)
    if not following and delivery.tries < TRIES and selectors.addresses_of(delivery):
        return at + WAITS[delivery.tries - 1]
    move(delivery, DeliveryState.FAILED, table=DELIVERY_MOVES)
    if following:
        open_delivery(delivery.message, following[0], at)
    else:
        write_audit("notices.delivery.failed", by=by, at=at, subject=delivery.message, tries=delivery.tries)
    return None


# Channels


@transaction.atomic
def add_channel(*, user: User, label: str, address: str, by: Actor, at: datetime | None = None) -> Channel:
    """Adds a way to reach a user outside, tried after those there are. Refusal for an address of no use."""
    at = at or clock.now()
    there = list(selectors.channels_for(user))
    if fault := fault_of(address, own_machine_too=settings.SHOUWANG_DEMO):
        raise Refusal(f"channel-{fault}", ADDRESS_FAULTS[fault], field="address")
    if any(channel.address == address for channel in there):
        raise Refusal("channel-twice", _("This address is in the list already."), field="address")
    if len(there) >= MOST_CHANNELS:
        raise Refusal("channels-full", _("Six ways are enough. Remove one first."))
    order = max((channel.order for channel in there), default=0) + 1
    channel = Channel.objects.create(user=user, label=label, address=address, order=order)
    write_audit("notices.channel.added", by=by, at=at, subject=channel)
    return channel


@transaction.atomic
def end_channel(*, channel: Channel, by: Actor, at: datetime | None = None) -> None:
    """Ends a channel; what waits on it goes on to the next."""
    at = at or clock.now()
    if not Channel.objects.filter(pk=channel.pk, until_at__isnull=True).update(until_at=at):
        return
    write_audit("notices.channel.ended", by=by, at=at, subject=channel)
    for delivery in Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING).select_related(
        "message"
    ):
        schedule("notices.deliver", at=at, subject_id=delivery.pk)


@transaction.atomic
def test_channel(*, channel: Channel, by: User, at: datetime | None = None) -> Message:
    """Writes a test message that goes out over this channel alone."""
    at = at or clock.now()
    message = Message.objects.create(
        to=by, template="notices.test", values={"channel": channel.label}, urgency=Urgency.CALM, written_at=at
    )
    write_audit(
        "notices.message.told", by=by, at=at, subject=message, template="notices.test", urgency=Urgency.CALM
    )
    open_delivery(message, channel, at)
    return message


# Gaps


@transaction.atomic
def tell_gaps(*, community_id: UUID, by: Actor = CLOCK, at: datetime | None = None) -> int:
    """Tells those above of every gap nobody knows of yet: one message a person, however many gaps.

    How many gaps are left of which nobody could be told, because nobody is there above them.
    """
    at = at or clock.now()
    told: dict[UUID, list[Coverage]] = {}
    people: dict[UUID, User] = {}
    alone = 0
    for gap in selectors.untold_gaps(community_id):
        posts = selectors.heads_above(gap, at)
        alone += not posts
        for post in posts:
            people[post.holder_id] = post.holder
            told.setdefault(post.holder_id, []).append(gap)
    for holder_id, gaps in told.items():
        _tell_of_gaps(people[holder_id], gaps, community_id, by, at)
    for place_id in {gap.place_id for gaps in told.values() for gap in gaps}:
        mark_gap_told(place_id=place_id, at=at)
    return alone


def _tell_of_gaps(to: User, gaps: list[Coverage], community_id: UUID, by: Actor, at: datetime) -> None:
    one = len(gaps) == 1
    tell(
        to=to,
        template="notices.gap" if one else "notices.gaps",
        urgency=Urgency.SOON,
        values={"number": len(gaps), "places": selectors.names_of_gaps(gaps)},
        by=by,
        at=at,
        subject_id=gaps[0].place_id if one else None,
        page=("places.place", {"place_id": gaps[0].place_id}) if one else ("places.wall", {}),
        community_id=community_id,
    )


@transaction.atomic
def tell_glass(*, glass_id: UUID, by: Actor = CLOCK, at: datetime | None = None) -> int:
    """Tells everybody who answers for the building, from the stairwell up, but the one who looked; how many."""
    at = at or clock.now()
    glass = glass_by_id(glass_id)
    if glass is None:
        return 0
    posts = [post for rung in rungs_above(glass.place, at) for post in rung.posts]
    people = {post.holder_id: post.holder for post in posts if post.holder_id != glass.user_id}
    for holder in people.values():
        tell(
            to=holder,
            template="notices.glass",
            urgency=Urgency.SOON,
            values={"name": glass.user.name, "place": label_of(glass.place)},
            by=by,
            at=at,
            subject_id=glass.pk,
            page=("places.glass", {}),
            community_id=glass.community_id,
        )
    return len(people)


# Erasure


@transaction.atomic
def erase_messages(at: datetime, limit: int) -> int:
    """Erases messages past their days, with their deliveries; how many."""
    ids = list(selectors.old_messages(at).values_list("pk", flat=True)[:limit])
    for pk in Delivery.objects.filter(message_id__in=ids).values_list("pk", flat=True):
        cancel("notices.deliver", subject_id=pk)
    Delivery.objects.filter(message_id__in=ids).delete()
    Message.objects.filter(pk__in=ids).delete()
    for pk in ids:
        leave_tombstone("notices.message", pk, at)
    return len(ids)


@transaction.atomic
def erase_addresses(at: datetime, limit: int) -> int:
    """Empties the addresses of channels that ended long enough ago; how many."""
    ids = list(selectors.old_channels(at).values_list("pk", flat=True)[:limit])
    return Channel.objects.filter(pk__in=ids).update(address="")
