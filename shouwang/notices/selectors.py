"""Reads of messages and channels. Everybody reads only their own; another's is a 404."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404

from shouwang.core.due import keys_due
from shouwang.core.registry import purposes
from shouwang.core.scope import Scope
from shouwang.notices.models import Channel, Delivery, Message
from shouwang.notices.states import DeliveryState
from shouwang.places.models import Coverage, Post
from shouwang.places.selectors import coverage_of, labels_of, rungs_above
from shouwang.places.states import Cover, Level, Role


def messages_for(user: Any) -> QuerySet[Message]:
    """A user's messages, newest first."""
    return Message.objects.filter(to=user).order_by("-written_at", "-id")


def unread_for(user: Any) -> QuerySet[Message]:
    """A user's messages not read yet, newest first."""
    return messages_for(user).filter(read_at__isnull=True)


def unread_count(scope: Scope, at: datetime) -> int:
    """How many messages wait for whoever this scope is of."""
    return unread_for(scope.user).count() if scope.user else 0


def newest_mark(user: Any) -> int:
    """A number that grows whenever a message of the user is written or read: microseconds since 1970."""
    found = messages_for(user).order_by().aggregate(written=Max("written_at"), read=Max("read_at"))
    return max((int(moment.timestamp() * 1_000_000) for moment in found.values() if moment), default=0)


def message_for(user: Any, message_id: UUID) -> Message:
    """The message, or 404 when it is somebody else's."""
    message = messages_for(user).filter(pk=message_id).first()
    if message is None:
        raise Http404
    return message


def channels_for(user: Any) -> QuerySet[Channel]:
    """A user's channels that have not ended, in the order they are tried."""
    return Channel.objects.filter(user=user, until_at__isnull=True).order_by("order", "id")


def channel_for(user: Any, channel_id: UUID) -> Channel:
    """The channel, or 404 when it is somebody else's or has ended."""
    channel = channels_for(user).filter(pk=channel_id).first()
    if channel is None:
        raise Http404
    return channel


def house_addresses() -> list[str]:
    """Addresses of the house, used where nobody's own channel took a message."""
    return list(settings.SHOUWANG_CHANNELS)


def next_channels(message: Message) -> list[Channel | None]:
    """Channels on which the message has not been tried, in order; None stands for the house's."""
    tried = set(message.deliveries.values_list("channel_id", flat=True))
    found: list[Channel | None] = [c for c in channels_for(message.to_id) if c.pk not in tried]
    return [*found, None] if house_addresses() and None not in tried else found


def waiting_delivery(delivery_id: UUID | None) -> Delivery | None:
    """The delivery if it still waits."""
    found = Delivery.objects.select_related("message__to", "channel")
    return found.filter(pk=delivery_id, state=DeliveryState.WAITING).first() if delivery_id else None


def addresses_of(delivery: Delivery) -> list[str]:
    """Where a delivery goes; none when its channel has ended."""
    channel = delivery.channel
    if channel is None:
        return house_addresses()
    return [] if channel.until_at else [channel.address]


def waiting_and_lost(community: UUID | None) -> tuple[int, list[UUID]]:
    """How many deliveries wait or failed for good, and those that wait without a due row."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING)
    if community:
        rows = rows.filter(message__community_id=community)
    waiting = list(rows.values_list("pk", flat=True))
    due = keys_due("notices.deliver")
    return len(waiting), [pk for pk in waiting if str(pk) not in due]


# Gaps


def untold_gaps(community_id: UUID) -> list[Coverage]:
    """Leaf places without a live head of which nobody has been told."""
    return [
        row for row in coverage_of(community_id).values() if row.state == Cover.NONE and row.told_at is None
    ]


def heads_above(gap: Coverage, at: datetime) -> list[Post]:
    """Those to be told of a gap: the live holders of the first rung above; at the top on call and secretary."""
    for rung in rungs_above(gap.place, at):
        if rung.place.pk == gap.place_id:
            continue
        if rung.level != Level.COMMUNITY:
            return list(rung.posts)
        lead = [post for post in rung.posts if post.role in (Role.ON_CALL, Role.SECRETARY)]
        return lead or list(rung.posts)
    return []


def names_of_gaps(gaps: list[Coverage], shown: int = 6) -> str:
    """Labels of the first few gaps in one line."""
    ordered = sorted(gaps, key=lambda gap: gap.place.sort_key)[:shown]
    labels = labels_of(gap.place_id for gap in ordered)
    names = "、".join(labels[gap.place_id] for gap in ordered)
    return f"{names}……" if len(gaps) > shown else names


# Erasure


def _days_before(purpose: str, at: datetime) -> datetime:
    return at - timedelta(days=purposes.get(purpose).days)


def old_messages(at: datetime) -> QuerySet[Message]:
    """Messages past their days."""
    return Message.objects.filter(written_at__lt=_days_before("message", at))


def oldest_message_age(at: datetime) -> int:
    """Whether the oldest message there is is past its days (1) or not (0): another way to ask than to count."""
    oldest = Message.objects.order_by("written_at").values_list("written_at", flat=True).first()
    return int(oldest is not None and oldest < _days_before("message", at))


def old_channels(at: datetime) -> QuerySet[Channel]:
    """Ended channels past their days that still hold an address."""
    return Channel.objects.filter(until_at__lt=_days_before("account", at)).exclude(address="")


def old_addresses(at: datetime) -> int:
    """The same, found by opening each ended channel."""
    limit = _days_before("account", at)
    ended = Channel.objects.filter(until_at__isnull=False)
    return len([row for row in ended if row.address and row.until_at and row.until_at < limit])
