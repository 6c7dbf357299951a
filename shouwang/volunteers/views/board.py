"""The list of volunteers, and enrolment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwang.accounts.services import create_user
from shouwang.core.access import needs
from shouwang.core.forms import typed
from shouwang.volunteers import selectors, services
from shouwang.volunteers.forms import EnrolForm
from shouwang.volunteers.states import Skill


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the reader filters and sorts by. The words searched for come in the body, never in the address."""
    show, skill = request.GET.get("show", "all"), request.GET.get("skill", "")
    return {
        "show": show if show in selectors.FILTERS else "all",
        "skill": skill if skill in Skill.values else "",
        "sort": request.GET.get("sort", "name"),
        "words": typed(request.POST, "words", 40),
    }


@needs("volunteer.see")
@require_http_methods(["GET", "POST"])
def board(request: Any) -> HttpResponse:
    """Who serves: posts, skills, load, who can be asked, who is stood down."""
    by = chosen(request)
    frame = {
        **by,
        "rows": selectors.rows_for(request.scope, **by),
        "chips": filter_chips(selectors.counts_for(request.scope), by["show"]),
        "skills": Skill.choices,
    }
    return render(request, "volunteers/board.html", frame)


def filter_chips(counts: dict[str, int], show: str) -> list[dict[str, Any]]:
    """The filters of the list with their counts."""
    labels = {
        "all": _("All"),
        "free": _("Can be asked now"),
        "stood_down": _("Stood down"),
        "second_line": _("Second line"),
        "by_phone": _("By phone only"),
    }
    return [
        {"label": labels[code], "url": f"?show={code}", "count": counts[code], "current": code == show}
        for code in selectors.FILTERS
    ]


@needs("volunteer.edit")
@require_http_methods(["GET", "POST"])
def enrol(request: Any) -> HttpResponse:
    """Enters somebody new among those who serve, with an account."""
    form = EnrolForm(request.POST or None, homes=selectors.homes_for(request.scope))
    receipt = (
        form.apply(request, "volunteers.enrol", lambda: enrol_as_said(request, form))
        if form.is_bound
        else None
    )
    if receipt:
        messages.success(request, _("Entered. Posts are filled on the place's page."))
        return redirect("volunteers:volunteer", receipt.answer)
    return render(request, "volunteers/enrol.html", {"form": form}, status=form.status)


def enrol_as_said(request: Any, form: EnrolForm) -> str:
    """The account and the record, in the command's transaction; the id of the record."""
    values = form.cleaned_data
    user = create_user(
        username=values["username"],
        name=values["name"],
        password=values["password"],
        phone=values["phone"],
        by=request.user,
        at=request.at,
    )
    record = services.enrol(
        user=user, home=form.home_place(), by=request.user, at=request.at, **form.abilities()
    )
    return str(record.pk)
