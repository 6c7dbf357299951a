"""The request board: filters, search, live rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import typed
from shouwang.core.live import asks_again
from shouwang.help import selectors
from shouwang.help.selectors.board import FILTERS
from shouwang.help.selectors.figures import closed_on_day
from shouwang.help.views.live import ROOMS, render_live


@asks_again(*ROOMS)
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
    total = selectors.board_total(request.scope, request.at, show)
    page = page_asked(request, total)
    closed, _waiting, _whole = closed_on_day(request.scope, request.at)
    return {
        "rows": selectors.board_rows(request.scope, request.at, show, sort=sort, page=page),
        "chips": [
            {"label": label, "url": f"{reverse('help:board')}?show={code}", "count": counts.get(code),
             "current": code == show}
            for code, label in FILTERS.items()
        ],
        "show": show,
        "page": pager_of(page, total, show, sort),
        "live_url": _address(show, sort, page),
        "open": counts["mine"],
        "closed": closed,
        "now": request.at,
    }  # fmt: skip


def page_asked(request: Any, total: int) -> int:
    """The number of the page in the address, from 1; the last, when rows have gone since."""
    said = request.GET.get("page", "1")
    asked = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
    return min(max(1, asked), max(1, -(-total // selectors.A_PAGE)))


def _address(show: str, sort: str, page: int) -> str:
    return f"{reverse('help:board')}?{urlencode({'show': show, 'sort': sort, 'page': page})}"


def pager_of(page: int, total: int, show: str, sort: str) -> dict[str, Any]:
    """What ui's pager draws: how far the board is read, and the way to the rest."""
    return {
        "previous_url": _address(show, sort, page - 1) if page > 1 else "",
        "next_url": _address(show, sort, page + 1) if page * selectors.A_PAGE < total else "",
        "shown": min(selectors.A_PAGE, max(0, total - (page - 1) * selectors.A_PAGE)),
        "total": total,
    }


@needs("help.see")
@require_POST
def search(request: Any) -> HttpResponse:
    """Requests by number, words, name or the end of a phone; never in the address."""
    said = typed(request.POST, "q", 60)
    rows = selectors.board_rows(request.scope, request.at, "all", search=said) if said else []
    context = {
        **board_context(request),
        "rows": rows,
        "said": said,
        "show": "",
        "now": request.at,
        "page": None,
    }
    return render(request, "help/search.html", context)
