"""What answers have proposed: a person begins it, or leaves it be with a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.core.scope import Scope
from shouwang.rounds import services
from shouwang.rounds.forms import DeclineForm
from shouwang.rounds.models import Proposal
from shouwang.rounds.rules import may_begin, may_decline
from shouwang.rounds.selectors.proposals import (
    proposal_for,
    proposals_for,
    told_one,
    told_proposals,
)
from shouwang.rounds.states import Proposed


@needs("help.take_in")
@require_GET
def proposals(request: Any) -> HttpResponse:
    """Those that wait, danger to life first; opening them with what was answered is on record."""
    rows = told_proposals(request.scope, get_language() or "zh")
    read = [row.proposal for row in rows if row.readable]
    if read:
        services.record_proposals_read(proposals=read, by=request.user, at=request.at)
    may = {"may_begin": may_begin, "may_decline": may_decline}
    told = [
        {"told": row, **{name: rule(request.scope, row.proposal) for name, rule in may.items()}}
        for row in rows
    ]
    context = {"rows": told, "total": proposals_for(request.scope).count()}
    return render(request, "rounds/proposals.html", context)


@needs("help.take_in")
@require_POST
def begin_proposal(request: Any, proposal_id: UUID) -> HttpResponse:
    """Makes of a proposal what it proposes, and leads to it."""
    found = allowed(request, proposal_id, may_begin)

    def do() -> str:
        made = services.begin_proposal(proposal=found, by=request.user, at=request.at)
        return str(made.result_id)

    press(request, "rounds.begin_proposal", do, proposal=found.pk)
    messages.success(request, begun_words(proposal_for(request.scope, proposal_id)))
    return redirect("rounds:proposals")


def begun_words(made: Proposal) -> str:
    """That it has begun, with the way to the request that it has become."""
    if made.what != Proposed.REQUEST:
        return _("Begun: the care flag is set, with the round as its source.")
    url = reverse("help:request", args=[made.result_id])
    words = _("Begun: whoever is in charge there is told.")
    return format_html('{} <a href="{}">{}</a>', words, url, _("To the request"))


def allowed(request: Any, proposal_id: UUID, rule: Callable[[Scope, Proposal], bool]) -> Proposal:
    found = proposal_for(request.scope, proposal_id)
    if not rule(request.scope, found):
        raise Http404
    return found


@needs("help.take_in")
@require_http_methods(["GET", "POST"])
def decline_proposal(request: Any, proposal_id: UUID) -> HttpResponse:
    """Leaves a proposal be, with a word why."""
    found = allowed(request, proposal_id, may_decline)
    form = DeclineForm(request.POST or None)
    if form.is_bound and declined(request, found, form):
        messages.success(request, _("Left as it is, with your word."))
        return redirect("rounds:proposals")
    told = told_one(request.scope, found, get_language() or "zh")
    return render(request, "rounds/decline.html", {"form": form, "told": told}, status=form.status)


def declined(request: Any, found: Proposal, form: DeclineForm) -> bool:
    def do() -> str:
        note = form.cleaned_data["note"]
        return str(services.decline_proposal(proposal=found, note=note, by=request.user, at=request.at).pk)

    return form.apply(request, "rounds.decline_proposal", do, also={"proposal": str(found.pk)}) is not None
