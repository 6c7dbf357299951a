"""An opening stock list: what is new becomes an item, every row a lot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.errors import Refusal
from shouwang.goods.engines.stock_lists import StockLine
from shouwang.goods.models import Item, Movement, Shelf
from shouwang.goods.services.store import In, bring_in_lines
from shouwang.goods.services.store_items import add_item
from shouwang.goods.states import MovementKind
from shouwang.places.selectors import community_by_id


@transaction.atomic
def take_in_opening(
    *,
    shelf: Shelf,
    lines: Sequence[StockLine],
    by: Actor,
    at: datetime | None = None,
    act: UUID | None = None,
) -> list[Movement]:
    """Takes a whole list in as one act, all or none. Refusal while a row of it cannot be read, or for an empty one."""
    at = at or clock.now()
    if not lines or any(line.errors for line in lines):
        raise Refusal(
            "rows-unread", _("Some rows cannot be read yet. Put them right in the list and look again.")
        )
    community = community_by_id(shelf.community_id)
    items = {
        item.name: item for item in Item.objects.filter(community_id=community.pk, until_at__isnull=True)
    }
    found = []
    for line in lines:
        assert line.packing is not None
        assert line.quantity is not None
        if line.name not in items:
            packs = line.packing.packs
            items[line.name] = add_item(
                community=community, name=line.name, unit=line.unit, packs=packs, by=by, at=at
            )
        found.append(In(items[line.name], shelf, line.quantity, line.expires_on))
    return bring_in_lines(lines=found, kind=MovementKind.ALLOCATED, by=by, at=at, act=act)
