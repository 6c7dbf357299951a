"""Delivery runs as they are read: the plan, who helps, the trips, the stops; always within the scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from shouwang.accounts.models import User
from shouwang.core.personal import NAME, PHONE
from shouwang.core.scope import Scope
from shouwang.goods.models import KeptApart, Run, RunCarrier, RunPlan, RunStop, StopParcel
from shouwang.goods.selectors.run_loads import loads_of
from shouwang.goods.selectors.run_words import why_stop
from shouwang.goods.states import BEGUN, GIVEN, IN_CART, OPEN_STOPS, PlanState, RunState, StopState
from shouwang.people.selectors import first_phones, heads_of
from shouwang.places.models import Place
from shouwang.places.selectors import communities_for, door_labels, labels_of
from shouwang.volunteers.selectors import can_serve, loads

CAN = "goods.runs"
RUN, CARRIER = "goods.run", "goods.carrier"


def live_plan_of(community_id: UUID | None) -> RunPlan | None:
    """The deliveries that go on in a community; for receivers and services."""
    return RunPlan.objects.filter(community_id=community_id).exclude(state=PlanState.OVER).first()


def held_by_commitments(commitment_ids: Iterable[UUID]) -> set[UUID]:
    """Of these commitments those that are runs, or places among those who carry."""
    ids = list(commitment_ids)
    runs = Run.objects.filter(commitment_id__in=ids).values_list("commitment_id", flat=True)
    carriers = RunCarrier.objects.filter(commitment_id__in=ids, left_at__isnull=True)
    return {pk for pk in (*runs, *carriers.values_list("commitment_id", flat=True)) if pk}


def plans_for(scope: Scope) -> QuerySet[RunPlan]:
    """Plans within the scope, the newest first."""
    return RunPlan.objects.filter(scope.q(CAN)).select_related("area").order_by("-made_at")


def plan_for(scope: Scope, plan_id: UUID) -> RunPlan:
    """The plan, or 404."""
    found = plans_for(scope).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def live_plans(scope: Scope) -> list[RunPlan]:
    """What goes on within the scope."""
    return scope.once("goods.runs.live", lambda: list(plans_for(scope).exclude(state=PlanState.OVER)))


def own_communities(scope: Scope) -> list[Place]:
    """Communities whose deliveries the reader leads as a whole: a cart knows no grids."""
    return [one for one in communities_for(scope, CAN) if scope.covers(CAN, one)]


def carrier_for(scope: Scope, carrier_id: UUID) -> RunCarrier:
    """Somebody who carries, or 404."""
    rows = RunCarrier.objects.filter(scope.q(CAN, "plan__"), left_at__isnull=True)
    found = rows.select_related("plan", "volunteer__user", "commitment").filter(pk=carrier_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Apart:
    """A pair that is kept apart, with the door as people say it."""

    apart: KeptApart
    door: str


def apart_in(scope: Scope, community_id: UUID) -> list[Apart]:
    """Who is kept apart from which door in a community."""
    rows = KeptApart.objects.filter(
        scope.q(CAN, "household__"), community_id=community_id, until_at__isnull=True
    )
    found = list(rows.select_related("volunteer__user", "household__dwelling__place").order_by("from_at"))
    labels = door_labels([row.household.dwelling for row in found])
    return [Apart(row, labels[row.household.dwelling_id]) for row in found]


def apart_for(scope: Scope, apart_id: UUID) -> KeptApart:
    """A pair that is kept apart, for those who lead the deliveries of its community, or 404."""
    led = [one.pk for one in own_communities(scope)]
    rows = KeptApart.objects.filter(community_id__in=led, until_at__isnull=True)
    found = rows.select_related("household").filter(pk=apart_id).first()
    if found is None:
        raise Http404
    return found


def _reached(scope: Scope) -> Q:
    """Runs by post, in one's own hands, or planned for oneself."""
    own = Q(pk__in=scope.object_ids(RUN)) | Q(
        carrier_id__in=scope.object_ids(CARRIER), state=RunState.PLANNED
    )
    return scope.q(CAN) | own


def run_for(scope: Scope, run_id: UUID) -> Run:
    """The run, or 404."""
    rows = Run.objects.filter(_reached(scope), pk=run_id)
    found = rows.select_related("plan", "volunteer__user", "carrier__volunteer__user").first()
    if found is None:
        raise Http404
    return found


def led_run(scope: Scope, run_id: UUID) -> Run:
    """A run for whoever leads deliveries there, or 404."""
    found = (
        Run.objects.filter(scope.q(CAN), pk=run_id).select_related("plan", "carrier__volunteer__user").first()
    )
    if found is None:
        raise Http404
    return found


def stop_for(scope: Scope, stop_id: UUID) -> RunStop:
    """A stop of a run that the scope reaches, or 404."""
    rows = RunStop.objects.filter(pk=stop_id, run__in=Run.objects.filter(_reached(scope)))
    found = rows.select_related("run__plan", "place", "dwelling__place").first()
    if found is None:
        raise Http404
    return found


def led_stop(scope: Scope, stop_id: UUID) -> RunStop:
    """A stop for whoever leads deliveries there, or 404."""
    rows = RunStop.objects.filter(scope.q(CAN, "run__"), pk=stop_id)
    found = rows.select_related("run__plan", "place", "dwelling__place").first()
    if found is None:
        raise Http404
    return found


def stop_said(scopes: Iterable[Scope], user: User, stop_id: UUID) -> RunStop:
    """The stop that a phone speaks of: of a run that its user has or had, or that one of the scopes leads; else 404.

    Whoever loaded a cart may bring back what they did with it, after it was given to somebody else too.
    """
    rows = RunStop.objects.select_related("run__plan", "place", "dwelling__place")
    found = rows.filter(pk=stop_id).first()
    if found is None or not _may_say(scopes, user, found.run):
        raise Http404
    return found


def run_said(scopes: Iterable[Scope], user: User, run_id: UUID) -> Run:
    """The same of a whole run."""
    found = Run.objects.select_related("plan").filter(pk=run_id).first()
    if found is None or not _may_say(scopes, user, found):
        raise Http404
    return found


def _may_say(scopes: Iterable[Scope], user: User, run: Run) -> bool:
    own = Q(volunteer__user=user) | Q(taken_by__user=user)
    return Run.objects.filter(own, pk=run.pk).exists() or any(scope.covers(CAN, run) for scope in scopes)


# A run in the hand


@dataclass(frozen=True)
class StopLine:
    """A stop as whoever walks it sees it: where, for whom, what, and what to do there; never why.

    `phone` is there only while the stop is open. `same`: the stop before is at the same stairwell.
    """

    stop: RunStop
    door: str
    name: str
    phone: str
    loads: Sequence[StopParcel]
    same: bool

    @property
    def cold(self) -> bool:
        return any(load.parcel.cold for load in self.loads)

    @property
    def medicine(self) -> bool:
        return any(load.parcel.medicine for load in self.loads)

    @property
    def pieces(self) -> int:
        return sum(load.pieces for load in self.loads)

    @property
    def numbers(self) -> str:
        """The numbers on the labels, with how many pieces of one where it is not all of it."""
        return " ".join(_number(load) for load in self.loads)

    @property
    def why(self) -> list[str]:
        """Why it is at this place of the order."""
        return why_stop(self.stop)

    @property
    def is_open(self) -> bool:
        return self.stop.state in OPEN_STOPS or self.stop.state == StopState.NOBODY

    @property
    def is_given(self) -> bool:
        return self.stop.state in GIVEN


def _number(load: StopParcel) -> str:
    parcel = load.parcel
    part = f"({load.pieces}/{parcel.pieces})" if load.pieces != parcel.pieces else ""
    return f"{parcel.spoken_number}{part}"


def lines_of(scope: Scope, runs: Sequence[Run]) -> dict[UUID, list[StopLine]]:
    """By run: its stops in order. A fixed number of questions however many runs."""
    by_id = {run.pk: run for run in runs}
    rows = list(
        RunStop.objects.filter(run__in=by_id)
        .select_related("dwelling__place", "place")
        .order_by("run_id", "order")
    )
    brought = loads_of(rows)
    homes = [row.household_id for row in rows]
    heads, phones = heads_of(homes), first_phones(homes)
    labels = door_labels([row.dwelling for row in rows if row.dwelling is not None])
    found: dict[UUID, list[StopLine]] = defaultdict(list)
    for row in rows:
        run = by_id[row.run_id]
        classes = scope.classes_for(row, RUN, run.pk)
        head = heads.get(row.household_id)
        name = head.person.name if head is not None and NAME in classes else ""
        before = found[run.pk][-1].stop.place_id if found[run.pk] else None
        shown = PHONE in classes and run.state in BEGUN and row.state in IN_CART
        phone = phones.get(row.household_id, "") if shown else ""
        door = labels.get(row.dwelling_id, "") if row.dwelling_id else ""
        line = StopLine(row, door, name, phone, brought[row.pk], before == row.place_id)
        found[run.pk].append(line)
    return found


@dataclass(frozen=True)
class Leg:
    """What a planned run will bring where, without a name or a door: for whoever is going to take it."""

    place: str
    stops: int
    kg: Decimal


def legs_of(run: Run) -> list[Leg]:
    """The stairwells of a run in their order."""
    rows = list(run.stops.order_by("order"))
    labels = labels_of({row.place_id for row in rows})
    found: list[Leg] = []
    last = None
    for row in rows:
        if row.place_id == last:
            found[-1] = Leg(found[-1].place, found[-1].stops + 1, found[-1].kg + row.kg)
        else:
            found.append(Leg(labels.get(row.place_id, ""), 1, row.kg))
        last = row.place_id
    return found


# The plan


@dataclass(frozen=True)
class CarrierLine:
    """Somebody who carries, with their trips in order."""

    carrier: RunCarrier
    runs: Sequence[Run]

    @property
    def back_at(self) -> datetime | None:
        ends = [run.over_at or run.ends_at for run in self.runs]
        return max(ends, default=None)

    @property
    def kg(self) -> Decimal:
        return sum((run.load_kg for run in self.runs), Decimal(0))


def counted_runs(plan: RunPlan) -> QuerySet[Run]:
    """The plan's runs, each with `total`, `done` and `waits` of its stops."""
    rows = Run.objects.filter(plan=plan).select_related("carrier__volunteer__user", "volunteer__user")
    return rows.annotate(
        total=Count("stops"), done=Count("stops", filter=Q(stops__state__in=GIVEN)),
        waits=Count("stops", filter=Q(stops__state__in=OPEN_STOPS)),
    ).order_by("carrier__from_at", "carrier_id", "order")  # fmt: skip


def board_of(plan: RunPlan) -> list[CarrierLine]:
    """Everybody who carries or carried, with their trips; those who left and had none are left out."""
    runs: dict[UUID, list[Run]] = defaultdict(list)
    for run in counted_runs(plan):
        runs[run.carrier_id].append(run)
    carriers = plan.carriers.select_related("volunteer__user").order_by("from_at", "pk")
    return [CarrierLine(row, runs[row.pk]) for row in carriers if row.left_at is None or runs[row.pk]]


def planned_runs(plan: RunPlan) -> list[Run]:
    """What has not begun, the next to leave first; for services and the demo."""
    rows = Run.objects.filter(plan=plan, state=RunState.PLANNED).select_related("volunteer__user")
    return list(rows.order_by("starts_at", "pk"))


def waiting_runs(plan: RunPlan) -> list[Run]:
    """Loaded carts that nobody has."""
    return list(
        Run.objects.filter(plan=plan, waits_since__isnull=False, state__in=BEGUN).order_by("waits_since")
    )


def refused_stops(plan: RunPlan) -> list[RunStop]:
    """What was not wanted, and about which somebody has to decide."""
    rows = RunStop.objects.filter(run__plan__community_id=plan.community_id, run__state=RunState.OVER)
    wanted = Prefetch("loads", StopParcel.objects.select_related("parcel"))
    return list(
        rows.filter(state=StopState.NOT_WANTED).select_related("dwelling__place").prefetch_related(wanted)
    )


@dataclass(frozen=True)
class Candidate:
    """Somebody who could carry: who has the least in hand first."""

    volunteer_id: UUID
    words: str


def candidates_for(plan: RunPlan, at: datetime, *, but: Collection[UUID] = ()) -> list[Candidate]:
    """On-duty volunteers of the community who go out and are not among `but`, with what they carry."""
    rows = can_serve(at).filter(community_id=plan.community_id, by_phone_only=False).exclude(pk__in=list(but))
    people = list(rows.select_related("user").order_by("user__name", "id"))
    load = loads(row.pk for row in people)
    people.sort(key=lambda row: (load[row.pk], -row.carries_kg, row.user.name))
    return [Candidate(row.pk, f"{row.user.name} · {row.carries_kg} kg") for row in people]


def free_candidates(plan: RunPlan, at: datetime) -> list[Candidate]:
    """Who could take over a cart that is loaded: nobody who is out."""
    out = Run.objects.filter(state__in=BEGUN, volunteer__isnull=False).values_list("volunteer_id", flat=True)
    return candidates_for(plan, at, but=[pk for pk in out if pk])
