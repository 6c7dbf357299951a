"""What the planner found becomes runs, if what it was told still holds. What has begun is not touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.moves import move
from shouwang.goods.models import Run, RunCarrier, RunPlan, RunStop, StopParcel
from shouwang.goods.selectors.run_instance import Snapshot
from shouwang.goods.selectors.run_loads import Wanted
from shouwang.goods.states import PLAN_MOVES, PlanState, RunState
from shouwang.places.models import STAMP
from shouwang.places.selectors import dwellings_by_id


@dataclass(frozen=True)
class Made:
    """What a planner answered: the plan and its reasons as engines.runs gives them, and what was wrong, "" for nothing."""

    plan: Mapping[str, Any]
    reasons: Iterable[Mapping[str, Any]]
    fault: str = ""


@transaction.atomic
def keep_plan(*, snapshot: Snapshot, made: Made, at: datetime) -> bool:
    """Writes the runs; False when something changed meanwhile, so that it has to be planned again."""
    plan = RunPlan.objects.select_for_update().get(pk=snapshot.plan_id)
    if plan.state != PlanState.PLANNING or plan.version != snapshot.version:
        return False
    kept = _keep_runs(plan, snapshot, made)
    said = made.plan
    last = snapshot.at + timedelta(seconds=said["last_return_s"]) if kept else None
    move(
        plan, PlanState.READY, table=PLAN_MOVES, planned_version=snapshot.version, planned_at=at, fault=made.fault,
        last_return_at=last, late=len(said["late"]), left_out=len(said.get("unplanned", ())) + snapshot.left,
    )  # fmt: skip
    RunPlan.objects.filter(pk=plan.pk, stale_since__lte=snapshot.at).update(stale_since=None)
    write_audit(
        "goods.runs.planned",
        by=CLOCK,
        at=at,
        subject=plan,
        runs=kept,
        stops=len(snapshot.stops),
        late=plan.late,
    )
    return True


def _keep_runs(plan: RunPlan, snapshot: Snapshot, made: Made) -> int:
    """Planned runs are rewritten in their places, so that a page that shows them still finds them; how many there are."""
    before = {(run.carrier_id, run.order): run for run in plan.runs.filter(state=RunState.PLANNED)}
    RunStop.objects.filter(run__in=before.values()).delete()
    first = {row.pk: row.runs.exclude(state=RunState.PLANNED).count() for row in plan.carriers.all()}
    why = {(one["volunteer"], one["trip"]): one for one in made.reasons}
    writer = _Writer(plan, snapshot)
    for row in made.plan["volunteers"]:
        carrier_id = UUID(str(row["id"]))
        for n, trip in enumerate(row["trips"]):
            order = first.get(carrier_id, 0) + n + 1
            writer.run(
                before.pop((carrier_id, order), None), carrier_id, order, trip, why.get((row["id"], n), {})
            )
    Run.objects.filter(pk__in=[run.pk for run in before.values()]).delete()
    return writer.write()


class _Writer:
    """Gathers runs, stops and loads, and writes each kind at once."""

    def __init__(self, plan: RunPlan, snapshot: Snapshot) -> None:
        self.plan, self.snapshot = plan, snapshot
        self.carriers = RunCarrier.objects.in_bulk([row.pk for row in plan.carriers.all()])
        self.dwellings = dwellings_by_id(one.dwelling_id for one in snapshot.stops.values())
        self.fresh: list[Run] = []
        self.changed: list[Run] = []
        self.stops: list[RunStop] = []
        self.loads: list[StopParcel] = []

    def run(
        self,
        before: Run | None,
        carrier_id: UUID,
        order: int,
        trip: Mapping[str, Any],
        why: Mapping[str, Any],
    ) -> None:
        carrier, ids = self.carriers[carrier_id], [str(stop["id"]) for stop in trip["stops"]]
        run = before or Run(plan=self.plan, carrier=carrier, order=order, community_id=self.plan.community_id)
        run.volunteer_id = carrier.volunteer_id
        run.by_hand = bool(self.snapshot.hand_made.intersection(ids))
        run.load_kg = Decimal(str(trip["load_kg"]))
        run.why = list(why.get("why", ()))
        run.starts_at, run.ends_at = self._moment(trip["start_s"]), self._moment(trip["end_s"])
        (self.changed if before else self.fresh).append(run)
        reasons = why.get("stops", {})
        for n, stop in enumerate(trip["stops"], 1):
            self._stop(run, n, stop, list(reasons.get(stop["id"], ())))

    def _stop(self, run: Run, order: int, said: Mapping[str, Any], why: list[Any]) -> None:
        wanted: Wanted = self.snapshot.stops[str(said["id"])]
        dwelling = self.dwellings[wanted.dwelling_id]
        stamp = {name: getattr(dwelling, name) for name in STAMP}
        row = RunStop(
            run=run, order=order, place_id=wanted.place_id, dwelling=dwelling, household_id=wanted.household_id,
            to_door=wanted.to_door, kg=wanted.kg, arrive_at=self._moment(said["arrive_s"]),
            done_at=self._moment(said["done_s"]), due_at=wanted.due_at, why=why, **stamp,
        )  # fmt: skip
        self.stops.append(row)
        self.loads += [
            StopParcel(stop=row, parcel_id=one.parcel_id, pieces=one.pieces, kg=one.kg)
            for one in wanted.loads
        ]

    def _moment(self, seconds: float) -> datetime:
        return self.snapshot.at + timedelta(seconds=seconds)

    def write(self) -> int:
        """Writes everything; how many runs."""
        Run.objects.bulk_create(self.fresh)
        said = ["volunteer", "by_hand", "load_kg", "why", "starts_at", "ends_at"]
        Run.objects.bulk_update(self.changed, said)
        RunStop.objects.bulk_create(self.stops)
        StopParcel.objects.bulk_create(self.loads)
        return len(self.fresh) + len(self.changed)
