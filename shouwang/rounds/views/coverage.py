"""Coverage up the tree, for those whose post gives counts only: numbers, in the order of places."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.places.selectors import offices_for
from shouwang.rounds import services
from shouwang.rounds.forms.campaigns import CampaignForm
from shouwang.rounds.models import Campaign
from shouwang.rounds.selectors import campaigns
from shouwang.rounds.selectors.campaigns import CALL, campaign_for

NOTHING_NEW = 204


@needs("counts.see")
@require_http_methods(["GET", "POST"])
def asked_rounds(request: Any) -> HttpResponse:
    """What was asked for from above, newest first; asks for more where the post allows it."""
    offices = offices_for(request.scope, CALL)
    form = CampaignForm(request.POST or None, offices=offices) if offices else None
    receipt = (
        form.apply(request, "rounds.campaign", lambda: begun(request, form))
        if form and form.is_bound
        else None
    )
    if receipt is not None:
        messages.success(request, _("The communities see it from now on, and each begins its own round."))
        return redirect("rounds:campaign", receipt.answer)
    rows = campaigns.campaigns_for(request.scope)[:50]
    context = {"form": form, "rows": rows}
    return render(request, "rounds/coverage.html", context, status=form.status if form else 200)


def begun(request: Any, form: CampaignForm) -> str:
    return str(services.begin_campaign(**form.begins(), by=request.user, at=request.at).pk)


@needs("counts.see")
@require_GET
def campaign(request: Any, campaign_id: UUID) -> HttpResponse:
    """One campaign by subdistrict and community; the open page asks every five seconds whether a figure changed."""
    found = campaign_for(request.scope, campaign_id)
    shown = campaigns.overview_of(request.scope, found)
    if request.GET.get("after") == str(shown.mark):
        return HttpResponse(status=NOTHING_NEW)
    part = "rounds/campaign.html#live" if "after" in request.GET else "rounds/campaign.html"
    context = {"campaign": found, "shown": shown, "now": request.at, "may_close": may_close(request, found)}
    response = render(request, part, context)
    response.headers["X-After"] = str(shown.mark)
    return response


def may_close(request: Any, found: Campaign) -> bool:
    """Whether this reader may end it."""
    try:
        campaign_for(request.scope, found.pk, CALL)
    except Http404:
        return False
    return found.state == "open"


@needs("counts.see")
@require_GET
def campaign_community(request: Any, campaign_id: UUID, community_id: UUID) -> HttpResponse:
    """One community's part of a campaign, building by building."""
    found = campaign_for(request.scope, campaign_id)
    place = campaigns.community_counted(request.scope, community_id)
    rows = campaigns.buildings_counted(found, place)
    return render(
        request, "rounds/campaign_community.html", {"campaign": found, "place": place, "rows": rows}
    )


@needs("campaign.begin")
@require_http_methods(["GET", "POST"])
def close_campaign(request: Any, campaign_id: UUID) -> HttpResponse:
    """Asks once more, then nothing further is asked of the communities."""
    found = campaign_for(request.scope, campaign_id, CALL)
    if request.method == "GET":
        return render(request, "ui/confirm.html", closing_question(found))
    press(
        request, "rounds.close_campaign",
        lambda: str(services.close_campaign(campaign=found, by=request.user, at=request.at).pk), campaign=found.pk,
    )  # fmt: skip
    return redirect("rounds:campaign", campaign_id)


def closing_question(found: Campaign) -> dict[str, Any]:
    """What the confirm page asks."""
    if found.state != "open":
        raise Http404
    return {
        "question": _("Close “%(name)s”?") % {"name": found.name},
        "consequence": _("It is not asked for any more. Communities finish what they have begun."),
        "action_url": reverse("rounds:close_campaign", args=[found.pk]),
        "action_label": _("Close it"),
        "back_url": reverse("rounds:campaign", args=[found.pk]),
    }
