"""The gate's board: what stands there and how far it is, acts upon many at once, search, the sheet of what is ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs
from shouwang.core.audit import position_now
from shouwang.core.errors import Refusal
from shouwang.core.forms import press, typed
from shouwang.core.live import asks_again, changed_since
from shouwang.goods import services
from shouwang.goods.forms import ScanForm
from shouwang.goods.models import Parcel
from shouwang.goods.selectors import parcels as selectors
from shouwang.goods.selectors.parcels import SHOWS


@asks_again("goods")
@needs("goods.gate")
@require_GET
def gate(request: Any) -> HttpResponse:
    """One list of the board; the rows alone when the page asks again."""
    after = request.GET.get("after", "")
    if after.isdigit() and not changed_since(request.scope, int(after), ["goods"]):
        return HttpResponse(status=204)
    position = position_now()
    template = "goods/gate_board.html#rows" if after else "goods/gate_board.html"
    answer = render(request, template, {**board_context(request), "after": position})
    answer.headers["X-After"] = str(position)
    return answer


def board_context(request: Any) -> dict[str, Any]:
    counts = selectors.gate_counts(request.scope, request.at)
    show = request.GET.get("show", "")
    show = (
        show if show in SHOWS else next((one for one in ("received", "released") if counts[one]), "received")
    )
    return {
        "show": show, "counts": counts, "now": request.at, "form": ScanForm(), "chips": chips(counts, show),
        "lines": selectors.gate_lines(request.scope, show, request.at),
        "picks": show not in ("handed_over", "lost"), "live_url": f"{reverse('goods:gate')}?show={show}",
    }  # fmt: skip


def chips(counts: dict[str, Any], show: str) -> list[dict[str, Any]]:
    """The lists to choose from; those that are gaps only while they hold something."""
    always = ("received", "resting", "released", "on_the_way", "handed_over")
    return [
        {
            "label": label,
            "url": f"{reverse('goods:gate')}?show={code}",
            "count": counts[code],
            "current": code == show,
        }
        for code, label in SHOWS.items()
        if code in always or counts[code] or code == show
    ]


@needs("goods.gate")
@require_POST
def search(request: Any) -> HttpResponse:
    """Parcels by number, door or code; never in the address."""
    said = typed(request.POST, "q", 60)
    lines = selectors.search_parcels(request.scope, said) if said else []
    context = {"said": said, "lines": lines, "now": request.at, "form": ScanForm()}
    return render(request, "goods/gate_search.html", context)


@needs("goods.gate")
@require_POST
def many(request: Any) -> HttpResponse:
    """One act upon the parcels that are ticked; `act` names it."""
    act, ids = request.POST.get("act", ""), request.POST.getlist("parcel")
    show = request.POST.get("show", "")
    rows = selectors.chosen_parcels(request.scope, ids)
    if act not in MANY or not rows:
        raise Refusal("nothing-chosen", _("Choose at least one parcel."))
    about = {"act": act, "parcels": [row.pk for row in rows]}
    receipt = press(request, "goods.many", lambda: MANY[act](rows, request), **about)
    messages.success(request, done_words(act, int(receipt.answer)))
    return redirect(f"{reverse('goods:gate')}?show={show if show in SHOWS else ''}")


def disinfect(rows: list[Parcel], request: Any) -> int:
    return len(services.disinfect(parcels=rows, by=request.user, at=request.at))


def take_back_disinfecting(rows: list[Parcel], request: Any) -> int:
    return len(services.take_back_disinfecting(parcels=rows, by=request.user, at=request.at))


def hand_over(rows: list[Parcel], request: Any) -> int:
    return len(services.hand_over_many(parcels=rows, by=request.user, at=request.at))


MANY: dict[str, Callable[[list[Parcel], Any], int]] = {
    "disinfect": disinfect, "not_disinfected": take_back_disinfecting, "hand_over": hand_over,
}  # fmt: skip


def done_words(act: str, number: int) -> str:
    """What is said after an act upon many."""
    words = {
        "disinfect": ngettext("%(n)s parcel is disinfected.", "%(n)s parcels are disinfected.", number),
        "not_disinfected": ngettext(
            "%(n)s parcel waits to be disinfected again.",
            "%(n)s parcels wait to be disinfected again.",
            number,
        ),
        "hand_over": ngettext("%(n)s parcel is handed over.", "%(n)s parcels are handed over.", number),
    }
    return words[act] % {"n": number}


@needs("goods.gate")
@require_GET
def ready_sheet(request: Any) -> HttpResponse:
    """What is ready to go, on paper, building by building."""
    lines = selectors.gate_lines(request.scope, "released", request.at)
    lines.sort(
        key=lambda line: (
            line.parcel.place.sort_key,
            line.parcel.dwelling.sort_key if line.parcel.dwelling else "",
        )
    )
    return render(request, "goods/gate_sheet.html", {"lines": lines, "now": request.at, "who": request.user})
