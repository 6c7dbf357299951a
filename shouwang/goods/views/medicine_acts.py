"""What is done with an ask: counted out, looked at by others, sent, at the door, taken back, ended; and its label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs, public, signed_in
from shouwang.core.files import read_file
from shouwang.core.forms import press
from shouwang.goods.forms.medicine import CountForm, GoForm, ReasonForm
from shouwang.goods.models import MedicineAsk, MedicineIssue
from shouwang.goods.selectors import medicine as selectors
from shouwang.goods.selectors.medicine_bags import bag_lot, leaflet_lines
from shouwang.goods.services import medicine_asks as asks
from shouwang.goods.services import medicine_errands as errands
from shouwang.goods.services import medicine_issues as services
from shouwang.goods.services import medicine_offers as offers
from shouwang.goods.views.medicine import refused
from shouwang.ui.paper import pdf_response, qr_picture, render_pdf

KEEP = selectors.KEEP


def _back(found: MedicineAsk) -> HttpResponse:
    return redirect("goods:medicine_ask", found.pk)


def _press(request: Any, kind: str, do: Callable[..., Any], **about: Any) -> None:
    """One button: the act once, by and at from the request."""
    act = {**about, "by": request.user, "at": request.at}
    press(
        request,
        kind,
        lambda: str(do(**act).pk),
        **{name: row.pk for name, row in about.items() if hasattr(row, "pk")},
    )


@needs(KEEP)
@require_POST
def count(request: Any, ask_id: UUID) -> HttpResponse:
    """So many units of a lot go into a little bag."""
    found = selectors.ask_for(request.scope, ask_id)
    form = CountForm(request.POST)

    def do() -> str:
        said = form.cleaned_data
        balance = selectors.balance_meant(found, said["lot"], said["shelf"])
        act = {"lot": balance.lot, "shelf": balance.shelf, "quantity": said["quantity"], "by": request.user}
        return str(services.count_out(ask=found, at=request.at, **act).pk)

    if form.apply(request, "goods.medicine_count", do, also={"ask": found.pk}) is None:
        raise refused(form, "quantity")
    return _back(found)


@needs(KEEP)
@require_POST
def end(request: Any, ask_id: UUID, state: str) -> HttpResponse:
    """Not to be had, or not needed any more."""
    found = selectors.ask_for(request.scope, ask_id)
    _press(request, "goods.medicine_end", lambda **act: asks.end_ask(state=state, **act), ask=found)
    return redirect("goods:medicine")


@needs(KEEP)
@require_POST
def match(request: Any, ask_id: UUID, offer_id: UUID) -> HttpResponse:
    """What a neighbour can spare is meant for this ask."""
    found, offer = selectors.ask_for(request.scope, ask_id), selectors.offer_for(request.scope, offer_id)
    _press(request, "goods.medicine_match", offers.match_offer, ask=found, offer=offer)
    return _back(found)


@needs(KEEP)
@require_POST
def fetch(request: Any, ask_id: UUID) -> HttpResponse:
    """Somebody fetches it from the neighbour."""
    found = selectors.ask_for(request.scope, ask_id)
    return _sent(request, found, lambda who, **act: errands.send_to_fetch(ask=found, volunteer=who, **act))


@needs(KEEP)
@require_POST
def send(request: Any, issue_id: UUID) -> HttpResponse:
    """Somebody brings it now."""
    issue = selectors.issue_for(request.scope, issue_id)
    return _sent(
        request, issue.ask, lambda who, **act: errands.send_to_bring(issue=issue, volunteer=who, **act)
    )


def _sent(request: Any, found: MedicineAsk, begin: Callable[..., Any]) -> HttpResponse:
    form = GoForm(request.POST, community_id=found.community_id, at=request.at)
    do = lambda: str(begin(form.cleaned_data["volunteer"], by=request.user, at=request.at).pk)  # noqa: E731
    if form.apply(request, "goods.medicine_go", do, also={"ask": found.pk}) is None:
        raise refused(form, "volunteer")
    return _back(found)


@needs(KEEP)
@require_POST
def arrived(request: Any, ask_id: UUID) -> HttpResponse:
    """What was fetched for this ask is here: taken into the bank, to be counted out at once."""
    found = selectors.ask_for(request.scope, ask_id)
    if found.offer is None:
        raise Http404
    _press(request, "goods.medicine_arrived", offers.take_in_offer, offer=found.offer)
    return _back(found)


def _with_issue(kind: str, do: Callable[..., Any]) -> Callable[[Any, UUID], HttpResponse]:
    def view(request: Any, issue_id: UUID) -> HttpResponse:
        issue = selectors.issue_for(request.scope, issue_id)
        _press(request, kind, do, issue=issue)
        return _back(issue.ask)

    return view


@needs(KEEP)
@require_POST
def second(request: Any, issue_id: UUID) -> HttpResponse:
    """I have looked too: the right medicine, the right number, still good."""
    return _with_issue("goods.medicine_second", services.second_look)(request, issue_id)


@needs(KEEP)
@require_POST
def runs(request: Any, issue_id: UUID) -> HttpResponse:
    """It goes with the next run."""
    return _with_issue("goods.medicine_runs", services.hand_to_runs)(request, issue_id)


@needs(KEEP)
@require_POST
def at_the_door(request: Any, issue_id: UUID) -> HttpResponse:
    """It is there, or was collected; whoever was on the way is through."""
    return _with_issue("goods.medicine_there", _there)(request, issue_id)


def _there(*, issue: MedicineIssue, by: Any, at: Any) -> MedicineIssue:
    errand = selectors.errand_of(issue.ask)
    if errand is None:
        return services.delivered(issue=issue, by=by, at=at)
    errands.finish_errand(errand=errand, by=by, at=at)
    return issue


@needs(KEEP)
@require_POST
def take_back(request: Any, issue_id: UUID) -> HttpResponse:
    """It goes back onto its shelf."""
    issue = selectors.issue_for(request.scope, issue_id)
    form = ReasonForm(request.POST)
    act = {"issue": issue, "by": request.user, "at": request.at}
    do = lambda: str(services.take_back(reason=form.cleaned_data["reason"], **act).pk)  # noqa: E731
    if form.apply(request, "goods.medicine_back", do, also={"issue": issue.pk}) is None:
        raise refused(form, "reason")
    return _back(issue.ask)


@needs(KEEP)
@require_POST
def call_back(request: Any, ask_id: UUID) -> HttpResponse:
    """Whoever is going is called back."""
    found = selectors.ask_for(request.scope, ask_id)
    errand = selectors.errand_of(found)
    if errand is None:
        raise Http404
    _press(request, "goods.medicine_call_back", errands.leave_errand, errand=errand)
    return _back(found)


@needs(KEEP)
@require_GET
def label(request: Any, issue_id: UUID) -> HttpResponse:
    """The label of the little bag, 60 x 40 mm: what, how many, until when; how to take it is on the leaflet."""
    issue = selectors.issue_for(request.scope, issue_id)
    lot = issue.lot
    address = (
        request.build_absolute_uri(reverse("goods:medicine_leaflet", args=[lot.pk]))
        if lot and issue.medicine
        else ""
    )
    context = {"issue": issue, "lot": lot, "qr": qr_picture(address) if address else ""}
    return pdf_response(
        render_pdf("goods/medicine_label.html", context, request), f"bag-{issue.ask.spoken_number}"
    )


@public("a leaflet, reached by the code on a bag; it says nothing of anybody")
@require_GET
def leaflet(request: Any, bag_id: UUID) -> HttpResponse:
    """What the code on a little bag opens: what it is, what to heed, and the photo of the leaflet."""
    lot = bag_lot(bag_id)
    return render(request, "goods/medicine_leaflet.html", {"lot": lot, **leaflet_lines(lot)})


@public("the photo of a leaflet; it says nothing of anybody")
@require_GET
def leaflet_photo(request: Any, bag_id: UUID) -> HttpResponse:
    """The photo itself."""
    lot = bag_lot(bag_id)
    if lot.leaflet is None:
        raise Http404
    return HttpResponse(read_file(lot.leaflet), content_type=lot.leaflet.media_type)


@signed_in
@require_GET
def errand(request: Any, medicine_errand_id: UUID) -> HttpResponse:
    """The errand in the hand: a door, what to do there, what to say. Not for whom, nor what it is for."""
    found = selectors.own_errand(request.scope, medicine_errand_id)
    context = {"errand": found, "door": selectors.door_of(found), "now": request.at}
    return render(request, "goods/medicine_errand.html", context)


@signed_in
@require_POST
def errand_done(request: Any, medicine_errand_id: UUID) -> HttpResponse:
    """Fetched, or handed over."""
    found = selectors.own_errand(request.scope, medicine_errand_id)
    _press(request, "goods.medicine_errand_done", errands.finish_errand, errand=found)
    return render(request, "goods/medicine_errand_over.html", {"done": True, "errand": found})


@signed_in
@require_POST
def errand_left(request: Any, medicine_errand_id: UUID) -> HttpResponse:
    """I can't, or nobody opened: somebody else sees to it at once."""
    found = selectors.own_errand(request.scope, medicine_errand_id)
    _press(request, "goods.medicine_errand_left", errands.leave_errand, errand=found)
    return render(request, "goods/medicine_errand_over.html", {"done": False, "errand": found})
