"""One entry of a roster: what is said of it, with every try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import signed_in
from shouwang.core.forms import press
from shouwang.rounds import selectors, services
from shouwang.rounds.engines import texts
from shouwang.rounds.engines.barcodes import clean_barcode
from shouwang.rounds.forms import EntryForm
from shouwang.rounds.forms.table import TroubleForm
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors.answers import standing_answers
from shouwang.rounds.selectors.proposals import answers_in_words, urgent_waiting
from shouwang.rounds.selectors.walking import walk_with
from shouwang.rounds.states import EntryState
from shouwang.rounds.views.board import building_asked

QUICK = {"done": EntryState.DONE, "away": EntryState.AWAY}


@signed_in
@require_http_methods(["GET", "POST"])
def entry(request: Any, roster_entry_id: UUID) -> HttpResponse:
    """One entry with every try; says how it stands now, or takes a word back."""
    found = selectors.entry_for(request.scope, roster_entry_id)
    attempts = selectors.attempts_of(request.scope, found)
    answered = answers_read(request, found)
    form = entry_form(request, found, answered, attempts)
    if form.is_bound and said(request, found, form):
        tell_kept(request, found)
        return redirect(back_url(request, found))
    context = {
        "entry": found, "line": selectors.line_of(request.scope, found), "form": form,
        "attempts": attempts, "trouble": TroubleForm(), "back": back_url(request, found),
        "came_by": came_by(request.POST or request.GET), **told_of_kind(found, answered),
    }  # fmt: skip
    return render(request, "rounds/entry.html", context, status=form.status)


def told_of_kind(found: Entry, answered: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered before, in words, and what whoever asks should know."""
    kind = found.round.kind
    return {
        "answered": answers_in_words(found.round.questions, answered, language()),
        "guidance": texts.said(kind.guidance, language()) if kind else "",
    }


def language() -> str:
    return get_language() or "zh"


def entry_form(
    request: Any, found: Entry, answered: Mapping[str, Any], attempts: Sequence[Attempt]
) -> EntryForm:
    named = next((row.tube for row in attempts if row.pk == found.last), "")
    return EntryForm(
        request.POST or None, state=found.state, states=found.round.states, questions=found.round.questions,
        answers=answered, language=language(), tube_size=found.round.tube_size, asking="ask" in request.GET,
        waiting=found.round.waiting_words,
        initial={"tube": named},
    )  # fmt: skip


def answers_read(request: Any, found: Entry) -> Mapping[str, Any]:
    """What was answered, for those who may read it; that it is shown goes on record."""
    answered = standing_answers(request.scope, found) if request.method == "GET" else {}
    if answered:
        services.record_answers_read(entry=found, by=request.user, at=request.at)
    return answered


def said(request: Any, found: Entry, form: EntryForm) -> bool:
    def do() -> str:
        words = form.cleaned_data
        services.mark_entry(
            entry=found, state=words["state"], note=words["note"], tube=tube_said(words), answers=form.answers,
            by=request.user, at=request.at,
        )  # fmt: skip
        return str(found.pk)

    return form.apply(request, "rounds.mark", do, also={"entry": str(found.pk)}) is not None


def tube_said(words: dict[str, Any]) -> str:
    """The tube that a word names: only a sample is in one."""
    return clean_barcode(words.get("tube", "")) if words["state"] == EntryState.DONE else ""


def tell_kept(request: Any, found: Entry) -> None:
    """That it is kept; and where an answer speaks of danger to life, what to do at once."""
    if urgent_waiting(found):
        messages.warning(
            request, _("Kept, and shown at the desk as danger to life. Ring 120 now if nobody has.")
        )
    else:
        messages.success(request, _("Kept."))


@signed_in
@require_POST
def quick(request: Any, roster_entry_id: UUID, quick: str) -> HttpResponse:
    """Says in one press that an entry is done, or that nobody was there."""
    if quick not in QUICK:
        raise Http404
    found = selectors.entry_for(request.scope, roster_entry_id)
    state = QUICK[quick]
    if state == EntryState.DONE and found.round.questions:
        return redirect(asking_url(request, found))  # what has to be asked is not settled by one press
    press(
        request, "rounds.mark",
        lambda: str(services.mark_entry(entry=found, state=state, by=request.user, at=request.at).pk),
        entry=found.pk, state=str(state),
    )  # fmt: skip
    messages.success(request, kept_words(selectors.line_of(request.scope, found), found))
    return redirect(back_url(request, found))


def kept_words(line: selectors.Missing, found: Entry) -> str:
    """What was kept, with the way to the entry: a wrong press is taken back there."""
    words = _("%(door)s %(name)s: %(state)s") % {
        "door": line.door, "name": line.name, "state": found.get_state_display(),
    }  # fmt: skip
    url = reverse("rounds:entry", args=[found.pk])
    return format_html('{} · <a href="{}">{}</a>', words, url, _("Take it back"))


def came_by(values: Mapping[str, str]) -> dict[str, str]:
    """By which walking list, or for which building, somebody came to an entry, so that the way back leads there."""
    return {name: values[name] for name in ("list", "building") if values.get(name)}


def asking_url(request: Any, found: Entry) -> str:
    """The entry with what is to be asked; keeping it leads back to where the press was made."""
    url = reverse("rounds:entry", args=[found.pk])
    return f"{url}?{urlencode({'ask': '1', **came_by(request.POST)})}"


def back_url(request: Any, found: Entry) -> str:
    """Where one came from: the walking list that has the entry, else the list of who is missing."""
    asked = request.POST or request.GET
    walk = walk_with(request.scope, found, asked.get("list", ""))
    return (
        reverse("rounds:walking_list", args=[walk])
        if walk
        else missing_url(found.round, building_asked(asked))
    )


def missing_url(found: Round, building: UUID | None) -> str:
    url = reverse("rounds:missing", args=[found.pk])
    return f"{url}?building={building}" if building else url
