"""Shopping runs: the list in the hand, counting again, the doors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm, press
from shouwang.help import services
from shouwang.help.forms import CountForm, DoorForm, PriceForm, TickForm, WhoGoes
from shouwang.help.models import ShoppingRun
from shouwang.help.selectors import accounts
from shouwang.help.selectors import orders as order_selectors
from shouwang.help.selectors import shopping as selectors
from shouwang.help.services.at_the_gate import set_bags_down
from shouwang.help.services.shopping import reoffer_run
from shouwang.help.states import SETTLED_LINES, LineKind, LineState
from shouwang.help.views.orders import back_to, chosen


@signed_in
@require_GET
def shopping_run(request: Any, shopping_id: UUID) -> HttpResponse:
    """The list in the hand: shelf after shelf, or household after household."""
    return render(request, "help/run_list.html", run_context(request, shopping_id, "list"))


@signed_in
@require_GET
def run_sheet(request: Any, shopping_id: UUID) -> HttpResponse:
    """The same on paper."""
    return render(request, "help/run_sheet.html", run_context(request, shopping_id, "list"))


@signed_in
@require_GET
def run_count(request: Any, shopping_id: UUID) -> HttpResponse:
    """Everything in the bags, counted a second time."""
    return render(request, "help/run_count.html", run_context(request, shopping_id, "count"))


@signed_in
@require_GET
def run_doors(request: Any, shopping_id: UUID) -> HttpResponse:
    """Household after household: bag, parcels, what they pay."""
    return render(request, "help/run_doors.html", run_context(request, shopping_id, "doors"))


def run_context(request: Any, shopping_id: UUID, page: str) -> dict[str, Any]:
    run = selectors.run_for(request.scope, shopping_id)
    lines = selectors.lines_in(run)
    goods = [line for line in lines if line.kind == LineKind.GOODS]
    mine = run.volunteer is not None and run.volunteer.user_id == request.user.pk
    leads = request.scope.covers(order_selectors.SHOP, run)
    owing = {row.order.pk: row for row in accounts.owing_in(run)} if page == "doors" else {}
    return {
        "run": run, "page": page, "mine": mine, "leads": leads, "now": request.at,
        "shelves": selectors.by_shelf(lines),
        "households": [
            {"one": one, "owing": owing.get(one.order.pk)} for one in selectors.by_household(request.scope, lines)
        ],
        "by": "household" if request.GET.get("by") == "household" else "shelf",
        "left": sum(line.state not in SETTLED_LINES for line in goods), "total": len(goods),
        "who": WhoGoes(scope=request.scope, at=request.at) if run.volunteer is None and leads else None,
    }  # fmt: skip


# Steps of a run


@signed_in
@require_POST
def run_act(request: Any, shopping_id: UUID, run_step: str) -> HttpResponse:
    """In the shop, out of it, counted again, back; given back by whoever has it."""
    run = selectors.run_for(request.scope, shopping_id)
    done = {"run": run, "by": request.user, "at": request.at}
    doing = {
        "start": services.start_run, "leave": services.leave_shop, "back": services.go_back, "count": services.end_count,
        "cancel": services.cancel_run, "gate": set_bags_down, "give_back": reoffer_run,
    }  # fmt: skip
    do = chosen(doing, run_step)
    press(request, f"help.run.{run_step}", lambda: str(do(**done)), run=run.pk)
    return after_step(request, run, run_step)


def after_step(request: Any, run: ShoppingRun, run_step: str) -> HttpResponse:
    """Where one goes on after a step of a run."""
    if run_step == "give_back":
        return render(request, "help/run_over.html", {"run": run})
    if run_step == "cancel":
        return redirect("help:orders")
    pages = {"leave": "help:run_count", "count": "help:run_doors", "gate": "help:run_doors"}
    return redirect(pages.get(run_step, "help:shopping_run"), run.pk)


@needs("help.shop")
@require_POST
def give_run(request: Any, shopping_id: UUID) -> HttpResponse:
    """Gives a run that nobody has to somebody by name."""
    run = selectors.led_run(request.scope, shopping_id)
    form = WhoGoes(request.POST, scope=request.scope, at=request.at)
    receipt = form.apply(
        request, "help.run.give", lambda: str(services.give_run(
            run=run, volunteer=form.cleaned_data["volunteer"], by=request.user, at=request.at).pk), also={"run": run.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect("help:shopping_run", run.pk)


def refused(form: CommandForm) -> Refusal:
    """Why a small form was not taken, for a page of its own."""
    field, errors = next(iter(form.errors.items()))
    return form.refusal or Refusal("form-wrong", str(errors[0]), field=field)


# Line by line


@signed_in
@require_POST
def tick(request: Any, order_line_id: UUID) -> HttpResponse:
    """It is in the basket."""
    found = order_selectors.line_for(request.scope, order_line_id)
    form = TickForm(request.POST)
    receipt = form.apply(
        request, "help.order.tick", lambda: str(services.tick_line(
            line=found, bought=form.cleaned_data["bought"], price_fen=form.cleaned_data["price"], by=request.user,
            at=request.at).pk), also={"line": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect(back_to(request, found))


@signed_in
@require_POST
def line_act(request: Any, order_line_id: UUID, line_step: str) -> HttpResponse:
    """One press about one line: not there, take the tick back, leave it out, the parcel is fetched or was not there."""
    found = order_selectors.line_for(request.scope, order_line_id)
    done = {"line": found, "by": request.user, "at": request.at}
    doing = {
        "untick": services.untick_line, "miss": services.miss_line, "out": services.leave_out,
        "fetched": services.fetch_parcel, "no_parcel": lambda **act: services.fetch_parcel(fetched=False, **act),
    }  # fmt: skip
    do = chosen(doing, line_step)
    press(request, f"help.order.line.{line_step}", lambda: str(do(**done).pk), line=found.pk)
    if line_step == "miss" and found.state in (LineState.OPEN, LineState.NOT_FOUND):
        return redirect("help:ask_line", found.pk)
    return redirect(back_to(request, found))


@signed_in
@require_POST
def price(request: Any, shopping_id: UUID) -> HttpResponse:
    """What the same goods of several households cost, shared by weight to the fen."""
    run = selectors.run_for(request.scope, shopping_id)
    form = PriceForm(request.POST, lines=[str(line.pk) for line in selectors.lines_in(run)])
    lines = order_selectors.lines_for(request.scope, form.cleaned_data["lines"]) if form.is_valid() else []
    receipt = form.apply(
        request, "help.run.price", lambda: len(services.price_lines(
            lines=lines, by=request.user, at=request.at, **form.said())), also={"run": run.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect(f"{run_url(run)}#l-{form.cleaned_data['lines'][0]}")


def run_url(run: ShoppingRun) -> str:
    return redirect("help:shopping_run", run.pk).url


@signed_in
@require_POST
def count(request: Any, order_line_id: UUID) -> HttpResponse:
    """Counted again."""
    found = order_selectors.line_for(request.scope, order_line_id)
    form = CountForm(request.POST)
    receipt = form.apply(
        request, "help.order.count", lambda: str(services.count_line(
            line=found, received=form.cleaned_data["received"], words=form.cleaned_data["words"], by=request.user,
            at=request.at).pk), also={"line": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect(back_to(request, found))


@signed_in
@require_POST
def at_door(request: Any, order_line_id: UUID) -> HttpResponse:
    """What the resident takes of a line."""
    found = order_selectors.line_for(request.scope, order_line_id)
    form = DoorForm(request.POST)
    receipt = form.apply(
        request, "help.order.door", lambda: str(services.deliver_line(
            line=found, delivered=form.cleaned_data["delivered"], by=request.user, at=request.at).pk),
        also={"line": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise refused(form)
    return redirect(back_to(request, found))


@signed_in
@require_POST
def delivered(request: Any, order_id: UUID) -> HttpResponse:
    """Gone through with the resident."""
    found = order_selectors.order_for(request.scope, order_id)
    done = {"order": found, "by": request.user, "at": request.at}
    press(request, "help.order.delivered", lambda: str(services.deliver_order(**done).pk), order=found.pk)
    messages.success(request, _("Delivered. What they pay stands beside their door."))
    return redirect(f"{redirect('help:run_doors', found.run_id).url}#o-{found.pk}")
