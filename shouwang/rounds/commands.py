"""What a phone may say of a roster while it has no signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shouwang.core.errors import Refusal
from shouwang.core.offline import gone
from shouwang.core.registry import Author, OfflineCommand
from shouwang.rounds.selectors.phones import entries_markable
from shouwang.rounds.services import Word, hear_words
from shouwang.rounds.states import EntryState


class Who(BaseModel):
    """Whom it is about: exactly one of these."""

    model_config = ConfigDict(extra="forbid")
    entry: UUID | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Who:
        if sum(value is not None for value in self.__dict__.values()) != 1:
            raise ValueError("name exactly one")
        return self


class Mark(BaseModel):
    """How an entry stands; see docs/offline.md."""

    model_config = ConfigDict(extra="forbid")
    round: UUID
    who: Who
    state: EntryState
    note: str = Field("", max_length=300)
    tube: str = Field("", max_length=40)
    answers: dict[str, Any] = Field(default_factory=dict)


def mark(commands: Sequence[OfflineCommand], author: Author, at: datetime) -> list[Refusal | None]:
    """Applies marks in their order with one write for all; who may not say it, or an entry that is gone, is set aside."""
    may = entries_markable(author.scopes, {_entry_of(command) for command in commands})
    words = [_word(command) for command in commands if may.get(_entry_of(command)) == command.body.round]
    heard = {one.word.id: one.refusal for one in hear_words(words, by=author.user, at=at)}
    return [heard[command.id] if command.id in heard else gone() for command in commands]


def _entry_of(command: OfflineCommand) -> UUID:
    entry: UUID = command.body.who.entry
    return entry


def _word(command: OfflineCommand) -> Word:
    said = command.body
    return Word(
        id=command.id, entry_id=_entry_of(command), state=said.state, note=said.note, tube=said.tube,
        answers=said.answers, base=command.base, claimed_at=command.made_at,
    )  # fmt: skip


def describe(body: Mark) -> Sequence[tuple[Any, Any]]:
    """What a mark says, for whoever decides about it."""
    lines: list[tuple[Any, Any]] = [(_("How it stands"), EntryState(body.state).label)]
    lines += [(_("Why"), body.note)] if body.note else []
    return lines + ([(_("tube"), body.tube)] if body.tube else [])


SCHEMAS: Mapping[int, type[BaseModel]] = {1: Mark}
