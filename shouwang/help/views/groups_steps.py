"""The steps of a group purchase: closed, opened again, called off, ordered, counted, split, settled; its money."""

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
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.forms.groups import (
    AmountForm,
    ArrivalForm,
    OrderForm,
    ReasonForm,
    ReopenForm,
    SplitForm,
    SupplierForm,
    fen_of,
)
from shouwang.help.models import GroupPurchase
from shouwang.help.selectors import groups as selectors
from shouwang.help.selectors.groups_page import lines_of
from shouwang.help.selectors.groups_split import split_preview
from shouwang.help.services import groups, groups_goods, groups_money
from shouwang.help.states import GroupRule
from shouwang.help.views.groups import refused, show_group


def acting(request: Any, **about: Any) -> dict[str, Any]:
    """What every service is told: about what, by whom, when."""
    return {**about, "by": request.user, "at": request.at}


def photo_of(form: Any) -> bytes | None:
    """The photo in a form, read."""
    upload = form.cleaned_data.get("receipt")
    return upload.read() if upload else None


@needs(selectors.RUN)
@require_POST
def close_group(request: Any, group_id: UUID) -> HttpResponse:
    """Signing up ends now."""
    act = acting(request, group=selectors.group_for(request.scope, group_id))
    press(request, "help.group.close", lambda: str(groups.close_group(**act).pk), group=group_id)
    return redirect("help:group", group_id)


@needs(selectors.RUN)
@require_POST
def reopen_group(request: Any, group_id: UUID) -> HttpResponse:
    """Signing up goes on."""
    found, form = selectors.group_for(request.scope, group_id), ReopenForm(request.POST)
    done = form.apply(
        request, "help.group.reopen",
        lambda: str(groups.reopen_group(
            **acting(request, group=found), closes_at=form.cleaned_data["closes_at"]).pk), also={"group": group_id},
    )  # fmt: skip
    return redirect("help:group", group_id) if done else show_group(request, found, reopen_form=form)


@needs(selectors.RUN)
@require_POST
def withdraw_group(request: Any, group_id: UUID) -> HttpResponse:
    """Called off."""
    found, form = selectors.group_for(request.scope, group_id), ReasonForm(request.POST)
    done = form.apply(
        request, "help.group.withdraw",
        lambda: str(groups.withdraw_group(
            **acting(request, group=found), reason=form.cleaned_data["reason"]).pk), also={"group": group_id},
    )  # fmt: skip
    return redirect("help:group", group_id) if done else show_group(request, found, withdraw_form=form)


@needs(selectors.RUN)
@require_POST
def order_group(request: Any, group_id: UUID) -> HttpResponse:
    """Ordered, and paid with it."""
    found = selectors.group_for(request.scope, group_id)
    form = OrderForm(request.POST, request.FILES)
    done = form.apply(
        request, "help.group.order", lambda: _order(request, found, form), also={"group": group_id}
    )
    return redirect("help:group", group_id) if done else show_group(request, found, order_form=form)


def _order(request: Any, found: GroupPurchase, form: OrderForm) -> str:
    said = form.cleaned_data
    paid = {"paid_fen": fen_of(said["amount"]), "receipt": photo_of(form), "anyway": said["anyway"]}
    return str(groups_goods.order_group(**acting(request, group=found), **paid).pk)


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def count_group(request: Any, group_id: UUID) -> HttpResponse:
    """What came, counted thing by thing."""
    found = selectors.group_for(request.scope, group_id)
    counts = selectors.counts_of(found)
    items = [count.item for count in counts]
    form = ArrivalForm(request.POST or None, request.FILES or None, items=items, initial=_came(counts))
    also = {"group": group_id}
    done = form.is_bound and form.apply(
        request, "help.group.count", lambda: _count(request, found, form), also=also
    )
    if done:
        return redirect("help:group_split", group_id)
    rows = [(count, *row[1:]) for count, row in zip(counts, form.rows(), strict=True)]
    return render(
        request, "help/group_count.html", {"group": found, "form": form, "rows": rows}, status=form.status
    )


def _came(counts: list[selectors.ItemCount]) -> dict[str, int]:
    """What was counted before; nothing is filled in at the first counting, so that somebody counts."""
    counted = [count for count in counts if count.came is not None]
    came = {f"came{count.item.order}": count.came or 0 for count in counted}
    return came | {f"damaged{count.item.order}": count.damaged for count in counted}


def _count(request: Any, found: GroupPurchase, form: ArrivalForm) -> str:
    act = acting(request, group=found, counted=form.counted(), receipt=photo_of(form))
    return str(groups_goods.count_arrival(**act).pk)


@needs(selectors.RUN)
@require_http_methods(["GET", "POST"])
def split_group(request: Any, group_id: UUID) -> HttpResponse:
    """Who would get how much by the rule, by stairwell; then it is so."""
    found = selectors.group_for(request.scope, group_id)
    form = SplitForm(request.POST or None, initial={"rule": found.rule})
    if form.is_bound and form.apply(
        request, "help.group.split", lambda: _split(request, found, form), also={"group": group_id}
    ):
        messages.success(request, _("Split. What did not come goes back to the fen."))
        return redirect("help:group", group_id)
    said = request.GET.get("rule", "")
    rule = said if said in GroupRule.values else found.rule
    context = split_preview(found, rule) | {"group": found, "form": form, "rule": rule}
    return render(request, "help/group_split.html", context, status=form.status)


def _split(request: Any, found: GroupPurchase, form: SplitForm) -> str:
    return str(groups_goods.split_group(**acting(request, group=found), rule=form.cleaned_data["rule"]).pk)


@needs(selectors.RUN)
@require_GET
def refunds(request: Any, group_id: UUID) -> HttpResponse:
    """Who gets how many yuan back, ticked one by one; and who still owes."""
    found = selectors.group_for(request.scope, group_id)
    rows, items = selectors.part_rows(found), selectors.items_of(found)
    back, owing = [row for row in rows if row.back], [row for row in rows if row.to_collect]
    context = {
        "group": found, "back": lines_of(back, items), "owing": lines_of(owing, items),
        "back_yuan": in_yuan(sum(row.back for row in back)), "owing_yuan": in_yuan(sum(row.to_collect for row in owing)),
        "done": lines_of([row for row in rows if not row.owes], items),
    }  # fmt: skip
    return render(request, "help/group_refunds.html", context)


def _returned(request: Any, found: Any) -> HttpResponse:
    """Back to where it was pressed."""
    to = request.POST.get("from", "")
    if to == "refunds":
        return redirect("help:group_refunds", found.group_id)
    return redirect("help:group_part", found.pk) if to == "part" else redirect("help:group", found.group_id)


@needs(selectors.RUN)
@require_POST
def pay_in(request: Any, part_id: UUID) -> HttpResponse:
    """The door has paid: all that it owes, or what was typed."""
    found, form = selectors.part_for(request.scope, part_id), AmountForm(request.POST)
    done = form.apply(
        request, "help.group.pay_in",
        lambda: groups_money.pay_in(**acting(request, part=found), fen=_fen(form)), also={"part": part_id},
    )  # fmt: skip
    if done is None:
        raise refused(form)
    return _returned(request, found)


def _fen(form: AmountForm) -> int | None:
    amount = form.cleaned_data["amount"]
    return None if amount is None else fen_of(amount)


@needs(selectors.RUN)
@require_POST
def pay_back(request: Any, part_id: UUID) -> HttpResponse:
    """The door has got its money back."""
    found = selectors.part_for(request.scope, part_id)
    act = acting(request, part=found)
    press(request, "help.group.pay_back", lambda: groups_money.pay_back(**act), part=part_id)
    return _returned(request, found)


@needs(selectors.RUN)
@require_POST
def undo_payment(request: Any, part_id: UUID, act_id: UUID) -> HttpResponse:
    """That payment was a mistake."""
    found = selectors.part_for(request.scope, part_id)
    act = acting(request, part=found, act=act_id)
    press(request, "help.group.undo_payment", lambda: undone(act), part=part_id, act=act_id)
    return _returned(request, found)


def undone(act: dict[str, Any]) -> str:
    groups_money.take_back_payment(**act)
    return str(act["act"])


@needs(selectors.RUN)
@require_POST
def pay_supplier(request: Any, group_id: UUID) -> HttpResponse:
    """The payer has paid the supplier."""
    found = selectors.group_for(request.scope, group_id)
    form = SupplierForm(request.POST, request.FILES)
    done = form.apply(
        request, "help.group.pay_supplier",
        lambda: _supplier(request, found, form, groups_money.pay_supplier), also={"group": group_id},
    )  # fmt: skip
    return redirect("help:group", group_id) if done else show_group(request, found, supplier_form=form)


@needs(selectors.RUN)
@require_POST
def supplier_refund(request: Any, group_id: UUID) -> HttpResponse:
    """The supplier has given money back."""
    found = selectors.group_for(request.scope, group_id)
    form = SupplierForm(request.POST, request.FILES)
    done = form.apply(
        request, "help.group.supplier_refund",
        lambda: _supplier(request, found, form, groups_money.take_supplier_refund), also={"group": group_id},
    )  # fmt: skip
    return redirect("help:group", group_id) if done else show_group(request, found, refund_form=form)


def _supplier(request: Any, found: GroupPurchase, form: SupplierForm, service: Any) -> str:
    service(**acting(request, group=found), fen=fen_of(form.cleaned_data["amount"]), receipt=photo_of(form))
    return str(found.pk)


@needs(selectors.SETTLE)
@require_POST
def settle_group(request: Any, group_id: UUID) -> HttpResponse:
    """Every account is at nothing, or the difference is signed."""
    found, form = selectors.settled_group_for(request.scope, group_id), ReasonForm(request.POST)
    done = form.apply(
        request, "help.group.settle",
        lambda: str(groups_money.settle_group(
            **acting(request, group=found), reason=form.cleaned_data["reason"]).pk), also={"group": group_id},
    )  # fmt: skip
    return redirect("help:group", group_id) if done else show_group(request, found, settle_form=form)
