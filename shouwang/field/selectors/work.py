"""My work: what every room has for this user, merged; and one job with what may be done next."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from shouwang.core.registry import WorkItem, work_sources
from shouwang.core.scope import Scope
from shouwang.help.models import HelpRequest
from shouwang.help.selectors import may_move_to
from shouwang.help.selectors.file import request_file
from shouwang.help.states import RequestState
from shouwang.volunteers.selectors import is_stood_down, volunteer_of


def my_work(user: Any, at: datetime) -> list[WorkItem]:
    """Danger first, then what waits for my answer, then by when it is due."""
    items = [item for source in work_sources for item in source.work_for(user, at)]
    return sorted(items, key=lambda item: (item.rank, not item.waiting_for_me, str(item.due_at)))


def standing(user: Any, at: datetime) -> dict[str, Any]:
    """Whether this user serves at all, and whether they are stood down now."""
    volunteer = volunteer_of(user)
    return {"volunteer": volunteer, "stood_down": bool(volunteer and is_stood_down(volunteer, at))}


def job_for(scope: Scope, request: HelpRequest, at: datetime) -> dict[str, Any]:
    """The card of one request: what to do at the door, never why."""
    shown = request_file(scope, request, at)
    mine = shown["mine"]
    shown["offered"] = bool(mine and mine.state == "offered")
    shown["taken"] = bool(mine and mine.state == "accepted")
    shown["may_go"] = (
        not mine and request.is_open() and request.state != RequestState.DONE and shown["may"]["go"]
    )
    shown["may_start"] = shown["taken"] and request.state == RequestState.ACCEPTED
    shown["may_finish"] = shown["taken"] and may_move_to(request, RequestState.DONE)
    shown["floor"] = request.dwelling.floor if request.dwelling else None
    shown["lift"] = _lift(request)
    return shown


def _lift(request: HelpRequest) -> bool | None:
    if request.dwelling is None:
        return None
    return request.dwelling.place.has_lift if request.dwelling.lift is None else request.dwelling.lift


def mark_of(items: list[WorkItem]) -> int:
    """A number that changes when the list does, for pages that ask whether anything is new."""
    text = "|".join(f"{item.key}{item.rank}{item.waiting_for_me}{item.due_at}" for item in items)
    return zlib.crc32(text.encode())
