"""Pages of incidents: the list, opening one, its line building by building, suspending and resuming."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.audit import position_now
from shouwang.core.forms import press
from shouwang.core.ids import uuid7
from shouwang.core.live import changed_since
from shouwang.incidents import rules, selectors, services
from shouwang.incidents.forms import OpenForm, ProtocolForm
from shouwang.incidents.models import Incident
from shouwang.incidents.selectors.first import first_kinds, first_rows, household_to_reach
from shouwang.incidents.selectors.presets import (
    InForce,
    as_in_force,
    community_to_preset,
    editions_of,
    preset_in,
    presets_in,
)
from shouwang.incidents.states import Reached
from shouwang.places.models import Place
from shouwang.places.selectors import place_for


@needs("place.see")
@require_GET
def board(request: Any) -> HttpResponse:
    """Every incident of my communities, newest first."""
    rows = [
        {"incident": incident, "inside": selectors.counts_inside(incident, request.at)}
        for incident in selectors.incidents_for(request.scope)[:50]
    ]
    presets = selectors.choices_for(request.scope)[0] if request.scope.can("incident.lead") else []
    return render(request, "incidents/board.html", {"rows": rows, "presets": presets})


@needs("incident.lead")
@require_http_methods(["GET", "POST"])
def open_new(request: Any) -> HttpResponse:
    """Opens an incident."""
    communities, areas, buildings = selectors.choices_for(request.scope)
    form = OpenForm(request.POST or None, communities=communities, areas=areas, buildings=buildings)
    receipt = (
        form.apply(request, "incidents.open", lambda: open_as_said(request, form)) if form.is_bound else None
    )
    if receipt:
        messages.success(request, _("Opened. Move the line here, building by building."))
        return redirect("incidents:incident", receipt.answer)
    return render(request, "incidents/open.html", {"form": form}, status=form.status)


def open_as_said(request: Any, form: OpenForm) -> str:
    incident = services.open_incident(
        community=form.community_place(),
        name=form.cleaned_data["name"],
        protocol=form.cleaned_data["protocol"],
        places=form.places(),
        by=request.user,
        at=request.at,
    )
    return str(incident.pk)


NEW = "new"


@needs("incident.lead")
@require_GET
def protocols(request: Any, community_id: UUID) -> HttpResponse:
    """What each protocol of a community presets."""
    community = community_to_preset(request.scope, community_id)
    return render(
        request, "incidents/protocols.html", {"community": community, "rows": presets_in(community.pk)}
    )


@needs("incident.lead")
@require_http_methods(["GET", "POST"])
def protocol(request: Any, community_id: UUID, code: str) -> HttpResponse:
    """Changes one protocol (a new edition), or makes one of the community's own (`new`, begun `?like=` another)."""
    community = community_to_preset(request.scope, community_id)
    found, editions = protocol_asked(request, community.pk, code)
    form = ProtocolForm(request.POST or None, begin=found, own=found.own)
    if form.is_bound and apply_protocol(request, community, form, found, code):
        messages.success(request, _("Kept. It holds for incidents opened from now on."))
        return redirect("incidents:protocols", community_id)
    context = {"community": community, "found": found, "form": form, "editions": editions, "new": code == NEW}
    return render(request, "incidents/protocol.html", context, status=form.status)


def protocol_asked(request: Any, community_id: UUID, code: str) -> tuple[InForce, list[InForce]]:
    """The protocol the form begins from (an earlier edition with `?edition=`), and all its editions; or 404."""
    if code == NEW:
        like = preset_in(community_id, request.GET.get("like", "everyday_care"))
        if like is None:
            raise Http404
        return replace(like, code=f"own-{uuid7().hex}", name="", offered=True, edition=None), []
    now = preset_in(community_id, code)
    if now is None:
        raise Http404
    editions = [as_in_force(edition) for edition in editions_of(community_id, code)]
    asked = request.GET.get("edition", "")
    earlier = (one for one in editions if one.edition and str(one.edition.number) == asked)
    built_in = InForce(code, now.base, "", rules.PRESETS[code]) if asked == "0" and not now.own else now
    return next(earlier, built_in), editions


def apply_protocol(request: Any, community: Place, form: ProtocolForm, found: InForce, code: str) -> bool:
    """Keeps what the form says, once; whether it was kept."""
    also = {"community": str(community.pk), "code": code}
    receipt = form.apply(
        request, "incidents.keep_preset", lambda: kept_protocol(request, community, form, found), also=also
    )
    return receipt is not None


def kept_protocol(request: Any, community: Place, form: ProtocolForm, found: InForce) -> str:
    said = form.cleaned_data
    edition = services.keep_preset(
        community=community,
        code=found.code,
        base=found.base,
        preset=form.preset(),
        name=said.get("name", ""),
        offered=said.get("offered", True),
        by=request.user,
        at=request.at,
    )
    return str(edition.pk)


@needs("place.see")
@require_GET
def incident(request: Any, incident_id: UUID) -> HttpResponse:
    """One incident: where its line runs, or ran at `?on=`, and how it moved."""
    found = selectors.incident_for(request.scope, incident_id)
    after = request.GET.get("after", "")
    if after.isdigit() and not changed_since(request.scope, int(after), ["incidents"]):
        return HttpResponse(status=204)
    frame = frame_of(request, found)
    template = "incidents/incident.html#line" if after else "incidents/incident.html"
    answer = render(request, template, frame)
    answer["X-After"] = str(frame["after"])
    return answer


def frame_of(request: Any, found: Incident) -> dict[str, Any]:
    """What the page shows: at an earlier time nothing can be moved."""
    on = moment_of(request)
    at = on or request.at
    lead = rules.may_lead(request.scope, found) and found.state != "closed"
    buildings = [{"line": line, "command_id": uuid7()} for line in selectors.line_buildings(found, at)]
    return {
        "incident": found,
        "buildings": buildings,
        "inside": selectors.counts_inside(found, at),
        "moves": selectors.moves_of(found),
        "day": selectors.day_number(found, at),
        "targets": selectors.targets_in_words(found),
        "on": on,
        "may_lead": lead,
        "may_move": lead and on is None,
        "first": bool(first_kinds(found)) and request.scope.can("care.see"),
        "undo": undo_of(request, buildings),
        "after": position_now(),
    }


def moment_of(request: Any) -> datetime | None:
    """The earlier time asked for, if it is one."""
    try:
        on = parse_datetime(request.GET.get("on", ""))
    except ValueError:
        return None
    return on if on is not None and on.tzinfo is not None and on < request.at else None


def undo_of(request: Any, buildings: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The building that was moved by the last click, so that the click can be taken back."""
    moved = request.GET.get("moved", "")
    return next((row for row in buildings if str(row["line"].place.pk) == moved), None)


@needs("incident.lead")
@require_POST
def move_building(request: Any, incident_id: UUID, place_id: UUID) -> HttpResponse:
    """Takes one building into the line (`to=in`) or out of it (`to=out`)."""
    found = selectors.incident_for(request.scope, incident_id, "incident.lead")
    place = place_for(request.scope, place_id, "incident.lead")
    side = "add" if request.POST.get("to") == "in" else "remove"

    def do() -> int:
        added, removed = services.move_line(incident=found, by=request.user, at=request.at, **{side: [place]})
        return len(added) + len(removed)

    press(request, "incidents.move_line", do, incident_id=incident_id, place_id=place_id, side=side)
    return redirect(f"{reverse('incidents:incident', args=[incident_id])}?moved={place_id}")


@needs("incident.lead")
@require_http_methods(["GET", "POST"])
def suspend(request: Any, incident_id: UUID) -> HttpResponse:
    """Asks once more, then suspends the incident."""
    found = selectors.incident_for(request.scope, incident_id, "incident.lead")
    if request.method == "GET":
        return render(request, "ui/confirm.html", suspend_question(found))
    press(
        request,
        "incidents.suspend",
        lambda: str(services.suspend_incident(incident=found, by=request.user, at=request.at).pk),
        incident_id=incident_id,
    )
    return redirect("incidents:incident", incident_id)


def suspend_question(found: Incident) -> dict[str, Any]:
    """What the confirm page asks."""
    if found.state != "open":
        raise Http404
    return {
        "question": _("Suspend “%(name)s”?") % {"name": found.name},
        "consequence": _("Its target times rest and its line stays as it is. You can resume it at any time."),
        "action_url": reverse("incidents:suspend", args=[found.pk]),
        "action_label": _("Suspend"),
        "back_url": reverse("incidents:incident", args=[found.pk]),
    }


@needs("incident.lead")
@require_POST
def resume(request: Any, incident_id: UUID) -> HttpResponse:
    """Resumes a suspended incident."""
    found = selectors.incident_for(request.scope, incident_id, "incident.lead")
    press(
        request,
        "incidents.resume",
        lambda: str(services.resume_incident(incident=found, by=request.user, at=request.at).pk),
        incident_id=incident_id,
    )
    return redirect("incidents:incident", incident_id)


@needs("care.see")
@require_GET
def first(request: Any, incident_id: UUID) -> HttpResponse:
    """Who is to be reached first, with the phone and how they were found. Opening it is on record."""
    found = selectors.incident_for(request.scope, incident_id)
    if not first_kinds(found):
        raise Http404
    rows = first_rows(request.scope, found)
    services.record_list_read(incident=found, by=request.user, households=len(rows), at=request.at)
    context = {
        "incident": found, "rows": rows, "left": sum(row.open for row in rows), "now": request.at,
        "help": sum(row.check is not None and row.check.state == Reached.NEEDS_HELP for row in rows),
        "states": Reached.choices,
    }  # fmt: skip
    return render(request, "incidents/first.html", context)


@needs("care.see")
@require_POST
def reached(request: Any, incident_id: UUID, household_id: UUID) -> HttpResponse:
    """Keeps how one of them was found."""
    found, home = household_to_reach(request.scope, incident_id, household_id)
    state = request.POST.get("state", "")
    press(
        request, "incidents.reached",
        lambda: str(services.record_reached(
            incident=found, household=home, state=state, by=request.user, at=request.at).pk),
        incident=found.pk, household=home.pk, state=state,
    )  # fmt: skip
    return redirect(f"{reverse('incidents:first', args=[found.pk])}#h-{home.pk}")
