"""What the money of a run says: who has what, what each household owes, and a household's statement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from shouwang.accounts.models import User
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.models import MoneyEntry, Order, OrderLine, ShoppingRun
from shouwang.help.selectors.labels import doors_of
from shouwang.help.selectors.orders import amount_words, exact_words, lines_of_order
from shouwang.help.states import LineKind, LineState, MoneyAccount, MoneyKind, OrderState


@dataclass(frozen=True)
class Held:
    """What somebody holds of a run's money, in fen."""

    holder_id: UUID
    name: str
    fen: int

    @property
    def yuan(self) -> str:
        return in_yuan(self.fen)


@dataclass(frozen=True)
class Owing:
    """A household's side: what it was charged, what it paid, what is left (negative: what it is owed). Fen."""

    order: Order
    door: str
    charged: int | None
    paid: int
    left: int

    @property
    def left_yuan(self) -> str:
        return in_yuan(abs(self.left))

    @property
    def charged_yuan(self) -> str:
        return "" if self.charged is None else in_yuan(self.charged)

    @property
    def paid_yuan(self) -> str:
        return in_yuan(self.paid)


@dataclass(frozen=True)
class Sums:
    """The reconciliation of a run; every figure follows from the entries alone."""

    advance: int
    receipt: int
    charged: int
    paid: int
    change: int
    uncharged: int
    signed: int
    held: list[Held]

    @property
    def is_even(self) -> bool:
        """Nothing bought is uncharged and nobody holds cash."""
        return not self.uncharged and not any(one.fen for one in self.held)

    def rows(self) -> dict[str, str]:
        """The figures in yuan, by name."""
        names = ("advance", "receipt", "charged", "paid", "change", "uncharged", "signed")
        return {name: in_yuan(getattr(self, name)) for name in names}


def sums_of(run: ShoppingRun) -> Sums:
    """The money of a run, from its entries."""
    rows = MoneyEntry.objects.filter(subject_id=run.pk)
    by_account: dict[str, int] = defaultdict(int)
    by_kind: dict[tuple[str, str], int] = defaultdict(int)
    for kind, account, total in rows.values_list("kind", "account").annotate(total=Sum("amount_fen")):
        by_account[account] += total
        by_kind[kind, account] += total
    holders = rows.filter(account=MoneyAccount.HOLDER).values_list("holder_id", "holder__name")
    held = [
        Held(pk, name, total)
        for pk, name, total in holders.annotate(total=Sum("amount_fen")).order_by("holder__name")
    ]
    paid = (MoneyKind.SETTLED, MoneyKind.PAID_IN, MoneyKind.PAID_BACK)
    return Sums(
        advance=by_kind[MoneyKind.ADVANCE, MoneyAccount.HOLDER],
        receipt=sum(by_kind[kind, MoneyAccount.PURCHASES] for kind in
                    (MoneyKind.BOUGHT, MoneyKind.CORRECTED, MoneyKind.REFUND)),
        charged=by_kind[MoneyKind.CHARGED, MoneyAccount.HOUSEHOLD],
        paid=-sum(by_kind[kind, MoneyAccount.HOUSEHOLD] for kind in paid),
        change=by_kind[MoneyKind.CHANGE, MoneyAccount.CASH_BOX],
        uncharged=by_account[MoneyAccount.PURCHASES],
        signed=by_account[MoneyAccount.SIGNED_OFF],
        held=held,
    )  # fmt: skip


def holder_in(run: ShoppingRun, holder_id: UUID) -> User | None:
    """Somebody through whose hands money of the run went."""
    entry = MoneyEntry.objects.filter(subject_id=run.pk, holder_id=holder_id).select_related("holder").first()
    return entry.holder if entry else None


def owing_in(run: ShoppingRun) -> list[Owing]:
    """What each household of a run owes. Two lists of one household share what it paid: both say the same rest."""
    orders = list(
        run.orders.select_related("request__dwelling__place", "request__place").order_by("made_at")
    )  # fmt: skip
    doors = doors_of([order.request for order in orders])
    totals = _by_household(run.pk)
    rows = [_owing(order, doors[order.request_id], totals) for order in orders]
    return [row for row in rows if row.order.state != OrderState.DROPPED or row.left]


def owing_of(order: Order) -> Owing:
    """What the household of one order owes of its run."""
    totals = _by_household(order.run_id) if order.run_id else {}
    return _owing(order, "", totals)


def _by_household(run_id: UUID) -> dict[UUID | None, tuple[int, int]]:
    """By household: what is left, and what it paid."""
    rows = MoneyEntry.objects.filter(subject_id=run_id, account=MoneyAccount.HOUSEHOLD)
    paid = Q(kind__in=(MoneyKind.SETTLED, MoneyKind.PAID_IN, MoneyKind.PAID_BACK))
    found = rows.values_list("household_id").annotate(
        left=Sum("amount_fen"), paid=Sum("amount_fen", filter=paid)
    )
    return {pk: (left, -(given or 0)) for pk, left, given in found}


def _owing(order: Order, door: str, totals: dict[UUID | None, tuple[int, int]]) -> Owing:
    left, paid = totals.get(order.household_id, (0, 0))
    return Owing(order, door, order.charged_fen, paid, left)


@dataclass(frozen=True)
class StatementLine:
    """One line of a household's statement, in words."""

    line: OrderLine
    ordered: str
    bought: str
    received: str
    delivered: str
    price: str
    became: str
    exact: str


@dataclass(frozen=True)
class Statement:
    """What a household wanted, what came of it, what it cost, and what it paid."""

    order: Order
    lines: list[StatementLine]
    owing: Owing
    payments: list[tuple[datetime, str, str]]

    @property
    def total(self) -> str:
        return self.owing.charged_yuan


def statement_of(order: Order) -> Statement:
    """The statement of an order, at whatever stage it is."""
    told = [(row.at, str(row.get_kind_display()), in_yuan(-row.amount_fen)) for row in _payments(order)]
    return Statement(order, [_statement_line(line) for line in lines_of_order(order)], owing_of(order), told)


def _payments(order: Order) -> QuerySet[MoneyEntry]:
    if order.run_id is None or order.household_id is None:
        return MoneyEntry.objects.none()
    rows = MoneyEntry.objects.filter(
        subject_id=order.run_id, account=MoneyAccount.HOUSEHOLD, household_id=order.household_id
    )
    return rows.exclude(kind=MoneyKind.CHARGED).order_by("id")


def _statement_line(line: OrderLine) -> StatementLine:
    unit, name = line.unit, line.name
    became = str(LineState(line.state).label)
    price = line.charged_fen if line.charged_fen is not None else line.price_fen
    if line.kind == LineKind.PARCEL:
        return StatementLine(line, "1", "", "", amount_words(line.delivered, ""), "", became, "")
    return StatementLine(
        line, amount_words(line.quantity, unit), amount_words(line.bought, unit), amount_words(line.received, unit),
        amount_words(line.delivered, unit), "" if price is None else in_yuan(price), became, exact_words(line) if name else "",
    )  # fmt: skip


# The promise


def acts_that_do_not_add_up(community: UUID | None) -> tuple[int, list[UUID]]:
    """Acts with money counted, and the subjects of those whose entries are not nothing together."""
    rows = (
        MoneyEntry.objects.all() if community is None else MoneyEntry.objects.filter(community_id=community)
    )
    acts = rows.values("act", "subject_id").annotate(total=Sum("amount_fen"))
    return acts.count(), list(dict.fromkeys(acts.exclude(total=0).values_list("subject_id", flat=True)))


def lines_that_do_not_reconcile(community: UUID | None) -> tuple[int, list[UUID]]:
    """Lines counted, and the orders of those whose four figures do not fit each other, calculated beside the database."""
    rows = OrderLine.objects.select_related("order")
    if community is not None:
        rows = rows.filter(order__community_id=community)
    found = list(rows)
    return len(found), list(dict.fromkeys(line.order_id for line in found if not reconciles(line)))


def reconciles(line: OrderLine) -> bool:
    """Whether ordered, bought, received and delivered fit each other, and the order's state says no more than they do."""
    through = line.state in (LineState.FOUND, LineState.SUBSTITUTED, LineState.LEFT_OUT)
    ordered = (
        line.quantity is None
        or line.quantity + line.over == (line.bought or 0) + line.replaced + line.left_out
    )
    received = line.received is None or line.bought == line.received + line.difference
    delivered = line.delivered is None or line.received == line.delivered + line.taken_back
    over = line.order.state in (OrderState.DELIVERED, OrderState.SETTLED)
    complete = not over or (through and (line.state != LineState.FOUND or line.delivered is not None))
    return (not through or ordered) and received and delivered and complete


def unsettled_runs(runs: QuerySet[ShoppingRun], at: datetime, after: timedelta) -> list[ShoppingRun]:
    """Runs that were delivered so long ago and whose money nobody has settled."""
    return list(runs.filter(state="delivered", delivered_at__lte=at - after).order_by("delivered_at"))
