"""Posting for everybody what was handed out where; and forgetting who got what when its days are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.registry import purposes
from shouwang.goods.engines.posting import LEAST
from shouwang.goods.models import GiftLine, GiftList, GiftPosting
from shouwang.goods.states.gifts import GiftState


@transaction.atomic
def publish_list(*, gift_list: GiftList, by: User, at: datetime | None = None) -> GiftPosting:
    """Posts the counts of a list by building, without names or doors. Posted already, it stays as it is.

    Refusal when fewer than three households were given something: the posting would say who.
    """
    at = at or clock.now()
    GiftList.objects.select_for_update().get(pk=gift_list.pk)
    known = GiftPosting.objects.filter(gift_list=gift_list, taken_back_at__isnull=True).first()
    if known is not None:
        return known
    if GiftLine.objects.filter(gift_list=gift_list, state=GiftState.HANDED_OVER).count() < LEAST:
        raise Refusal(
            "too-few",
            _("Fewer than %(least)s households were given something: a posting would say who."),
            least=LEAST,
        )
    posting = GiftPosting.objects.create(
        gift_list=gift_list, community_id=gift_list.community_id, published_at=at, published_by=by
    )
    write_audit("goods.gifts.posted", by=by, at=at, subject=gift_list)
    return posting


@transaction.atomic
def take_back_posting(*, gift_list: GiftList, by: User, at: datetime | None = None) -> None:
    """Nobody sees it any more. Conflict when it is not posted."""
    at = at or clock.now()
    rows = GiftPosting.objects.filter(gift_list=gift_list, taken_back_at__isnull=True)
    if not rows.update(taken_back_at=at, taken_back_by=by):
        raise Conflict("not-posted", _("This is not posted."))
    write_audit("goods.gifts.posting_taken_back", by=by, at=at, subject=gift_list)


def _limit(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get("goods.gifts").days)


def count_past_gifts(at: datetime) -> int:
    """Lines of lists that were closed longer ago than their days."""
    return GiftLine.objects.filter(gift_list__closed_at__lt=_limit(at)).count()


@transaction.atomic
def erase_past_gifts(at: datetime, limit: int) -> int:
    """Erases at most `limit` lines; how many. The list and how many it had stay, its posting goes with the lines."""
    rows = GiftLine.objects.filter(gift_list__closed_at__lt=_limit(at))
    ids = list(rows.order_by("gift_list__closed_at", "pk").values_list("pk", flat=True)[:limit])
    lists = set(GiftLine.objects.filter(pk__in=ids).values_list("gift_list_id", flat=True))
    GiftPosting.objects.filter(gift_list_id__in=lists).delete()
    return GiftLine.objects.filter(pk__in=ids).delete()[0]


def verify_past_gifts(at: datetime) -> int:
    """The same counted list by list."""
    limit = _limit(at)
    closed = dict(GiftList.objects.exclude(closed_at=None).values_list("pk", "closed_at"))
    old = [pk for pk, when in closed.items() if when is not None and when < limit]
    return sum(GiftLine.objects.filter(gift_list_id=pk).count() for pk in old)
