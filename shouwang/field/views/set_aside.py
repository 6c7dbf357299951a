"""What phones sent and could not be applied: somebody looks at it and decides. And a file from a phone, brought in."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.field import selectors, services
from shouwang.field.forms import MOST_AT_ONCE, BringInForm, Parcels
from shouwang.field.models import SetAside
from shouwang.field.services import receive_parcels

DECISIONS = {"apply": services.apply_set_aside, "leave-out": services.leave_out}
LARGEST_FILE = 20_000_000


@needs("phone.oversee")
@require_GET
def set_aside(request: Any) -> HttpResponse:
    """What waits for a decision, and which phones have something that never arrived."""
    rows = list(selectors.waiting_in(request.scope)[:200])
    phones = selectors.phones_in(selectors.communities_overseen(request.scope))
    return render(request, "field/set_aside.html", {"rows": rows, "phones": phones, "form": BringInForm()})


@needs("phone.oversee")
@require_GET
def set_aside_row(request: Any, set_aside_id: UUID) -> HttpResponse:
    """One of them, in words; reading it is on record."""
    row = selectors.row_for(request.scope, set_aside_id)
    services.record_read(row=row, by=request.user, at=request.at)
    said = selectors.said_in(row)
    return render(request, "field/set_aside_row.html", {"row": row, "said": said, "now": request.at})


@needs("phone.oversee")
@require_POST
def decide(request: Any, set_aside_id: UUID, decision: str) -> HttpResponse:
    """Applies it as its author's, or leaves it out."""
    if decision not in DECISIONS:
        raise Http404
    row = selectors.row_for(request.scope, set_aside_id)
    press(
        request, f"field.{decision}", lambda: _decided(DECISIONS[decision], row, request),
        row=row.pk, decision=decision,
    )  # fmt: skip
    messages.success(request, _("Decided."))
    return redirect("field:set_aside")


def _decided(do: Any, row: SetAside, request: Any) -> str:
    do(row=row, by=request.user, at=request.at)
    return str(row.pk)


@needs("phone.oversee")
@require_http_methods(["POST"])
def bring_in(request: Any) -> HttpResponse:
    """Takes in a file that a phone has saved: what it holds goes the same way as over the network."""
    form = BringInForm(request.POST, request.FILES)
    if form.is_valid():
        brought = brought_in(request, form)
        if brought is not None:
            messages.success(request, brought)
            return redirect("field:set_aside")
        form.add_error(
            "file", _("This is no file from a phone, or it is damaged. Save it anew on the phone.")
        )
    rows = list(selectors.waiting_in(request.scope)[:200])
    return render(request, "field/set_aside.html", {"rows": rows, "phones": (), "form": form}, status=422)


def brought_in(request: Any, form: BringInForm) -> str | None:
    """What became of the file in words; None when it is none."""
    try:
        said = json.loads(form.cleaned_data["file"].read(LARGEST_FILE))
        all_of_them = said["commands"]
        batches = [
            Parcels.model_validate({"commands": all_of_them[n : n + MOST_AT_ONCE]})
            for n in range(0, len(all_of_them), MOST_AT_ONCE)
        ]
    except (ValidationError, ValueError, TypeError, KeyError, RecursionError):
        return None
    lines = [
        line for batch in batches for line in receive_parcels([one.parcel() for one in batch.commands], at=request.at)
    ]  # fmt: skip
    taken = sum(line.status in ("accepted", "duplicate") for line in lines)
    aside = sum(line.status == "quarantined" for line in lines)
    return ngettext(
        "%(n)s entry has arrived; set aside: %(aside)s; not readable here: %(rest)s",
        "%(n)s entries have arrived; set aside: %(aside)s; not readable here: %(rest)s",
        taken,
    ) % {"n": taken, "aside": aside, "rest": len(all_of_them) - taken - aside}
