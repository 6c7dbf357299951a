"""Pages of walking lists: who goes where, and the list in the hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import press
from shouwang.places.selectors import community_by_id
from shouwang.rounds import services
from shouwang.rounds.forms import GiveAllForm, GiveForm
from shouwang.rounds.models import WalkingList
from shouwang.rounds.selectors import walking as selectors
from shouwang.rounds.states import OPEN_STATES, ForWhom

# What one press makes lists of: those that can be made before anybody was called, and who has not come afterwards.
MADE = {"before": (ForWhom.CANNOT_WALK, ForWhom.HIGH_RISK), "after": tuple(ForWhom)}


@needs("round.lead")
@require_GET
def walks(request: Any, round_id: UUID) -> HttpResponse:
    """The walking lists of a round, each with who goes."""
    found = selectors.walked_round(request.scope, round_id)
    walkers, lists = selectors.walkers_for(found, request.at), selectors.lists_of(found)
    grids = selectors.waiting_in_grids(lists, community_by_id(found.community_id))
    context = {
        "round": found, "disinfected": selectors.may_go_upstairs(found), "grids": grids,
        "lines": [{"line": line, "walkers": walkers.get(line.walking_list.building_id)} for line in lists],
        "everybody": selectors.everybody_free(found, request.at) if grids else [],
    }  # fmt: skip
    return render(request, "rounds/walks.html", context)


@needs("round.lead")
@require_POST
def make_walks(request: Any, round_id: UUID) -> HttpResponse:
    """Makes the lists of those for whom somebody goes up."""
    found = selectors.walked_round(request.scope, round_id)
    kinds = MADE.get(request.POST.get("when", ""), tuple(ForWhom))
    act = {"round_": found, "for_whom": kinds, "by": request.user, "at": request.at}
    press(
        request, "rounds.walks", lambda: len(services.propose_lists(**act)), round=found.pk, kinds=list(kinds)
    )
    messages.success(request, _("The lists are there. Choose who goes."))
    return redirect("rounds:walks", round_id)


@needs("round.lead")
@require_POST
def give(request: Any, walking_list_id: UUID) -> HttpResponse:
    """Gives a list to somebody by name."""
    found = selectors.led_list(request.scope, walking_list_id)
    form = GiveForm(request.POST, community_id=found.community_id, at=request.at)
    act = {"walking_list": found, "by": request.user, "at": request.at}
    receipt = form.apply(
        request, "rounds.give",
        lambda: str(services.give_list(volunteer=form.cleaned_data["volunteer"], **act).pk), also={"list": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect("rounds:walks", found.round_id)


def refused(form: GiveForm) -> Refusal:
    """Why nobody was given anything, for a page of its own."""
    words = str(next(iter(form.errors.values()))[0])
    return form.refusal or Refusal("nobody-chosen", words, field="volunteer")


@needs("round.lead")
@require_POST
def give_all(request: Any, round_id: UUID) -> HttpResponse:
    """Gives all lists that wait in a grid to somebody by name."""
    found = selectors.walked_round(request.scope, round_id)
    form = GiveAllForm(request.POST, community_id=found.community_id, at=request.at)

    def do() -> int:
        said = form.cleaned_data
        lists = selectors.waiting_at(request.scope, found, said["place"])
        return services.give_lists(lists=lists, volunteer=said["volunteer"], by=request.user, at=request.at)

    if form.apply(request, "rounds.give_all", do, also={"round": found.pk}) is None:
        raise refused(form)
    return redirect("rounds:walks", found.pk)


@needs("round.lead")
@require_POST
def take_back(request: Any, walking_list_id: UUID) -> HttpResponse:
    """Takes a list back; it waits for somebody else."""
    found = selectors.led_list(request.scope, walking_list_id)
    act = {"walking_list": found, "by": request.user, "at": request.at}
    press(request, "rounds.take_back", lambda: str(services.take_back_list(**act).pk), walking_list=found.pk)
    return redirect("rounds:walks", found.round_id)


@signed_in
@require_GET
def walking_list(request: Any, walking_list_id: UUID) -> HttpResponse:
    """The list in the hand: the top floor first; opening it is on record."""
    return shown(request, walking_list_id, "rounds/walking_list.html")


@signed_in
@require_GET
def walking_sheet(request: Any, walking_list_id: UUID) -> HttpResponse:
    """The same on paper."""
    return shown(request, walking_list_id, "rounds/walking_sheet.html")


def shown(request: Any, walking_list_id: UUID, template: str) -> HttpResponse:
    found = selectors.list_for(request.scope, walking_list_id)
    services.record_list_read(walking_list=found, by=request.user, at=request.at)
    return render(request, template, list_context(request, found))


def list_context(request: Any, found: WalkingList) -> dict[str, Any]:
    rows = selectors.doors_on(request.scope, found)
    mine = found.volunteer is not None and found.volunteer.user_id == request.user.pk
    return {
        "list": found, "building": selectors.building_label(found), "round": found.round, "mine": mine,
        "left": [row for row in rows if row.entry.state in OPEN_STATES],
        "done": [row for row in rows if row.entry.state not in OPEN_STATES],
        "disinfected": selectors.may_go_upstairs(found.round), "now": request.at,
    }  # fmt: skip


@signed_in
@require_POST
def give_back(request: Any, walking_list_id: UUID) -> HttpResponse:
    """I can't go on with it: it waits for somebody else at once."""
    found = selectors.own_list(request.scope, walking_list_id)
    act = {"walking_list": found, "by": request.user, "at": request.at}
    press(request, "rounds.give_back", lambda: given_back(act), walking_list=found.pk)
    return render(request, "rounds/walk_over.html", {"round": found.round})


def given_back(act: dict[str, Any]) -> str:
    return str(services.reoffer_list(**act))


@signed_in
@require_POST
def end_walk(request: Any, walking_list_id: UUID) -> HttpResponse:
    """The list is through."""
    found = selectors.list_for(request.scope, walking_list_id)
    act = {"walking_list": found, "by": request.user, "at": request.at}
    press(request, "rounds.end_walk", lambda: str(services.end_list(**act).pk), walking_list=found.pk)
    return render(request, "rounds/walk_over.html", {"round": found.round})
