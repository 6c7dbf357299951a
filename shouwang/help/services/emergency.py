"""Danger to life: the green channel's steps, and whom the desk has rung."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.help.models import Attempt, DirectoryEntry, GreenChannelStep, HelpRequest
from shouwang.help.services.doing import acknowledge_request
from shouwang.help.services.record import add_event, lock_open_request
from shouwang.help.states import EventKind, GreenStep, Outcome


def tick_green_step(
    *, request: HelpRequest, step: str, by: Any, at: datetime | None = None, with_person: User | None = None
) -> GreenChannelStep:
    """One step of the green channel is done, with who and when. 'Somebody is with the person' names who."""
    at = at or clock.now()
    if step not in GreenStep.values:
        raise Refusal("step-unknown", _("Choose a step of the list."), field="step")
    with transaction.atomic():
        locked = lock_open_request(request)
        companion = (with_person or by) if step == GreenStep.SOMEBODY_WITH_PERSON else None
        row, fresh = GreenChannelStep.objects.get_or_create(
            request=locked, step=step, defaults={"at": at, "by": by, "with_person": companion}
        )
        if not fresh:
            raise Conflict("step-done", _("This step was ticked already."))
        acknowledge_request(request=locked, at=at)
        add_event(locked, EventKind.STEP, by=by, at=at, code=step, whom=companion)
        write_audit("help.request.step_ticked", by=by, at=at, subject=locked, step=step)
        return row


def record_ring(
    *,
    request: HelpRequest,
    outcome: str,
    by: Any,
    at: datetime | None = None,
    whom: User | None = None,
    entry: DirectoryEntry | None = None,
    note: str = "",
) -> Attempt:
    """Somebody was rung about the request: a holder of a post, or an entry of the directory."""
    at = at or clock.now()
    if outcome not in (Outcome.RANG, Outcome.NO_ANSWER):
        raise Refusal("outcome-unknown", _("Say whether somebody answered."), field="outcome")
    if whom is None and entry is None:
        raise Refusal("nobody-rung", _("Say who was rung."), field="whom")
    with transaction.atomic():
        locked = lock_open_request(request)
        said = entry.name if entry else ""
        attempt = Attempt.objects.create(request=locked, by=by, at=at, outcome=outcome, note=note or said)
        add_event(locked, EventKind.RANG, by=by, at=at, code=outcome, whom=whom, text=said or note)
        write_audit(
            "help.request.rang", by=by, at=at, subject=locked, outcome=outcome,
            whom=whom.pk if whom else None, entry=entry.pk if entry else None,
        )  # fmt: skip
        return attempt
