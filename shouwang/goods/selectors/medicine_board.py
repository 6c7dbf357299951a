"""The board of the bank: what runs, what is next on each; what there is; how the bank grew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from shouwang.core.scope import Scope
from shouwang.goods.engines.medicines import OK, REFUSED, Medicine, table
from shouwang.goods.models import (
    Balance,
    Item,
    MedicineAsk,
    MedicineErrand,
    MedicineIssue,
    MedicineOffer,
    Movement,
)
from shouwang.goods.selectors.medicine import banks_for, door_of, ended_asks, open_asks, waits_for_second
from shouwang.goods.states import (
    OPEN_OFFERS,
    AskState,
    ErrandState,
    IssueState,
    MovementKind,
    OfferState,
)
from shouwang.goods.states.medicine_names import amount_said, medicine_name

NEXT: dict[str, Promise] = {
    "doctor": _("Ask what the doctor said"),
    "look": _("Look at the check"),
    "count": _("Count it out"),
    "find": _("Find it"),
    "fetch": _("Have it fetched"),
    "arriving": _("Take it in"),
    "second": _("Second pair of eyes"),
    "send": _("Give it to somebody"),
    "underway": _("Say when it is there"),
}


@dataclass(frozen=True)
class Row:
    """One ask on the board. `next` is the one thing to do, a code of NEXT; `who` has it in hand."""

    ask: MedicineAsk
    title: str
    door: str
    next: str
    who: str
    minutes: int
    late: bool

    @property
    def action(self) -> str:
        """The one next action in words."""
        return str(NEXT[self.next])

    @property
    def runs(self) -> bool:
        """Whether its clock runs."""
        return self.ask.state != AskState.DOCTOR_FIRST


def title_of(ask: MedicineAsk) -> str:
    """What is asked for, as people say it."""
    if ask.item is not None:
        return ask.item.called
    medicine = table().medicines.get(ask.medicine)
    return medicine_name(medicine) if medicine else pgettext("parcel", "medicine")


def board_rows(scope: Scope, at: datetime) -> list[Row]:
    """Every open ask in reach, whatever is due soonest first. Four queries however many there are."""
    asks = open_asks(scope)
    errands = {
        (row.ask_id, row.kind): row
        for row in MedicineErrand.objects.filter(ask__in=asks, state=ErrandState.OPEN).select_related(
            "volunteer__user"
        )
    }
    issues = {
        row.ask_id: row
        for row in MedicineIssue.objects.filter(ask__in=asks).exclude(state=IssueState.TAKEN_BACK)
    }
    stock = stock_by_medicine({ask.community_id for ask in asks}, at)
    things = _things_in_stock([ask.item_id for ask in asks if ask.item_id])
    return [_row(ask, errands, issues.get(ask.pk), stock, things, at) for ask in asks]


def _row(
    ask: MedicineAsk, errands: Mapping[Any, MedicineErrand], issue: MedicineIssue | None, stock: Mapping[Any, int],
    things: Mapping[UUID, int], at: datetime,
) -> Row:  # fmt: skip
    there = things.get(ask.item_id, 0) if ask.item_id else stock.get((ask.community_id, ask.medicine), 0)
    going = errands.get((ask.pk, "fetch")) or errands.get((ask.pk, "bring"))
    who = going.volunteer.user.name if going is not None else ""
    return Row(
        ask,
        title_of(ask),
        door_of(ask),
        next_of(ask, issue, there, going is not None),
        who,
        ask.minutes(at),
        ask.is_late(at),
    )


def next_of(ask: MedicineAsk, issue: MedicineIssue | None, there: int, going: bool) -> str:
    """The one next thing; a code of NEXT."""
    if ask.state == AskState.DOCTOR_FIRST:
        return "doctor"
    if ask.state == AskState.MATCHED:
        return "arriving" if going else "fetch"
    if ask.state == AskState.ISSUED:
        return "second" if issue is not None and issue.state == IssueState.COUNTED else "send"
    if ask.state == AskState.ON_THE_WAY:
        return "underway"
    if ask.outcome == REFUSED or ask.outcome not in ("", OK):
        return "look"
    return "count" if there >= ask.quantity else "find"


def stock_by_medicine(community_ids: set[UUID | None], at: datetime) -> dict[tuple[UUID | None, str], int]:
    """(community, medicine) to the units that may still be handed out."""
    day = timezone.localtime(at).date()
    rows = Balance.objects.filter(
        lot__item__community_id__in=[pk for pk in community_ids if pk],
        lot__expires_on__gte=day,
        quantity__gt=0,
    ).exclude(lot__item__medicine="")
    counted = rows.values("lot__item__community_id", "lot__item__medicine").annotate(n=Sum("quantity"))
    return {(row["lot__item__community_id"], row["lot__item__medicine"]): row["n"] for row in counted}


def _things_in_stock(item_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = Balance.objects.filter(lot__item_id__in=item_ids).values("lot__item_id")
    return {row["lot__item_id"]: row["n"] for row in rows.annotate(n=Sum("quantity"))} if item_ids else {}


@dataclass(frozen=True)
class Board:
    """The page: what runs, what is over, and what waits for the reader's eyes."""

    rows: list[Row]
    over: list[Row]
    second: list[MedicineIssue]


def board_for(scope: Scope, at: datetime) -> Board:
    """All of it for one reader."""
    over = [
        Row(ask, title_of(ask), door_of(ask), "", "", ask.minutes(at), False) for ask in ended_asks(scope)
    ]
    return Board(board_rows(scope, at), over, waits_for_second(scope))


@dataclass(frozen=True)
class Line:
    """One medicine of the bank: units here, came in, went out, given back later; `soon` is the next expiry."""

    medicine: Medicine
    here: int
    came: int
    went: int
    given_back: int
    offered: int
    soon: Any

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return medicine_name(self.medicine)

    @property
    def here_said(self) -> str:
        """How much is here, in words."""
        return amount_said(self.here, self.medicine.unit)


def bank_lines(scope: Scope, at: datetime) -> list[Line]:
    """How the bank stands and how it grew, medicine by medicine. Counts only: nobody is in it."""
    ids = [place.pk for place in banks_for(scope)]
    here, soon = _here(ids, at), _soonest(ids, at)
    came, went = _moved(ids, came=True), _moved(ids, came=False)
    offers = MedicineOffer.objects.filter(community_id__in=ids).values("medicine")
    waiting = {
        row["medicine"]: row["n"] for row in offers.filter(state__in=OPEN_OFFERS).annotate(n=Count("pk"))
    }
    back = offers.filter(state=OfferState.TAKEN_IN, gives_back=True).annotate(n=Sum("quantity"))
    returned = {row["medicine"]: row["n"] for row in back}
    codes = [code for code in table().medicines if code in {*here, *came, *went, *waiting}]
    return [
        Line(
            table().medicines[code], here.get(code, 0), came.get(code, 0), went.get(code, 0), returned.get(code, 0),
            waiting.get(code, 0), soon.get(code),
        )
        for code in codes
    ]  # fmt: skip


def _here(ids: Sequence[UUID], at: datetime) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (_community, code), number in stock_by_medicine(set(ids), at).items():
        found[code] += number
    return found


def _soonest(ids: Sequence[UUID], at: datetime) -> dict[str, Any]:
    day = timezone.localtime(at).date()
    rows = Balance.objects.filter(lot__item__community_id__in=ids, quantity__gt=0, lot__expires_on__gte=day)
    found: dict[str, Any] = {}
    for code, expires in rows.exclude(lot__item__medicine="").values_list(
        "lot__item__medicine", "lot__expires_on"
    ):
        if expires is not None:
            found[code] = min(expires, found.get(code, expires))
    return found


def _moved(ids: Sequence[UUID], *, came: bool) -> dict[str, int]:
    """Units that came in, or went out to people and stayed with them."""
    kinds = [MovementKind.DONATED, MovementKind.BOUGHT, MovementKind.ALLOCATED]
    wanted = Q(kind__in=kinds) if came else Q(kind__in=[MovementKind.HANDED_OUT, MovementKind.GIVEN_BACK])
    rows = Movement.objects.filter(wanted, lot__item__community_id__in=ids, corrections__isnull=True)
    counted = rows.exclude(lot__item__medicine="").values("lot__item__medicine").annotate(n=Sum("quantity"))
    return {row["lot__item__medicine"]: row["n"] if came else -row["n"] for row in counted}


@dataclass(frozen=True)
class Grown:
    """Entries of the bank in all: packs that came in, bags that went out, packs given back by those who had been helped."""

    packs: int
    bags: int
    given_back: int
    fastest: int | None


def grown(scope: Scope) -> Grown:
    """The few figures above the bank's page."""
    return grown_in([place.pk for place in banks_for(scope)])


def grown_in(ids: Sequence[UUID]) -> Grown:
    """The same of these communities, for whoever may know counts and no more."""
    offers = MedicineOffer.objects.filter(community_id__in=ids, state=OfferState.TAKEN_IN)
    asks = MedicineAsk.objects.filter(community_id__in=ids, state=AskState.AT_THE_DOOR, urgency="now")
    minutes = sorted(ask.minutes(ask.asked_at) for ask in asks.order_by("-ended_at")[:50])
    issues = MedicineIssue.objects.filter(community_id__in=ids, state=IssueState.AT_THE_DOOR)
    middle = minutes[len(minutes) // 2] if minutes else None
    return Grown(offers.count(), issues.count(), offers.filter(gives_back=True).count(), middle)


def medicine_items(community_ids: Sequence[UUID]) -> list[Item]:
    """The store's items that are medicines."""
    rows = Item.objects.filter(community_id__in=list(community_ids), until_at__isnull=True)
    return list(rows.exclude(medicine="").order_by("name"))
