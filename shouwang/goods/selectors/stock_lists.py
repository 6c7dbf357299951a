"""Lists of the store: what there is with its warnings, what moved on a day, one act's slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.goods.engines.stock import EXPIRES_DAYS, LONG_DAYS, SHORT_DAYS, Pace, has_slipped, pace_of
from shouwang.goods.models import Act, Balance, Donation, Item, Movement
from shouwang.goods.selectors.store import STORE, left_to_give_back, stores_for
from shouwang.goods.states import MAY_BE_CORRECTED, WENT_TO_PEOPLE, MovementKind
from shouwang.places.models import Place
from shouwang.places.selectors import community_by_id

LATEST = 60
EARLIER = 40


@dataclass
class StockRow:
    """An item with what there is of it, where, and what is to be said about it."""

    item: Item
    quantity: int = 0
    expired: int = 0
    shelves: list[tuple[str, str]] = field(default_factory=list)
    expires_on: date | None = None
    expires_in: int | None = None
    pace: Pace = field(default_factory=lambda: Pace(0, 0, SHORT_DAYS))

    @property
    def said(self) -> str:
        return self.item.said(self.quantity)

    @property
    def expired_said(self) -> str:
        return self.item.said(self.expired)

    @property
    def level_said(self) -> str:
        return self.item.said(self.item.warn_below or 0)

    @property
    def gone_said(self) -> str:
        return self.item.said(max(0, self.pace.gone))

    @property
    def is_low(self) -> bool:
        return self.item.warn_below is not None and self.quantity < self.item.warn_below

    @property
    def runs_out(self) -> bool:
        """What comes back is not used up; it does not run out."""
        return not self.item.comes_back and self.pace.runs_out

    @property
    def expires_soon(self) -> bool:
        return self.expires_in is not None and 0 <= self.expires_in <= EXPIRES_DAYS

    @property
    def warns(self) -> bool:
        return bool(self.is_low or self.runs_out or self.expires_soon or self.expired)


def stock_list(
    scope: Scope, community: Place | None = None, q: str = "", shelf: UUID | None = None
) -> list[StockRow]:
    """What the stores in reach hold, warnings first, then by name; four queries whatever there is."""
    places = [place for place in stores_for(scope) if community is None or place.pk == community.pk]
    items = Item.objects.filter(community_id__in=[place.pk for place in places], until_at__isnull=True)
    if q:
        items = items.filter(name__icontains=q)
    if shelf:
        items = items.filter(
            Exists(Balance.objects.filter(lot__item=OuterRef("pk"), shelf=shelf, quantity__gt=0))
        )
    days = {place.pk: local_day(scope.at, place.time_zone) for place in places}
    rows = {item.pk: StockRow(item) for item in items}
    _fill_balances(rows, days)
    _fill_pace(rows, scope.at)
    return sorted(rows.values(), key=lambda row: (not row.warns, row.item.name))


def _fill_balances(rows: dict[UUID, StockRow], days: dict[UUID, date]) -> None:
    found = Balance.objects.filter(lot__item__in=rows.keys(), quantity__gt=0)
    on: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item_id, expires_on, shelf, quantity in found.order_by("shelf__name").values_list(
        "lot__item_id", "lot__expires_on", "shelf__name", "quantity"
    ):
        row = rows[item_id]
        row.quantity += quantity
        on[item_id][shelf] += quantity
        today = days[row.item.community_id]
        if expires_on is not None and expires_on < today:
            row.expired += quantity
        elif expires_on is not None and (row.expires_on is None or expires_on < row.expires_on):
            row.expires_on, row.expires_in = expires_on, (expires_on - today).days
    for item_id, shelves in on.items():
        row = rows[item_id]
        row.shelves = [(shelf, row.item.said(quantity)) for shelf, quantity in shelves.items()]


def _fill_pace(rows: dict[UUID, StockRow], at: datetime) -> None:
    """Handed out and issued, less what came back; what was corrected does not count."""
    since, lately = at - timedelta(days=LONG_DAYS), at - timedelta(days=SHORT_DAYS)
    used = Movement.objects.filter(
        lot__item__in=rows.keys(), kind__in=(*WENT_TO_PEOPLE, MovementKind.GIVEN_BACK), at__gt=since,
        at__lte=at, corrections__isnull=True,
    ).order_by()  # fmt: skip
    counted = used.values("lot__item_id").annotate(
        long=Sum("quantity"), short=Sum("quantity", filter=Q(at__gt=lately))
    )
    gone = {row["lot__item_id"]: (-(row["short"] or 0), -(row["long"] or 0)) for row in counted}
    for pk, row in rows.items():
        row.pace = pace_of(row.quantity - row.expired, *gone.get(pk, (0, 0)))


def earlier_quantities(item: Item, kind: str) -> list[int]:
    """How much of an item moved in earlier acts of the kind, the latest first; what was corrected does not count."""
    rows = Movement.objects.filter(lot__item=item, kind=kind, corrections__isnull=True).order_by()
    acts = rows.values("act").annotate(n=Sum("quantity"), last=Max("at")).order_by("-last")[:EARLIER]
    return [abs(row["n"]) for row in acts]


def unusual(item: Item, kind: str, quantity: int) -> int | None:
    """The usual quantity of the kind, where this one is far from it; else None."""
    return has_slipped(quantity, earlier_quantities(item, kind))


@dataclass
class LedgerLine:
    """A movement as it stands in the books: `said` with its sign, `left` so much of the item where it was asked for."""

    movement: Movement
    item: Item
    said: str
    who: str
    corrected: bool
    left: str = ""


def _lines(rows: Sequence[Movement]) -> list[LedgerLine]:
    wrong = set(Movement.objects.filter(corrects__in=rows).values_list("corrects_id", flat=True))
    return [_line(row, row.pk in wrong) for row in rows]


def _line(row: Movement, corrected: bool) -> LedgerLine:
    item = row.lot.item
    sign = "+" if row.quantity > 0 else "−"
    named = [row.to_user.name if row.to_user else "", row.to_words, row.origin]
    return LedgerLine(
        row, item, sign + item.said(abs(row.quantity)), " · ".join(filter(None, named)), corrected
    )


def _movements() -> QuerySet[Movement]:
    return Movement.objects.select_related("lot__item", "shelf", "by", "to_user")


def ledger_of(item: Item, limit: int = LATEST) -> list[LedgerLine]:
    """The latest movements of an item, newest first, each with what was left after it."""
    rows = list(_movements().filter(lot__item=item).order_by("-at", "-pk")[:limit])
    left = Movement.objects.filter(lot__item=item).aggregate(n=Sum("quantity"))["n"] or 0
    lines = _lines(rows)
    for line in lines:
        line.left, left = item.said(left), left - line.movement.quantity
    return lines


def ledger_in(community_id: UUID, first: date, last: date) -> list[LedgerLine]:
    """What moved in a store from one local day to another, both included, in its order. Callers scope the community."""
    rows = _movements().filter(lot__community_id=community_id, local_day__gte=first, local_day__lte=last)
    return _lines(list(rows.order_by("at", "pk")))


@dataclass
class ItemDay:
    """What came and went of an item on a day, and what was there before and after."""

    item: Item
    before: int
    came: int
    went: int

    @property
    def after(self) -> int:
        return self.before + self.came - self.went

    @property
    def said(self) -> tuple[str, str, str, str]:
        came, went = (self.item.said(number) if number else "—" for number in (self.came, self.went))
        return self.item.said(self.before), came, went, self.item.said(self.after)


def day_of(community_id: UUID, day: date) -> list[ItemDay]:
    """The day's ledger: every item that moved or is there. What moved between places, or by splitting, is no change."""
    rows = Movement.objects.filter(lot__community_id=community_id, local_day__lte=day).order_by()
    inside = (MovementKind.TRANSFERRED, MovementKind.SPLIT)
    today = Q(local_day=day) & ~Q(kind__in=inside)
    counted = rows.values("lot__item_id").annotate(
        before=Sum("quantity", filter=Q(local_day__lt=day)),
        came=Sum("quantity", filter=today & Q(quantity__gt=0)),
        went=Sum("quantity", filter=today & Q(quantity__lt=0)),
    )
    items = {item.pk: item for item in Item.objects.filter(community_id=community_id)}
    found = [
        ItemDay(items[row["lot__item_id"]], row["before"] or 0, row["came"] or 0, -(row["went"] or 0))
        for row in counted
    ]
    return sorted((one for one in found if one.before or one.came or one.went), key=lambda one: one.item.name)


@dataclass
class SlipLine:
    """An item on a slip: how much, what of it is still out, and by which movements, what expires last first."""

    item: Item
    quantity: int
    out: int
    by_movement: list[tuple[Movement, int]]

    @property
    def said(self) -> str:
        return self.item.said(self.quantity)

    @property
    def out_said(self) -> str:
        return self.item.said(self.out)


@dataclass
class Slip:
    """One act of the store as one looks at it."""

    act: Act
    first: Movement
    lines: list[SlipLine]
    corrected: bool
    donation: Donation | None

    @property
    def may_correct(self) -> bool:
        return self.act.kind in MAY_BE_CORRECTED and not self.corrected

    @property
    def may_come_back(self) -> bool:
        return self.act.kind in WENT_TO_PEOPLE and any(line.out for line in self.lines)


def slip_for(scope: Scope, act_id: UUID) -> Slip:
    """The slip of an act, or 404."""
    places = [place.pk for place in stores_for(scope, STORE)]
    act = Act.objects.filter(pk=act_id, community_id__in=places).select_related("by").first()
    rows = list(_movements().filter(act=act_id).order_by("pk")) if act else []
    if act is None or not rows:
        raise Http404
    out = left_to_give_back(rows)
    found: dict[UUID, SlipLine] = {}
    for row in rows:
        line = found.setdefault(row.lot.item_id, SlipLine(row.lot.item, 0, 0, []))
        # A transfer and a split have two sides; one of them says how much.
        line.quantity += max(0, row.quantity) if act.kind in ("transferred", "split") else abs(row.quantity)
        line.out += out[row.pk]
        line.by_movement.insert(0, (row, out[row.pk]))
    corrected = Movement.objects.filter(corrects__in=rows).exists()
    return Slip(act, rows[0], list(found.values()), corrected, Donation.objects.filter(act=act_id).first())


def acts_of_day(community_id: UUID, day: date) -> list[LedgerLine]:
    """The day's movements, newest first, for the page."""
    return list(reversed(ledger_in(community_id, day, day)))


def today_in(community_id: UUID, at: datetime) -> date:
    """The local day of a community."""
    return local_day(at, community_by_id(community_id).time_zone)


def ledger_headings() -> list[tuple[str, int]]:
    """The headings of the books as a sheet, with their widths."""
    return [
        (_("Day"), 12), (pgettext("store", "Item"), 18), (pgettext("store", "What happened"), 14), (_("Quantity"), 10),
        (pgettext("store", "unit"), 6), (_("In packs"), 16), (_("Place in the store"), 12), (_("Good until"), 12),
        (_("To or from whom"), 20), (_("Entered by"), 10), (_("What for"), 24),
    ]  # fmt: skip


def ledger_cells(lines: Sequence[LedgerLine]) -> Iterator[list[str | int]]:
    """The books as cells of a sheet, in the order of the headings."""
    for line in lines:
        row = line.movement
        expires = row.lot.expires_on.isoformat() if row.lot.expires_on else ""
        yield [
            row.local_day.isoformat(), line.item.name, str(row.get_kind_display()), row.quantity, line.item.unit,
            line.said, row.shelf.name, expires, line.who, row.by.name if row.by else "", row.reason,
        ]  # fmt: skip
