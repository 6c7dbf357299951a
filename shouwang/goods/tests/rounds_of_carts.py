"""Deliveries for tests: the made-up neighbourhood with volunteers who carry, and a plan made without waiting."""

from __future__ import annotations

from typing import Any

from shouwang.goods.models import Run, RunCarrier, RunPlan
from shouwang.goods.services.run_carriers import add_carrier
from shouwang.goods.services.run_plans import ask_plan, open_plan
from shouwang.goods.services.run_trips import begin_run, set_out
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, do_due
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import enrol

# Enough for a handful of stops; a plan by hand is where the search begins.
SECONDS = 0.1


def serving(here: Neighbourhood, name: str, **more: Any) -> Volunteer:
    """Somebody who serves in the first stairwell."""
    return enrol(user=add_user(name), home=here.stairwells[0], by=here.alice, at=AT, **more)


def deliveries(here: Neighbourhood, minutes: float = 0, seconds: float = SECONDS) -> RunPlan:
    """A plan that is quickly made."""
    plan = open_plan(community=here.community, by=here.alice, at=here.later(minutes))
    RunPlan.objects.filter(pk=plan.pk).update(seconds=seconds)
    plan.refresh_from_db()
    return plan


def helped(
    here: Neighbourhood, *names: str, minutes: float = 0, **more: Any
) -> tuple[RunPlan, list[RunCarrier]]:
    """Deliveries with these people carrying, planned once."""
    plan = deliveries(here, minutes)
    act = {"by": here.alice, "at": here.later(minutes)}
    carriers = [add_carrier(plan=plan, volunteer=serving(here, name), **act, **more) for name in names]
    planned(here, plan, minutes)
    return plan, carriers


def planned(here: Neighbourhood, plan: RunPlan, minutes: float = 0) -> RunPlan:
    """Presses for a plan and has the worker make it."""
    ask_plan(plan=plan, by=here.alice, at=here.later(minutes))
    return worked(here, plan, minutes)


def worked(here: Neighbourhood, plan: RunPlan, minutes: float = 0) -> RunPlan:
    """Clock and worker do what is due."""
    do_due("clock", here.later(minutes))
    do_due("worker", here.later(minutes))
    plan.refresh_from_db()
    return plan


def out(here: Neighbourhood, run: Run, minutes: float = 0) -> Run:
    """Loads a run and sends it off."""
    act = {"by": here.alice, "at": here.later(minutes)}
    return set_out(run=begin_run(run=run, **act), **act)
