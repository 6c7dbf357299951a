"""One request: its page, and its part beside the board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from shouwang.core.access import signed_in
from shouwang.core.audit import write_audit
from shouwang.core.files import read_file
from shouwang.help import services
from shouwang.help.forms import AttemptForm, ChangeForm, ConfidantForm, FinishForm, NoteForm, VerifyForm
from shouwang.help.models import HelpRequest
from shouwang.help.rules import is_named
from shouwang.help.selectors import confidants_of, photo_for, request_for, who_may_be_named
from shouwang.help.selectors.file import request_file
from shouwang.help.states import Verified
from shouwang.help.views.live import nothing_new, render_live


@signed_in
@require_GET
def detail(request: Any, request_id: UUID) -> HttpResponse:
    """The request; whoever opens it has seen it."""
    found = request_for(request.scope, request_id)
    if not nothing_new(request):
        note_reading(request, found)
    return render_live(request, "help/request.html", "file", lambda: file_context(request, found))


def note_reading(request: Any, found: HelpRequest) -> None:
    """That a person has seen it; each opening of a confidential one is on record."""
    services.mark_seen(request=found, by=request.user, at=request.at)
    if found.confidential and "after" not in request.GET:
        with transaction.atomic():
            write_audit("help.request.read", by=request.user, at=request.at, subject=found)


def file_context(request: Any, found: HelpRequest) -> dict[str, Any]:
    """What the file shows, with its small forms."""
    return {
        **request_file(request.scope, found, request.at),
        "live_url": reverse("help:request", args=[found.pk]),
        "forms": small_forms(found),
        **confidence(request, found),
    }


def confidence(request: Any, found: HelpRequest) -> dict[str, Any]:
    """Who may know of it, for those who are named."""
    if not found.confidential or not is_named(request.scope, found):
        return {}
    could = who_may_be_named(found, request.at)
    form = ConfidantForm(users=could, auto_id="confidant_%s") if could.exists() else None
    return {"confidants": list(confidants_of(found)), "confidant_form": form}


def small_forms(found: HelpRequest) -> dict[str, Any]:
    """The forms of the file; their ids differ, since they stand on one page."""
    start = {name: getattr(found, name) for name in ("category", "urgency", "confidential", "no_ring_back")}
    asked = {"door": found.door_said} | ({"how": Verified.VISIT} if found.no_ring_back else {})
    return {
        "change": ChangeForm(initial=start, auto_id="change_%s"),
        "verify": VerifyForm(initial=asked, auto_id="verify_%s"),
        "attempt": AttemptForm(auto_id="attempt_%s"),
        "note": NoteForm(auto_id="note_%s"),
        "finish": FinishForm(auto_id="finish_%s"),
        "close": NoteForm(auto_id="close_%s"),
    }


@signed_in
@require_GET
def photo(request: Any, request_id: UUID, file_id: UUID) -> HttpResponse:
    """A photo of the timeline."""
    stored = photo_for(request.scope, request_id, file_id)
    return HttpResponse(read_file(stored), content_type=stored.media_type)
