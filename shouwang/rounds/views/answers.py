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
from shouwang.rounds.selectors.answers import COUNT_LIMIT, counted_answers, counts_in_words
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
        "round": found, "counted": counted, "rows": counts_in_words(counted, get_language() or "zh"),
        "seconds": f"{took:.2f}", "limit": COUNT_LIMIT, "building": building,
        "buildings": selectors.buildings_of(request.scope, found),
    }  # fmt: skip
    return render(request, "rounds/answers.html", context)
