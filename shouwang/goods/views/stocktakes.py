"""Stock-taking: counting with the phone in the hand, looking at what differs, signing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.goods.forms.store_lists import BeginForm, CountForm, FoundForm, SignForm
from shouwang.goods.selectors import stocktakes as selectors
from shouwang.goods.selectors import store as stores
from shouwang.goods.services import stocktakes as services
from shouwang.goods.views.store import STORE, asked_store, refused

COUNT = "goods.gate"


@needs(STORE)
@require_http_methods(["GET", "POST"])
def counts(request: Any) -> HttpResponse:
    """Stock-takes that go on and that are over; a new one begins here."""
    community = asked_store(request)
    shelves = stores.shelves_in(community.pk)
    form = BeginForm(request.POST or None, shelves=shelves)
    act = {"by": request.user, "at": request.at}
    if request.method == "POST" and (receipt := form.apply(
        request, "goods.store.count",
        lambda: str(services.begin_stock_take(shelf=form.cleaned_data["shelf"], **act).pk),
    )):  # fmt: skip
        return redirect("goods:stock_take", receipt.answer)
    context = {"takes": selectors.takes_for(request.scope)[:30], "form": form, "community": community}
    return render(request, "goods/store_counts.html", context, status=form.status)


@needs(STORE)
@require_GET
def stock_take(request: Any, stock_take_id: UUID) -> HttpResponse:
    """One stock-take for whoever signs it."""
    return take_page(request, stock_take_id)


def take_page(request: Any, stock_take_id: UUID, form: SignForm | None = None) -> HttpResponse:
    take = selectors.take_for(request.scope, stock_take_id)
    lines, form = selectors.lines_to_sign(take), form or SignForm()
    form.fields["reason"].required = any(one.difference for one in lines)
    context = {
        "take": take, "lines": lines, "form": form, "differing": [one for one in lines if one.difference],
    }  # fmt: skip
    return render(request, "goods/store_count.html", context, status=form.status)


@needs(STORE)
@require_POST
def sign(request: Any, stock_take_id: UUID) -> HttpResponse:
    """The stock-take is signed, with the reason where something differs."""
    take, form = selectors.take_for(request.scope, stock_take_id), SignForm(request.POST)

    def do() -> int:
        said = {"reason": form.cleaned_data["reason"], "by": request.user, "at": request.at}
        return services.sign_stock_take(stock_take=take, **said).differences or 0

    receipt = form.apply(request, "goods.store.sign", do, also={"take": take.pk})
    if receipt is None:
        return take_page(request, take.pk, form)
    messages.success(
        request,
        _("Signed and written into the books.") if receipt.answer else _("Closed at zero difference."),
    )
    return redirect("goods:stock_take", take.pk)


@needs(STORE)
@require_POST
def call_off(request: Any, stock_take_id: UUID) -> HttpResponse:
    """Counting ends without a result."""
    take = selectors.take_for(request.scope, stock_take_id)
    act = {"stock_take": take, "by": request.user, "at": request.at}
    press(request, "goods.store.call_off", lambda: str(services.call_off_stock_take(**act).pk), take=take.pk)
    return redirect("goods:store_counts")


@needs(STORE)
@require_POST
def again(request: Any, count_line_id: int) -> HttpResponse:
    """A line that differs is counted once more."""
    line = selectors.count_line_for(request.scope, count_line_id)
    act = {"line": line, "by": request.user, "at": request.at}
    press(request, "goods.store.again", lambda: services.count_again(**act).pk, line=line.pk)
    return redirect("goods:stock_take", line.stock_take_id)


@needs(COUNT)
@require_GET
def counting(request: Any, stock_take_id: UUID) -> HttpResponse:
    """One thing after another, big; what should be there is not on the page."""
    return counting_page(request, stock_take_id)


def counting_page(
    request: Any, stock_take_id: UUID, wrong: CountForm | None = None, line_id: int = 0
) -> HttpResponse:
    take = selectors.take_for(request.scope, stock_take_id, COUNT)
    waiting = selectors.lines_to_count(take, request.user.pk)
    mine = sorted((one for one in waiting if not one.mine), key=lambda one: one.line.pk != line_id)
    form = wrong or (CountForm(packing=mine[0].line.lot.item.packing) if mine else None)
    context = {
        "take": take, "next": mine[0] if mine else None, "rest": mine[1:], "form": form,
        "for_others": sum(one.mine for one in waiting), "found_form": FoundForm(items=stores.items_in(take.community_id)),
    }  # fmt: skip
    return render(request, "goods/store_counting.html", context, status=form.status if form else 200)


@needs(COUNT)
@require_POST
def count(request: Any, count_line_id: int) -> HttpResponse:
    """So much was counted; the next one comes."""
    line = selectors.count_line_for(request.scope, count_line_id, COUNT)
    form = CountForm(request.POST, packing=line.lot.item.packing)

    def do() -> int:
        said = {"quantity": form.cleaned_data["quantity"], "by": request.user, "at": request.at}
        return services.count_line(line=line, **said).pk

    if form.apply(request, "goods.store.counted", do, also={"line": line.pk}) is None:
        return counting_page(request, line.stock_take_id, form, line.pk)
    return redirect("goods:counting", line.stock_take_id)


@needs(COUNT)
@require_POST
def found(request: Any, stock_take_id: UUID) -> HttpResponse:
    """Something is there that is not on the list."""
    take = selectors.take_for(request.scope, stock_take_id, COUNT)
    form = FoundForm(request.POST, items=stores.items_in(take.community_id))

    def do() -> int:
        said = {"item": form.cleaned_data["item"], "by": request.user, "at": request.at}
        return len(services.add_found_item(stock_take=take, **said))

    if form.apply(request, "goods.store.found", do, also={"take": take.pk}) is None:
        raise refused(form)
    return redirect("goods:counting", take.pk)
