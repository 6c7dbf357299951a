"""The money of a run: who has what, the receipt, what households pay, change, and the close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from shouwang.accounts.models import User
from shouwang.core.access import needs, signed_in
from shouwang.core.files import read_file
from shouwang.core.forms import CommandForm
from shouwang.help import services
from shouwang.help.forms import ChangeBackForm, PayForm, ReasonForm, ReceiptForm, YuanForm
from shouwang.help.models import Order, ShoppingRun
from shouwang.help.selectors import accounts, orders
from shouwang.help.selectors import shopping as selectors
from shouwang.help.selectors.orders import MONEY
from shouwang.help.services.settling import record_statement_read
from shouwang.help.views.orders import sheet_of
from shouwang.help.views.shopping import refused
from shouwang.ui.paper import pdf_response, render_pdf


@signed_in
@require_GET
def run_money(request: Any, shopping_id: UUID) -> HttpResponse:
    """Who has what, and whether it is even."""
    return money_page(request, selectors.run_for(request.scope, shopping_id))


def money_page(request: Any, run: ShoppingRun, **forms: CommandForm) -> HttpResponse:
    sums = accounts.sums_of(run)
    keeps = selectors.sees_money(request.scope, run)
    mine = run.volunteer is not None and run.volunteer.user_id == request.user.pk
    usual: dict[str, CommandForm] = {"advance": YuanForm(), "receipt": ReceiptForm(), "refund": YuanForm(),
                                     "pay": PayForm(), "reason": ReasonForm()}  # fmt: skip
    context = {
        "run": run, "sums": sums, "figures": sums.rows(), "owing": accounts.owing_in(run), "keeps": keeps, "mine": mine,
        "changes": [(one, ChangeBackForm(initial={"amount": one.fen, "holder": one.holder_id})) for one in sums.held
                    if one.fen > 0],
        "forms": usual | forms, "page": "money", "now": request.at, "live": run.state not in ("settled", "cancelled"),
        "left": 0, "total": 0, "shop_left": run.state not in ("gathering", "shopping"),
    }  # fmt: skip
    status = max([200, *(form.status for form in forms.values())])
    return render(request, "help/run_money.html", context, status=status)


def settled_by(
    request: Any, run: ShoppingRun, name: str, form: CommandForm, do: Callable[[], Any]
) -> HttpResponse:
    """One act with money: done once, and back to the page; or the page with what is wrong."""
    if form.apply(request, f"help.run.{name}", lambda: str(do()), also={"run": run.pk}) is None:
        return money_page(request, run, **{name: form})
    return redirect("help:run_money", run.pk)


@signed_in
@require_POST
def receipt(request: Any, shopping_id: UUID) -> HttpResponse:
    """What the receipt says."""
    run, form = selectors.run_for(request.scope, shopping_id), ReceiptForm(request.POST, request.FILES)
    return settled_by(
        request, run, "receipt", form, lambda: services.record_receipt(
            run=run, total_fen=form.cleaned_data["total"], photo=form.cleaned_data["photo"], by=request.user,
            at=request.at).pk,
    )  # fmt: skip


@signed_in
@require_GET
def receipt_photo(request: Any, shopping_id: UUID) -> HttpResponse:
    """The photo of the receipt."""
    stored = selectors.photo_of_receipt(request.scope, shopping_id)
    return HttpResponse(read_file(stored), content_type=stored.media_type)


@needs("help.money")
@require_POST
def receipt_back(request: Any, shopping_id: UUID) -> HttpResponse:
    """The receipt was typed wrongly."""
    run, form = selectors.led_run(request.scope, shopping_id, MONEY), CommandForm(request.POST)
    act = {"run": run, "by": request.user, "at": request.at}
    return settled_by(request, run, "receipt_back", form, lambda: services.take_receipt_back(**act).pk)


@needs("help.money")
@require_POST
def advance(request: Any, shopping_id: UUID) -> HttpResponse:
    """Cash into the shopper's hands."""
    run, form = selectors.led_run(request.scope, shopping_id, MONEY), YuanForm(request.POST)
    return settled_by(
        request, run, "advance", form, lambda: services.hand_out_advance(
            run=run, amount_fen=form.cleaned_data["amount"], by=request.user, at=request.at),
    )  # fmt: skip


@needs("help.money")
@require_POST
def refund(request: Any, shopping_id: UUID) -> HttpResponse:
    """The shop took something back."""
    run, form = selectors.led_run(request.scope, shopping_id, MONEY), YuanForm(request.POST)
    return settled_by(
        request, run, "refund", form, lambda: services.refund_from_shop(
            run=run, amount_fen=form.cleaned_data["amount"], by=request.user, at=request.at),
    )  # fmt: skip


@needs("help.money")
@require_POST
def change_back(request: Any, shopping_id: UUID) -> HttpResponse:
    """What somebody holds comes back into the box."""
    run, form = selectors.led_run(request.scope, shopping_id, MONEY), ChangeBackForm(request.POST)
    receipt = form.apply(
        request, "help.run.change", lambda: str(services.give_change(
            run=run, holder=_holder(run, form.cleaned_data["holder"]), amount_fen=form.cleaned_data["amount"],
            by=request.user, at=request.at)), also={"run": run.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect("help:run_money", run.pk)


def _holder(run: ShoppingRun, holder_id: UUID) -> User:
    found = accounts.holder_in(run, holder_id)
    if found is None:
        raise Http404
    return found


@needs("help.money")
@require_POST
def settle(request: Any, shopping_id: UUID) -> HttpResponse:
    """Everything is even, or what is left is signed for."""
    run, form = selectors.led_run(request.scope, shopping_id, MONEY), ReasonForm(request.POST)
    return settled_by(
        request, run, "reason", form, lambda: services.close_run(
            run=run, reason=form.cleaned_data["reason"], by=request.user, at=request.at).pk,
    )  # fmt: skip


@signed_in
@require_POST
def pay(request: Any, order_id: UUID) -> HttpResponse:
    """A household pays, or is paid back."""
    found, form = payable(request, order_id), PayForm(request.POST)
    receipt = form.apply(
        request, "help.order.pay", lambda: _pay(request, found, form), also={"order": found.pk}
    )
    if receipt is None:
        raise refused(form)
    page = "help:run_doors" if request.POST.get("from") == "doors" else "help:run_money"
    return redirect(f"{redirect(page, found.run_id).url}#o-{found.pk}")


def _pay(request: Any, found: Order, form: PayForm) -> str:
    said = form.cleaned_data
    do = services.pay_back if said["back"] else services.pay_order
    return str(do(order=found, amount_fen=said["amount"], how=said["how"], by=request.user, at=request.at).pk)


def payable(request: Any, order_id: UUID) -> Order:
    """An order whose money the reader may note: whoever keeps the box, and whoever stands at the door; else 404."""
    found = orders.order_for(request.scope, order_id)
    run = found.run
    mine = run is not None and run.volunteer is not None and run.volunteer.user_id == request.user.pk
    if run is None or not (mine or selectors.sees_money(request.scope, run)):
        raise Http404
    return found


@needs("help.money")
@require_POST
def bear(request: Any, order_id: UUID) -> HttpResponse:
    """The committee bears what a household owes."""
    found, form = payable(request, order_id), ReasonForm(request.POST)
    receipt = form.apply(
        request, "help.order.bear", lambda: str(services.bear_order(
            order=found, reason=form.cleaned_data["reason"], by=request.user, at=request.at).pk),
        also={"order": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect("help:run_money", found.run_id)


@signed_in
@require_GET
def statements(request: Any, shopping_id: UUID) -> HttpResponse:
    """A statement for each household of the run, a page each."""
    run = selectors.run_for(request.scope, shopping_id)
    rows = list(orders.orders_for(request.scope).filter(run=run).exclude(state="dropped").order_by("made_at"))
    for row in rows:
        record_statement_read(order=row, by=request.user, at=request.at)
    context = {"statements": [sheet_of(row) for row in rows], "now": request.at}
    return pdf_response(render_pdf("help/statement.html", context, request), "statements")
