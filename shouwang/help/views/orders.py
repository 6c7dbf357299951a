"""Lists: those that wait, one with its lines, what is asked about them, and a household's statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm, press
from shouwang.help import services
from shouwang.help.forms import AgreeForm, AskForm, GatherForm, LineForm, ListForm, PayForm, ReasonForm
from shouwang.help.models import Order, OrderLine
from shouwang.help.selectors import accounts
from shouwang.help.selectors import orders as selectors
from shouwang.help.selectors.labels import door_of
from shouwang.help.selectors.requests import KIND
from shouwang.help.selectors.shopping import run_rows, sees_money
from shouwang.help.services.settling import record_statement_read
from shouwang.help.states import UNANSWERED_LINES, AskedHow, LineState, OrderState, RunState
from shouwang.ui.paper import pdf_response, render_pdf

SHOP_STATES = (RunState.GATHERING, RunState.SHOPPING)


@needs("help.shop")
@require_GET
def orders(request: Any) -> HttpResponse:
    """What waits: requests nobody has read as a list, lists that go into a run, and the runs themselves."""
    return board(request)


def board(request: Any, form: GatherForm | None = None) -> HttpResponse:
    waiting = selectors.waiting_orders(request.scope)
    form = form or GatherForm(scope=request.scope, at=request.at, orders=[])
    context = {
        "unread": selectors.unread(request.scope), "waiting": waiting, "form": form, "now": request.at,
        "runs": run_rows(request.scope), "chosen": request.POST.getlist("orders") if form.is_bound else None,
    }  # fmt: skip
    return render(request, "help/orders.html", context, status=form.status)


@needs("help.shop")
@require_POST
def read_orders(request: Any) -> HttpResponse:
    """Reads one request as a list, or all that wait."""
    chosen = request.POST.get("request", "")
    found = [row for row in selectors.unread_requests(request.scope) if chosen in ("", str(row.pk))]

    def do() -> list[str]:
        return [str(services.make_order(request=row, by=request.user, at=request.at).pk) for row in found]

    made = press(request, "help.read_orders", do, about=chosen).answer
    if len(made) == 1:
        return redirect("help:order", made[0])
    return redirect("help:orders")


@needs("help.shop")
@require_POST
def gather(request: Any) -> HttpResponse:
    """The chosen lists become one run."""
    waiting = [str(row.order.pk) for row in selectors.waiting_orders(request.scope)]
    form = GatherForm(request.POST, scope=request.scope, at=request.at, orders=waiting)
    receipt = form.apply(request, "help.gather", lambda: _gather(request, form))
    if receipt is None:
        return board(request, form)
    messages.success(request, _("The run is there, and whoever goes sees it under My work."))
    return redirect("help:shopping_run", receipt.answer)


def _gather(request: Any, form: GatherForm) -> str:
    said = form.cleaned_data
    chosen = selectors.waiting_for(request.scope, [UUID(pk) for pk in said["orders"]])
    run = services.gather_run(
        orders=chosen, shop=said["shop"], volunteer=said["volunteer"], by=request.user, at=request.at
    )
    return str(run.pk)


# One list


@signed_in
@require_GET
def order(request: Any, order_id: UUID) -> HttpResponse:
    """One household's list, with what became of every line."""
    return order_page(request, selectors.order_for(request.scope, order_id))


def order_page(request: Any, found: Order, **forms: CommandForm) -> HttpResponse:
    lines = selectors.lines_of_order(found)
    leads = request.scope.covers(selectors.SHOP, found)
    context = {
        "order": found, "lines": lines, "statement": accounts.statement_of(found), "now": request.at, "leads": leads,
        "unanswered": [line for line in lines if line.state in UNANSWERED_LINES],
        "shopping": found.state == OrderState.OPEN or (found.run is not None and found.run.state in SHOP_STATES),
        "door": door_of(found.request), "ways": AskedHow.choices,
        "forms": {"list": ListForm(), "pay": PayForm(), "reason": ReasonForm(), **forms},
        "money": found.run is not None and (sees_money(request.scope, found.run) or is_mine(request, found)),
    }  # fmt: skip
    return render(
        request, "help/order.html", context, status=max([200, *(form.status for form in forms.values())])
    )


def is_mine(request: Any, found: Order) -> bool:
    """Whether the reader has the list's run in hand."""
    run = found.run
    return run is not None and run.volunteer is not None and run.volunteer.user_id == request.user.pk


@signed_in
@require_POST
def add_lines(request: Any, order_id: UUID) -> HttpResponse:
    """More things, in the resident's own words."""
    found = selectors.order_for(request.scope, order_id)
    form = ListForm(request.POST)
    receipt = form.apply(
        request, "help.order.add",
        lambda: len(services.add_lines(order=found, text=form.cleaned_data["text"], by=request.user, at=request.at)),
        also={"order": found.pk},
    )  # fmt: skip
    return order_page(request, found, list=form) if receipt is None else redirect("help:order", found.pk)


@needs("help.shop")
@require_POST
def order_act(request: Any, order_id: UUID, order_step: str) -> HttpResponse:
    """Takes a list out of its run, or says that it is not needed any more."""
    found = selectors.led_order(request.scope, order_id)
    done = {"order": found, "by": request.user, "at": request.at}
    doing = {"out": services.take_out, "drop": services.drop_order}
    do = chosen(doing, order_step)
    press(request, f"help.order.{order_step}", lambda: str(do(**done).pk), order=found.pk)
    return redirect("help:order", found.pk)


def chosen(doing: dict[str, Callable[..., Any]], act: str) -> Callable[..., Any]:
    """What the address names, or a Refusal."""
    if act not in doing:
        raise Refusal("act-unknown", _("There is no such step."))
    return doing[act]


@signed_in
@require_http_methods(["GET", "POST"])
def order_line(request: Any, order_line_id: UUID) -> HttpResponse:
    """One line as it is wanted, to be put right or made clear."""
    found = selectors.line_for(request.scope, order_line_id)
    form = LineForm.of(found, request.POST) if request.method == "POST" else LineForm.of(found)
    receipt = form.is_bound and form.apply(
        request, "help.order.line", lambda: str(services.change_line(
            line=found, by=request.user, at=request.at, **form.said()).pk), also={"line": found.pk},
    )  # fmt: skip
    if receipt:
        return redirect(back_to(request, found))
    context = {"line": found, "form": form, "back": request.POST.get("back") or request.GET.get("back", "")}
    return render(request, "help/order_line.html", context, status=form.status)


def back_to(request: Any, line: OrderLine) -> str:
    """To the page on which the button was: the run's list, its count, its doors, or the order."""
    names = {"shelf": "help:shopping_run", "count": "help:run_count", "doors": "help:run_doors"}
    page, run_id = request.POST.get("back", ""), line.order.run_id
    if page in names and run_id is not None:
        return f"{reverse(names[page], args=[run_id])}#l-{line.pk}"
    return reverse("help:order", args=[line.order_id])


@signed_in
@require_http_methods(["GET", "POST"])
def ask_line(request: Any, order_line_id: UUID) -> HttpResponse:
    """What there is instead: the household is asked, and its answer is noted here too."""
    found = selectors.line_for(request.scope, order_line_id)
    form = AskForm(request.POST or None)
    if form.is_bound and form.apply(
        request, "help.order.ask", lambda: str(services.ask_line(
            line=found, question=form.cleaned_data["question"], by=request.user, at=request.at).pk),
        also={"line": found.pk},
    ):  # fmt: skip
        messages.success(
            request, _("Asked. It stands on their private link; ring them as well if they have none.")
        )
        return redirect("help:ask_line", found.pk)
    return ask_page(request, found, form)


def ask_page(request: Any, found: OrderLine, form: AskForm, agree: AgreeForm | None = None) -> HttpResponse:
    classes = request.scope.classes_for(found.order.request, KIND, found.order.request_id)
    asker = found.order.request
    context = {
        "line": found, "form": form, "agree": agree or AgreeForm(), "door": door_of(asker),
        "phone": asker.asker_phone if "phone" in classes and not asker.no_ring_back else "",
        "name": asker.asker_name if "name" in classes else "", "now": request.at,
        "waits": found.state in (LineState.NOT_FOUND, LineState.ASKED, LineState.OPEN),
    }  # fmt: skip
    return render(request, "help/ask_line.html", context, status=(agree or form).status)


@signed_in
@require_POST
def answer_line(request: Any, order_line_id: UUID) -> HttpResponse:
    """The household takes something else, or goes without; whoever heard it notes it."""
    found = selectors.line_for(request.scope, order_line_id)
    form = AgreeForm(request.POST)
    if (
        form.apply(
            request, "help.order.answer", lambda: _answer(request, found, form), also={"line": found.pk}
        )
        is None
    ):
        return ask_page(request, found, AskForm(), form)
    return redirect(back_to(request, found))


def _answer(request: Any, found: OrderLine, form: AgreeForm) -> str:
    said = form.cleaned_data
    done = {"line": found, "by": request.user, "at": request.at, "how": said["how"]}
    if said["verdict"] == "no":
        return str(services.leave_out(**done).pk)
    return str(services.agree_to(instead=said["instead"], **done).pk)


@signed_in
@require_GET
def statement(request: Any, order_id: UUID) -> HttpResponse:
    """The household's statement on paper."""
    found = selectors.order_for(request.scope, order_id)
    record_statement_read(order=found, by=request.user, at=request.at)
    context = {"statements": [sheet_of(found)], "now": request.at}
    return pdf_response(render_pdf("help/statement.html", context, request), "statement")


def sheet_of(found: Order) -> dict[str, Any]:
    """One statement with its door, for paper."""
    return {
        "told": accounts.statement_of(found),
        "door": door_of(found.request),
    }
