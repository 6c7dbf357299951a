"""What the store keeps, and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.goods.models import Balance, Item, Shelf
from shouwang.places.models import Place


@transaction.atomic
def add_shelf(*, community: Place, name: str, by: Actor, at: datetime | None = None) -> Shelf:
    """A place where stock is kept. Refusal when there is one of this name."""
    shelf = Shelf(community_id=community.pk, name=name.strip())
    _checked(shelf)
    shelf.save(force_insert=True)
    write_audit("goods.shelf.added", by=by, at=at or clock.now(), subject=shelf, name=shelf.name)
    return shelf


@transaction.atomic
def add_item(
    *,
    community: Place,
    name: str,
    unit: str,
    by: Actor,
    at: datetime | None = None,
    packs: Sequence[tuple[str, int]] = (),
    category: str = "",
    medicine: str = "",
    unit_weight_g: int | None = None,
    warn_below: int | None = None,
    comes_back: bool = False,
    item_id: UUID | None = None,
) -> Item:
    """Something that the store keeps from now on; `packs` largest first, each in units. Refusal for a name twice."""
    item = Item(
        community_id=community.pk, name=name.strip(), unit=unit.strip(), packs=[list(pack) for pack in packs],
        category=category, medicine=medicine, unit_weight_g=unit_weight_g, warn_below=warn_below, comes_back=comes_back,
    )  # fmt: skip
    if item_id is not None:
        item.pk = item_id
    _checked(item)
    item.save(force_insert=True)
    write_audit("goods.item.added", by=by, at=at or clock.now(), subject=item, name=item.name)
    return item


@transaction.atomic
def change_item(
    *,
    item: Item,
    by: Actor,
    at: datetime | None = None,
    name: str,
    packs: Sequence[tuple[str, int]],
    unit_weight_g: int | None,
    warn_below: int | None,
    comes_back: bool,
) -> Item:
    """Changes what is said of an item. Its unit stays: quantities are counted in it."""
    locked = Item.objects.select_for_update().get(pk=item.pk)
    locked.name, locked.packs = name.strip(), [list(pack) for pack in packs]
    locked.unit_weight_g, locked.warn_below, locked.comes_back = unit_weight_g, warn_below, comes_back
    _checked(locked)
    locked.save(update_fields=["name", "packs", "unit_weight_g", "warn_below", "comes_back"])
    write_audit("goods.item.changed", by=by, at=at or clock.now(), subject=locked, name=locked.name)
    return locked


@transaction.atomic
def end_item(*, item: Item, by: Actor, at: datetime | None = None) -> Item:
    """The store keeps it no longer. Refusal while some of it is there."""
    at = at or clock.now()
    locked = Item.objects.select_for_update().get(pk=item.pk)
    left = Balance.objects.filter(lot__item=locked).aggregate(n=Sum("quantity"))["n"] or 0
    if left:
        raise Refusal("still-there", _("There is still %(left)s of it."), left=locked.said(left))
    Item.objects.filter(pk=locked.pk, until_at__isnull=True).update(until_at=at)
    write_audit("goods.item.ended", by=by, at=at, subject=locked, name=locked.name)
    return locked


def _checked(row: Item | Shelf) -> None:
    """Refusal with the constraint's own sentence, at the field."""
    if not row.name:
        raise Refusal("no-name", _("Say what it is called."), field="name")
    try:
        row.validate_constraints()
    except ValidationError as fault:
        raise Refusal("name-twice", fault.messages[0], field="name") from fault
