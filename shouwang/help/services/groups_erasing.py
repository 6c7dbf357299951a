"""Who signed up for what goes 30 days after a group purchase is settled; the figures stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from shouwang.core.erasure import leave_tombstone
from shouwang.core.registry import purposes
from shouwang.help.models import GroupPart, GroupPurchase

PURPOSE = "help.group"


def groups_past(at: datetime) -> QuerySet[GroupPurchase]:
    """Settled ones past their days that still say something of somebody."""
    since = at - timedelta(days=purposes.get(PURPOSE).days)
    named = GroupPart.objects.filter(group=OuterRef("pk")).exclude(
        door_said="", name_said="", door_key__startswith="erased:"
    )
    said = ~Q(supplier="", reason="")
    return GroupPurchase.objects.filter(settled_at__lt=since).filter(said | Exists(named))


def erase_groups(at: datetime, limit: int) -> int:
    """Erases doors and names of the parts of at most `limit` purchases, and words about them; how many."""
    with transaction.atomic():
        ids = list(groups_past(at).values_list("pk", flat=True)[:limit])
        GroupPart.objects.filter(group_id__in=ids).update(
            door_key=Concat(Value("erased:"), Cast(F("order"), CharField())), door_said="", name_said="",
            dwelling=None, household=None,
        )  # fmt: skip
        GroupPurchase.objects.filter(pk__in=ids).update(supplier="", reason="")
        for group_id in ids:
            leave_tombstone("help.group", group_id, at)
    return len(ids)


def group_words_left(at: datetime) -> int:
    """The same counted otherwise: by reading each row."""
    since = at - timedelta(days=purposes.get(PURPOSE).days)
    old = GroupPurchase.objects.filter(settled_at__lt=since)
    own = sum(1 for row in old.iterator() if row.supplier or row.reason)
    parts = GroupPart.objects.filter(group__in=old)
    return own + sum(
        1
        for part in parts.iterator()
        if part.door_said or part.name_said or part.household_id or not part.door_key.startswith("erased:")
    )
