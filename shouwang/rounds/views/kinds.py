"""Kinds of rounds: the list, one of them as whoever asks sees it, a copy of the community's own, changing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import press, typed
from shouwang.places.models import Place
from shouwang.rounds import selectors, services
from shouwang.rounds.engines.texts import said
from shouwang.rounds.forms import KindEditor, Preview
from shouwang.rounds.models import Kind
from shouwang.rounds.rules import may_change
from shouwang.rounds.selectors.kinds import kind_for, own_kind_for, told_kind, told_kinds
from shouwang.rounds.selectors.proposals import rules_in_words
from shouwang.rounds.states import EntryState


@needs("round.lead")
@require_GET
def kinds(request: Any) -> HttpResponse:
    """The kinds of rounds: the communities' own, and those that came with the program."""
    found = told_kinds(request.scope, get_language() or "zh")
    own = [told for told in found if told.kind.community_id is not None]
    return render(
        request, "rounds/kinds.html", {"own": own, "shipped": [told for told in found if told not in own]}
    )


@needs("round.lead")
@require_GET
def kind(request: Any, kind_id: UUID) -> HttpResponse:
    """One kind: what it is over, its questions as whoever asks sees them, what answers propose."""
    found, language = kind_for(request.scope, kind_id), get_language() or "zh"
    context = {
        "told": told_kind(found, language), "preview": Preview(found.questions, language),
        "may_change": may_change(request.scope, found),
        "proposed": rules_in_words(found.questions, found.rules, language),
        "communities": selectors.choices_for(request.scope)[0],
        "states": [EntryState(state).label for state in found.states],
    }  # fmt: skip
    return render(request, "rounds/kind.html", context)


@needs("round.lead")
@require_POST
def copy_kind(request: Any, kind_id: UUID) -> HttpResponse:
    """Makes a kind of the community's own out of this one, to be changed."""
    found, community = kind_for(request.scope, kind_id), community_asked(request)
    receipt = press(
        request, "rounds.copy_kind",
        lambda: str(services.copy_kind(kind=found, community=community, by=request.user, at=request.at).pk),
        kind_id=found.pk, community=community.pk,
    )  # fmt: skip
    return redirect("rounds:change_kind", receipt.answer)


def community_asked(request: Any) -> Place:
    """The community that the form names; 404 for one that the asker does not lead."""
    wanted = typed(request.POST, "community")
    for place in selectors.choices_for(request.scope)[0]:
        if str(place.pk) == wanted:
            return place
    raise Http404


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def change_kind(request: Any, own_kind_id: UUID) -> HttpResponse:
    """Changes a kind of the community's own; the buttons that add, move and take away keep nothing yet."""
    found = own_kind_for(request.scope, own_kind_id)
    editor = KindEditor(found, get_language() or "zh", request.POST if request.method == "POST" else None)
    if editor.saving and editor.is_valid() and changed(request, found, editor):
        messages.success(request, _("Kept. Rounds that go on keep the questions that they began with."))
        return redirect("rounds:kind", found.pk)
    context = {"editor": editor, "told": told_kind(found, get_language() or "zh")}
    return render(request, "rounds/change_kind.html", context, status=editor.status)


def changed(request: Any, found: Kind, editor: KindEditor) -> bool:
    definition = editor.definition

    def do() -> str:
        version = editor.head.cleaned_data["version"]
        services.change_kind(
            kind=found, definition=definition, version=version, by=request.user, at=request.at
        )
        return str(found.pk)

    also = {"kind": str(found.pk), "definition": definition}
    return editor.head.apply(request, "rounds.change_kind", do, also=also) is not None


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def end_kind(request: Any, own_kind_id: UUID) -> HttpResponse:
    """Asks once more, then offers this kind no longer."""
    found = own_kind_for(request.scope, own_kind_id)
    if request.method == "GET":
        return render(request, "ui/confirm.html", end_question(found))
    press(
        request, "rounds.end_kind",
        lambda: str(services.end_kind(kind=found, by=request.user, at=request.at).pk), kind_id=found.pk,
    )  # fmt: skip
    return redirect("rounds:kinds")


def end_question(found: Kind) -> dict[str, Any]:
    return {
        "question": _("Offer “%(name)s” no longer?") % {"name": said(found.name, get_language() or "zh")},
        "consequence": _("Rounds that go on stay as they are; no new one begins with it."),
        "action_url": reverse("rounds:end_kind", args=[found.pk]),
        "action_label": _("Offer it no longer"),
        "back_url": reverse("rounds:kind", args=[found.pk]),
    }
