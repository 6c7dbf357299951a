"""The answers of a round, counted."""

from __future__ import annotations

from time import perf_counter
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from shouwang.core.access import needs
from shouwang.rounds import selectors, services
from shouwang.rounds.models import Round
from shouwang.rounds.selectors.answers import (
    COUNT_LIMIT,
    Behind,
    behind_number,
    counted_answers,
    counts_in_words,
)
from shouwang.rounds.views.board import building_asked


@needs("round.lead")
@require_GET
def answers(request: Any, round_id: UUID) -> HttpResponse:
    """Opens the answers that stand and counts them, question by question; opening them is on record."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    building, began = building_asked(request.GET), perf_counter()
    counted = counted_answers(request.scope, found, building)
    took = perf_counter() - began
    services.record_answers_counted(round_=found, opened=counted.opened, by=request.user, at=request.at)
    context = {
        "behind": named(request, found, building),
        "round": found, "counted": counted, "rows": counts_in_words(counted, get_language() or "zh"),
        "seconds": f"{took:.2f}", "limit": COUNT_LIMIT, "building": building,
        "buildings": selectors.buildings_of(request.scope, found),
    }  # fmt: skip
    return render(request, "rounds/answers.html", context)


def named(request: Any, found: Round, building: UUID | None) -> Behind | None:
    """Who is behind the number that was pressed, if one was; that, too, is on record."""
    said = request.GET.get("of", "")
    behind = behind_number(request.scope, found, said, building, get_language() or "zh") if said else None
    if behind is not None:
        services.record_answers_named(round_=found, named=len(behind.rows), by=request.user, at=request.at)
    return behind
