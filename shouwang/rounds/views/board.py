"""Pages of rounds: the list, how far one is, who is still missing, closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.rounds import selectors, services
from shouwang.rounds.forms import CloseForm
from shouwang.rounds.models import Round
from shouwang.rounds.rules import may_close
from shouwang.rounds.selectors.kinds import told_kind
from shouwang.rounds.selectors.point import bags_of, point_disinfected
from shouwang.rounds.selectors.roster import holders_without_home
from shouwang.rounds.selectors.series import series_told
from shouwang.rounds.selectors.table import walk_ins_unplaced
from shouwang.rounds.states import OF_PEOPLE, RoundState


@needs("round.mark")
@require_GET
def board(request: Any) -> HttpResponse:
    """The rounds of my places, newest first, each with how far it is."""
    rounds = list(selectors.rounds_for(request.scope)[:50])
    counted = selectors.counts_by_round(request.scope, rounds)
    rows = [{"round": found, "counts": counts} for found, counts in counted]
    return render(request, "rounds/board.html", {"rows": rows})


@needs("round.mark")
@require_GET
def round_page(request: Any, round_id: UUID) -> HttpResponse:
    """How far a round is, building by building."""
    found = selectors.round_for(request.scope, round_id)
    rows = selectors.buildings_of(request.scope, found)
    context = {
        "round": found, "counts": selectors.counts_of(request.scope, found), "rows": rows,
        "told": told_kind(found.kind, get_language() or "zh") if found.kind else None,
        "may_count": bool(found.questions) and found.community_id in request.scope.ids("round.lead", "community_id"),
        "beside": walk_ins_unplaced(found), "bags": bags_of(found), "ready": point_disinfected(found),
        "may_close": may_close(request.scope, found), "of_people": found.whom in OF_PEOPLE,
        "without_home": holders_without_home(found, request.at), "series": series_told(found, request.at),
        "why": selectors.why_signed_off(request.scope, found),
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
    """Names what is open, building by building, then closes the round; what is open is signed off by name, with a word
    why."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    counts = selectors.counts_of(request.scope, found)
    form = CloseForm(request.POST or None, left=counts.open)
    if form.is_bound and closed(request, found, form):
        return redirect("rounds:round", round_id)
    if found.state != RoundState.OPEN:
        raise form.refusal or Http404
    return render(request, "rounds/close.html", close_context(request, found, form), status=form.status)


def closed(request: Any, found: Round, form: CloseForm) -> bool:
    def do() -> str:
        reason = form.cleaned_data["reason"]
        return str(services.close_round(round_=found, reason=reason, by=request.user, at=request.at).pk)

    return form.apply(request, "rounds.close", do, also={"round": found.pk}) is not None


def close_context(request: Any, found: Round, form: CloseForm) -> dict[str, Any]:
    """What is still open where, what is left at the point, and who signs."""
    rows = [row for row in selectors.buildings_of(request.scope, found) if row.counts.open]
    return {
        "round": found, "form": form, "open": sum(row.counts.open for row in rows), "rows": rows,
        "at_point": left_at_point(found), "signs": request.user.name,
    }  # fmt: skip


def left_at_point(found: Round) -> list[str]:
    """What is left at the point while a round is being closed: waste bags that are out, people not placed."""
    bags, beside = len(bags_of(found).left), walk_ins_unplaced(found)
    words = []
    if bags:
        out = ngettext(
            "%(n)s waste bag is out and not counted away.",
            "%(n)s waste bags are out and not counted away.",
            bags,
        )
        words.append(out % {"n": bags})
    if beside:
        came = ngettext(
            "%(n)s came without an entry and is not placed.",
            "%(n)s came without an entry and are not placed.",
            beside,
        )
        words.append(came % {"n": beside})
    return words
