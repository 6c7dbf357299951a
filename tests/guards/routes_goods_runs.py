"""Delivery runs of the small world: one that is over, one that is out, one to come; and what is sent to their routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shouwang.goods.selectors.runs import planned_runs
from shouwang.goods.services import take_in
from shouwang.goods.services.run_carriers import add_carrier, keep_apart
from shouwang.goods.services.run_planning import plan_once
from shouwang.goods.services.run_plans import ask_plan, open_plan
from shouwang.goods.services.run_stops import not_wanted
from shouwang.goods.services.run_trips import begin_run, end_run, set_out
from shouwang.volunteers.selectors import volunteer_of

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner, World

TRIP, STOP = "goods/runs/trips/<uuid:run_id>/", "goods/runs/stops/<uuid:stop_id>/"
PLAN = "goods/runs/<uuid:plan_id>/"


def carry_runs(corner: Corner, at: datetime) -> None:
    """Three parcels for the corner's household, each on a run of its own, carried by the corner's volunteer."""
    lead: dict[str, Any] = {"by": corner.owners["secretary"].user, "at": at}
    plan = open_plan(community=corner.community, **lead)
    carrier = add_carrier(plan=plan, volunteer=corner.volunteer, **lead)
    runs = []
    for _n in range(3):
        take_in(community=corner.community, household=corner.household, **lead)
        ask_plan(plan=plan, **lead)
        plan_once(plan_id=plan.pk, at=at, seconds=0.05)
        runs.append(planned_runs(plan)[0])
        if len(runs) < 3:
            set_out(run=begin_run(run=runs[-1], **lead), **lead)
        if len(runs) == 1:
            not_wanted(stop=runs[0].stops.order_by("order")[0], **lead)
            end_run(run=runs[0], **lead)
    apart = keep_apart(volunteer=corner.volunteer, household=corner.household, **lead)
    over, out, ahead = runs
    corner.runs = {
        "plan": plan.pk, "carrier": carrier.pk, "apart": apart.pk, "out": out.pk, "ahead": ahead.pk,
        "refused": over.stops.get(state="not_wanted").pk, "stop": out.stops.order_by("order")[0].pk,
        "stop_ahead": ahead.stops.order_by("order")[0].pk,
    }  # fmt: skip


def _of(name: str) -> Callable[[Any, Corner, str], UUID]:
    return lambda world, corner, role: corner.runs[name]


RUN_ELSEWHERE = {
    **{
        (f"{PLAN}{step}", "plan_id"): _of("plan")
        for step in ("", "plan/", "end/", "sheets/", "carriers/", "apart/")
    },
    ("goods/runs/carriers/<uuid:carrier_id>/", "carrier_id"): _of("carrier"),
    ("goods/runs/carriers/<uuid:carrier_id>/remove/", "carrier_id"): _of("carrier"),
    ("goods/runs/apart/<uuid:apart_id>/end/", "apart_id"): _of("apart"),
    **{(f"{TRIP}{step}", "run_id"): _of("out") for step in ("", "step/", "take-over/", "sheet/")},
    (f"{TRIP}stands/", "run_id"): _of("ahead"),
    (f"{STOP}step/", "stop_id"): _of("stop"),
    (f"{STOP}again/", "stop_id"): _of("refused"),
    (f"{STOP}move/", "stop_id"): _of("stop_ahead"),
}


def _free(world: World) -> str:
    found = volunteer_of(world.users["volunteer_free"].user)
    assert found is not None
    return str(found.pk)


RUN_BODIES: dict[str, Callable[[Any, Corner], dict[str, Any]]] = {
    "goods/runs/open/": lambda w, c: {"community": str(c.community.pk)},
    f"{PLAN}carriers/": lambda w, c: {"volunteer": _free(w), "cart_kg": "80"},
    f"{PLAN}apart/": lambda w, c: {"volunteer": _free(w), "door": "8-1-501"},
    "goods/runs/carriers/<uuid:carrier_id>/": lambda w, c: {"cart_kg": "60"},
    f"{TRIP}step/": lambda w, c: {"act": "over"},
    f"{TRIP}stands/": lambda w, c: {"stands": "1"},
    f"{TRIP}take-over/": lambda w, c: {"volunteer": _free(w)},
    f"{STOP}step/": lambda w, c: {"act": "there"},
    f"{STOP}move/": lambda w, c: {"to": f"run:{c.runs['ahead']}", "position": "1"},
}
