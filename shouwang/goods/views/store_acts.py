"""Pages of what comes in and goes out: sheets of several lines, their slips, the day's ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.goods.engines.ledger_out import write_ledger
from shouwang.goods.forms.store import BackForm, BringInForm, IssueForm, ReasonForm
from shouwang.goods.models import Item
from shouwang.goods.selectors import stock_lists, store_people
from shouwang.goods.selectors import store as selectors
from shouwang.goods.services import store as services
from shouwang.goods.services.store_acts import About
from shouwang.goods.states import MovementKind
from shouwang.goods.views.store import STORE, asked_day, asked_store, refused
from shouwang.places.models import Place

LEDGER_DAYS = 31


def sheet_of(request: Any, community: Place, usual: Callable[[Item, int], int | None]) -> dict[str, Any]:
    """What every sheet needs: what was sent, the items, the shelves, and the question about an odd figure."""
    return {
        "data": request.POST if request.method == "POST" else None,
        "items": selectors.items_in(community.pk), "shelves": selectors.shelves_in(community.pk), "usual": usual,
    }  # fmt: skip


@needs(STORE)
@require_http_methods(["GET", "POST"])
def bring_in(request: Any) -> HttpResponse:
    """What came, several lines at once; nothing that was typed is lost when a row is wrong."""
    community = asked_store(request)
    form = BringInForm(
        **sheet_of(request, community, lambda item, n: stock_lists.unusual(item, way_sent(request), n))
    )
    if request.method == "POST" and (
        receipt := form.apply(request, "goods.store.in", lambda: brought_in(request, form))
    ):
        messages.success(request, _("It is in the store."))
        return redirect("goods:store_slip", receipt.answer)
    return sheet_page(request, form, community, "goods/store_in.html")


def way_sent(request: Any) -> str:
    """How it came, as far as it was said: a figure is compared with those of its own kind."""
    said = request.POST.get("kind")
    return said if said in MovementKind.values else MovementKind.BOUGHT


def brought_in(request: Any, form: BringInForm) -> str:
    said = form.cleaned_data
    rows = services.bring_in_lines(
        lines=form.ins, kind=MovementKind(said["kind"]), origin=said["origin"], by=request.user, at=request.at,
        act=said["command_id"],
    )  # fmt: skip
    return str(rows[0].act)


def sheet_page(request: Any, form: Any, community: Place, template: str) -> HttpResponse:
    context = {"form": form, "community": community, "items": form.items.values()}
    return render(request, template, context, status=form.status)


@needs(STORE)
@require_http_methods(["GET", "POST"])
def issue(request: Any) -> HttpResponse:
    """What goes out to those who serve, or to a household."""
    community = asked_store(request)
    form = IssueForm(
        **sheet_of(request, community, lambda item, n: stock_lists.unusual(item, kind_sent(request), n)),
        takers=store_people.takers_in(community.pk, request.at),
        find=lambda door: store_people.household_behind(request.scope, community, door),
    )
    if request.method == "POST" and (
        receipt := form.apply(request, "goods.store.out", lambda: taken_out(request, form))
    ):
        messages.success(request, _("It is out of the store."))
        return redirect("goods:store_slip", receipt.answer)
    return sheet_page(request, form, community, "goods/store_out.html")


def kind_sent(request: Any) -> str:
    return MovementKind.HANDED_OUT if request.POST.get("door") else MovementKind.ISSUED


def taken_out(request: Any, form: IssueForm) -> str:
    said = form.cleaned_data
    about = About(form.taker, said["to_words"], form.household, reason=said["reason"])
    rows = services.take_out_lines(
        lines=form.outs, kind=MovementKind(kind_sent(request)), about=about, by=request.user, at=request.at,
        act=said["command_id"],
    )  # fmt: skip
    return str(rows[0].act)


@needs(STORE)
@require_GET
def slip(request: Any, act_id: UUID) -> HttpResponse:
    """One act: what, to whom, by whom; to be printed, given back against, or taken back."""
    return slip_page(request, act_id)


def slip_page(request: Any, act_id: UUID, back: BackForm | None = None) -> HttpResponse:
    found = stock_lists.slip_for(request.scope, act_id)
    form = back or BackForm(lines=found.lines)
    return render(request, "goods/store_slip.html", {"slip": found, "back_form": form}, status=form.status)


@needs(STORE)
@require_POST
def correct(request: Any, act_id: UUID) -> HttpResponse:
    """The whole act is taken back, with the reason; it can then be entered anew."""
    found, form = stock_lists.slip_for(request.scope, act_id), ReasonForm(request.POST)

    def do() -> str:
        said = {"reason": form.cleaned_data["reason"], "new_act": form.cleaned_data["command_id"]}
        return str(services.correct(act=found.act.pk, by=request.user, at=request.at, **said)[0].act)

    if form.apply(request, "goods.store.correct", do, also={"act": act_id}) is None:
        raise refused(form)
    messages.success(request, _("It is taken back. Enter what is right now."))
    return redirect("goods:store_slip", act_id)


@needs(STORE)
@require_POST
def give_back(request: Any, act_id: UUID) -> HttpResponse:
    """Some of what had gone out is back."""
    found = stock_lists.slip_for(request.scope, act_id)
    form = BackForm(request.POST, lines=found.lines)

    def do() -> str:
        act = {"by": request.user, "at": request.at, "act": form.cleaned_data["command_id"]}
        return str(services.bring_back_lines(lines=form.wanted, **act)[0].act)

    if form.apply(request, "goods.store.back", do, also={"act": act_id}) is None:
        return slip_page(request, act_id, form)
    messages.success(request, _("It is back in the store."))
    return redirect("goods:store_slip", act_id)


@needs(STORE)
@require_GET
def day(request: Any) -> HttpResponse:
    """What came and went on a day, item by item, and what is left: to be printed and hung up."""
    community = asked_store(request)
    shown = asked_day(request, community)
    context = {
        "community": community, "day": shown, "before": shown - timedelta(days=1), "after": shown + timedelta(days=1),
        "items": stock_lists.day_of(community.pk, shown), "lines": stock_lists.acts_of_day(community.pk, shown),
    }  # fmt: skip
    return render(request, "goods/store_day.html", context)


@needs(STORE)
@require_GET
def ledger(request: Any) -> HttpResponse:
    """The movements of a month up to a day, as a sheet for the office."""
    community = asked_store(request)
    last = asked_day(request, community)
    lines = stock_lists.ledger_in(community.pk, last - timedelta(days=LEDGER_DAYS), last)
    title = _("Store of %(place)s, up to %(day)s") % {"place": community.name, "day": last.isoformat()}
    content = write_ledger(title, stock_lists.ledger_headings(), stock_lists.ledger_cells(lines))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="store-{last.isoformat()}.xlsx"'
    return response
