"""A round begins: first its kind is chosen, then over whom and where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.texts import said
from shouwang.rounds.forms import BeginForm
from shouwang.rounds.models import Kind
from shouwang.rounds.selectors.kinds import kind_for, told_kind, told_kinds
from shouwang.rounds.states import ROSTERED


@needs("round.lead")
@require_GET
def choose_kind(request: Any) -> HttpResponse:
    """What kind of round is begun."""
    kinds = told_kinds(request.scope, get_language() or "zh")
    context = {
        "kinds": [kind for kind in kinds if kind.rostered],
        "later": [kind for kind in kinds if not kind.rostered],
    }
    return render(request, "rounds/choose.html", context)


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def begin(request: Any, kind_id: UUID) -> HttpResponse:
    """Begins a round of this kind."""
    kind = kind_for(request.scope, kind_id)
    form = begin_form(request, kind)
    receipt = None
    if form.is_bound:
        receipt = form.apply(
            request, "rounds.begin", lambda: begun(request, form), also={"kind": str(kind_id)}
        )
    if receipt is not None:
        messages.success(request, _("The roster stands. It follows the register from now on."))
        return redirect("rounds:round", receipt.answer)
    context = {"form": form, "told": told_kind(kind, get_language() or "zh")}
    return render(request, "rounds/begin.html", context, status=form.status)


def begin_form(request: Any, kind: Kind) -> BeginForm:
    if kind.whom not in ROSTERED:
        raise Http404
    communities, buildings = selectors.choices_for(request.scope)
    name = said(kind.name, get_language() or "zh")
    return BeginForm(
        request.POST or None, kind=kind, communities=communities, buildings=buildings, initial={"name": name}
    )


def begun(request: Any, form: BeginForm) -> str:
    return str(services.begin_round(**form.begins(), by=request.user, at=request.at).pk)
