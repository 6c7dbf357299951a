"""What a phone may put right in the register while it has no signal. See docs/offline.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shouwang.core.api import Words
from shouwang.core.registry import Author, OfflineCommand
from shouwang.people.selectors.care import flag_words
from shouwang.people.selectors.contradictions import person_amended
from shouwang.people.services import change_person, hear_safety
from shouwang.people.states import Care


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewName(Body):
    """`seen`: the mark that came with the person, or "own:" and the id of this phone's own earlier command."""

    value: Words = Field(min_length=1, max_length=60)
    seen: Words = Field("", max_length=60)


class NewPhone(Body):
    """The same of the number; empty when there is none any more."""

    value: Words = Field("", max_length=20)
    seen: Words = Field("", max_length=60)


class Safety(Body):
    """That somebody has, or has no longer, what must not be forgotten."""

    kind: Care
    holds: bool


class Amend(Body):
    """What is put right of one person."""

    household: UUID
    person: UUID
    name: NewName | None = None
    phone: NewPhone | None = None
    safety: list[Safety] = Field(default_factory=list, max_length=8)


AMENDS = {1: Amend}


def amend(command: OfflineCommand, author: Author, at: datetime) -> None:
    """Merges it field by field in the order of arrival."""
    said = command.body
    person = person_amended(author.scopes, said.household, said.person)
    new = {name: one for name, one in (("name", said.name), ("phone", said.phone)) if one is not None}
    if new:
        change_person(
            person=person, by=author.user, at=at, word=command.id, seen={name: one.seen for name, one in new.items()},
            **{name: one.value for name, one in new.items()},
        )  # fmt: skip
    for one in said.safety:
        hear_safety(person=person, kind=one.kind, holds=one.holds, by=author.user, at=at)


def describe(body: Any) -> Sequence[tuple[Any, Any]]:
    """What a command says, for whoever decides about it."""
    lines: list[tuple[Any, Any]] = []
    if body.name is not None:
        lines.append((_("Name"), body.name.value))
    if body.phone is not None:
        lines.append((_("Phone"), body.phone.value or _("nothing")))
    said = {True: _("has it"), False: _("has it no longer")}
    return lines + [(flag_words(one.kind), said[one.holds]) for one in body.safety]
