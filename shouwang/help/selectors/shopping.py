"""Shopping runs: the list by shelf and by household, the doors, and who may see which run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.models import StoredFile
from shouwang.core.personal import NAME, PHONE
from shouwang.core.registry import WorkItem
from shouwang.core.scope import Scope
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.models import HelpRequest, Order, OrderLine, ShoppingRun
from shouwang.help.selectors.labels import doors_of
from shouwang.help.selectors.orders import MONEY, RUN, SHOP, amount_words, exact_words
from shouwang.help.selectors.requests import KIND as REQUEST
from shouwang.help.states import (
    LIVE_RUNS,
    SETTLED_LINES,
    SHELF_ORDER,
    LineKind,
    LineState,
    OrderState,
    RunState,
    ShopShelf,
)
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve, loads
from shouwang.volunteers.states import CommitmentState

LATELY = 20


def runs_for(scope: Scope) -> QuerySet[ShoppingRun]:
    """Runs within the scope: by place, and those one has in hand. None over the counter."""
    if scope.counter:
        return ShoppingRun.objects.none()
    rows = ShoppingRun.objects.filter(scope.q(SHOP) | Q(pk__in=scope.object_ids(RUN)))
    return rows.select_related(
        "volunteer__user", "made_by", "commitment", "counted_by", "settled_by", "receipt_photo"
    )


def run_for(scope: Scope, run_id: UUID) -> ShoppingRun:
    """The run, or 404."""
    found = runs_for(scope).filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def led_run(scope: Scope, run_id: UUID, capability: str = SHOP) -> ShoppingRun:
    """A run for whoever answers for it at the desk, or 404."""
    found = runs_for(scope).filter(scope.q(capability), pk=run_id).first()
    if found is None:
        raise Http404
    return found


def sees_money(scope: Scope, run: ShoppingRun) -> bool:
    """Whether the reader keeps the cash box there."""
    return scope.covers(MONEY, run)


@dataclass(frozen=True)
class RunRow:
    """A run as the board shows it: how many lists, how many lines are through of how many."""

    run: ShoppingRun
    orders: int
    lines: int
    through: int


def run_rows(scope: Scope) -> list[RunRow]:
    """Live runs, those without anybody first, then the last that ended."""
    rows: QuerySet[Any] = runs_for(scope).annotate(
        orders_in=Count("orders", distinct=True),
        lines_in=Count("orders__lines", distinct=True),
        through=Count("orders__lines", filter=Q(orders__lines__state__in=SETTLED_LINES), distinct=True),
    )
    live = list(rows.filter(state__in=LIVE_RUNS).order_by("made_at"))
    ended = list(rows.exclude(state__in=LIVE_RUNS).order_by("-made_at")[:LATELY])
    live.sort(key=lambda row: (row.volunteer_id is not None, row.made_at))
    return [RunRow(row, row.orders_in, row.lines_in, row.through) for row in [*live, *ended]]


# The list in the hand


@dataclass(frozen=True)
class LineRow:
    """One household's line at the shelf, with the resident's own words."""

    line: OrderLine
    door: str

    @property
    def amount(self) -> str:
        return amount_words(self.line.quantity, self.line.unit)

    @property
    def got(self) -> str:
        return amount_words(self.line.bought, self.line.unit)

    @property
    def counted(self) -> str:
        return amount_words(self.line.received, self.line.unit)

    @property
    def taken(self) -> str:
        return amount_words(self.line.delivered, self.line.unit)

    @property
    def price(self) -> str:
        return "" if self.line.price_fen is None else in_yuan(self.line.price_fen)

    @property
    def ceiling(self) -> str:
        return "" if self.line.ceiling_fen is None else in_yuan(self.line.ceiling_fen)

    @property
    def exact(self) -> str:
        return exact_words(self.line)

    @property
    def is_through(self) -> bool:
        return self.line.state in SETTLED_LINES


@dataclass
class Goods:
    """The same goods for several households: to be taken off one shelf at once, and weighed apart."""

    name: str
    unit: str
    exact: str
    rows: list[LineRow] = field(default_factory=list)

    @property
    def total(self) -> str:
        """What all households want of it together."""
        wanted = [row.line.quantity or Decimal(0) for row in self.rows]
        return amount_words(sum(wanted, Decimal(0)), self.unit)

    @property
    def found(self) -> list[LineRow]:
        return [row for row in self.rows if row.line.state == LineState.FOUND]

    @property
    def price_fen(self) -> int | None:
        """What the ticked ones cost together, when all of them have a price."""
        prices = [row.line.price_fen for row in self.found]
        return None if None in prices or not prices else sum(price for price in prices if price is not None)

    @property
    def price(self) -> str:
        return "" if self.price_fen is None else in_yuan(self.price_fen)

    @property
    def line_ids(self) -> list[UUID]:
        return [row.line.pk for row in self.rows]


@dataclass
class ShelfRow:
    """A shelf with what is to be taken off it."""

    code: str
    goods: list[Goods] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(ShopShelf(self.code).label)

    @property
    def left(self) -> int:
        return sum(not row.is_through for goods in self.goods for row in goods.rows)


def lines_in(run: ShoppingRun) -> list[OrderLine]:
    """Every line of the run's lists, those of dropped lists apart, with what its page shows."""
    rows = OrderLine.objects.filter(order__run=run).exclude(order__state=OrderState.DROPPED)
    return list(
        rows.select_related("order__request__dwelling__place", "order__request__place", "order__bag", "parcel", "instead_of")
        .order_by("order__made_at", "order_id", "position", "id")
    )  # fmt: skip


def by_shelf(lines: Sequence[OrderLine]) -> list[ShelfRow]:
    """What is to be bought, shelf after shelf as a shop is walked; the same goods of several households together."""
    goods = [line for line in lines if line.kind == LineKind.GOODS]
    doors = doors_of([line.order.request for line in goods])
    shelves: dict[str, ShelfRow] = {}
    groups: dict[tuple[str, ...], Goods] = {}
    for line in sorted(goods, key=lambda line: (SHELF_ORDER[line.shelf], line.name, line.unit)):
        key = (line.shelf, line.name, line.unit, line.brand, line.origin, line.size)
        if key not in groups:
            groups[key] = Goods(line.name, line.unit, exact_words(line))
            shelves.setdefault(line.shelf, ShelfRow(line.shelf)).goods.append(groups[key])
        groups[key].rows.append(LineRow(line, doors[line.order.request_id]))
    return list(shelves.values())


@dataclass
class Household:
    """One household of the run: its bag, its parcels, and what it pays. Name and phone by the reader's classes."""

    order: Order
    door: str
    name: str
    phone: str
    small: str
    rows: list[LineRow] = field(default_factory=list)
    parcels: list[LineRow] = field(default_factory=list)

    @property
    def bought(self) -> list[LineRow]:
        return [row for row in self.rows if row.line.state == LineState.FOUND]


def by_household(scope: Scope, lines: Sequence[OrderLine]) -> list[Household]:
    """The run household by household, in the order of their doors."""
    requests = {line.order.request_id: line.order.request for line in lines}
    doors = doors_of(list(requests.values()))
    found: dict[UUID, Household] = {}
    for line in lines:
        if line.order_id not in found:
            found[line.order_id] = _household(scope, line.order, doors[line.order.request_id])
        row = LineRow(line, doors[line.order.request_id])
        (found[line.order_id].parcels if line.kind == LineKind.PARCEL else found[line.order_id].rows).append(
            row
        )
    return sorted(found.values(), key=lambda one: _door_key(one.order.request))


def _door_key(request: HelpRequest) -> tuple[str, int, str]:
    door = request.dwelling
    if door is None:
        return "", 0, ""
    return door.place.sort_key, -(door.floor or 0), door.door


def _household(scope: Scope, order: Order, door: str) -> Household:
    request = order.request
    classes = scope.classes_for(request, REQUEST, request.pk) | scope.classes_for(order, RUN, order.run_id)
    return Household(
        order, door, request.asker_name if NAME in classes else "",
        request.asker_phone if PHONE in classes and not request.no_ring_back else "", _way_up(request),
    )  # fmt: skip


def _way_up(request: HelpRequest) -> str:
    """Floor and lift, for whoever carries it: 7F, no lift."""
    door = request.dwelling
    if door is None:
        return ""
    lift = door.lift if door.lift is not None else door.place.has_lift
    floor = _("floor %(n)s") % {"n": door.floor} if door.floor else ""
    return " · ".join(filter(None, (floor, _("lift") if lift else _("no lift"))))


def photo_of_receipt(scope: Scope, run_id: UUID) -> StoredFile:
    """The photo of a run's receipt, or 404."""
    photo = run_for(scope, run_id).receipt_photo
    if photo is None:
        raise Http404
    return photo


# Who shops


@dataclass(frozen=True)
class Shopper:
    """Somebody who could go, with what they have in hand."""

    volunteer: Volunteer
    words: str


def shoppers(scope: Scope, at: datetime) -> list[Shopper]:
    """Those of the communities in scope who can be asked to go to a shop, those with the least in hand first."""
    rows = can_serve(at).filter(scope.q(SHOP), by_phone_only=False).select_related("user")
    people = list(rows)
    load = loads(row.pk for row in people)
    people.sort(key=lambda row: (load[row.pk], row.user.name))
    return [Shopper(row, _load_words(row, load[row.pk])) for row in people]


def _load_words(volunteer: Volunteer, load: int) -> str:
    hand = _("%(number)s in hand") % {"number": load} if load else _("nothing in hand")
    return f"{volunteer.user.name} · {hand}"


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """The runs that this user has in hand."""
    rows = list(
        ShoppingRun.objects.filter(volunteer__user=user, state__in=LIVE_RUNS, commitment__state=CommitmentState.OPEN)
        .annotate(orders_in=Count("orders", filter=~Q(orders__state=OrderState.DROPPED)))
        .order_by("made_at")
    )  # fmt: skip
    return [_in_hand(row, row.orders_in) for row in rows]


def _in_hand(run: ShoppingRun, orders: int) -> WorkItem:
    words = ngettext("%(n)s household", "%(n)s households", orders) % {"n": orders}
    return WorkItem(
        key=f"shopping:{run.pk}", kind=RUN, title=_("Shopping run"), door=run.shop,
        small=f"{words} · {run.get_state_display()}", url=reverse("help:shopping_run", args=[run.pk]), rank=2,
        tone="calm" if run.state == RunState.DELIVERED else "need",
    )  # fmt: skip


def runs_to_reoffer(commitment_ids: Iterable[UUID]) -> list[ShoppingRun]:
    """The runs that hang on these commitments of somebody who was stood down."""
    rows = ShoppingRun.objects.filter(commitment_id__in=list(commitment_ids), state__in=LIVE_RUNS)
    return list(rows.select_related("commitment", "volunteer__user"))


def run_by_id(run_id: UUID) -> ShoppingRun | None:
    """A run, for the clock."""
    return ShoppingRun.objects.select_related("commitment").filter(pk=run_id).first()
