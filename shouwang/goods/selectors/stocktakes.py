"""Stock-takes: what is still to be counted, by whom, and what differs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet
from django.http import Http404

from shouwang.accounts.models import User
from shouwang.core.scope import Scope
from shouwang.goods.models import Count, CountLine, StockTake
from shouwang.goods.selectors.store import STORE, stores_for
from shouwang.goods.states import CountState, StockTakeState

COUNT = "goods.gate"
WAITING = (CountState.OPEN, CountState.AGAIN)


def takes_for(scope: Scope, capability: str = STORE) -> QuerySet[Any]:
    """Stock-takes of the stores in reach, the latest first, each with how many lines it has and how many wait."""
    places = [place.pk for place in stores_for(scope, capability)]
    rows = StockTake.objects.filter(community_id__in=places).select_related("shelf", "began_by", "signed_by")
    return rows.annotate(
        all=CountOf("lines"),
        counted=CountOf("lines", filter=~Q(lines__state__in=WAITING)),
        waiting=CountOf("lines", filter=Q(lines__state__in=WAITING)),
        differing=CountOf("lines", filter=Q(lines__state=CountState.DIFFERS)),
    ).order_by("-began_at", "-pk")


def take_for(scope: Scope, stock_take_id: UUID, capability: str = STORE) -> StockTake:
    """The stock-take, or 404."""
    found: StockTake | None = takes_for(scope, capability).filter(pk=stock_take_id).first()
    if found is None:
        raise Http404
    return found


def count_line_for(scope: Scope, line_id: int, capability: str = STORE) -> CountLine:
    """The line, or 404."""
    places = [place.pk for place in stores_for(scope, capability)]
    rows = CountLine.objects.select_related("stock_take__shelf", "lot__item")
    found = rows.filter(pk=line_id, stock_take__community_id__in=places).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Said:
    """One count as the one who signs sees it."""

    by: User | None
    said: str


@dataclass(frozen=True)
class Counted:
    """A line as the one who signs sees it: each count with who it was."""

    line: CountLine
    counts: list[Said]
    difference: str


@dataclass(frozen=True)
class Blind:
    """A line as the one who counts sees it: what and where, never how much it should be. `mine`: I counted it last."""

    line: CountLine
    again: bool
    mine: bool

    @property
    def example(self) -> str:
        """A quantity in the item's packs, as one may type it."""
        packing = self.line.lot.item.packing
        return "".join(
            f"{number}{name}" for number, (name, _size) in zip((3, 2, 5), packing.sizes, strict=False)
        )


def lines_to_sign(take: StockTake) -> list[Counted]:
    """Every line with its counts, what differs first."""
    counts: dict[int, list[Count]] = defaultdict(list)
    for row in Count.objects.filter(line__stock_take=take).select_related("by").order_by("number"):
        counts[row.line_id].append(row)
    order = {CountState.DIFFERS: 0, CountState.AGAIN: 1, CountState.OPEN: 2, CountState.AGREES: 3}
    rows = sorted(_lines(take), key=lambda line: order[CountState(line.state)])
    return [
        Counted(
            line,
            [Said(row.by, line.lot.item.said(row.quantity)) for row in counts[line.pk]],
            _difference(line),
        )
        for line in rows
    ]


def _difference(line: CountLine) -> str:
    if not line.difference or line.state != CountState.DIFFERS:
        return ""
    return ("+" if line.difference > 0 else "") + line.lot.item.said(line.difference)


def _lines(take: StockTake) -> list[CountLine]:
    order = ("lot__item__name", F("lot__expires_on").asc(nulls_last=True), "lot__came_at", "pk")
    return list(CountLine.objects.filter(stock_take=take).select_related("lot__item").order_by(*order))


def lines_to_count(take: StockTake, user_id: UUID) -> list[Blind]:
    """What waits to be counted; a line that the user counted last waits for somebody else."""
    last = dict(
        Count.objects.filter(line__stock_take=take).order_by("number").values_list("line_id", "by_id")
    )
    waiting = [line for line in _lines(take) if line.state in WAITING]
    return [
        Blind(
            line,
            line.state == CountState.AGAIN,
            line.state == CountState.AGAIN and last.get(line.pk) == user_id,
        )
        for line in waiting
    ]


def takes_to_sign(scope: Scope) -> list[StockTake]:
    """Stock-takes of which every line has been counted: they wait for a signature."""
    return list(takes_for(scope).filter(state=StockTakeState.COUNTING, waiting=0)[:10])


def takes_to_count(scope: Scope) -> list[StockTake]:
    """Stock-takes that go on, for whoever may count."""
    return list(takes_for(scope, COUNT).filter(state=StockTakeState.COUNTING, waiting__gt=0)[:10])
