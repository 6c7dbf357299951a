"""What is given, its receipt, the list for everybody; and an opening list pasted from Excel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.personal import PHONE
from shouwang.goods.engines.stock_lists import StockLine, read_stock_list
from shouwang.goods.forms.store import DonationForm
from shouwang.goods.forms.store_lists import OpeningForm
from shouwang.goods.selectors import donations as selectors
from shouwang.goods.selectors import stock_lists
from shouwang.goods.selectors import store as stores
from shouwang.goods.services import donations as services
from shouwang.goods.services.opening import take_in_opening
from shouwang.goods.states import MovementKind
from shouwang.goods.views.store import STORE, asked_store
from shouwang.goods.views.store_acts import sheet_of, sheet_page
from shouwang.places.models import Place
from shouwang.places.selectors import community_by_id
from shouwang.ui.paper import pdf_response, render_pdf

# Rows as they are copied out of Excel; both languages' are read as they stand (tests/test_store_packs).
EXAMPLE = gettext_lazy(
    "flour\tjin\t50 jin/bag\t12 bags\t2023-05-01\n"
    "fever medicine\ttablet\t12 tablets/strip × 10 strips/box\t3 boxes 2 strips\t2023-08\n"
    "gowns\tpiece\t\t60\t"
)


@needs(STORE)
@require_GET
def donations(request: Any) -> HttpResponse:
    """What was given, with the donors."""
    community = asked_store(request)
    rings = PHONE in request.scope.classes_for(community)
    context = {"community": community, "given": selectors.donations_in(community.pk), "rings": rings}
    return render(request, "goods/store_donations.html", context)


@needs(STORE)
@require_http_methods(["GET", "POST"])
def new_donation(request: Any) -> HttpResponse:
    """Somebody gives something: it comes in, and a receipt is numbered."""
    community = asked_store(request)
    sheet = sheet_of(request, community, lambda item, n: stock_lists.unusual(item, MovementKind.DONATED, n))
    form = DonationForm(**sheet)

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("donor_name", "donor_phone", "may_be_named")}
        act = {"act": form.cleaned_data["command_id"], "by": request.user, "at": request.at}
        return str(services.receive_donation(lines=form.ins, **said, **act).act)

    if request.method == "POST" and (receipt := form.apply(request, "goods.store.donation", do)):
        messages.success(request, _("It is in the store, and the receipt is ready."))
        return redirect("goods:store_slip", receipt.answer)
    return sheet_page(request, form, community, "goods/store_donation.html")


@needs(STORE)
@require_GET
def receipt(request: Any, donation_id: UUID) -> HttpResponse:
    """The receipt as a sheet for the donor; opening it is on record."""
    given = selectors.donation_for(request.scope, donation_id)
    services.record_donor_read(donation=given.donation, by=request.user, at=request.at)
    context = {"given": given, "community": community_by_id(given.donation.community_id)}
    pdf = render_pdf("goods/store_receipt.html", context, request)
    return pdf_response(pdf, f"receipt-{given.donation.spoken_number}")


@needs(STORE)
@require_GET
def public_list(request: Any) -> HttpResponse:
    """What was given, to be hung up: only those are named who agreed to it."""
    community = asked_store(request)
    given = [one for one in selectors.donations_in(community.pk) if not one.taken_back]
    return render(request, "goods/store_public.html", {"community": community, "given": given})


@needs(STORE)
@require_http_methods(["GET", "POST"])
def opening(request: Any) -> HttpResponse:
    """A stock list pasted from Excel: looked at first, row by row, then taken in as it was shown."""
    community = asked_store(request)
    form = OpeningForm(request.POST or None, shelves=stores.shelves_in(community.pk))
    lines = lines_sent(request, community.pk)

    def do() -> int:
        act = {"act": form.cleaned_data["command_id"], "by": request.user, "at": request.at}
        return len(take_in_opening(shelf=form.cleaned_data["shelf"], lines=lines, **act))

    if request.POST.get("step") == "take" and (taken := form.apply(request, "goods.store.opening", do)):
        messages.success(request, _("%(rows)s rows are in the store.") % {"rows": taken.answer})
        return redirect("goods:store")
    return opening_page(request, form, lines, community)


def lines_sent(request: Any, community_id: UUID) -> list[StockLine]:
    known = {item.name: item.packing for item in stores.items_in(community_id)}
    return read_stock_list(request.POST.get("text", ""), known)


def opening_page(request: Any, form: OpeningForm, lines: list[StockLine], community: Place) -> HttpResponse:
    context = {
        "form": form, "lines": lines, "wrong": sum(bool(line.errors) for line in lines), "community": community,
        "shown": form.is_bound and form.is_valid(), "example": EXAMPLE,
    }  # fmt: skip
    return render(request, "goods/store_opening.html", context, status=form.status)
