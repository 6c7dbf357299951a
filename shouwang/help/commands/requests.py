"""What a volunteer's phone may do with a request while it has no signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shouwang.core.api import Words
from shouwang.core.errors import Refusal
from shouwang.core.offline import LONGEST_PHOTO, photo_said
from shouwang.core.registry import Author, OfflineCommand
from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.selectors import live_assignment_of, request_for
from shouwang.help.services import accept_offer, finish_request, record_attempt, start_request
from shouwang.help.services.serving import serving_record


class Body(BaseModel):
    """What every command about a request says."""

    model_config = ConfigDict(extra="forbid")
    request: UUID


class Attempt(Body):
    """It did not work this time, and how."""

    outcome: Literal["not_in", "refused", "not_found", "wrong_door", "need_a_hand"]
    note: Words = Field("", max_length=200)


class Finish(Body):
    """Done; `photo` base64 of a JPEG, or empty."""

    note: Words = Field("", max_length=300)
    photo: str = Field("", max_length=LONGEST_PHOTO)


Do = Callable[[OfflineCommand, Author, datetime], object]


def found_for(author: Author, request_id: UUID) -> HelpRequest:
    """The request by what the author may see now, or saw when the phone was given its work. 404 otherwise."""
    for scope in author.scopes:
        try:
            return request_for(scope, request_id)
        except Http404:
            continue
    raise Http404


def _mine(author: Author, request: HelpRequest) -> Assignment:
    assignment = live_assignment_of(request, author.user)
    if assignment is None:
        raise Refusal("not-mine", _("This is no longer in your hands. Somebody at the desk decides."))
    return assignment


def take(command: OfflineCommand, author: Author, at: datetime) -> object:
    """I take it, or: I am on my way."""
    return accept_offer(
        request=found_for(author, command.body.request), volunteer=serving_record(author.user, at=at),
        by=author.user, at=at,
    )  # fmt: skip


def start(command: OfflineCommand, author: Author, at: datetime) -> object:
    """I set out."""
    found = found_for(author, command.body.request)
    return start_request(request=found, by=author.user, at=at, assignment=_mine(author, found))


def attempt(command: OfflineCommand, author: Author, at: datetime) -> object:
    """What was tried."""
    found, said = found_for(author, command.body.request), command.body
    _mine(author, found)
    return record_attempt(request=found, outcome=said.outcome, by=author.user, at=at, note=said.note)


def finish(command: OfflineCommand, author: Author, at: datetime) -> object:
    """It is done."""
    found, said = found_for(author, command.body.request), command.body
    _mine(author, found)
    return finish_request(request=found, by=author.user, at=at, note=said.note, photo=photo_said(said.photo))


def describe(body: Any) -> Sequence[tuple[Any, Any]]:
    """What a command says, for whoever decides about it."""
    lines = [(_("Request"), str(body.request))]
    lines += [(_("What happened"), body.outcome)] if hasattr(body, "outcome") else []
    return lines + ([(_("Note"), body.note)] if getattr(body, "note", "") else [])
