"""Group purchases as their organisers see them: which there are, how far each is, what its parts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.help.models import GroupArrival, GroupItem, GroupLine, GroupPart, GroupPurchase
from shouwang.help.selectors.groups_money import Money, money_of
from shouwang.help.states import GROUP_OFF, GroupMinimum, GroupPartState, GroupState
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors import dwellings_by_id, labels_of, place_for, places_for
from shouwang.places.states import Level

RUN = "help.shop"
SETTLE = "help.money"
SHOWN = 100
OVER = (GroupState.SETTLED,)
WIDEST = (Level.COMMUNITY, Level.GRID, Level.BUILDING)


def groups_for(scope: Scope) -> QuerySet[GroupPurchase]:
    """Purchases of the places where the reader runs them."""
    found = GroupPurchase.objects.filter(scope.q(RUN))
    return found.select_related("organiser", "payer", "place")


def group_for(scope: Scope, group_id: UUID) -> GroupPurchase:
    """The purchase, or 404."""
    found = groups_for(scope).filter(pk=group_id).first()
    if found is None:
        raise Http404
    return found


def settled_group_for(scope: Scope, group_id: UUID) -> GroupPurchase:
    """The purchase, for whoever may settle it; else 404."""
    found = group_for(scope, group_id)
    if not scope.covers(SETTLE, found):
        raise Http404
    return found


def part_for(scope: Scope, part_id: UUID) -> GroupPart:
    """A part of a purchase within the scope, or 404."""
    rows = GroupPart.objects.filter(scope.q(RUN, "group__")).select_related(
        "group__place", "group__payer", "household", "dwelling__place"
    )
    found = rows.filter(pk=part_id).first()
    if found is None:
        raise Http404
    return found


def places_to(scope: Scope) -> list[Place]:
    """Where a purchase may go to: communities, grids and buildings in which the reader runs purchases."""
    return list(places_for(scope, RUN).filter(level__in=WIDEST))


def place_to(scope: Scope, place_id: UUID) -> Place:
    """One of these, or 404."""
    return place_for(scope, place_id, RUN)


def items_of(group: GroupPurchase) -> list[GroupItem]:
    """What is bought together, in the order of its letters."""
    return list(group.items.order_by("order"))


@dataclass(frozen=True)
class Reach:
    """How far a purchase is: pieces and fen signed up for, and which of them the minimum counts."""

    pieces: int
    fen: int
    doors: int
    minimum: int
    by_amount: bool

    @property
    def counted(self) -> int:
        return self.fen if self.by_amount else self.pieces

    @property
    def reached(self) -> bool:
        return self.counted >= self.minimum

    @property
    def lacking(self) -> int:
        return max(0, self.minimum - self.counted)


def reach_of(groups: Sequence[GroupPurchase]) -> dict[UUID, Reach]:
    """How far each is, with two queries."""
    lines = GroupLine.objects.filter(
        part__group__in=groups, part__state=GroupPartState.JOINED, quantity__gt=0
    )
    sums = lines.values("part__group_id").annotate(
        pieces=Sum("quantity"), fen=Sum(F("quantity") * F("item__price_fen"))
    )
    found = {row["part__group_id"]: row for row in sums}
    doors: dict[UUID, int] = {}
    for group_id in GroupPart.objects.filter(group__in=groups, state=GroupPartState.JOINED).values_list(
        "group_id", flat=True
    ):
        doors[group_id] = doors.get(group_id, 0) + 1
    return {
        group.pk: Reach(
            pieces=found.get(group.pk, {}).get("pieces") or 0, fen=found.get(group.pk, {}).get("fen") or 0,
            doors=doors.get(group.pk, 0), minimum=group.minimum,
            by_amount=group.minimum_kind == GroupMinimum.AMOUNT,
        )
        for group in groups
    }  # fmt: skip


def group_rows(scope: Scope, over: bool) -> list[tuple[GroupPurchase, Reach]]:
    """The list: those that go on by their closing, or those that are settled, newest first."""
    rows = groups_for(scope)
    rows = (
        rows.filter(state__in=OVER).order_by("-settled_at")
        if over
        else rows.exclude(state__in=OVER).order_by("closes_at")
    )
    groups = list(rows[:SHOWN])
    reached = reach_of(groups)
    return [(group, reached[group.pk]) for group in groups]


@dataclass
class PartRow:
    """One part as the table shows it. `wanted_fen` for what was signed up for; `balance` of its account, in fen.

    `owes` is what is still to be collected; below nothing, what goes back.
    """

    part: GroupPart
    door: str
    wanted: dict[UUID, int] = field(default_factory=dict)
    given: dict[UUID, int | None] = field(default_factory=dict)
    wanted_fen: int = 0
    balance: int = 0
    paid_fen: int = 0
    owes: int = 0
    place_key: str = ""
    stairwell: str = ""

    @property
    def joined(self) -> bool:
        return self.part.state == GroupPartState.JOINED

    @property
    def door_alone(self) -> str:
        """The door without its stairwell, for a sheet that names that above."""
        return self.door.removeprefix(self.stairwell).strip()

    @property
    def back(self) -> int:
        return max(0, -self.owes)

    @property
    def to_collect(self) -> int:
        return max(0, self.owes)


def part_rows(group: GroupPurchase, money: Money | None = None) -> list[PartRow]:
    """Every part in order of signing up, with its door, quantities and account: five queries."""
    money = money or money_of(group)
    parts = list(group.parts.order_by("order"))
    doors = dwellings_by_id({part.dwelling_id for part in parts if part.dwelling_id})
    labels = labels_of({dwelling.place_id for dwelling in doors.values()})
    rows = {part.pk: _row(part, doors, labels) for part in parts}
    for line in GroupLine.objects.filter(part__group=group).select_related("item"):
        row = rows[line.part_id]
        row.wanted[line.item_id] = line.quantity
        row.given[line.item_id] = line.given
        row.wanted_fen += line.quantity * line.item.price_fen
    for row in rows.values():
        row.balance = money.parts.get(row.part.pk, 0)
        row.paid_fen = money.paid.get(row.part.pk, 0)
        row.owes = owes_of(group, row.part, row.wanted_fen, row.balance)
    return list(rows.values())


def owes_of(group: GroupPurchase, part: GroupPart, wanted_fen: int, balance: int) -> int:
    """What is still to be collected from a part, in fen; below nothing, what goes back to it.

    Before the split what was signed up for counts; afterwards, and where it was called off, only the account.
    """
    ahead = group.split_at is None and group.state not in (*GROUP_OFF, GroupState.SETTLED)
    return balance + (wanted_fen if ahead and part.state == GroupPartState.JOINED else 0)


def _row(part: GroupPart, doors: Mapping[UUID, Dwelling], labels: Mapping[UUID, str]) -> PartRow:
    dwelling = doors.get(part.dwelling_id) if part.dwelling_id else None
    if dwelling is None:
        return PartRow(part, part.door_said)
    stairwell = labels.get(dwelling.place_id, "")
    return PartRow(
        part, f"{stairwell} {dwelling.door}".strip(), stairwell=stairwell,
        place_key=f"{dwelling.place.sort_key}|{dwelling.sort_key}",
    )  # fmt: skip


def one_row(part: GroupPart) -> PartRow:
    """One part as the table shows it."""
    return next(row for row in part_rows(part.group) if row.part.pk == part.pk)


def by_stairwell(rows: Sequence[PartRow]) -> list[tuple[str, list[PartRow]]]:
    """Parts that get something or have joined, by stairwell in the order of the doors; '' for doors not on file."""
    found: dict[str, list[PartRow]] = {}
    for row in sorted(rows, key=lambda one: (not one.place_key, one.place_key, one.door)):
        found.setdefault(row.stairwell, []).append(row)
    return list(found.items())


def matching(rows: Sequence[PartRow], said: str) -> list[PartRow]:
    """Parts whose door or name holds every piece of what was typed."""
    pieces = said.replace("-", " ").split()
    return [
        row
        for row in rows
        if all(piece in f"{row.door} {row.part.door_said} {row.part.name_said}" for piece in pieces)
    ]


@dataclass(frozen=True)
class ItemCount:
    """One thing of a purchase: ordered, what came of it, what of that can be given, what was given, what is left."""

    item: GroupItem
    ordered: int
    came: int | None
    damaged: int
    given: int

    @property
    def usable(self) -> int:
        return (self.came or 0) - self.damaged

    @property
    def missing(self) -> int:
        return max(0, self.ordered - self.usable)

    @property
    def left_over(self) -> int:
        return self.usable - self.given


def counts_of(group: GroupPurchase) -> list[ItemCount]:
    """Each thing with its figures."""
    joined = Q(part__group=group, part__state=GroupPartState.JOINED)
    sums = {
        row["item_id"]: row
        for row in GroupLine.objects.filter(joined)
        .values("item_id")
        .annotate(ordered=Sum("quantity"), got=Sum("given"))
    }
    arrived = arrivals_of(group)
    found = []
    for item in items_of(group):
        row: Mapping[str, Any] = sums.get(item.pk, {})
        came, damaged = arrived.get(item.pk, (None, 0))
        found.append(ItemCount(item, row.get("ordered") or 0, came, damaged, row.get("got") or 0))
    return found


def arrivals_of(group: GroupPurchase) -> dict[UUID, tuple[int, int]]:
    """What came and what of it is damaged, an item, by the latest counting."""
    latest = GroupArrival.objects.filter(group=group).order_by("-id").values_list("act", flat=True).first()
    rows = GroupArrival.objects.filter(group=group, act=latest) if latest else GroupArrival.objects.none()
    return {row.item_id: (row.came, row.damaged) for row in rows}
