"""What is to be planned: parcels that may leave or will, by household, in loads that a cart carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from shouwang.goods.engines.runs.instance import split_load
from shouwang.goods.engines.runs_matrix import wanted_by
from shouwang.goods.models import Parcel, RunPlan, RunStop, StopParcel
from shouwang.goods.selectors.doors import goes_to_door
from shouwang.goods.states import BEGUN, GIVEN, IN_CART, ParcelState, RunState, StopState
from shouwang.places.selectors import places_of

# What a household gets within so long of each other goes in one stop: nobody is rung up twice for ten minutes.
TOGETHER = timedelta(minutes=30)
# Where nobody says otherwise: the cart of the issue.
CART_KG = 80


@dataclass(frozen=True)
class Piece:
    """So many pieces of a parcel, with their kilograms."""

    parcel_id: UUID
    pieces: int
    kg: Decimal


@dataclass(frozen=True)
class Wanted:
    """A stop to be planned: what one household gets at once, not more than the largest cart carries."""

    key: str
    household_id: UUID
    dwelling_id: UUID
    place_id: UUID
    to_door: bool
    release_at: datetime
    due_at: datetime | None
    urgent: bool
    loads: tuple[Piece, ...]

    @property
    def kg(self) -> Decimal:
        return sum((load.kg for load in self.loads), Decimal(0))

    @property
    def pieces(self) -> int:
        return sum(load.pieces for load in self.loads)


@dataclass(frozen=True)
class Undeliverable:
    """A parcel that no plan can hold: `why` is no_door, too_heavy or not_wanted."""

    parcel: Parcel
    why: str


@dataclass(frozen=True)
class ToBring:
    """All that a plan must hold, and what it can't."""

    wanted: tuple[Wanted, ...]
    left: tuple[Undeliverable, ...]


@dataclass(frozen=True)
class Due:
    """A parcel with as many pieces of it as are not on their way yet."""

    parcel: Parcel
    pieces: int
    release_at: datetime

    @property
    def kg(self) -> Decimal:
        return self.parcel.weight_kg * self.pieces / self.parcel.pieces


def goes_out(plan: RunPlan) -> QuerySet[Parcel]:
    """Parcels in the plan's place that may leave the gate, or will when they have rested; not what a person took away.

    One of which a part is on its way is among them: the rest of it waits for the next cart.
    """
    part = StopParcel.objects.filter(stop__run__plan__community_id=plan.community_id)
    rest = Q(state=ParcelState.ON_THE_WAY, pieces__gt=1, pk__in=part.values("parcel_id"))
    may = Q(state__in=[ParcelState.RESTING, ParcelState.RELEASED]) | rest
    rows = Parcel.objects.filter(may, community_id=plan.community_id).order_by("number")
    return rows.filter(in_area(plan)) if plan.area_id else rows


def in_area(plan: RunPlan, prefix: str = "") -> Q:
    """Rows that lie in the plan's area; all where it has none."""
    if plan.area is None:
        return Q()
    ids = [place.pk for place in places_of(plan.area)]
    found = Q()
    for column in ("grid_id", "building_id", "stairwell_id"):
        found |= Q(**{f"{prefix}{column}__in": ids})
    return found


def pieces_gone(parcel_ids: Iterable[UUID], *, but: Iterable[UUID] = ()) -> dict[UUID, int]:
    """By parcel: pieces that are handed over already, or in a cart that has been loaded."""
    ids = list(parcel_ids)
    gone = Q(stop__state__in=GIVEN) | Q(stop__state__in=IN_CART, stop__run__state__in=BEGUN)
    rows = StopParcel.objects.filter(gone, parcel_id__in=ids).exclude(stop_id__in=list(but))
    return dict(rows.values_list("parcel_id").annotate(n=Sum("pieces")))


def not_wanted(parcel_ids: Iterable[UUID]) -> set[UUID]:
    """Parcels that were refused at the door, and about which nobody has said anything since."""
    rows = StopParcel.objects.filter(parcel_id__in=list(parcel_ids), stop__state=StopState.NOT_WANTED)
    return set(rows.exclude(stop__run__state__in=BEGUN).values_list("parcel_id", flat=True))


def to_bring(plan: RunPlan, at: datetime, *, cart_kg: float, fixed: Iterable[UUID] = ()) -> ToBring:
    """What runs have to be made for; `fixed` are stops that stand by hand, whose parcels are theirs."""
    rows = list(goes_out(plan))
    kept = dict(
        StopParcel.objects.filter(stop_id__in=list(fixed)).values_list("parcel_id").annotate(n=Sum("pieces"))
    )
    gone, refused = pieces_gone(row.pk for row in rows), not_wanted(row.pk for row in rows)
    due: list[Due] = []
    left: list[Undeliverable] = []
    for row in rows:
        pieces = row.pieces - gone.get(row.pk, 0) - kept.get(row.pk, 0)
        if pieces <= 0 or (row.state == ParcelState.ON_THE_WAY and not gone.get(row.pk)):
            continue
        why = _cannot(row, cart_kg, refused)
        if why:
            left.append(Undeliverable(row, why))
        else:
            due.append(Due(row, pieces, _released(row, at)))
    return ToBring(tuple(_wanted(due, cart_kg)), tuple(left))


def _cannot(row: Parcel, cart_kg: float, refused: set[UUID]) -> str:
    if row.household_id is None or row.dwelling_id is None or row.place_id is None:
        return "no_door"
    if float(row.weight_kg) / row.pieces > cart_kg:
        return "too_heavy"
    return "not_wanted" if row.pk in refused else ""


def _released(row: Parcel, at: datetime) -> datetime:
    """When it may leave: at its hour, and once that is past, now."""
    if row.state in (ParcelState.RELEASED, ParcelState.ON_THE_WAY) or row.rest_until_at is None:
        return row.released_at or at
    return row.rest_until_at


def _wanted(due: Sequence[Due], cart_kg: float) -> Iterable[Wanted]:
    by_home: dict[UUID, list[Due]] = defaultdict(list)
    for one in due:
        assert one.parcel.household_id is not None
        by_home[one.parcel.household_id].append(one)
    up = goes_to_door(list(by_home))
    for household_id, rows in by_home.items():
        for n, group in enumerate(_waves(rows)):
            for m, part in enumerate(_parts(group, cart_kg)):
                yield _stop(f"{household_id}/{n}/{m}", group, part, household_id in up)


def _waves(rows: Sequence[Due]) -> list[list[Due]]:
    """What may leave within TOGETHER goes together; medicine waits for nothing that is released later."""
    waves: list[list[Due]] = []
    for row in sorted(rows, key=lambda one: (one.release_at, one.parcel.number)):
        last = waves[-1] if waves else None
        alone = (
            last is not None
            and any(one.parcel.medicine for one in last)
            and row.release_at > last[0].release_at
        )
        if (
            last is None
            or alone
            or row.release_at - last[0].release_at > TOGETHER
            or row.parcel.medicine
            and row.release_at > last[-1].release_at
        ):
            waves.append([row])
        else:
            last.append(row)
    return waves


def _parts(group: Sequence[Due], cart_kg: float) -> list[tuple[Piece, ...]]:
    """A load in parts that fit a cart. A parcel stays whole unless it is too heavy as a whole; then its pieces part."""
    things: list[tuple[Due, int]] = []
    for one in group:
        if float(one.kg) > cart_kg:
            things += [(one, 1)] * one.pieces
        else:
            things.append((one, one.pieces))
    weights = [float(one.kg * pieces / one.pieces) for one, pieces in things]
    found = []
    for part in split_load(weights, cart_kg):
        pieces: dict[UUID, int] = defaultdict(int)
        for number, _kg in part:
            pieces[things[number][0].parcel.pk] += things[number][1]
        found.append(tuple(_piece(group, pk, n) for pk, n in pieces.items()))
    return found


def _piece(group: Sequence[Due], parcel_id: UUID, pieces: int) -> Piece:
    parcel = next(one.parcel for one in group if one.parcel.pk == parcel_id)
    return Piece(parcel_id, pieces, round(parcel.weight_kg * pieces / parcel.pieces, 2))


def _stop(key: str, group: Sequence[Due], part: tuple[Piece, ...], to_door: bool) -> Wanted:
    by_id = {one.parcel.pk: one for one in group}
    rows = [by_id[load.parcel_id] for load in part]
    first = rows[0].parcel
    assert first.household_id and first.dwelling_id and first.place_id
    dues: list[datetime] = []
    urgent = False
    for one in rows:
        due, hurried = wanted_by(
            medicine=one.parcel.medicine, cold=one.parcel.cold, released_at=one.release_at, due_at=one.parcel.due_at
        )  # fmt: skip
        urgent |= hurried or one.parcel.urgent
        dues += [due] if due is not None else []
    return Wanted(
        key, first.household_id, first.dwelling_id, first.place_id, to_door, max(one.release_at for one in rows),
        min(dues, default=None), urgent, part,
    )  # fmt: skip


def loads_of(stops: Iterable[RunStop]) -> Mapping[UUID, list[StopParcel]]:
    """By stop: what it brings, with the parcels."""
    found: dict[UUID, list[StopParcel]] = defaultdict(list)
    rows = StopParcel.objects.filter(stop__in=list(stops)).select_related("parcel").order_by("parcel__number")
    for row in rows:
        found[row.stop_id].append(row)
    return found


def hand_made(plan: RunPlan) -> QuerySet[RunStop]:
    """The stops of runs that somebody put together by hand and that have not begun."""
    rows = RunStop.objects.filter(run__plan=plan, run__state=RunState.PLANNED, run__by_hand=True)
    return (
        rows.select_related("run__carrier")
        .order_by("run__order", "order")
        .annotate(carrier_id=F("run__carrier_id"))
    )
