"""What is in the store: the sum of the movements, the lots, and who may look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.goods.models import Balance, Item, Lot, Movement, Shelf
from shouwang.places.models import Place
from shouwang.places.selectors import communities_for

STORE = "goods.store"


def stores_for(scope: Scope, capability: str = STORE) -> list[Place]:
    """The communities whose store the scope reaches."""
    return communities_for(scope, capability)


def _in(scope: Scope, capability: str = STORE) -> list[UUID]:
    return [place.pk for place in stores_for(scope, capability)]


def store_for(scope: Scope, community_id: UUID | None = None, capability: str = STORE) -> Place:
    """The community whose store is meant: this one, or the first that the scope reaches; else 404."""
    for place in stores_for(scope, capability):
        if community_id is None or place.pk == community_id:
            return place
    raise Http404


def items_for(scope: Scope) -> QuerySet[Item]:
    """What the stores in reach keep, by name."""
    return Item.objects.filter(community_id__in=_in(scope), until_at__isnull=True).order_by("name", "pk")


def item_for(scope: Scope, item_id: UUID) -> Item:
    """The item, or 404; one that has ended is still shown."""
    found = Item.objects.filter(community_id__in=_in(scope), pk=item_id).first()
    if found is None:
        raise Http404
    return found


def items_in(community_id: UUID) -> list[Item]:
    """What a community's store keeps, by name. Callers scope the community."""
    return list(Item.objects.filter(community_id=community_id, until_at__isnull=True).order_by("name", "pk"))


def shelves_in(community_id: UUID) -> list[Shelf]:
    """Where a community keeps its stock. Callers scope the community."""
    return list(Shelf.objects.filter(community_id=community_id, until_at__isnull=True).order_by("name", "pk"))


def stock_of(item: Item, at: datetime | None = None) -> int:
    """How many units of an item there were at `at` (now where none is given): the sum of its movements."""
    rows = Movement.objects.filter(lot__item=item)
    if at is not None:
        rows = rows.filter(at__lte=at)
    return rows.aggregate(n=Sum("quantity"))["n"] or 0


def stock_on(item: Item, shelf: Shelf) -> int:
    """How many units of an item are on a shelf now."""
    rows = Balance.objects.filter(lot__item=item, shelf=shelf)
    return rows.aggregate(n=Sum("quantity"))["n"] or 0


def lots_of(item: Item) -> list[Balance]:
    """What there is of an item, lot by lot and shelf by shelf, first expired first; each with `lot` and `shelf`."""
    rows = Balance.objects.filter(lot__item=item, quantity__gt=0).select_related("lot__item", "shelf")
    return list(
        rows.order_by(F("lot__expires_on").asc(nulls_last=True), "lot__came_at", "lot_id", "shelf__name")
    )


def lot_for(scope: Scope, lot_id: UUID) -> Lot:
    """The lot, or 404."""
    found = Lot.objects.filter(community_id__in=_in(scope), pk=lot_id).select_related("item").first()
    if found is None:
        raise Http404
    return found


def left_to_give_back(rows: Iterable[Movement]) -> dict[int, int]:
    """Of each movement by which things went out: how many units have not come back; nothing of what was corrected."""
    wanted = list(rows)
    back = Movement.objects.filter(returns__in=wanted, corrections__isnull=True).values("returns_id")
    come = {row["returns_id"]: row["n"] for row in back.annotate(n=Sum("quantity"))}
    wrong = set(Movement.objects.filter(corrects__in=wanted).values_list("corrects_id", flat=True))
    return {row.pk: 0 if row.pk in wrong else max(0, -row.quantity - come.get(row.pk, 0)) for row in wanted}
