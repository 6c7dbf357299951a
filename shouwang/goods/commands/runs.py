"""What a volunteer's phone may say of a delivery run: in any order, once each, of stops that were planned anew too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shouwang.core.api import Words
from shouwang.core.offline import LONGEST_PHOTO, photo_said
from shouwang.core.registry import Author, OfflineCommand
from shouwang.goods.models import RunStop
from shouwang.goods.selectors.runs import run_said, stop_said
from shouwang.goods.services.run_stops import (
    arrive_at,
    hand_over_stop,
    nobody_there,
    not_wanted,
    note_ring,
    take_back_stop,
)
from shouwang.goods.services.run_trips import end_run
from shouwang.goods.states import GIVEN, StopState


class AtStop(BaseModel):
    """At a stop of a run."""

    model_config = ConfigDict(extra="forbid")
    stop: UUID


class HandedOver(AtStop):
    """With its household; `left`: in front of the door. `photo` base64 of a JPEG, or empty."""

    left: bool = False
    to: Words = Field("", max_length=40)
    photo: str = Field("", max_length=LONGEST_PHOTO)


class NobodyThere(AtStop):
    """Not this time, or not at all."""

    outcome: Literal["nobody", "not_wanted"] = "nobody"


class RunOver(BaseModel):
    """The cart is back at the gate."""

    model_config = ConfigDict(extra="forbid")
    run: UUID


def _stop(command: OfflineCommand, author: Author) -> RunStop:
    return stop_said(author.scopes, author.user, command.body.stop)


def at_stairwell(command: OfflineCommand, author: Author, at: datetime) -> object:
    """The cart stands there. Heard after the stop is over it changes nothing."""
    found = _stop(command, author)
    return arrive_at(stop=found, by=author.user, at=at) if found.state == StopState.OPEN else None


def rung(command: OfflineCommand, author: Author, at: datetime) -> object:
    """They were rung up. Heard after the stop is over it changes nothing."""
    found = _stop(command, author)
    return None if found.ended_at else note_ring(stop=found, by=author.user, at=at)


def handed_over(command: OfflineCommand, author: Author, at: datetime) -> object:
    """It is with them."""
    said = command.body
    return hand_over_stop(
        stop=_stop(command, author), by=author.user, at=at, left=said.left, to_words=said.to,
        photo=photo_said(said.photo),
    )  # fmt: skip


def not_handed(command: OfflineCommand, author: Author, at: datetime) -> object:
    """A slip of the finger: it is in the cart still. Of what was not said to be handed over it changes nothing."""
    return take_back_stop(stop=_stop(command, author), by=author.user, at=at)


def nobody_there_said(command: OfflineCommand, author: Author, at: datetime) -> object:
    """Nobody there, or not wanted. What was handed over meanwhile stays so."""
    found = _stop(command, author)
    if found.state in (*GIVEN, StopState.BROUGHT_BACK):
        return None
    act = not_wanted if command.body.outcome == "not_wanted" else nobody_there
    return act(stop=found, by=author.user, at=at)


def run_over(command: OfflineCommand, author: Author, at: datetime) -> object:
    """The cart is back."""
    found = run_said(author.scopes, author.user, command.body.run)
    return end_run(run=found, by=author.user, at=at)


def describe(body: Any) -> Sequence[tuple[Any, Any]]:
    """What a command says, for whoever decides about it."""
    lines: list[tuple[Any, Any]] = (
        [(_("Delivery run"), str(body.run))]
        if hasattr(body, "run")
        else [(_("Where it stopped"), str(body.stop))]
    )
    if getattr(body, "left", False):
        lines.append((_("Where"), _("left at the door")))
    if getattr(body, "outcome", "") == "not_wanted":
        lines.append((_("What happened"), _("not wanted")))
    return lines
