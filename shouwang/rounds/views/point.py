"""The point: steps and waste bags; a paper sheet entered later; a trouble met on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.bags import numbers_said, said_of
from shouwang.rounds.forms.table import BagsAwayForm, BagsOutForm, SheetForm, StepForm, TroubleForm
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.selectors import point as at_point
from shouwang.rounds.selectors import table as at_table
from shouwang.rounds.states import Step
from shouwang.rounds.views.table import table_url, tube_asked


@needs("round.mark")
@require_GET
def point(request: Any, round_id: UUID) -> HttpResponse:
    """What was done at the point, and the waste bags that are out."""
    found = at_table.table_round_for(request.scope, round_id)
    return render(request, "rounds/point.html", point_context(found))


def point_context(found: Round, **forms: CommandForm) -> dict[str, Any]:
    """The page, with a form of it as it came back if one did."""
    done, bags = at_point.point_steps(found), at_point.bags_of(found)
    away = BagsAwayForm(initial={"numbers": said_of(bags.left)})
    return {
        "round": found, "steps": [(step, done.get(step.value)) for step in Step], "bags": bags,
        "left": said_of(bags.left), "rows": at_point.bag_rows(found), "ready": at_point.point_disinfected(found),
        "out": BagsOutForm(), "away": away,
    } | forms  # fmt: skip


@needs("round.mark")
@require_POST
def point_step(request: Any, round_id: UUID) -> HttpResponse:
    """Ticks a step off."""
    found = at_table.table_round_for(request.scope, round_id)
    form = StepForm(request.POST)

    def do() -> str:
        step = form.cleaned_data["step"]
        return str(services.take_point_step(round_=found, step=step, by=request.user, at=request.at).pk)

    if form.apply(request, "rounds.step", do, also={"round": found.pk}) is None:
        messages.error(request, form.refusal.sentence() if form.refusal else _("Choose a step."))
    return redirect("rounds:point", found.pk)


@needs("round.mark")
@require_POST
def bags(request: Any, round_id: UUID) -> HttpResponse:
    """Counts waste bags out, or away."""
    found = at_table.table_round_for(request.scope, round_id)
    name, form, do = bag_act(request, found)
    if form.apply(request, f"rounds.bags_{name}", do, also={"round": found.pk}) is None:
        return render(request, "rounds/point.html", point_context(found, **{name: form}), status=form.status)
    messages.success(request, _("Counted."))
    return redirect("rounds:point", found.pk)


def bag_act(request: Any, found: Round) -> tuple[str, CommandForm, Callable[[], int]]:
    """What the form asks for: bags out, or away."""
    about = {"round_": found, "by": request.user, "at": request.at}
    if "numbers" not in request.POST:
        out = BagsOutForm(request.POST)
        return "out", out, lambda: len(services.issue_bags(number=out.cleaned_data["number"], **about))
    away = BagsAwayForm(request.POST)

    def take() -> int:
        said = away.cleaned_data
        return services.take_bags_away(
            numbers=read_numbers(said["numbers"]), collected_by=said["collected_by"], **about
        )

    return "away", away, take


def read_numbers(text: str) -> list[int]:
    """The numbers of bags; Refusal at the field for what is none."""
    try:
        return numbers_said(text)
    except ValueError as fault:
        raise Refusal(
            "bags-unreadable", _("“%(said)s” is no number of a bag. Write 1-12, 15."), field="numbers", said=str(fault)
        ) from fault  # fmt: skip


@signed_in
@require_POST
def trouble(request: Any, roster_entry_id: UUID) -> HttpResponse:
    """Makes a request of a trouble met on the way."""
    found = selectors.entry_for(request.scope, roster_entry_id)
    form = TroubleForm(request.POST)
    at_the_table = "table" in request.POST
    receipt = form.apply(
        request, "rounds.trouble", lambda: asked(request, found, form), also={"entry": found.pk}
    )
    if receipt is None:
        messages.error(request, _("Choose what it is about, then send."))
    else:
        words = _("Taken in as number %(number)s. Whoever looks after this stairwell is told.")
        messages.success(request, words % {"number": receipt.answer["number"]})
    if at_the_table:
        return redirect(table_url(found.round, tube_asked(request.POST) or ""))
    return redirect("rounds:entry", found.pk)


def asked(request: Any, found: Entry, form: TroubleForm) -> dict[str, str]:
    said = form.cleaned_data
    made = services.report_trouble(
        round_=found.round, entry=found, category=said["category"], words=said["words"],
        command_id=said["command_id"], by=request.user, at=request.at,
    )  # fmt: skip
    return {"number": made.spoken_number, "request": str(made.pk)}


@needs("round.mark")
@require_GET
def sheets(request: Any, round_id: UUID) -> HttpResponse:
    """Of which stairwell a paper sheet is to be entered."""
    found = selectors.round_for(request.scope, round_id)
    leaves = at_table.named_leaves(request.scope, found)
    return render(request, "rounds/sheets.html", {"round": found, "leaves": leaves})


@needs("round.mark")
@require_http_methods(["GET", "POST"])
def sheet(request: Any, round_id: UUID, place_id: UUID) -> HttpResponse:
    """A paper sheet of one stairwell, row by row by keyboard; all of it is kept, or nothing."""
    found = selectors.round_for(request.scope, round_id)
    leaf = at_table.sheet_leaf(request.scope, place_id)
    form = SheetForm(request.POST or None, lines=at_table.sheet_lines(request.scope, found, leaf))
    if form.is_bound:
        also = {"round": found.pk, "leaf": leaf.pk}
        receipt = form.apply(request, "rounds.sheet", lambda: entered(request, found, form), also=also)
        if receipt is not None:
            told(request, receipt.answer)
            return redirect("rounds:sheets", found.pk)
    context = {"round": found, "place_id": leaf.pk, "leaf": at_table.leaf_label(leaf), "form": form}
    context["rows"] = form.shown()
    return render(request, "rounds/sheet.html", context, status=form.status)


def entered(request: Any, found: Round, form: SheetForm) -> dict[str, int]:
    try:
        heard = services.enter_sheet(round_=found, rows=form.ticked(), by=request.user, at=request.at)
    except services.SheetRefused as refused:
        form.row_errors = refused.rows
        raise
    return {"kept": len(heard), "left": services.left_open(heard)}


def told(request: Any, answer: dict[str, int]) -> None:
    kept = answer["kept"]
    messages.success(request, ngettext("%(n)s row is kept.", "%(n)s rows are kept.", kept) % {"n": kept})
    if answer["left"]:
        words = ngettext(
            "Of %(n)s somebody had said something else meanwhile; look at who is missing.",
            "Of %(n)s somebody had said something else meanwhile; look at who is missing.", answer["left"],
        )  # fmt: skip
        messages.warning(request, words % {"n": answer["left"]})
