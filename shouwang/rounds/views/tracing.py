"""Tracing lists: taken in, read, answered line by line, sent back, closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.people.selectors.listing import pager_of
from shouwang.rounds import selectors, services
from shouwang.rounds.forms.tracing import AnswerForm, TakeInForm
from shouwang.rounds.models import TracingLine
from shouwang.rounds.selectors import tracing
from shouwang.rounds.selectors.tracing import line_for, list_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def tracing_lists(request: Any) -> HttpResponse:
    """The lists that came from above; takes one in."""
    communities, _buildings = selectors.choices_for(request.scope)
    form = TakeInForm(request.POST or None, request.FILES or None, communities=communities)
    receipt = (
        form.apply(request, "rounds.take_in_list", lambda: taken_in(request, form)) if form.is_bound else None
    )
    if receipt is not None:
        return redirect("rounds:tracing_list", receipt.answer)
    context = {"form": form, "lists": tracing.lists_for(request.scope)[:100], "now": request.at}
    return render(request, "rounds/tracing_lists.html", context, status=form.status)


def taken_in(request: Any, form: TakeInForm) -> str:
    return str(services.take_in_list(**form.takes_in(), by=request.user, at=request.at).pk)


@needs("round.lead")
@require_GET
def tracing_list(request: Any, list_id: UUID) -> HttpResponse:
    """One list, line by line; opening it is on record."""
    found = list_for(request.scope, list_id)
    show = request.GET.get("show", "open" if found.left else "all")
    rows, page = tracing.lines_of(request.scope, found, show, request.GET.get("page", "1"))
    services.record_tracing_read(tracing_list=found, by=request.user, at=request.at, lines=len(rows))
    context = {
        "list": found, "rows": rows, "page": pager_of(page, request.GET), "chips": chips_of(show, found), "show": show,
        "late": found.is_late(request.at), "counts": tracing.counts_by_outcome(found), "now": request.at,
    }  # fmt: skip
    return render(request, "rounds/tracing_list.html", context)


def chips_of(show: str, found: Any) -> list[dict[str, Any]]:
    """All lines, or those to be answered."""
    return [
        {"label": _("Still to answer"), "url": "?show=open", "count": found.left, "current": show == "open"},
        {"label": _("All"), "url": "?show=all", "count": found.line_count, "current": show != "open"},
    ]


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def tracing_line(request: Any, line_id: UUID) -> HttpResponse:
    """One line with whom the register may know under it; answers it. Opening it is on record."""
    line = line_for(request.scope, line_id)
    beside = tracing.communities_beside(line.tracing_list.community_id)
    form = AnswerForm(request.POST or None, initial=said_of(line), communities=beside)
    if form.is_bound and answered(request, line, form):
        messages.success(request, _("Kept."))
        return redirect("rounds:tracing_list", line.tracing_list_id)
    opened(request, line)
    context = {"line": line, "form": form, **tracing.line_shown(request.scope, line)}
    return render(request, "rounds/tracing_line.html", context, status=form.status)


def said_of(line: TracingLine) -> dict[str, str]:
    """What was answered before."""
    return {"outcome": line.outcome, "note": line.note, "passed_to": line.passed_to}


def answered(request: Any, line: TracingLine, form: AnswerForm) -> bool:
    def do() -> str:
        return str(services.answer_line(line=line, **form.answers(), by=request.user, at=request.at).pk)

    return form.apply(request, "rounds.answer_line", do, also={"line": str(line.pk)}) is not None


def opened(request: Any, line: TracingLine) -> None:
    services.record_tracing_read(
        tracing_list=line.tracing_list, by=request.user, at=request.at, lines=1, person_id=line.person_id
    )


@needs("round.lead")
@require_POST
def tracing_match(request: Any, line_id: UUID) -> HttpResponse:
    """Says which of those proposed a line means, or that it means none of them."""
    line, person_id = line_for(request.scope, line_id), named(request.POST.get("person", ""))

    def do() -> str:
        services.settle_match(line=line, person_id=person_id, by=request.user, at=request.at)
        return str(line.pk)

    press(request, "rounds.settle_match", do, line=line.pk, person=str(person_id or ""))
    return redirect("rounds:tracing_line", line_id)


def named(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


@needs("round.lead")
@require_POST
def tracing_answers(request: Any, list_id: UUID) -> HttpResponse:
    """The answers as a sheet for whoever sent the list; that it left the house is on record."""
    found = list_for(request.scope, list_id)
    services.record_tracing_read(
        tracing_list=found, by=request.user, at=request.at, lines=found.line_count, out=True
    )
    response = HttpResponse(tracing.answers_workbook(request.scope, found), content_type=XLSX)
    name = _("%(name)s: answers") % {"name": found.name} + ".xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def close_tracing(request: Any, list_id: UUID) -> HttpResponse:
    """Asks once more, then closes a list that is answered; its lines are erased after seven days."""
    found = list_for(request.scope, list_id)
    if request.method == "GET":
        return render(request, "ui/confirm.html", closing_question(found))
    press(
        request, "rounds.close_list",
        lambda: str(services.close_list(tracing_list=found, by=request.user, at=request.at).pk), list=found.pk,
    )  # fmt: skip
    return redirect("rounds:tracing_list", list_id)


def closing_question(found: Any) -> dict[str, Any]:
    """What the confirm page asks."""
    left = ngettext("%(n)s line is not answered yet.", "%(n)s lines are not answered yet.", found.left)
    gone = _("Its lines are erased seven days later; only the counts remain. Send the answers back before.")
    return {
        "question": _("Close “%(name)s”?") % {"name": found.name},
        "consequence": left % {"n": found.left} if found.left else gone,
        "action_url": reverse("rounds:close_tracing", args=[found.pk]),
        "action_label": _("Close the list"),
        "back_url": reverse("rounds:tracing_list", args=[found.pk]),
    }
