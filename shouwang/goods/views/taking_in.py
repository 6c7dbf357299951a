"""Taking in: a door is tapped, said, scanned or photographed; then what it is, in two taps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs
from shouwang.goods import services
from shouwang.goods.forms import PhotoForm, ScanForm, TakeInForm
from shouwang.goods.selectors import gate, parcels
from shouwang.goods.states import ParcelKind, ParcelState, WeightClass
from shouwang.places.models import Dwelling
from shouwang.places.selectors import door_label


def kept(values: Any) -> dict[str, str]:
    """What the last one was, for the next of the same kind: nothing of anybody, so it may stand in an address."""
    found = {}
    if values.get("kind") in ParcelKind.values:
        found["kind"] = values["kind"]
    if str(values.get("weight")) in {str(one) for one in WeightClass.values}:
        found["weight"] = str(values["weight"])
    return found | {name: "on" for name in ("cold", "medicine") if values.get(name)}


@needs("goods.gate")
@require_GET
def take_in(request: Any) -> HttpResponse:
    """Where it goes: a building to tap, a door to say, a code to scan, a photo to take."""
    return render(request, "goods/gate_take_in.html", choose_context(request))


def choose_context(request: Any) -> dict[str, Any]:
    same = kept(request.GET)
    return {
        "communities": gate.gate_buildings(request.scope), "form": ScanForm(), "photo": PhotoForm(), "same": same,
        "kind": ParcelKind(same["kind"]).label if "kind" in same else "", "query": f"?{urlencode(same)}" if same else "",
        "last": parcels.taken_last(request.scope, request.at), "now": request.at,
        "unplaced": parcels.gate_counts(request.scope, request.at)["unplaced"],
    }  # fmt: skip


@needs("goods.gate")
@require_GET
def take_in_building(request: Any, building_id: UUID) -> HttpResponse:
    """The doors of a building."""
    building, stairs = gate.gate_doors(request.scope, building_id)
    same = kept(request.GET)
    context = {"building": building, "stairs": stairs, "query": f"?{urlencode(same)}" if same else ""}
    return render(request, "goods/gate_doors.html", context)


@needs("goods.gate")
@require_GET
def take_in_door(request: Any, dwelling_id: UUID) -> HttpResponse:
    """What it is, for a door that was tapped."""
    dwelling = gate.gate_door(request.scope, dwelling_id)
    form = TakeInForm(initial={**kept(request.GET), "dwelling": dwelling.pk})
    return details(request, form, dwelling)


def details(request: Any, form: TakeInForm, dwelling: Dwelling | None) -> HttpResponse:
    label = door_label(dwelling) if dwelling is not None else ""
    context = {"form": form, "dwelling": dwelling, "door_label": label}
    return render(request, "goods/gate_details.html", context, status=form.status)


@needs("goods.gate")
@require_POST
def keep_parcel(request: Any) -> HttpResponse:
    """Takes it in; then the next one, of the same kind if that was wished."""
    form = TakeInForm(request.POST, request.FILES)
    receipt = form.apply(request, "goods.take_in", lambda: taken(request, form))
    if receipt is None:
        return details(request, form, door_of(request, form))
    tell_taken(request, UUID(receipt.answer))
    query = f"?{urlencode(kept(form.cleaned_data))}" if "same" in request.POST else ""
    return redirect(reverse("goods:take_in") + query)


def door_of(request: Any, form: TakeInForm) -> Dwelling | None:
    """The door that was tapped, else the one that is said."""
    tapped = form.cleaned_data.get("dwelling") if hasattr(form, "cleaned_data") else None
    if tapped is not None:
        return gate.gate_door(request.scope, tapped)
    return (
        gate.said_door(request.scope, form.cleaned_data.get("door", ""))
        if hasattr(form, "cleaned_data")
        else None
    )


def taken(request: Any, form: TakeInForm) -> str:
    said, dwelling = form.cleaned_data, door_of(request, form)
    community_id = dwelling.community_id if dwelling is not None else None
    parcel = services.take_in(
        community=gate.gate_community(request.scope, community_id), dwelling=dwelling,
        door_said="" if dwelling is not None else said["door"], carrier_code=said["carrier_code"], note=said["note"],
        photo=said["photo"], by=request.user, at=request.at, **form.looks(),
    )  # fmt: skip
    return str(parcel.pk)


def tell_taken(request: Any, parcel_id: UUID) -> None:
    """What was taken in, with the way to its label; that the door is not known, where it isn't."""
    parcel = parcels.parcel_for(request.scope, parcel_id)
    label = format_html('<a href="{}">{}</a>', reverse("goods:label", args=[parcel.pk]), _("Print its label"))
    if parcel.place_id is None:
        words = _("%(number)s is taken in. Its door is not known yet: it is on the list until it is.")
    elif parcel.state == ParcelState.RELEASED:
        words = _("%(number)s is taken in and ready to go.")
    else:
        words = _("%(number)s is taken in and waits to be disinfected.")
    messages.success(request, format_html("{} {}", words % {"number": parcel.spoken_number}, label))


@needs("goods.gate")
@require_POST
def keep_photo(request: Any) -> HttpResponse:
    """A photo of a label is enough for now: it is on the list of those to be read."""
    form = PhotoForm(request.POST, request.FILES)
    receipt = form.apply(request, "goods.photo", lambda: photographed(request, form))
    if receipt is not None:
        tell_taken(request, UUID(receipt.answer))
        return redirect("goods:take_in")
    context = choose_context(request) | {"photo": form}
    return render(request, "goods/gate_take_in.html", context, status=form.status)


def photographed(request: Any, form: PhotoForm) -> str:
    community = gate.gate_community(request.scope)
    parcel = services.take_in(
        community=community, photo=form.cleaned_data["photo"], by=request.user, at=request.at
    )
    return str(parcel.pk)


@needs("goods.gate")
@require_POST
def scan(request: Any) -> HttpResponse:
    """One scan or word: a label opens its parcel; a resident's code, a door or a barcode begins to take one in."""
    form = ScanForm(request.POST)
    text = form.cleaned_data["text"].strip() if form.is_valid() else ""
    known = parcels.parcel_by_code(request.scope, text)
    if known is not None:
        return redirect("goods:parcel", known.pk)
    dwelling_id = gate.meant_dwelling(request.scope, text, request.at)
    if dwelling_id is not None:
        return redirect("goods:take_in_door", dwelling_id)
    begun = begun_with(text)
    return details(request, TakeInForm(initial=begun), None) if begun else not_understood(request, form)


def begun_with(text: str) -> dict[str, str]:
    """What a parcel begins with that is known by nothing else: a carrier's barcode, or a door as it was said."""
    if text.upper().startswith(("SW1.", "SG.")) or len(text) < 2:  # a code of ours that is not in force here
        return {}
    plain = 6 <= len(text) <= 40 and text.isascii() and text.isalnum()
    return {"carrier_code": text} if plain else {"door": text[:60]}


def not_understood(request: Any, form: ScanForm) -> HttpResponse:
    form.add_error("text", _("This is no label of ours, no barcode and no code that is in force here."))
    return render(request, "goods/gate_take_in.html", choose_context(request) | {"form": form}, status=422)
