"""The request board: filters, search, live rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs
from shouwang.help import selectors
from shouwang.help.selectors.board import FILTERS
from shouwang.help.selectors.figures import closed_on_day
from shouwang.help.views.live import render_live


@needs("help.see")
@require_GET
def board(request: Any) -> HttpResponse:
    """One filter of the board; the rows alone when the page asks again."""
    return render_live(request, "help/board.html", "rows", lambda: board_context(request))


def board_context(request: Any) -> dict[str, Any]:
    show = request.GET.get("show", "mine")
    show = show if show in FILTERS else "mine"
    sort = request.GET.get("sort", "")
    counts = selectors.board_counts(request.scope, request.at)
    closed, _waiting, _whole = closed_on_day(request.scope, request.at)
    return {
        "rows": selectors.board_rows(request.scope, request.at, show, sort=sort),
        "chips": [
            {"label": label, "url": f"{reverse('help:board')}?show={code}", "count": counts.get(code),
             "current": code == show}
            for code, label in FILTERS.items()
        ],
        "show": show,
        "most": selectors.MOST,
        "live_url": f"{reverse('help:board')}?show={show}&sort={sort}",
        "open": counts["mine"],
        "closed": closed,
        "now": request.at,
    }  # fmt: skip


@needs("help.see")
@require_POST
def search(request: Any) -> HttpResponse:
    """Requests by number, words, name or the end of a phone; never in the address."""
    said = request.POST.get("q", "").strip()[:60]
    rows = selectors.board_rows(request.scope, request.at, "all", search=said) if said else []
    context = {**board_context(request), "rows": rows, "said": said, "show": "", "now": request.at}
    return render(request, "help/search.html", context)
