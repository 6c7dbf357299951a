"""Pages of the store: what is there, what an item's books say, what is kept and where."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm, press, typed
from shouwang.goods.engines.packs import packs_said
from shouwang.goods.forms.store import DiscardForm, ItemForm, ShelfForm, SplitForm, TransferForm
from shouwang.goods.models import Item
from shouwang.goods.selectors import stock_lists
from shouwang.goods.selectors import store as selectors
from shouwang.goods.services import store as services
from shouwang.places.models import Place

STORE = "goods.store"


def asked_store(request: Any) -> Place:
    """The store that the page is about: the one in the address, else the first in reach."""
    said = request.GET.get("store", "") or request.POST.get("store", "")
    try:
        return selectors.store_for(request.scope, UUID(said) if said else None)
    except ValueError:
        return selectors.store_for(request.scope)


def asked_day(request: Any, community: Place) -> date:
    """The day in the address, else today where the store is."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return stock_lists.today_in(community.pk, request.at)


def refused(form: CommandForm) -> Refusal:
    """Why nothing was done, for a page of its own: forms that stand alone on a page of lists."""
    words = str(next(iter(form.errors.values()))[0])
    return form.refusal or Refusal("not-understood", words)


@needs(STORE)
@require_http_methods(["GET", "POST"])
def store(request: Any) -> HttpResponse:
    """What there is, warnings first; a search is sent, so that it stands in no address."""
    community, q = asked_store(request), typed(request.POST, "q")
    shelves = selectors.shelves_in(community.pk)
    shelf = next((one for one in shelves if str(one.pk) == request.GET.get("shelf", "")), None)
    rows = stock_lists.stock_list(request.scope, community, q, shelf.pk if shelf else None)
    context = {
        "community": community, "stores": selectors.stores_for(request.scope), "shelves": shelves, "shelf": shelf,
        "rows": rows, "q": q, "warned": sum(row.warns for row in rows), "shelf_form": ShelfForm(),
    }  # fmt: skip
    return render(request, "goods/store.html", context)


@needs(STORE)
@require_POST
def add_shelf(request: Any) -> HttpResponse:
    """One more place to keep things."""
    form, community = ShelfForm(request.POST), asked_store(request)
    act = {"community": community, "by": request.user, "at": request.at}
    if form.apply(
        request, "goods.store.shelf", lambda: str(services.add_shelf(name=form.cleaned_data["name"], **act).pk),
        also={"community": community.pk},
    ) is None:  # fmt: skip
        raise refused(form)
    messages.success(request, _("There is one more place in the store."))
    return redirect("goods:store")


@needs(STORE)
@require_http_methods(["GET", "POST"])
def new_item(request: Any) -> HttpResponse:
    """Something that the store keeps from now on."""
    form, community = ItemForm(request.POST or None), asked_store(request)

    def do() -> str:
        unit, act = form.cleaned_data["unit"], {"by": request.user, "at": request.at}
        return str(services.add_item(community=community, unit=unit, **form.values, **act).pk)

    if request.method == "POST" and (
        receipt := form.apply(request, "goods.store.item", do, also={"community": community.pk})
    ):
        return redirect("goods:store_item", receipt.answer)
    return render(request, "goods/store_item_form.html", {"form": form, "item": None}, status=form.status)


@needs(STORE)
@require_http_methods(["GET", "POST"])
def change_item(request: Any, item_id: UUID) -> HttpResponse:
    """What is said of an item is put right; its unit stays."""
    item = selectors.item_for(request.scope, item_id)
    given = {**request.POST.dict(), "unit": item.unit} if request.method == "POST" else None
    form = ItemForm(given, initial=said_of(item))

    def do() -> str:
        return str(services.change_item(item=item, by=request.user, at=request.at, **form.values).pk)

    if given is not None and form.apply(request, "goods.store.change", do, also={"item": item.pk}):
        return redirect("goods:store_item", item.pk)
    return render(request, "goods/store_item_form.html", {"form": form, "item": item}, status=form.status)


def said_of(item: Item) -> dict[str, Any]:
    names = ("name", "unit", "unit_weight_g", "warn_below", "comes_back")
    packs = packs_said(item.packing.packs, item.unit)
    return {"packs": packs, **{name: getattr(item, name) for name in names}}


@needs(STORE)
@require_POST
def end_item(request: Any, item_id: UUID) -> HttpResponse:
    """The store keeps it no longer."""
    item = selectors.item_for(request.scope, item_id)
    act = {"item": item, "by": request.user, "at": request.at}
    press(request, "goods.store.end", lambda: str(services.end_item(**act).pk), item=item.pk)
    messages.success(request, _("It is off the list. Its books stay."))
    return redirect("goods:store")


@needs(STORE)
@require_GET
def item(request: Any, item_id: UUID) -> HttpResponse:
    """An item: its lots, where they are, its movements, and what can be done."""
    return item_page(request, selectors.item_for(request.scope, item_id))


def item_page(request: Any, found: Item, **forms: CommandForm) -> HttpResponse:
    """The page with a form that was wrong in its place, the others fresh."""
    shelves = selectors.shelves_in(found.community_id)
    fresh: dict[str, Any] = {"item": found, "shelves": shelves}
    row = next(iter(stock_lists.stock_list(request.scope, q=found.name)), None)
    context = {
        "item": found, "lots": selectors.lots_of(found), "lines": stock_lists.ledger_of(found), "row": row,
        "shelves": shelves, "today": stock_lists.today_in(found.community_id, request.at),
        "move_form": forms.get("move_form") or TransferForm(**fresh),
        "wrong": next(iter(forms.values()), None),
    }  # fmt: skip
    status = max((form.status for form in forms.values()), default=200)
    return render(request, "goods/store_item.html", context, status=status)


@needs(STORE)
@require_POST
def move(request: Any, item_id: UUID) -> HttpResponse:
    """From one place of the store to another."""
    found = selectors.item_for(request.scope, item_id)
    form = TransferForm(request.POST, item=found, shelves=selectors.shelves_in(found.community_id))

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("quantity", "from_shelf", "to_shelf")}
        act = {"act": form.cleaned_data["command_id"], "by": request.user, "at": request.at}
        return str(services.transfer(item=found, **said, **act)[0].act)

    if form.apply(request, "goods.store.move", do, also={"item": found.pk}) is None:
        return item_page(request, found, move_form=form)
    return redirect("goods:store_item", found.pk)


@needs(STORE)
@require_POST
def discard(request: Any, lot_id: UUID) -> HttpResponse:
    """So much of a lot is thrown away."""
    lot = selectors.lot_for(request.scope, lot_id)
    form = DiscardForm(request.POST, item=lot.item, shelves=selectors.shelves_in(lot.community_id))

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("quantity", "shelf", "reason")}
        act = {"act": form.cleaned_data["command_id"], "by": request.user, "at": request.at}
        return str(services.discard(lot=lot, **said, **act)[0].act)

    if form.apply(request, "goods.store.discard", do, also={"lot": lot.pk}) is None:
        return item_page(request, lot.item, discard_form=form)
    return redirect("goods:store_item", lot.item_id)


@needs(STORE)
@require_POST
def split(request: Any, lot_id: UUID) -> HttpResponse:
    """A pack is opened: some of it becomes a lot of its own."""
    lot = selectors.lot_for(request.scope, lot_id)
    form = SplitForm(request.POST, item=lot.item, shelves=selectors.shelves_in(lot.community_id))

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("quantity", "shelf")}
        act = {"act": form.cleaned_data["command_id"], "by": request.user, "at": request.at}
        return str(services.split_lot(lot=lot, **said, **act).pk)

    if form.apply(request, "goods.store.split", do, also={"lot": lot.pk}) is None:
        return item_page(request, lot.item, split_form=form)
    return redirect("goods:store_item", lot.item_id)
