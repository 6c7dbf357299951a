"""What is in whose hands, and what is to be recovered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.goods.models import Handover, Holding
from shouwang.goods.states import OUT, HoldingKind
from shouwang.places.models import Place
from shouwang.places.selectors import places_for
from shouwang.volunteers.selectors import live_stand_downs

CUSTODY = "goods.custody"


def holdings_for(scope: Scope) -> QuerySet[Holding]:
    """What the scope may see: all of its places for whoever looks after custody there, else what oneself has, is to
    take, or has given away."""
    mine = Q(pk__in=_touched(scope.user).values("holding_id")) if scope.user is not None else Q(pk__in=[])
    rows = Holding.objects.filter(scope.q(CUSTODY) | mine)
    return rows.select_related("holder", "household__dwelling__place", "item", "parcel").order_by(
        "began_at", "id"
    )


def custody_place(scope: Scope) -> Place:
    """The widest place where the scope looks after custody: what belongs to no household is handed out there; else 404."""
    found = places_for(scope, CUSTODY).order_by("depth", "path").first()
    if found is None:
        raise Http404
    return found


def _touched(user: Any) -> QuerySet[Handover]:
    return Handover.objects.filter(Q(to_user=user) | Q(from_user=user))


def holding_for(scope: Scope, holding_id: UUID) -> Holding:
    """One of them, or 404."""
    found = holdings_for(scope).filter(pk=holding_id).first()
    if found is None:
        raise Http404
    return found


def held_by(user: Any) -> QuerySet[Holding]:
    """What a user answers for, and what was handed to them and waits for their word; oldest first."""
    return _in_order(Holding.objects.filter(_held(user)))


def waiting_on(user: Any) -> QuerySet[Holding]:
    """What is in a user's hands, and what waits for their word, in one question; `standing_for` says which."""
    ungiven = Handover.objects.filter(
        holding=OuterRef("pk"), from_user=user, given_at__isnull=True, taken_at__isnull=False, withdrawn_at__isnull=True
    )  # fmt: skip
    rows = Holding.objects.annotate(
        gave=Exists(ungiven), takes=Exists(_to_take(user).filter(holding=OuterRef("pk")))
    )
    return _in_order(rows.filter(_held(user) | Q(gave=True)))


def standing_for(user: Any, row: Holding) -> str:
    """Of a row of `waiting_on`: `take`, they have not said yet that they have it; `gave`, it is with somebody else by
    another's word and theirs is missing; else `held`."""
    if getattr(row, "takes", False):
        return "take"
    return "gave" if getattr(row, "gave", False) and row.holder_id != user.pk else "held"


def _held(user: Any) -> Q:
    return Q(state__in=OUT) & (Q(holder=user) | Q(pk__in=_to_take(user).values("holding_id")))


def _to_take(user: Any) -> QuerySet[Handover]:
    return Handover.objects.filter(to_user=user, taken_at__isnull=True, withdrawn_at__isnull=True)


def _in_order(rows: QuerySet[Holding]) -> QuerySet[Holding]:
    return rows.select_related("holder", "household__dwelling__place", "item").order_by("began_at", "id")


def of_those_off_duty(rows: QuerySet[Holding], at: datetime) -> QuerySet[Holding]:
    """Of these, what is out with somebody who is stood down."""
    return rows.filter(state__in=OUT, holder_id__in=live_stand_downs(at).values("volunteer__user_id"))


def to_recover(scope: Scope) -> QuerySet[Holding]:
    """What those off duty hold within the scope of whoever looks after custody; longest held first."""
    rows = Holding.objects.filter(scope.q(CUSTODY))
    found = of_those_off_duty(rows, scope.at)
    return found.select_related("holder", "household__dwelling__place", "item").order_by("began_at", "id")


def holding_by_id(holding_id: UUID) -> Holding | None:
    """By id, for due rows and other rooms; never for a page."""
    return Holding.objects.select_related("holder").filter(pk=holding_id).first()


def cash_of(subject_id: UUID) -> QuerySet[Holding]:
    """The cash of something above this room that is in anybody's hands, the oldest first."""
    rows = Holding.objects.filter(subject_id=subject_id, kind=HoldingKind.CASH, state__in=OUT)
    return rows.select_related("holder").order_by("began_at", "id")


def cash_named(subject_id: UUID, ids: Collection[str]) -> list[Holding]:
    """Of the cash of something above this room, over or not, those with one of these ids."""
    rows = Holding.objects.filter(subject_id=subject_id, kind=HoldingKind.CASH).select_related("holder")
    return [row for row in rows.order_by("began_at", "id") if str(row.pk) in ids]


def changes_taken(holding: Holding) -> list[Handover]:
    """Every time that it changed hands, the last first."""
    rows = holding.handovers.filter(withdrawn_at__isnull=True, taken_at__isnull=False)
    return list(rows.select_related("from_user", "to_user", "said_by").order_by("-id"))


def hands_of(handovers: Iterable[Handover]) -> tuple[bool, UUID | None]:
    """Whether the handovers of one holding, in their order, chain; and in whose hands the last one leaves it.

    Each begins where the one before ended. What was offered is still with the giver until it is taken; without a giver
    who has an account, it is with whoever it was handed to.
    """
    chained, hands, begun = True, None, False
    for row in handovers:
        if row.part:
            continue
        if begun and row.from_user_id != hands:
            chained = False
        if row.taken_at is not None:
            hands = row.to_user_id
        elif not begun:
            hands = row.from_user_id or row.to_user_id
        begun = True
    return chained and begun, hands


def unchained(holdings: Iterable[Holding]) -> list[UUID]:
    """Ids of those whose handovers do not chain, or do not lead to whoever is said to have it."""
    rows = {row.pk: row for row in holdings}
    by_holding: dict[UUID, list[Handover]] = {pk: [] for pk in rows}
    for handover in Handover.objects.filter(holding_id__in=rows).order_by("id"):
        by_holding[handover.holding_id].append(handover)
    return [pk for pk, row in rows.items() if not _agrees(row, *hands_of(by_holding[pk]))]


def _agrees(holding: Holding, chained: bool, hands: UUID | None) -> bool:
    return chained and (hands == holding.holder_id if holding.state in OUT else holding.holder_id is None)


def touched_by(user: Any, holding_id: UUID) -> Holding | None:
    """A holding that went through this user's hands, or is on its way into them."""
    rows = Holding.objects.filter(pk=holding_id, pk__in=_touched(user).values("holding_id"))
    return rows.select_related("holder").first()


def custody_agrees(community: UUID | None) -> tuple[int, list[UUID]]:
    """How many things are out, and those whose handovers do not chain to whoever is said to have them."""
    rows = Holding.objects.filter(state__in=OUT)
    found = list(rows if community is None else rows.filter(community_id=community))
    return len(found), unchained(found)


def not_recoverable(at: datetime, community: UUID | None) -> tuple[int, list[UUID]]:
    """How many things are out, and those that nobody on duty answers for and no list of recovery shows: in the hands of
    somebody off duty, and of no place."""
    rows = Holding.objects.filter(state__in=OUT)
    rows = rows if community is None else rows.filter(community_id=community)
    lost = of_those_off_duty(rows, at).filter(community_id__isnull=True) | rows.filter(holder__isnull=True)
    return rows.count(), list(lost.values_list("pk", flat=True))
