"""A round begins: first its kind is chosen, then over whom and where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.texts import said
from shouwang.rounds.forms import BeginForm
from shouwang.rounds.models import Campaign, Kind
from shouwang.rounds.selectors.campaigns import begin_choices, open_campaigns_above
from shouwang.rounds.selectors.kinds import kind_for, told_kind, told_kinds
from shouwang.rounds.selectors.spots import spots_led
from shouwang.rounds.states import Whom


@needs("round.lead")
@require_GET
def choose_kind(request: Any) -> HttpResponse:
    """What kind of round is begun."""
    campaign = campaign_asked(request)
    context = {
        "kinds": told_kinds(request.scope, get_language() or "zh"), "campaign": campaign,
        "under": f"?campaign={campaign.pk}" if campaign else "",
    }  # fmt: skip
    return render(request, "rounds/choose.html", context)


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def begin(request: Any, kind_id: UUID) -> HttpResponse:
    """Begins a round of this kind."""
    kind = kind_for(request.scope, kind_id)
    form = begin_form(request, kind)
    if form.is_bound and (round_id := begun(request, kind, form)):
        messages.success(request, _("The roster stands. It follows the register from now on."))
        return redirect("rounds:round", round_id)
    told, nowhere = told_kind(kind, get_language() or "zh"), no_spots(request, kind, form)
    context = {"form": form, "told": told, "no_spots": nowhere}
    return render(request, "rounds/begin.html", context, status=form.status)


def no_spots(request: Any, kind: Kind, form: BeginForm) -> bool:
    """Whether there is nothing to go over: the way to the list of spots is shown."""
    if form.refusal is not None:
        return form.refusal.code == "no-spots"
    return kind.whom == Whom.SPOTS and not spots_led(request.scope)


def begin_form(request: Any, kind: Kind) -> BeginForm:
    name = said(kind.name, get_language() or "zh")
    initial = {"name": name, "campaign": request.GET.get("campaign", "")}
    return BeginForm(request.POST or None, kind=kind, initial=initial, **begin_choices(request.scope))


def campaign_asked(request: Any) -> Campaign | None:
    """The campaign that was followed here from Today, if it is one of those that ask my communities."""
    asked = request.GET.get("campaign", "")
    asking = open_campaigns_above(selectors.communities_led(request.scope)) if asked else []
    return next((one for one in asking if str(one.pk) == asked), None)


def begun(request: Any, kind: Kind, form: BeginForm) -> str:
    """The id of the round, "" when it did not begin."""

    def do() -> str:
        with transaction.atomic():
            round_ = services.begin_round(**form.begins(), by=request.user, at=request.at)
            again = form.comes_again()
            if again is not None:
                services.come_again(round_=round_, **again, by=request.user, at=request.at)
        return str(round_.pk)

    receipt = form.apply(request, "rounds.begin", do, also={"kind": str(kind.pk)})
    return str(receipt.answer) if receipt is not None else ""
