"""Delivery runs this morning (scenes C7, A8): four people carry; one is out and has been at some doors, the rest is planned."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.due import cancel
from shouwang.goods.models import Run, RunPlan
from shouwang.goods.selectors.runs import planned_runs
from shouwang.goods.services.run_carriers import add_carrier
from shouwang.goods.services.run_planning import plan_once
from shouwang.goods.services.run_plans import DUE, ask_plan, open_plan
from shouwang.goods.services.run_stops import arrive_at, hand_over_stop, nobody_there
from shouwang.goods.services.run_trips import begin_run, set_out
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import is_available

# Kilograms that each cart holds, and what its owner carries upstairs at once.
CARTS = ((80, None), (80, 30), (60, 20), (80, None))
# The demo is built in a moment; what is planned in it later gets its five seconds.
HURRIED = 0.3


def runs_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """Planned twelve minutes ago; the first cart left at once and stands at its third stairwell."""
    begun = at - timedelta(minutes=12)
    plan = open_plan(community=community, by=crew.clerk, at=begun)
    for volunteer, (cart, strength) in zip(_free(crew, begun), CARTS, strict=False):
        add_carrier(
            plan=plan, volunteer=volunteer, cart_kg=cart, strength_kg=strength, by=crew.clerk, at=begun
        )
    _plan(plan, crew, begun)
    run = next(iter(planned_runs(plan)), None)
    if run is not None and run.starts_at <= begun + timedelta(minutes=1):
        _walk(run, crew, begun)
    _plan(plan, crew, at)


def _free(crew: Crew, at: datetime) -> list[Volunteer]:
    """Those who are on duty and go out."""
    return [row for row in crew.volunteers.values() if is_available(row, at) and not row.by_phone_only]


def _plan(plan: RunPlan, crew: Crew, at: datetime) -> None:
    """Has it planned now, as the worker would within moments."""
    ask_plan(plan=plan, by=crew.clerk, at=at)
    plan_once(plan_id=plan.pk, at=at, seconds=HURRIED)
    cancel(DUE, subject_id=plan.pk)


def _walk(run: Run, crew: Crew, at: datetime) -> None:
    """Two doors are done, at the third nobody came, at the fourth the cart has just come."""
    by = run.carrier.volunteer.user
    set_out(run=begin_run(run=run, by=by, at=at), by=by, at=at + timedelta(minutes=2))
    for number, stop in enumerate(run.stops.order_by("order")[:4]):
        moment = at + timedelta(minutes=4 + 2 * number)
        arrive_at(stop=stop, by=by, at=moment)
        if number < 2:
            hand_over_stop(stop=stop, by=by, at=moment + timedelta(minutes=1))
        elif number == 2:
            nobody_there(stop=stop, by=by, at=moment + timedelta(minutes=1))
