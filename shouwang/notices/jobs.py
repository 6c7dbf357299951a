"""Due rows of notices: one delivery by the worker, the gaps of one community by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from shouwang.core.actors import CLOCK
from shouwang.core.models import DueRow
from shouwang.notices import selectors, services
from shouwang.notices.adapters import outside
from shouwang.notices.models import Delivery

ASK_AGAIN = timedelta(minutes=1)


def deliver_due_message(row: DueRow, at: datetime) -> datetime | None:
    """Sends one delivery and marks it after sending; passes a dead channel over for the next one."""
    delivery = selectors.waiting_delivery(row.subject_id)
    if delivery is None:
        return None
    services.count_try(delivery)
    if outside.send(selectors.addresses_of(delivery), discreet_text(delivery), title="守望"):
        services.mark_sent(delivery=delivery, by=CLOCK, at=at)
        return None
    return services.mark_not_sent(delivery=delivery, by=CLOCK, at=at)


def discreet_text(delivery: Delivery) -> str:
    """What goes outside, in the addressee's language: no name, no door, no illness."""
    with translation.override(delivery.message.to.language or settings.LANGUAGE_CODE):
        opening = gettext("Open Shouwang:")
        return f"{delivery.message.discreet()}\n{opening} {settings.SHOUWANG_BASE_URL}{reverse('notices:messages')}"


def tell_due_gaps(row: DueRow, at: datetime) -> datetime | None:
    """Tells those above of the gaps of one community; again in a minute while nobody is there to be told."""
    if row.subject_id is None:
        return None
    alone = services.tell_gaps(community_id=row.subject_id, at=at)
    return at + ASK_AGAIN if alone else None


def tell_due_glass(row: DueRow, at: datetime) -> datetime | None:
    """Tells those who answer for a building that somebody looked into it."""
    if row.subject_id is not None:
        services.tell_glass(glass_id=row.subject_id, at=at)
    return None
