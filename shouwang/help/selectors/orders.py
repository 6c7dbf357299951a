"""Orders within a reader's scope: what waits to be gathered, one list with what became of it, and who waits for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from shouwang.core.scope import Scope
from shouwang.goods.models import Parcel
from shouwang.goods.states import IN_HOUSE
from shouwang.help.models import HelpRequest, Order, OrderLine
from shouwang.help.selectors.labels import doors_of
from shouwang.help.selectors.requests import KIND as REQUEST
from shouwang.help.selectors.requests import requests_for
from shouwang.help.states import (
    OPEN_STATES,
    UNANSWERED_LINES,
    UNDELIVERED_ORDERS,
    Category,
    LineState,
    OrderState,
    RequestState,
)

SHOP = "help.shop"
MONEY = "help.money"
RUN = "help.shopping"
ORDERED = (Category.SHOPPING, Category.MEDICINE, Category.PARCEL)
A_BOARD = 200


def seen_by(scope: Scope) -> Q:
    """The filter for orders: by place, by the run one has in hand, by the request one has in hand. Nothing over the
    counter: what a household eats is nobody's."""
    if scope.counter:
        return Q(pk__in=[])
    in_hand = Q(run__in=scope.object_ids(RUN)) | Q(request__in=scope.object_ids(REQUEST))
    return scope.q(SHOP) | in_hand


def orders_for(scope: Scope) -> QuerySet[Order]:
    """Orders within the scope; those of confidential requests are nobody's."""
    return Order.objects.filter(seen_by(scope), request__confidential=False).select_related(
        "request__dwelling__place", "request__place", "household", "run__volunteer__user"
    )


def order_for(scope: Scope, order_id: UUID) -> Order:
    """The order, or 404."""
    found = orders_for(scope).filter(pk=order_id).first()
    if found is None:
        raise Http404
    return found


def led_order(scope: Scope, order_id: UUID) -> Order:
    """An order for whoever answers for it at the desk, or 404."""
    found = orders_for(scope).filter(scope.q(SHOP), pk=order_id).first()
    if found is None:
        raise Http404
    return found


def order_of(scope: Scope, request: HelpRequest) -> Order | None:
    """The order of a request, if there is one that the scope may see."""
    return orders_for(scope).filter(request=request).first()


def line_for(scope: Scope, line_id: UUID) -> OrderLine:
    """A line of an order within the scope, or 404."""
    rows = OrderLine.objects.filter(pk=line_id, order__in=orders_for(scope).values("pk"))
    found = rows.select_related("order__request", "order__run", "order__household").first()
    if found is None:
        raise Http404
    return found


def lines_for(scope: Scope, ids: Iterable[UUID]) -> list[OrderLine]:
    """Several lines within the scope; those that are not are not there."""
    rows = OrderLine.objects.filter(pk__in=list(ids), order__in=orders_for(scope).values("pk"))
    return list(rows.select_related("order__run").order_by("pk"))


# The board


@dataclass(frozen=True)
class Waiting:
    """A list that is in no run yet, with its door, how many lines it has, and how many of them are unclear."""

    order: Order
    door: str
    lines: list[OrderLine]
    unclear: int

    @property
    def words(self) -> str:
        """The first things on it, as they are wanted."""
        return "、".join(f"{line.name}{amount_words(line.quantity, line.unit)}" for line in self.lines[:6])


def waiting_orders(scope: Scope) -> list[Waiting]:
    """Lists that wait for a run, the one asked for longest first."""
    open_orders = orders_for(scope).filter(
        scope.q(SHOP), state=OrderState.OPEN, request__state__in=OPEN_STATES
    )
    rows = list(
        open_orders.prefetch_related(Prefetch("lines", OrderLine.objects.order_by("position", "id")))
        .order_by("request__received_at")[:A_BOARD]
    )  # fmt: skip
    doors = doors_of([row.request for row in rows])
    return [_waiting(row, doors) for row in rows]


def _waiting(order: Order, doors: dict[UUID, str]) -> Waiting:
    lines = [line for line in order.lines.all() if line.state != LineState.LEFT_OUT]
    unclear = sum(line.state == LineState.TO_ASK for line in lines)
    return Waiting(order, doors[order.request_id], lines, unclear)


def waiting_for(scope: Scope, ids: Iterable[UUID]) -> list[Order]:
    """Those of the orders that the scope may gather into a run."""
    return list(orders_for(scope).filter(scope.q(SHOP), pk__in=list(ids), state=OrderState.OPEN))


def unread_requests(scope: Scope) -> QuerySet[HelpRequest]:
    """Open requests to shop or fetch something that nobody has read as a list yet."""
    found = requests_for(scope, SHOP).filter(
        category__in=ORDERED, state__in=OPEN_STATES, confidential=False, order__isnull=True
    )
    return found.exclude(state=RequestState.DONE).order_by("received_at")


def unread(scope: Scope) -> list[tuple[HelpRequest, str]]:
    """The same with their doors."""
    rows = list(unread_requests(scope)[:A_BOARD])
    doors = doors_of(rows)
    return [(row, doors[row.pk]) for row in rows]


# One list


def lines_of_order(order: Order) -> list[OrderLine]:
    """The lines in the order in which they were said, what is got instead after what it stands for."""
    rows = list(order.lines.select_related("parcel", "instead_of", "answered_by", "difference_by"))
    return sorted(rows, key=lambda line: (line.position, line.instead_of_id is not None, line.pk))


def parcels_to_fetch(order: Order) -> list[Parcel]:
    """Parcels of the household that are somewhere between the gate and its door."""
    if order.household is None:
        return []
    return list(order.household.parcels.filter(state__in=IN_HOUSE).order_by("received_at"))


def orders_of_household(scope: Scope, household_id: UUID) -> list[Order]:
    """A household's orders that are not settled, and the last three that are."""
    rows = orders_for(scope).filter(household_id=household_id).exclude(state=OrderState.DROPPED)
    live = list(rows.exclude(state=OrderState.SETTLED).order_by("-made_at"))
    return [*live, *rows.filter(state=OrderState.SETTLED).order_by("-made_at")[:3]]


def unanswered(scope: Scope) -> QuerySet[OrderLine]:
    """Lines about which a household is to be asked, or was and has not answered, the one due first."""
    rows = OrderLine.objects.filter(
        order__in=orders_for(scope).values("pk"),
        state__in=UNANSWERED_LINES,
        order__state__in=UNDELIVERED_ORDERS,
    )
    return rows.select_related("order__request").order_by("answer_due_at", "pk")


def answers_late(at: datetime) -> QuerySet[OrderLine]:
    """The same wherever they are, for the clock: late at `at`."""
    return OrderLine.objects.filter(
        state__in=UNANSWERED_LINES, order__state__in=UNDELIVERED_ORDERS, answer_due_at__lte=at
    )


def amount_words(quantity: Decimal | None, unit: str) -> str:
    """An amount as people write it: 5斤, 0.5斤; empty where none was said."""
    return "" if quantity is None else f"{quantity.normalize():f}{unit}"


def exact_words(line: OrderLine) -> str:
    """What the household minds, beside name and amount: brand, from where, size, note."""
    return " · ".join(filter(None, (line.brand, line.origin, line.size, line.note)))
