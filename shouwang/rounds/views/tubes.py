"""Tubes: their labels, which are here, sent or have a result, and who is in one. All but labels for those who lead rounds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.lists import UnreadableList
from shouwang.rounds.engines.results import Line, read_results
from shouwang.rounds.forms.table import ConfirmResultsForm, LabelForm, ResultFileForm, ResultForm, SendForm
from shouwang.rounds.models import Round, Tube
from shouwang.rounds.selectors import table as at_table
from shouwang.rounds.selectors import tubes
from shouwang.rounds.views.table import table_url

UNREADABLE = {
    "not-a-sheet": gettext_lazy("This is not a spreadsheet. Save it as .xlsx or .csv and choose it again."),
    "too-large": gettext_lazy(
        "This file is larger than a list of results. Keep only the barcodes and results."
    ),
    "no-columns": gettext_lazy(
        "No columns for the barcode and the result were found. Name them “Barcode” and “Result” in the first line."
    ),
    "empty": gettext_lazy("The file has no filled cells."),
}


@needs("round.mark")
@require_http_methods(["GET", "POST"])
def label(request: Any, tube_id: UUID) -> HttpResponse:
    """Puts a wrong label right: whoever is in the tube goes with it."""
    tube = tubes.tube_for(request.scope, tube_id)
    form = LabelForm(request.POST or None)
    if form.is_bound:
        do, also = (lambda: relabelled(request, tube, form)), {"tube": tube.pk}
        if form.apply(request, "rounds.label", do, also=also) is not None:
            messages.success(request, _("The label is right now. Everybody in the tube went with it."))
            return redirect(table_url(tube.round, tube.pk))
    context = {"tube": tube, "row": tubes.row_of(tube), "form": form, "back": table_url(tube.round, tube.pk)}
    return render(request, "rounds/label.html", context, status=form.status)


def relabelled(request: Any, tube: Tube, form: LabelForm) -> str:
    barcode = form.cleaned_data["barcode"]
    return str(services.relabel_tube(tube=tube, barcode=barcode, by=request.user, at=request.at).pk)


@needs("round.mark")
@require_POST
def close_tube(request: Any, tube_id: UUID) -> HttpResponse:
    """Closes a tube before it is full, or opens it again."""
    tube = tubes.tube_for(request.scope, tube_id)
    act = services.reopen_tube if "reopen" in request.POST else services.close_tube
    press(
        request, "rounds.close_tube", lambda: str(act(tube=tube, by=request.user, at=request.at).pk),
        tube=tube.pk, act=act.__name__,
    )  # fmt: skip
    return redirect(table_url(tube.round, tube.pk))


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def tubes_page(request: Any, round_id: UUID) -> HttpResponse:
    """Every tube of a round with its count and its result; sends those chosen to the laboratory."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    form = SendForm(request.POST or None, rows=tubes.sendable_tubes(found))
    do, also = (lambda: sent(request, found, form)), {"round": found.pk}
    receipt = form.apply(request, "rounds.send", do, also=also) if form.is_bound else None
    if receipt is not None:
        return redirect("rounds:consignment", receipt.answer)
    context = {
        "round": found, "form": form, "rows": tubes.tubes_in(found), "counts": tubes.result_counts(found),
        "strays": tubes.strays_of(found), "beside": at_table.walk_ins_unplaced(found),
    }  # fmt: skip
    return render(request, "rounds/tubes.html", context, status=form.status)


def sent(request: Any, found: Round, form: SendForm) -> str:
    handed_to = form.cleaned_data["handed_to"]
    made = services.send_tubes(
        round_=found, tube_ids=form.chosen(), handed_to=handed_to, by=request.user, at=request.at
    )
    return str(made.pk)


@needs("round.lead")
@require_GET
def consignment(request: Any, consignment_id: UUID) -> HttpResponse:
    """The sheet that goes with tubes: which, how many, handed over by whom to whom."""
    found = tubes.consignment_for(request.scope, consignment_id)
    rows = tubes.rows_of(list(found.tubes.order_by("barcode")))
    context = {"sent": found, "rows": rows, "people": sum(row.people for row in rows)}
    return render(request, "rounds/consignment.html", context)


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def tube_page(request: Any, tube_id: UUID) -> HttpResponse:
    """Who is in a tube, on record; records its result."""
    tube = tubes.tube_for(request.scope, tube_id, "round.lead")
    form = ResultForm(request.POST or None, initial={"result": tube.result})
    if form.is_bound:
        do = lambda: resulted(request, tube.round, {tube.barcode: form.cleaned_data["result"]})  # noqa: E731
        if form.apply(request, "rounds.result", do, also={"tube": tube.pk}) is not None:
            messages.success(request, _("The result is kept."))
            return redirect("rounds:tube", tube.pk)
    context = people_context(request, tube) | {"form": form}
    return render(request, "rounds/tube.html", context, status=form.status)


def people_context(request: Any, tube: Tube) -> dict[str, Any]:
    """Everybody in the tube; that it was opened is on record."""
    line = selectors.lines_of(request.scope, at_table.loaded(tubes.entries_in(tube)))
    unsure = selectors.lines_of(request.scope, at_table.loaded(tubes.undecided_in(tube)))
    beside = list(tubes.walk_ins_in(tube))
    people = len(line) + len(unsure) + len(beside)
    services.record_tube_read(tube=tube, people=people, by=request.user, at=request.at)
    return {"tube": tube, "row": tubes.row_of(tube), "lines": line, "unsure": unsure, "beside": beside}


def resulted(request: Any, found: Round, results: dict[str, str]) -> int:
    return len(services.record_results(round_=found, results=results, by=request.user, at=request.at))


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def results(request: Any, round_id: UUID) -> HttpResponse:
    """Reads a laboratory's file and shows what it says, line by line; then keeps all of it or nothing."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    if "rows" in request.POST:
        return confirmed(request, found)
    form = ResultFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"round": found, "form": form}
    status = 200
    if form.is_bound:
        context |= previewed(found, form)
        status = 200 if "shown" in context else 422
    return render(request, "rounds/results.html", context, status=status)


def previewed(found: Round, form: ResultFileForm) -> dict[str, Any]:
    """What the file says, or its fault at the field."""
    if not form.is_valid():
        return {}
    try:
        lines = read_results(form.cleaned_data["file"].read())
    except UnreadableList as fault:
        form.add_error("file", str(UNREADABLE[fault.code]))
        return {}
    return {"shown": shown_of(found, lines)}


def shown_of(found: Round, lines: list[Line]) -> dict[str, Any]:
    """The preview: faults, barcodes of no tube of this round, and what would be kept."""
    known = tubes.barcodes_known(found, [line.barcode for line in lines if not line.fault])
    good = [line for line in lines if not line.fault and line.barcode in known]
    return {
        "faults": [line for line in lines if line.fault],
        "unknown": [line for line in lines if not line.fault and line.barcode not in known],
        "good": good,
        "news": [line for line in good if known[line.barcode] != line.result],
        "changed": [line for line in good if known[line.barcode] not in ("", line.result)],
        "rows": "\n".join(f"{line.barcode}\t{line.result}" for line in good),
    }


def confirmed(request: Any, found: Round) -> HttpResponse:
    form = ConfirmResultsForm(request.POST)
    do = lambda: resulted(request, found, form.results())  # noqa: E731
    if form.apply(request, "rounds.results", do, also={"round": found.pk}) is not None:
        messages.success(request, _("The results are kept."))
        return redirect("rounds:tubes", found.pk)
    again = ResultFileForm()
    fault = form.refusal.sentence() if form.refusal else _("Choose the file once more.")
    return render(
        request, "rounds/results.html", {"round": found, "form": again, "fault": fault}, status=form.status
    )
