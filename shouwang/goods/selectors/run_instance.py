"""A plan's snapshot as the planner takes it: stops with their seconds, carriers with their carts, what stands already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from shouwang.goods.engines.runs.fixed import ByHand, Fixed, Out
from shouwang.goods.engines.runs.instance import Instance, Stop, Volunteer
from shouwang.goods.engines.runs_matrix import PACE, Door, service_s, travel_s
from shouwang.goods.models import KeptApart, Run, RunCarrier, RunPlan, RunStop
from shouwang.goods.selectors.doors import goes_to_door
from shouwang.goods.selectors.run_loads import (
    CART_KG,
    Piece,
    ToBring,
    Wanted,
    goes_out,
    hand_made,
    loads_of,
    to_bring,
)
from shouwang.goods.states import BEGUN, OPEN_STOPS, ParcelState
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors import buildings_in, dwellings_by_id, leaf_places
from shouwang.volunteers.selectors import can_serve

# A run that should be back already: so long for each stop that is still open.
PER_OPEN_STOP = timedelta(minutes=2)


@dataclass(frozen=True)
class Snapshot:
    """What planning reads, all at one moment. `version` says whether it still holds when the plan is written.

    `stops` by the id that the planner knows them by; `hand_made` the ids of those that stand by hand.
    """

    plan_id: UUID
    version: int
    at: datetime
    seconds: float
    seed: int
    instance: Instance
    fixed: Fixed
    stops: Mapping[str, Wanted]
    hand_made: frozenset[str]
    left: int


def carriers_of(plan: RunPlan) -> list[RunCarrier]:
    """Those who help and have not left, the earliest first."""
    rows = RunCarrier.objects.filter(plan=plan, left_at__isnull=True).select_related("volunteer__user")
    return list(rows.order_by("from_at", "pk"))


def serving_carriers(plan: RunPlan, at: datetime) -> list[RunCarrier]:
    """Those of them who are on duty, and whose hours are not over."""
    on = set(can_serve(at).filter(community_id=plan.community_id).values_list("pk", flat=True))
    return [
        row
        for row in carriers_of(plan)
        if row.volunteer_id in on and (row.until_at is None or row.until_at > at)
    ]


def snapshot_of(plan: RunPlan, at: datetime) -> Snapshot:
    """Reads everything that a plan depends on."""
    carriers = serving_carriers(plan, at)
    cart = max((row.cart_kg for row in carriers), default=CART_KG)
    standing = _standing(plan, carriers, at)
    bring = to_bring(plan, at, cart_kg=cart, fixed=[UUID(pk) for pk in standing])
    stops = {**{one.key: one for one in bring.wanted}, **standing}
    instance = _instance(plan, stops, carriers, at)
    fixed = _fixed(plan, carriers, standing, instance, at)
    return Snapshot(
        plan_id=plan.pk, version=plan.version, at=at, seconds=plan.seconds, seed=plan.seed, instance=instance,
        fixed=fixed, stops=stops, hand_made=frozenset(str(pk) for one in fixed.by_hand for pk in one.stops),
        left=len(bring.left),
    )  # fmt: skip


def waiting_to_go(plan: RunPlan, at: datetime) -> ToBring:
    """What a plan would hold now, for the page."""
    cart = max((row.cart_kg for row in carriers_of(plan)), default=CART_KG)
    return to_bring(plan, at, cart_kg=cart)


def _standing(plan: RunPlan, carriers: Sequence[RunCarrier], at: datetime) -> dict[str, Wanted]:
    """The stops of runs made by hand, with what of them may still go; those of a carrier who is gone stand no longer."""
    here = {row.pk for row in carriers}
    rows = [row for row in hand_made(plan) if row.run.carrier_id in here]
    loads, may = loads_of(rows), set(goes_out(plan).values_list("pk", flat=True))
    up = goes_to_door([row.household_id for row in rows])
    found = {}
    for row in rows:
        kept = [one for one in loads[row.pk] if one.parcel_id in may]
        if not kept or row.dwelling_id is None:
            continue
        waits = [one.parcel.rest_until_at for one in kept if one.parcel.state != ParcelState.RELEASED]
        found[str(row.pk)] = Wanted(
            str(row.pk), row.household_id, row.dwelling_id, row.place_id, row.household_id in up,
            max([moment for moment in waits if moment], default=at), row.due_at,
            any(one.parcel.medicine or one.parcel.urgent for one in kept),
            tuple(Piece(one.parcel_id, one.pieces, one.kg) for one in kept),
        )  # fmt: skip
    return found


def _instance(
    plan: RunPlan, stops: Mapping[str, Wanted], carriers: Sequence[RunCarrier], at: datetime
) -> Instance:
    assert plan.community_id is not None
    doors = doors_for(plan.community_id, stops.values())
    apart = _apart(plan, stops, carriers)
    return Instance(
        stops=tuple(_as_stop(one, doors[n], carriers, at) for n, one in enumerate(stops.values())),
        travel_s=tuple(tuple(row) for row in travel_s(doors)),
        volunteers=tuple(
            Volunteer(str(row.pk), row.cart_kg * 1000, _after(row.from_at, at), _until(row.until_at, at))
            for row in carriers
        ),
        load_s=PACE.load_s,
        apart=apart,
    )


def _after(moment: datetime | None, at: datetime) -> float:
    return max(0.0, (moment - at).total_seconds()) if moment is not None else 0.0


def _until(moment: datetime | None, at: datetime) -> float | None:
    return None if moment is None else _after(moment, at)


def _as_stop(one: Wanted, door: Door, carriers: Sequence[RunCarrier], at: datetime) -> Stop:
    kg = float(one.kg)
    return Stop(
        id=one.key, grams=round(kg * 1000), release_s=_after(one.release_at, at), due_s=_until(one.due_at, at),
        service_s=service_s(door, one.pieces, kg), urgent=one.urgent, building=door.building, stairwell=door.stairwell,
        household=str(one.household_id), floor=door.floor, only=_only(kg, door, carriers),
    )  # fmt: skip


def _only(kg: float, door: Door, carriers: Sequence[RunCarrier]) -> frozenset[str | int] | None:
    """Who carries so much up the stairs; None for everybody. Nobody is not an answer: then two go together."""
    if door.floor is None or door.lift or door.levels == 0:
        return None
    strong = [row for row in carriers if row.strength_kg is None or row.strength_kg >= kg]
    return None if not strong or len(strong) == len(carriers) else frozenset(str(row.pk) for row in strong)


def _apart(
    plan: RunPlan, stops: Mapping[str, Wanted], carriers: Sequence[RunCarrier]
) -> frozenset[tuple[str | int, str | int]]:
    pairs = apart_pairs(plan.community_id, [row.volunteer_id for row in carriers])
    return frozenset(
        (key, str(row.pk))
        for key, one in stops.items()
        for row in carriers
        if (row.volunteer_id, one.household_id) in pairs
    )


def apart_pairs(community_id: UUID | None, volunteer_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(volunteer, household) of those who must not meet."""
    if community_id is None:
        return set()
    rows = KeptApart.objects.filter(
        community_id=community_id, volunteer_id__in=list(volunteer_ids), until_at__isnull=True
    )
    return set(rows.values_list("volunteer_id", "household_id"))


def doors_for(community_id: UUID, stops: Iterable[Wanted]) -> list[Door]:
    """Where each stop is done, in the order of the stops."""
    rows = list(stops)
    places = {row.pk: row for row in (*buildings_in(community_id), *leaf_places(community_id))}
    dwellings = dwellings_by_id(one.dwelling_id for one in rows)
    return [_door(one, dwellings[one.dwelling_id], places) for one in rows]


def _door(one: Wanted, dwelling: Dwelling, places: Mapping[UUID, Place]) -> Door:
    leaf = places.get(dwelling.place_id)
    building = places.get(dwelling.building_id) if dwelling.building_id else None
    spot = next((row for row in (leaf, building) if row is not None and row.x_m is not None), None)
    above = any(row is not None and row.has_lift for row in (leaf, building))
    return Door(
        stairwell=str(dwelling.place_id), building=str(dwelling.building_id or dwelling.place_id),
        x=spot.x_m if spot else None, y=spot.y_m if spot else None,
        floor=(dwelling.floor or 1) if one.to_door else None,
        lift=above if dwelling.lift is None else dwelling.lift,
    )  # fmt: skip


def _fixed(
    plan: RunPlan,
    carriers: Sequence[RunCarrier],
    standing: Mapping[str, Wanted],
    instance: Instance,
    at: datetime,
) -> Fixed:
    """Who is out, and the runs by hand that can still be walked as they are; the others are planned like the rest."""
    trips: dict[UUID, list[RunStop]] = {}
    for row in hand_made(plan):
        if str(row.pk) in standing:
            trips.setdefault(row.run_id, []).append(row)
    by_hand = [
        ByHand(str(rows[0].run.carrier_id), tuple(str(row.pk) for row in rows)) for rows in trips.values()
    ]
    possible = tuple(trip for trip in by_hand if _can_be_walked(trip, instance))
    return Fixed(out=tuple(_out(plan, carriers, at)), by_hand=possible, now_s=0)


def _can_be_walked(trip: ByHand, instance: Instance) -> bool:
    number = next(n for n, who in enumerate(instance.volunteers) if who.id == trip.volunteer)
    places = {stop.id: place for place, stop in enumerate(instance.stops, 1)}
    load = sum(instance.stop(places[pk]).grams for pk in trip.stops)
    return load <= instance.volunteers[number].cart_grams and all(
        instance.may_bring(number, places[pk]) for pk in trip.stops
    )


def _out(plan: RunPlan, carriers: Sequence[RunCarrier], at: datetime) -> Iterable[Out]:
    """Who is on the way, and when they are back, as planned or by how many doors are left."""
    by_volunteer = {row.volunteer_id: row for row in carriers}
    rows = Run.objects.filter(plan=plan, state__in=BEGUN, volunteer_id__in=by_volunteer)
    back: dict[UUID, float] = {}
    for run in rows.annotate(open=Count("stops", filter=Q(stops__state__in=OPEN_STOPS))):
        moment = max(run.ends_at, at + PER_OPEN_STOP * run.open)
        carrier = by_volunteer[run.volunteer_id].pk  # type: ignore[index]
        back[carrier] = max(back.get(carrier, 0), _after(moment, at))
    return [Out(str(pk), seconds) for pk, seconds in back.items()]
