"""Pages of calling: the point set up, the caller's board, the big screen, the heads' slips, and what the caller presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.audit import position_now
from shouwang.core.clock import local_day
from shouwang.core.forms import press
from shouwang.core.live import changed_since
from shouwang.places.selectors import buildings_in, community_by_id
from shouwang.rounds import services
from shouwang.rounds.forms import PointForm, TablesForm
from shouwang.rounds.forms.calling import agreed_before
from shouwang.rounds.models import Point, Round
from shouwang.rounds.selectors import MARK, round_for
from shouwang.rounds.selectors import calling as selectors
from shouwang.rounds.selectors.planning import point_of
from shouwang.rounds.selectors.slips import slips_of, words_to_call

# A live page stands at a position and at a minute: times on it run on although nothing changes.
MINUTES = 1440
LONGEST_MARK = 21


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def call_point(request: Any, round_id: UUID) -> HttpResponse:
    """Sets up the round's point, or changes what was agreed."""
    found = selectors.calling_for(request.scope, round_id)
    form = point_form(request, found)
    if form.is_bound and agreed_on(request, found, form):
        messages.success(request, _("The calls are being planned. They are here in a moment."))
        return redirect("rounds:calling", found.pk)
    return render(request, "rounds/call_point.html", {"round": found, "form": form}, status=form.status)


def point_form(request: Any, found: Round) -> PointForm:
    zone = community_by_id(found.community_id).time_zone
    known = point_of(found)
    initial = agreed_before(known, zone) if known is not None else {"day": local_day(request.at, zone)}
    chosen = {str(pk) for pk in found.tallies.values_list("building_id", flat=True)}
    buildings = [place for place in buildings_in(found.community_id) if str(place.pk) in chosen]
    return PointForm(request.POST or None, zone=zone, buildings=buildings, initial=initial)


def agreed_on(request: Any, found: Round, form: PointForm) -> bool:
    def do() -> str:
        said = form.agreed()
        return str(services.set_point(round_=found, agreed=said, by=request.user, at=request.at).pk)

    return form.apply(request, "rounds.point", do, also={"round": found.pk}) is not None


def live(request: Any, template: str, found: Point, context: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page, or its live part when it asks again; 204 while neither anything nor the minute has changed."""
    minute = int(request.at.timestamp()) // 60 % MINUTES
    stood = after_of(request)
    position, before = divmod(stood or 0, MINUTES)
    if stood is not None and before == minute and not changed_since(request.scope, position, ("rounds",)):
        return HttpResponse(status=204)
    after = position_now() * MINUTES + minute
    part = f"{template}#live" if "after" in request.GET else template
    shown = {"round": found.round, "now": request.at, "after": after, **context()}
    response = render(request, part, shown)
    response.headers["X-After"] = str(after)
    return response


def after_of(request: Any) -> int | None:
    said = request.GET.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_MARK else None


@needs("round.lead")
@require_GET
def calling(request: Any, round_id: UUID) -> HttpResponse:
    """The caller's board: who is out, whom to call next, how long the queue is."""
    if point_of(round_for(request.scope, round_id, "round.lead")) is None:
        return redirect("rounds:call_point", round_id)
    found = selectors.point_for(request.scope, round_id)
    return live(request, "rounds/calling.html", found, lambda: calling_context(request, found))


def calling_context(request: Any, found: Point) -> dict[str, Any]:
    board = selectors.board_of(found, request.at)
    words = [words_to_call(line.slot, line.building) for line in board.out[-1:]]
    tables = {"tables": found.tables, "fewer": found.tables - 1, "more": found.tables + 1}
    return {"board": board, "is_time": board.is_time(request.at), "words": words, **tables}


@needs("round.mark")
@require_GET
def screen(request: Any, round_id: UUID) -> HttpResponse:
    """The same for everybody who waits: buildings and minutes, no household."""
    found = selectors.point_for(request.scope, round_id, MARK)
    return live(
        request, "rounds/screen.html", found, lambda: {"board": selectors.board_of(found, request.at)}
    )


@needs("round.mark")
@require_GET
def slips(request: Any, round_id: UUID) -> HttpResponse:
    """Who comes down when, by stairwell, to be printed for the heads."""
    found = selectors.point_for(request.scope, round_id, MARK)
    rows = slips_of(request.scope, found.round, request.at, slot_asked(request))
    return render(request, "rounds/slips.html", {"round": found.round, "point": found, "slips": rows})


def slot_asked(request: Any) -> UUID | None:
    """The slot that `slot` names, if it is an id."""
    try:
        return UUID(request.GET.get("slot", ""))
    except ValueError:
        return None


def pressed(request: Any, kind: str, do: Callable[[], Any], **about: Any) -> None:
    press(request, kind, lambda: str(do().pk), **about)


@needs("round.lead")
@require_POST
def call(request: Any, slot_id: UUID) -> HttpResponse:
    """Calls a slot now."""
    slot = selectors.slot_for(request.scope, slot_id)
    anyway = request.POST.get("anyway") == "yes"
    act = {"slot_id": slot.pk, "anyway": anyway, "by": request.user, "at": request.at}
    pressed(request, "rounds.call", lambda: services.call_slot(**act), slot=slot.pk, anyway=anyway)
    messages.success(request, _("Called. The heads and whoever of them has an account got a message."))
    return redirect("rounds:calling", slot.round_id)


@needs("round.lead")
@require_POST
def back(request: Any, slot_id: UUID) -> HttpResponse:
    """Says that everybody of a called slot is home again."""
    slot = selectors.slot_for(request.scope, slot_id)
    act = {"slot_id": slot.pk, "by": request.user, "at": request.at}
    pressed(request, "rounds.back", lambda: services.pass_slot(**act), slot=slot.pk)
    return redirect("rounds:calling", slot.round_id)


@needs("round.lead")
@require_POST
def tables(request: Any, round_id: UUID) -> HttpResponse:
    """A table opens or closes."""
    found, form = selectors.point_for(request.scope, round_id), TablesForm(request.POST)
    number = form.cleaned_data.get("tables", 0) if form.is_valid() else 0
    act = {"point": found, "tables": number, "by": request.user, "at": request.at}
    pressed(request, "rounds.tables", lambda: services.set_tables(**act), point=found.pk, tables=number)
    return redirect("rounds:calling", round_id)


@needs("round.lead")
@require_POST
def plan(request: Any, round_id: UUID) -> HttpResponse:
    """Asks for a new plan."""
    found = selectors.point_for(request.scope, round_id)
    act = {"point": found, "by": request.user, "at": request.at}
    pressed(request, "rounds.plan", lambda: services.plan_anew(**act), point=found.pk)
    messages.success(request, _("It is planned anew, three minutes after the last time at the earliest."))
    return redirect("rounds:calling", round_id)


@needs("round.lead")
@require_POST
def hold(request: Any, round_id: UUID, building_id: UUID) -> HttpResponse:
    """Holds a building back, or lets it come."""
    found = selectors.point_for(request.scope, round_id)
    building, held = selectors.building_of(found, building_id), request.POST.get("held") == "yes"
    act = {"point": found, "building": building, "held": held, "by": request.user, "at": request.at}
    pressed(request, "rounds.hold", lambda: services.hold_building(**act), building=building.pk, held=held)
    return redirect("rounds:calling", round_id)
