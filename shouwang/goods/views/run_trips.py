"""One delivery run in the hand: loaded, out, stop by stop, back; and changed by hand before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import press
from shouwang.goods.forms import MoveForm, TakeOverForm
from shouwang.goods.models import Run, RunStop
from shouwang.goods.selectors import runs as selectors
from shouwang.goods.selectors.run_sheets import sheet_of
from shouwang.goods.selectors.run_words import why_run
from shouwang.goods.services import run_changes, run_stops, run_trips
from shouwang.goods.services.run_reading import record_run_read
from shouwang.goods.states import RunState
from shouwang.goods.views.runs import applied
from shouwang.ui.paper import pdf_response, render_pdf
from shouwang.volunteers.selectors import volunteer_by_id


@signed_in
@require_GET
def run(request: Any, run_id: UUID) -> HttpResponse:
    """A run: what goes where before it is loaded, the list in the hand afterwards, with whose it is."""
    found = selectors.run_for(request.scope, run_id)
    leads = request.scope.covers("goods.runs", found)
    context = {"run": found, "leads": leads, "now": request.at, "why": why_run(found)}
    if found.state == RunState.PLANNED and not leads:
        return render(request, "goods/runs_ahead.html", context | {"legs": selectors.legs_of(found)})
    record_run_read(run=found, by=request.user, at=request.at)
    return render(request, "goods/runs_trip.html", context | trip_context(request, found))


def trip_context(request: Any, found: Run) -> dict[str, Any]:
    lines = selectors.lines_of(request.scope, [found])[found.pk]
    candidates = (
        selectors.free_candidates(found.plan, request.at) if found.state in ("loading", "out") else []
    )
    return {
        "open": [line for line in lines if line.is_open], "done": [line for line in lines if not line.is_open],
        "first": lines[0].stop.pk if lines else "", "mine": is_mine(request, found), "candidates": candidates,
    }  # fmt: skip


def is_mine(request: Any, found: Run) -> bool:
    return found.volunteer is not None and found.volunteer.user_id == request.user.pk


def begin(found: Run, request: Any) -> Run:
    said = request.POST.get("seen", "")
    seen = UUID(said) if len(said) == 36 else None
    return run_trips.begin_run(run=found, seen=seen, by=request.user, at=request.at)


STEPS: dict[str, Callable[[Run, Any], Run]] = {
    "load": begin,
    "out": lambda found, request: run_trips.set_out(run=found, by=request.user, at=request.at),
    "unload": lambda found, request: run_trips.unload_run(run=found, by=request.user, at=request.at),
    "over": lambda found, request: run_trips.end_run(run=found, by=request.user, at=request.at),
}


@signed_in
@require_POST
def step(request: Any, run_id: UUID) -> HttpResponse:
    """One step of a run; `act` names it."""
    found = selectors.run_for(request.scope, run_id)
    act = request.POST.get("act", "")
    if act not in STEPS:
        raise Refusal("act-unknown", _("Choose what happened."))
    press(request, "goods.run_step", lambda: str(STEPS[act](found, request).pk), run=found.pk, act=act)
    if act == "over":
        return render(request, "goods/runs_over.html", {"run": found})
    return redirect("goods:run", run_id)


@needs("goods.runs")
@require_POST
def stands(request: Any, run_id: UUID) -> HttpResponse:
    """A run stands as it is, or may be planned anew."""
    found = selectors.led_run(request.scope, run_id)
    said = request.POST.get("stands") == "1"
    act = {"run": found, "stands": said, "by": request.user, "at": request.at}
    press(
        request, "goods.run_stands", lambda: str(run_changes.set_by_hand(**act).pk), run=found.pk, stands=said
    )
    return redirect("goods:plan", found.plan_id)


@needs("goods.runs")
@require_POST
def take_over(request: Any, run_id: UUID) -> HttpResponse:
    """Somebody else goes on with a loaded cart."""
    found = selectors.led_run(request.scope, run_id)
    form = TakeOverForm(request.POST, candidates=selectors.free_candidates(found.plan, request.at))

    def do() -> str:
        volunteer = volunteer_by_id(UUID(form.cleaned_data["volunteer"]))
        assert volunteer is not None
        act = {"run": found, "volunteer": volunteer, "by": request.user, "at": request.at}
        return str(run_trips.hand_on_run(**act).pk)

    applied(request, form, "goods.take_over", do, run=found.pk)
    return redirect("goods:run", run_id)


@signed_in
@require_GET
def sheet(request: Any, run_id: UUID) -> HttpResponse:
    """The run on paper."""
    found = selectors.run_for(request.scope, run_id)
    if found.state == RunState.PLANNED:
        found = selectors.led_run(request.scope, run_id)
    pages = [sheet_of(request.scope, found)]
    record_run_read(run=found, by=request.user, at=request.at)
    return pdf_response(
        render_pdf("goods/runs_sheet.html", {"pages": pages, "now": request.at}, request), "run"
    )


def not_there(stop: RunStop, request: Any) -> Any:
    return run_stops.nobody_there(stop=stop, by=request.user, at=request.at)


AT_STOP: dict[str, Callable[[RunStop, Any], Any]] = {
    "there": lambda stop, request: run_stops.arrive_at(stop=stop, by=request.user, at=request.at),
    "rung": lambda stop, request: run_stops.note_ring(stop=stop, by=request.user, at=request.at),
    "handed": lambda stop, request: run_stops.hand_over_stop(stop=stop, by=request.user, at=request.at),
    "left": lambda stop, request: run_stops.hand_over_stop(
        stop=stop, left=True, by=request.user, at=request.at
    ),
    "not_handed": lambda stop, request: run_stops.take_back_stop(stop=stop, by=request.user, at=request.at),
    "nobody": not_there,
    "refused": lambda stop, request: run_stops.not_wanted(stop=stop, by=request.user, at=request.at),
    "off": lambda stop, request: run_trips.take_off(stop=stop, by=request.user, at=request.at),
}


@signed_in
@require_POST
def stop_step(request: Any, stop_id: UUID) -> HttpResponse:
    """What happened at a stop; `act` names it."""
    found = selectors.stop_for(request.scope, stop_id)
    act = request.POST.get("act", "")
    if act not in AT_STOP:
        raise Refusal("act-unknown", _("Choose what happened."))

    def do() -> None:
        AT_STOP[act](found, request)

    press(request, "goods.stop_step", do, stop=found.pk, act=act)
    return redirect("goods:run", found.run_id)


@needs("goods.runs")
@require_POST
def again(request: Any, stop_id: UUID) -> HttpResponse:
    """What was not wanted goes out again."""
    found = selectors.led_stop(request.scope, stop_id)
    act = {"stop": found, "by": request.user, "at": request.at}
    press(request, "goods.stop_again", lambda: str(run_stops.bring_again(**act).pk), stop=found.pk)
    messages.success(request, _("The next plan takes it up."))
    return redirect("goods:runs")


@needs("goods.runs")
@require_http_methods(["GET", "POST"])
def move(request: Any, stop_id: UUID) -> HttpResponse:
    """Moves a stop to another trip, or to another place in its own."""
    found = selectors.led_stop(request.scope, stop_id)
    form = MoveForm(request.POST or None, stop=found)
    if request.method == "POST" and form.apply(
        request, "goods.move_stop", lambda: moved(request, found, form.cleaned_data), also={"stop": found.pk}
    ):
        messages.success(request, _("It stands as you put it. The rest is planned around it."))
        return redirect("goods:plan", found.run.plan_id)
    line = next(
        one for one in selectors.lines_of(request.scope, [found.run])[found.run_id] if one.stop.pk == found.pk
    )
    return render(
        request, "goods/runs_move.html", {"line": line, "stop": found, "form": form}, status=form.status
    )


def moved(request: Any, stop: RunStop, said: dict[str, Any]) -> str:
    kind, pk = said["to"].split(":")
    act = {"stop": stop, "by": request.user, "at": request.at}
    if kind == "new":
        return str(
            run_changes.move_to_new_run(carrier=selectors.carrier_for(request.scope, UUID(pk)), **act).pk
        )
    to = selectors.led_run(request.scope, UUID(pk))
    return str(run_changes.move_stop(to=to, position=said["position"], **act).pk)
