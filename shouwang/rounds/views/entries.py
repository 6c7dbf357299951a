"""One entry of a roster: what is said of it, with every try."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.barcodes import clean_barcode
from shouwang.rounds.forms import EntryForm
from shouwang.rounds.forms.table import TroubleForm
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.states import EntryState
from shouwang.rounds.views.board import building_asked

QUICK = {"done": EntryState.DONE, "away": EntryState.AWAY}


@needs("round.mark")
@require_http_methods(["GET", "POST"])
def entry(request: Any, roster_entry_id: UUID) -> HttpResponse:
    """One entry with every try; says how it stands now, or takes a word back."""
    found = selectors.entry_for(request.scope, roster_entry_id)
    attempts = selectors.attempts_of(request.scope, found)
    form = entry_form(request, found, next((row.tube for row in attempts if row.pk == found.last), ""))
    if form.is_bound and said(request, found, form):
        messages.success(request, _("Kept."))
        return redirect("rounds:missing", found.round_id)
    line = selectors.line_of(request.scope, found)
    context = {"entry": found, "line": line, "form": form, "attempts": attempts, "trouble": TroubleForm()}
    return render(request, "rounds/entry.html", context, status=form.status)


def entry_form(request: Any, found: Entry, tube: str) -> EntryForm:
    """The form of an entry; `tube` is the one that holds the sample now, if one does."""
    return EntryForm(
        request.POST or None, state=found.state, tube_size=found.round.tube_size, initial={"tube": tube}
    )


def said(request: Any, found: Entry, form: EntryForm) -> bool:
    def do() -> str:
        words = form.cleaned_data
        services.mark_entry(
            entry=found,
            state=words["state"],
            note=words["note"],
            tube=tube_said(words),
            by=request.user,
            at=request.at,
        )
        return str(found.pk)

    return form.apply(request, "rounds.mark", do, also={"entry": str(found.pk)}) is not None


def tube_said(words: dict[str, Any]) -> str:
    """The tube that a word names: only a sample is in one."""
    return clean_barcode(words.get("tube", "")) if words["state"] == EntryState.DONE else ""


@needs("round.mark")
@require_POST
def quick(request: Any, roster_entry_id: UUID, quick: str) -> HttpResponse:
    """Says in one press that an entry is done, or that nobody was there."""
    if quick not in QUICK:
        raise Http404
    found = selectors.entry_for(request.scope, roster_entry_id)
    state = QUICK[quick]
    press(
        request, "rounds.mark",
        lambda: str(services.mark_entry(entry=found, state=state, by=request.user, at=request.at).pk),
        entry=found.pk, state=str(state),
    )  # fmt: skip
    messages.success(request, kept_words(selectors.line_of(request.scope, found), found))
    return redirect(missing_url(found.round, building_asked(request.POST)))


def kept_words(line: selectors.Missing, found: Entry) -> str:
    """What was kept, with the way to the entry: a wrong press is taken back there."""
    words = _("%(door)s %(name)s: %(state)s") % {
        "door": line.door, "name": line.name, "state": found.get_state_display(),
    }  # fmt: skip
    url = reverse("rounds:entry", args=[found.pk])
    return format_html('{} · <a href="{}">{}</a>', words, url, _("Take it back"))


def missing_url(found: Round, building: UUID | None) -> str:
    url = reverse("rounds:missing", args=[found.pk])
    return f"{url}?building={building}" if building else url
