"""One act in the store: written once, its items locked, its movements and balances in one transaction.

No other module writes a Movement or a Balance. The order is the same for everybody, so that two acts never wait for
each other: the act's own row, its items by id, its balances.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.commands import body_hash
from shouwang.core.errors import Conflict, Refusal
from shouwang.goods.engines.packs import MOST
from shouwang.goods.models import Act, Balance, Item, Lot, Movement, Shelf
from shouwang.goods.states import MovementKind
from shouwang.people.models import Household
from shouwang.places.selectors import community_by_id


@dataclass(frozen=True)
class Delta:
    """So many units more (or fewer) of a lot on a shelf, and the movement that it corrects or gives back."""

    lot: Lot
    shelf: Shelf
    quantity: int
    corrects: Movement | None = None
    returns: Movement | None = None


@dataclass(frozen=True)
class About:
    """What all movements of an act say: to whom, from whom, why."""

    to_user: User | None = None
    to_words: str = ""
    household: Household | None = None
    origin: str = ""
    reason: str = ""

    def for_digest(self) -> dict[str, Any]:
        people = (self.to_user, self.household)
        return {
            "people": [str(one.pk) if one else "" for one in people],
            "words": [self.to_words, self.origin],
        }


@dataclass
class Begun:
    """An act that was begun: `fresh` unless its id came before; `at` may be later than asked, never earlier than the
    last movement of one of its items."""

    id: UUID
    kind: MovementKind
    community_id: UUID
    by: Actor
    at: datetime
    fresh: bool
    written: list[Movement] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The local day of the act."""
        return local_day(self.at, community_by_id(self.community_id).time_zone)


def begin_act(
    *, act: UUID, kind: MovementKind, community_id: UUID, by: Actor, at: datetime, body: Mapping[str, Any]
) -> Begun:
    """Writes the act's row, or finds that it was done before. Conflict when the same id came with another content."""
    digest = body_hash({"kind": str(kind), **body})
    row, fresh = Act.objects.get_or_create(
        pk=act,
        defaults={
            "community_id": community_id, "kind": kind, "at": at, "digest": digest,
            "by_id": by.pk if by.actor_kind == "user" else None,
        },
    )  # fmt: skip
    if row.digest != digest:
        raise Conflict("act-reused", _("This was already sent with other content. Open the page anew."))
    return Begun(act, kind, community_id, by, at, fresh)


def lock_items(begun: Begun, item_ids: Iterable[UUID]) -> dict[UUID, Item]:
    """Nobody else moves these items before the transaction ends; the act's time is not before their last movement.

    Refusal for an item that the store keeps no longer, or one of another community.
    """
    wanted = set(item_ids)
    rows = (
        Item.objects.select_for_update().filter(pk__in=wanted, community_id=begun.community_id).order_by("pk")
    )
    found = {row.pk: row for row in rows}
    if len(found) != len(wanted) or any(row.until_at is not None for row in found.values()):
        raise Refusal("item-ended", _("The store does not keep this any more."), field="item")
    begun.at = max([begun.at, *(row.moved_at for row in found.values() if row.moved_at)])
    Item.objects.filter(pk__in=wanted).update(moved_at=begun.at)
    return found


def write_movements(
    begun: Begun, deltas: Sequence[Delta], about: About, *, audit: str, subject: Any = None, **payload: Any
) -> list[Movement]:
    """Moves the balances and writes the movements and one audit row. Refusal("not-enough") when too little is there."""
    for delta in sorted(deltas, key=lambda one: (one.lot.pk, one.shelf.pk)):
        _move_balance(delta)
    who = begun.by.pk if begun.by.actor_kind == "user" else None
    day = begun.day
    rows = Movement.objects.bulk_create(
        Movement(
            act=begun.id, lot=delta.lot, shelf=delta.shelf, kind=begun.kind, quantity=delta.quantity, at=begun.at,
            local_day=day, by_id=who, to_user=about.to_user, to_words=about.to_words, household=about.household,
            corrects=delta.corrects, returns=delta.returns, origin=about.origin, reason=about.reason,
        )
        for delta in deltas
    )  # fmt: skip
    write_audit(
        audit,
        by=begun.by,
        at=begun.at,
        subject=subject or begun.id,
        placed=deltas[0].lot,
        rows=len(rows),
        **payload,
    )
    begun.written = rows
    return rows


def _move_balance(delta: Delta) -> None:
    """The update itself is the check: it finds no row when the shelf would hold less than nothing."""
    if delta.quantity > 0:
        Balance.objects.get_or_create(lot=delta.lot, shelf=delta.shelf)
    floor = max(0, -delta.quantity)
    moved = Balance.objects.filter(lot=delta.lot, shelf=delta.shelf, quantity__gte=floor)
    if not moved.update(quantity=F("quantity") + delta.quantity):
        left = Balance.objects.filter(lot=delta.lot, shelf=delta.shelf).values_list("quantity", flat=True)
        raise not_enough(delta.lot.item, delta.shelf, left.first() or 0)


def not_enough(item: Item, shelf: Shelf, left: int, **values: Any) -> Refusal:
    """That so little is left, in the item's own packs."""
    return Refusal(
        "not-enough",
        _("Only %(left)s of %(item)s is left at %(shelf)s."),
        field="quantity",
        left=item.said(left),
        item=item.name,
        shelf=shelf.name,
        **values,
    )


def written_by(act: UUID) -> list[Movement]:
    """The movements of an act in the order they were written."""
    return list(Movement.objects.filter(act=act).select_related("lot__item", "shelf").order_by("pk"))


def checked_quantity(quantity: int, **values: Any) -> int:
    """A quantity that can move. Refusal for nothing, less than nothing, or more than a neighbourhood ever has."""
    if not 0 < quantity <= MOST:
        raise Refusal(
            "nothing-moves", _("Say how much: a whole number above zero."), field="quantity", **values
        )
    return quantity


def one_community(*rows: Collection[Any]) -> UUID:
    """The community that these items and shelves belong to. Refusal when there is more than one."""
    found = {row.community_id for some in rows for row in some}
    if len(found) != 1:
        raise Refusal("other-community", _("This belongs to another community."))
    answer: UUID = found.pop()
    return answer
