"""What a phone may say of what is in its user's hands while it has no signal. See docs/offline.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ConfigDict, Field

from shouwang.core.api import Words
from shouwang.core.errors import Refusal
from shouwang.core.offline import LONGEST_PHOTO, gone, photo_said
from shouwang.core.registry import Author, OfflineCommand
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody import touched_by
from shouwang.goods.services import custody as services
from shouwang.goods.states import OUT


class Confirm(BaseModel):
    """I have taken it; or: I have given it."""

    model_config = ConfigDict(extra="forbid")
    holding: UUID


class GiveBack(BaseModel):
    """It is back; `to` names who took it where that is not the household."""

    model_config = ConfigDict(extra="forbid")
    holding: UUID
    to: Words = Field("", max_length=60)
    photo: str = Field("", max_length=LONGEST_PHOTO)


def confirm(command: OfflineCommand, author: Author, at: datetime) -> None:
    """The author's own receipt; sent twice it is one."""
    services.confirm(holding=_own(command, author), by=author.user, at=at)


def give_back(command: OfflineCommand, author: Author, at: datetime) -> None:
    """What the author has is back. What went on to somebody else meanwhile is set aside: a person looks where it is."""
    said, found = command.body, _own(command, author)
    if found.state in OUT and found.holder_id != author.user.pk:
        raise Refusal(
            "not-in-your-hands", _("Somebody else has this by now. Look where it is before you go on.")
        )
    services.give_back(holding=found, by=author.user, at=at, to_words=said.to, photo=_photo(said))


def _own(command: OfflineCommand, author: Author) -> Holding:
    """What went through the author's hands, whatever their posts are now; whoever had it may bring it back."""
    found = touched_by(author.user, command.body.holding)
    if found is None:
        raise gone()
    return found


def _photo(said: GiveBack) -> bytes | None:
    """A photo that cannot be read keeps nothing from being back."""
    try:
        return photo_said(said.photo)
    except Refusal:
        return None


def describe(body: Any) -> Sequence[tuple[Any, Any]]:
    """What a command says, for whoever decides about it."""
    said = [(pgettext_lazy("custody", "What"), _("what was in somebody's hands"))]
    return said + ([(_("Who took it"), body.to)] if getattr(body, "to", "") else [])


CONFIRMS: Mapping[int, type[BaseModel]] = {1: Confirm}
BACKS: Mapping[int, type[BaseModel]] = {1: GiveBack}
