"""The table: one field for what is scanned, the tube's count in large figures, the last few, and a way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.barcodes import Given, given_as
from shouwang.rounds.forms.table import NameForm, ScanForm, TroubleForm, UndoForm, WalkInForm
from shouwang.rounds.models import Round, Tube
from shouwang.rounds.selectors import table as at_table
from shouwang.rounds.selectors import tubes


@needs("round.mark")
@require_GET
def table(request: Any, round_id: UUID) -> HttpResponse:
    """The table of a round; `tube` says which tube stands on it, `said` that the count is spoken."""
    found = at_table.table_round_for(request.scope, round_id)
    context = table_context(request, found, tube_asked(request.GET))
    return render(
        request, "rounds/table.html", context | {"form": ScanForm(), "speak": "said" in request.GET}
    )


def tube_asked(values: Mapping[str, str]) -> UUID | None:
    """The tube that `tube` names, if it is an id."""
    try:
        return UUID(values.get("tube", ""))
    except ValueError:
        return None


def table_context(request: Any, found: Round, tube_id: UUID | None) -> dict[str, Any]:
    """What the table shows beside the field."""
    tube = at_table_tube(request, found, tube_id)
    last = at_table.taken_last(request.scope, found)
    return {
        **standing(found, tube),
        "last": last,
        "trouble": TroubleForm() if last and last[0].entry else None,
        "counts": selectors.counts_of(request.scope, found),
        "beside": at_table.walk_ins_unplaced(found),
        "names": NameForm(),
        "may_label": tube is not None and may_label(request, tube),
    }


def standing(found: Round, tube: Tube | None) -> dict[str, Any]:
    """The round, the tube that stands on its table, and what takes it along in an address: its id, never its barcode."""
    query = f"?tube={tube.pk}" if tube else ""
    return {"round": found, "row": tubes.row_of(tube) if tube else None, "tube_query": query}


def at_table_tube(request: Any, found: Round, tube_id: UUID | None) -> Tube | None:
    return tubes.table_tube(request.scope, found, tube_id)


def may_label(request: Any, tube: Tube) -> bool:
    """Whether the buttons of the tube's label and closing lead anywhere."""
    leads = tube.community_id in request.scope.ids("round.lead", "community_id")
    return tube.takes_more and (leads or tube.opened_by_id == request.user.pk)


@needs("round.mark")
@require_POST
def scan(request: Any, round_id: UUID) -> HttpResponse:
    """One scan: a tube comes onto the table, or a person is taken; a name is looked for."""
    found = at_table.table_round_for(request.scope, round_id)
    form = ScanForm(request.POST)
    said, tube_id = request.POST.get("text", ""), tube_asked(request.POST)
    if given_as(said) is Given.NAME:
        return names_page(request, found, NameForm({"name": said}), tube_id)
    receipt = form.apply(
        request, "rounds.scan", lambda: scanned(request, found, form), also={"round": found.pk}
    )
    if receipt is not None:
        return redirect(table_url(found, receipt.answer["tube"], said=True))
    context = table_context(request, found, tube_id) | {"form": form, "scanned": said}
    return render(request, "rounds/table.html", context, status=form.status)


def scanned(request: Any, found: Round, form: ScanForm) -> dict[str, str]:
    said = form.cleaned_data
    tube = at_table_tube(request, found, said["tube"])
    about = {"word_id": said["command_id"], "by": request.user, "at": request.at}
    if said["entry"]:
        entry = at_table.table_entry(request.scope, found, said["entry"])
        services.take_sample(entry=entry, tube=tube, **about)
    else:
        done = services.apply_scan(
            round_=found, scope=request.scope, text=said["text"], tube=tube, is_tube=said["is_tube"], **about
        )
        tube = done.tube
        if done.added:
            messages.info(request, _("Was not on the list. Added, with the reason."))
    return {"tube": str(tube.pk) if tube else ""}


def table_url(found: Round, tube_id: object, *, said: bool = False) -> str:
    url = reverse("rounds:table", args=[found.pk])
    asked = [part for part in (f"tube={tube_id}" if tube_id else "", "said=1" if said else "") if part]
    return f"{url}?{'&'.join(asked)}" if asked else url


@needs("round.mark")
@require_POST
def names(request: Any, round_id: UUID) -> HttpResponse:
    """Looks for somebody on the roster by name, letters or door."""
    found = at_table.table_round_for(request.scope, round_id)
    return names_page(request, found, NameForm(request.POST), tube_asked(request.POST))


def names_page(request: Any, found: Round, form: NameForm, tube_id: UUID | None) -> HttpResponse:
    said = form.cleaned_data["name"] if form.is_valid() else ""
    hits = at_table.find_entry(found, request.scope, name=said, at=request.at)
    tube = at_table_tube(request, found, tube_id)
    told = at_table.told_hits(request.scope, hits.entries)
    context = standing(found, tube) | {"names": form, "said": said, "hits": told}
    return render(request, "rounds/names.html", context)


@needs("round.mark")
@require_POST
def undo(request: Any, round_id: UUID) -> HttpResponse:
    """Takes a scan back: who was taken waits again, whoever had no entry is gone."""
    found = at_table.table_round_for(request.scope, round_id)
    form = UndoForm(request.POST)
    receipt = form.apply(
        request, "rounds.undo", lambda: undone(request, found, form), also={"round": found.pk}
    )
    if receipt is None:
        messages.error(
            request, form.refusal.sentence() if form.refusal else _("Look again before you go on.")
        )
    else:
        messages.success(request, _("Taken back. The sample must not stay in the tube."))
    return redirect(table_url(found, tube_asked(request.POST)))


def undone(request: Any, found: Round, form: UndoForm) -> str:
    said = form.cleaned_data
    about = {"by": request.user, "at": request.at}
    if said["walk_in"]:
        walk_in = at_table.own_walk_in(request.scope, found, said["walk_in"])
        return str(services.take_back_walk_in(walk_in=walk_in, **about).pk)
    entry = at_table.table_entry(request.scope, found, said["entry"])
    services.take_back_sample(entry=entry, seen=said["seen"], word_id=said["command_id"], **about)
    return str(entry.pk)


@needs("round.mark")
@require_http_methods(["GET", "POST"])
def walk_in(request: Any, round_id: UUID) -> HttpResponse:
    """Takes in somebody without an entry: a visitor, a passport, a newborn."""
    found = at_table.table_round_for(request.scope, round_id)
    tube = at_table_tube(request, found, tube_asked(request.POST or request.GET))
    form = WalkInForm(request.POST or None, initial={"tube": tube.pk if tube else None})
    if form.is_bound:
        do, also = (lambda: walked_in(request, found, form, tube)), {"round": found.pk}
        if form.apply(request, "rounds.walk_in", do, also=also) is not None:
            return redirect(table_url(found, tube.pk if tube else "", said=True))
    return render(request, "rounds/walk_in.html", standing(found, tube) | {"form": form}, status=form.status)


def walked_in(request: Any, found: Round, form: WalkInForm, tube: Tube | None) -> str:
    services.refuse_unready(found, tube)
    done = services.add_walk_in(
        round_=found, shown=form.shown(tube.barcode if tube else ""), walk_in_id=form.cleaned_data["command_id"],
        scope=request.scope, by=request.user, at=request.at,
    )  # fmt: skip
    if done.heard is not None and done.heard.refusal is not None:
        raise done.heard.refusal
    if done.heard is not None:
        messages.info(request, _("The number is in the register: taken as that person."))
    return str(form.cleaned_data["command_id"])
