"""Pages of rounds: the list, beginning one, how far it is, who is still missing, one entry, closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.rounds import selectors, services
from shouwang.rounds.forms import BeginForm
from shouwang.rounds.models import Round
from shouwang.rounds.rules import may_close
from shouwang.rounds.selectors import campaigns
from shouwang.rounds.selectors.roster import holders_without_home


@needs("round.mark")
@require_GET
def board(request: Any) -> HttpResponse:
    """The rounds of my places, newest first, each with how far it is."""
    rounds = list(selectors.rounds_for(request.scope)[:50])
    counted = selectors.counts_by_round(request.scope, rounds)
    rows = [{"round": found, "counts": counts} for found, counts in counted]
    return render(request, "rounds/board.html", {"rows": rows})


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """Begins a round."""
    initial = {"campaign": request.GET.get("campaign", "")}
    form = BeginForm(request.POST or None, initial=initial, **campaigns.begin_choices(request.scope))
    receipt = form.apply(request, "rounds.begin", lambda: begun(request, form)) if form.is_bound else None
    if receipt is not None:
        messages.success(request, _("The roster stands. It follows the register from now on."))
        return redirect("rounds:round", receipt.answer)
    return render(request, "rounds/begin.html", {"form": form}, status=form.status)


def begun(request: Any, form: BeginForm) -> str:
    return str(services.begin_round(**form.begins(), by=request.user, at=request.at).pk)


@needs("round.mark")
@require_GET
def round_page(request: Any, round_id: UUID) -> HttpResponse:
    """How far a round is, building by building."""
    found = selectors.round_for(request.scope, round_id)
    rows = selectors.buildings_of(request.scope, found)
    context = {
        "round": found, "counts": selectors.counts_of(request.scope, found), "rows": rows,
        "may_close": may_close(request.scope, found), "without_home": holders_without_home(found, request.at),
    }  # fmt: skip
    return render(request, "rounds/round.html", context)


@needs("round.mark")
@require_GET
def missing(request: Any, round_id: UUID) -> HttpResponse:
    """Who is still missing, with phone and last try; opening it is on record."""
    found = selectors.round_for(request.scope, round_id)
    building = building_asked(request.GET)
    most = selectors.MISSING_WHOLE if "all" in request.GET else selectors.MISSING_PAGE
    rows, total = selectors.missing_rows(request.scope, found, building, most)
    services.record_missing_read(round_=found, by=request.user, entries=len(rows), at=request.at)
    context = {"round": found, "rows": rows, "total": total, "now": request.at, "building": building or ""}
    return render(request, "rounds/missing.html", context)


def building_asked(values: Mapping[str, str]) -> UUID | None:
    """The building that `building` names, if it is an id."""
    try:
        return UUID(values.get("building", ""))
    except ValueError:
        return None


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def close(request: Any, round_id: UUID) -> HttpResponse:
    """Asks once more, names what is open, then closes the round; what is open is signed off by name."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    if request.method == "GET":
        return render(request, "ui/confirm.html", close_question(request, found))
    press(
        request, "rounds.close",
        lambda: str(services.close_round(round_=found, sign_off=True, by=request.user, at=request.at).pk),
        round=found.pk,
    )  # fmt: skip
    return redirect("rounds:round", round_id)


def close_question(request: Any, found: Round) -> dict[str, Any]:
    """What the confirm page asks: with how many still open, and who signs."""
    if found.state != "open":
        raise Http404
    left = selectors.counts_of(request.scope, found).open
    signs = ngettext(
        "%(n)s is still open. Closing signs it off in your name, %(who)s.",
        "%(n)s are still open. Closing signs them off in your name, %(who)s.",
        left,
    ) % {"n": left, "who": request.user.name}
    return {
        "question": _("Close “%(name)s”?") % {"name": found.name},
        "consequence": signs if left else _("Everybody on the roster is settled."),
        "action_url": reverse("rounds:close", args=[found.pk]),
        "action_label": _("Sign off and close") if left else _("Close the round"),
        "back_url": reverse("rounds:round", args=[found.pk]),
    }
