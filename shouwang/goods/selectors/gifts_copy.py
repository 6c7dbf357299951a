"""A person's own copy: what their household was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.core.registry import CopyPart
from shouwang.goods.models import GiftLine
from shouwang.goods.selectors.gifts import amount_of
from shouwang.goods.states.gifts import GiftState
from shouwang.people.selectors import person_homes


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part: everything given to the household while the person belonged to it."""
    said: list[tuple[str, str]] = []
    for household_id, from_on, until_on in person_homes(person_id):
        rows = GiftLine.objects.filter(household_id=household_id, state=GiftState.HANDED_OVER)
        for row in rows.select_related("gift_list__item").order_by("settled_at"):
            if row.settled_at is None:
                continue
            when = timezone.localtime(row.settled_at)
            if from_on <= when.date() and (until_on is None or when.date() <= until_on):
                said.append(
                    (when.strftime("%Y-%m-%d %H:%M"), f"{amount_of(row.gift_list)} {row.to_words}".strip())
                )
    return [CopyPart(_("Was given"), said)] if said else []
