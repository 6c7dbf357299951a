"""Group purchases: the list, a new one, the page of one, its table narrowed to a door, what may be changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import Refusal
from shouwang.core.forms import typed
from shouwang.help.forms.groups import (
    AmountForm,
    GroupFields,
    GroupForm,
    OrderForm,
    ReasonForm,
    ReopenForm,
    SupplierForm,
)
from shouwang.help.models import GroupPurchase
from shouwang.help.selectors import groups as selectors
from shouwang.help.selectors.groups_page import bar_of, group_page, payers_of
from shouwang.help.services import groups as services
from shouwang.places.models import Place
from shouwang.places.selectors import communities_for, places_for


@needs(selectors.RUN)
@require_GET
def groups(request: Any) -> HttpResponse:
    """Those that go on, or those that are settled, each with how far it is."""
    over = request.GET.get("show") == "over"
    rows = [(group, reach, bar_of(reach)) for group, reach in selectors.group_rows(request.scope, over)]
    chips = [
        {"label": _("Going on"), "url": "?", "current": not over},
        {"label": _("Settled"), "url": "?show=over", "current": over},
    ]
    return render(
        request, "help/groups.html", {"rows": rows, "chips": chips, "over": over, "now": request.at}
    )


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def new_group(request: Any) -> HttpResponse:
    """Opens one."""
    form = _new_form(request)
    receipt = form.apply(request, "help.group.open", lambda: _open(request, form)) if form.is_bound else None
    if receipt:
        messages.success(request, _("Opened. Paste the chain as it grows."))
        return redirect("help:group", receipt.answer)
    return render(request, "help/group_new.html", {"form": form}, status=form.status)


def _new_form(request: Any) -> GroupForm:
    places = places_for(request.scope, selectors.RUN).filter(level__in=selectors.WIDEST)
    mine = communities_for(request.scope, selectors.RUN)
    start = {"payer": request.user.pk, "place": places.first()}
    return GroupForm(request.POST or None, places=places, users=payers_of(*mine), initial=start)


def _open(request: Any, form: GroupForm) -> str:
    place: Place = form.cleaned_data["place"]
    act = {
        "place": place,
        "things": form.things(),
        "organiser": request.user,
        "by": request.user,
        "at": request.at,
    }
    return str(services.open_group(**act, **form.values()).pk)


@needs(selectors.RUN)
@require_GET
def group(request: Any, group_id: UUID) -> HttpResponse:
    """One of them, with the one thing to do next."""
    return show_group(request, selectors.group_for(request.scope, group_id))


@needs(selectors.RUN)
@require_POST
def group_find(request: Any, group_id: UUID) -> HttpResponse:
    """The same with the table narrowed to what was typed."""
    found = selectors.group_for(request.scope, group_id)
    return show_group(request, found, said=typed(request.POST, "words", 30))


def show_group(request: Any, found: GroupPurchase, said: str = "", **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    page = group_page(request.scope, found, request.at, said)
    due = page["money"]["due_fen"] / 100
    context = {
        "order_form": OrderForm(initial={"amount": f"{due:.2f}"}), "supplier_form": SupplierForm(),
        "refund_form": SupplierForm(initial={"amount": f"{page['money']['shop_fen'] / 100:.2f}"}),
        "reopen_form": ReopenForm(), "withdraw_form": ReasonForm(), "settle_form": ReasonForm(),
        "amount_form": AmountForm(),
    } | forms  # fmt: skip
    status = max((form.status for form in forms.values()), default=200)
    return render(request, "help/group.html", page | context, status=status)


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def change_group(request: Any, group_id: UUID) -> HttpResponse:
    """What may be changed before it is ordered."""
    found = selectors.group_for(request.scope, group_id)
    form = GroupFields(request.POST or None, users=payers_of(found), initial=_initial(found))
    done = (
        form.apply(
            request, "help.group.change", lambda: _change(request, found, form), also={"group": found.pk}
        )
        if form.is_bound
        else None
    )
    if done:
        return redirect("help:group", found.pk)
    return render(request, "help/group_change.html", {"form": form, "group": found}, status=form.status)


def _initial(found: GroupPurchase) -> dict[str, Any]:
    minimum = found.minimum / 100 if found.minimum_kind == "amount" else found.minimum
    names = ("title", "supplier", "minimum_kind", "closes_at", "rule")
    return {name: getattr(found, name) for name in names} | {"minimum": minimum, "payer": found.payer_id}


def _change(request: Any, found: GroupPurchase, form: GroupFields) -> str:
    return str(services.change_group(group=found, by=request.user, at=request.at, **form.values()).pk)


def refused(form: Any) -> Refusal:
    """Why a small form was not taken, for a page of its own."""
    words = str(next(iter(form.errors.values()))[0])
    return form.refusal or Refusal("form-wrong", words)
