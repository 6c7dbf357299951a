"""The bank itself: what there is and how it grew, what is offered, limits, the table, what is on file of a household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import Refusal
from shouwang.core.forms import press, typed
from shouwang.goods.forms.medicine import (
    AllergyForm,
    DeclineForm,
    LimitForm,
    OfferForm,
    PackForm,
    ReasonForm,
    community_meant,
)
from shouwang.goods.models import MedicineOffer
from shouwang.goods.selectors import medicine as selectors
from shouwang.goods.selectors.medicine_board import bank_lines, grown
from shouwang.goods.selectors.medicine_checks import limits_told
from shouwang.goods.selectors.medicine_faces import household_file
from shouwang.goods.selectors.medicine_lacks import chat_words
from shouwang.goods.selectors.medicine_naming import takers_named
from shouwang.goods.selectors.medicine_people import household_asked
from shouwang.goods.selectors.medicine_table import table_page
from shouwang.goods.services import medicine_notes as notes
from shouwang.goods.services import medicine_offers as services
from shouwang.goods.services.medicine_limits import set_limit
from shouwang.goods.views.medicine import refused
from shouwang.people.models import Household
from shouwang.people.selectors import current_household, members_of, person_in
from shouwang.places.selectors import door_label

KEEP = selectors.KEEP
# What is read off a pack.
SEEN = ("medicine", "expires_on", "quantity", "opened", "batch")


@needs(KEEP)
@require_GET
def bank(request: Any) -> HttpResponse:
    """What there is, medicine by medicine, and how the bank grew."""
    places = selectors.banks_for(request.scope)
    context = {
        "lines": bank_lines(request.scope, request.at), "grown": grown(request.scope), "form": LimitForm(),
        "limits": limits_told(places[0].pk) if places else [], "now": request.at,
        "chat": chat_words(places[0].pk, request.at) if places else "",
    }  # fmt: skip
    return render(request, "goods/medicine_bank.html", context)


@needs(KEEP)
@require_POST
def limit(request: Any) -> HttpResponse:
    """Sets the community's own limit of a medicine."""
    place = community_meant(selectors.banks_for(request.scope), None)
    if place is None or not request.scope.covers(KEEP, place):
        raise Http404
    form = LimitForm(request.POST)
    act = {"community": place, "by": request.user, "at": request.at}

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("medicine", "units", "household_units", "days")}
        return str(set_limit(**said, **act).pk)

    if form.apply(request, "goods.medicine_limit", do) is None:
        raise refused(form, "units")
    return redirect("goods:medicine_bank")


@needs(KEEP)
@require_GET
def table(request: Any) -> HttpResponse:
    """The table of medicines: what is in what, which rule holds, and where each figure comes from."""
    return render(request, "goods/medicine_table.html", {"page": table_page(typed(request.GET, "q"))})


@needs(KEEP)
@require_GET
def offers(request: Any) -> HttpResponse:
    """What is still with its givers."""
    rows = [(row, selectors.door_of(row)) for row in selectors.open_offers(request.scope)]
    return render(request, "goods/medicine_offers.html", {"rows": rows, "now": request.at})


@needs(KEEP)
@require_http_methods(["GET", "POST"])
def offer_new(request: Any) -> HttpResponse:
    """Somebody can spare something."""
    places = selectors.banks_for(request.scope)
    form = OfferForm(
        request.POST or None, request.FILES or None, initial={"community": places[0].pk if places else None}
    )
    if request.method == "POST":
        receipt = form.apply(request, "goods.medicine_offer", lambda: _offer(request, form))
        if receipt:
            return _after(request, UUID(receipt.answer))
    return render(request, "goods/medicine_offer_new.html", {"form": form}, status=form.status)


def _after(request: Any, offer_id: UUID) -> HttpResponse:
    """To the offer; or to the list, when the writer's posts do not reach where it lies."""
    messages.success(request, _("Written down. Look at it, or take it in when it is here."))
    there = selectors.offers_for(request.scope).filter(pk=offer_id).exists()
    return redirect("goods:medicine_offer", offer_id) if there else redirect("goods:medicine_offers")


def _offer(request: Any, form: OfferForm) -> str:
    said = form.cleaned_data
    place = community_meant(selectors.banks_for(request.scope), said["community"])
    dwelling = selectors.door_said(request.scope, said["door"]) if said["door"] else None
    if place is None or (said["door"] and dwelling is None):
        raise Refusal("door-unknown", _("This door is not on file, or not in your places."), field="door")
    giver = services.Giver(
        household=current_household(dwelling) if dwelling else None, dwelling=dwelling, name=said["giver_name"],
        phone=said["giver_phone"], may_be_named=said["may_be_named"],
    )  # fmt: skip
    pack = services.Pack(
        **{
            name: said[name]
            for name in ("medicine", "quantity", "expires_on", "opened", "words", "batch", "leaflet")
        }
    )
    return str(
        services.offer_medicine(community=place, giver=giver, pack=pack, by=request.user, at=request.at).pk
    )


@needs(KEEP)
@require_http_methods(["GET", "POST"])
def offer(request: Any, offer_id: UUID) -> HttpResponse:
    """One offer: what was seen of it; looked at, taken in, or not."""
    found = selectors.offer_for(request.scope, offer_id)
    start = {name: getattr(found, name) for name in SEEN}
    form = PackForm(request.POST or None, request.FILES or None, initial=start)
    do = lambda: _looked_at(request, found, form)  # noqa: E731
    if request.method == "POST" and form.apply(request, "goods.medicine_look", do, also={"offer": found.pk}):
        return redirect("goods:medicine_offer", found.pk)
    context = {
        "offer": found, "form": form, "now": request.at,
        "door": selectors.door_of(found), "decline": DeclineForm(auto_id="decline_%s"), "takers": takers_named(found),
    }  # fmt: skip
    return render(request, "goods/medicine_offer.html", context, status=form.status)


def _looked_at(request: Any, found: MedicineOffer, form: PackForm) -> str:
    said = {name: form.cleaned_data[name] for name in (*SEEN, "leaflet")}
    return str(services.check_offer(offer=found, by=request.user, at=request.at, **said).pk)


@needs(KEEP)
@require_POST
def take_in(request: Any, offer_id: UUID) -> HttpResponse:
    """It is here: into the bank."""
    found = selectors.offer_for(request.scope, offer_id)
    act = {"offer": found, "by": request.user, "at": request.at}
    press(request, "goods.medicine_take_in", lambda: str(services.take_in_offer(**act).pk), offer=found.pk)
    messages.success(request, _("It is in the bank. Thank the giver."))
    return redirect("goods:medicine_offer", found.pk)


@needs(KEEP)
@require_POST
def decline(request: Any, offer_id: UUID) -> HttpResponse:
    """It is not taken, and why."""
    found = selectors.offer_for(request.scope, offer_id)
    form = DeclineForm(request.POST)
    act = {"offer": found, "by": request.user, "at": request.at}
    do = lambda: str(services.decline_offer(fault=form.cleaned_data["fault"], **act).pk)  # noqa: E731
    if form.apply(request, "goods.medicine_decline", do, also={"offer": found.pk}) is None:
        raise refused(form, "fault")
    return redirect("goods:medicine_offers")


@needs(KEEP)
@require_POST
def withdraw(request: Any, offer_id: UUID) -> HttpResponse:
    """The giver needs it after all."""
    found = selectors.offer_for(request.scope, offer_id)
    act = {"offer": found, "by": request.user, "at": request.at}
    press(request, "goods.medicine_withdraw", lambda: str(services.withdraw_offer(**act).pk), offer=found.pk)
    return redirect("goods:medicine_offers")


@needs(KEEP)
@require_GET
def household(request: Any, household_id: UUID) -> HttpResponse:
    """What is on file of a household for giving medicine; opening it is on record."""
    found = household_asked(request.scope, household_id)
    notes.record_notes_read(household=found, by=request.user, at=request.at)
    context = {
        "household": found, "door": door_label(found.dwelling), "form": _allergy_form(found), **household_file(found),
        "end_form": ReasonForm(auto_id=False), "now": request.at,
    }  # fmt: skip
    return render(request, "goods/medicine_household.html", context)


def _allergy_form(found: Household, posted: Any = None) -> AllergyForm:
    members = [(row.person_id, row.person.name) for row in members_of(found)]
    return AllergyForm(posted, members=members)


@needs(KEEP)
@require_POST
def note(request: Any, household_id: UUID) -> HttpResponse:
    """An allergy of one of its people."""
    found = household_asked(request.scope, household_id)
    form = _allergy_form(found, request.POST)

    def do() -> str:
        person = person_in(found, UUID(form.cleaned_data["person"]))
        notes.note_allergies(
            person=person, substances=[form.cleaned_data["substance"]], by=request.user, at=request.at
        )
        return str(person.pk)

    if form.apply(request, "goods.medicine_note", do, also={"household": found.pk}) is None:
        raise refused(form, "substance")
    return redirect("goods:medicine_household", found.pk)


@needs(KEEP)
@require_POST
def end_note(request: Any, allergy_id: UUID) -> HttpResponse:
    """It is not so: whoever ends it answers for that by name."""
    found = selectors.note_for(request.scope, allergy_id)
    form = ReasonForm(request.POST)
    act = {"note": found, "by": request.user, "at": request.at}
    do = lambda: str(notes.end_allergy(why=form.cleaned_data["reason"], **act).pk)  # noqa: E731
    if form.apply(request, "goods.medicine_end_note", do, also={"note": found.pk}) is None:
        raise refused(form, "reason")
    home = selectors.home_of_note(found)
    return redirect("goods:medicine_household", home.pk) if home is not None else redirect("goods:medicine")
