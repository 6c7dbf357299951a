"""What a phone may say of a roster while it has no signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shouwang.core.api import Words
from shouwang.core.errors import Refusal
from shouwang.core.offline import LONGEST_PHOTO, gone, one_by_one, photo_said
from shouwang.core.registry import Author, OfflineCommand
from shouwang.core.scope import Scope
from shouwang.help.states import Category
from shouwang.people.models import Person
from shouwang.rounds.engines.barcodes import clean_barcode
from shouwang.rounds.models import Round
from shouwang.rounds.selectors.phones import entries_markable, entries_meant, round_said, walk_in_to_take_back
from shouwang.rounds.selectors.table import person_read
from shouwang.rounds.services import (
    Shown,
    Word,
    add_walk_in,
    clean_answers,
    hear_words,
    report_trouble,
    take_back_walk_in,
)
from shouwang.rounds.services.walk_ins import entry_of
from shouwang.rounds.states import Document, EntryState


class WalkIn(BaseModel):
    """Somebody who is on no list, as they said and showed."""

    model_config = ConfigDict(extra="forbid")
    name: Words = Field(min_length=1, max_length=60)
    document: Document = Document.NONE
    number: Words = Field("", max_length=30)
    door: Words = Field("", max_length=60)
    phone: Words = Field("", max_length=20)


class Who(BaseModel):
    """Whom it is about: exactly one of these."""

    model_config = ConfigDict(extra="forbid")
    entry: UUID | None = None
    code: Words | None = Field(None, max_length=300)
    id_number: Words | None = Field(None, max_length=40)
    walk_in: WalkIn | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Who:
        if sum(value is not None for value in (self.entry, self.code, self.id_number, self.walk_in)) != 1:
            raise ValueError("name exactly one")
        return self


class Mark(BaseModel):
    """How an entry stands; see docs/offline.md."""

    model_config = ConfigDict(extra="forbid")
    round: UUID
    who: Who
    state: EntryState
    note: Words = Field("", max_length=300)
    tube: Words = Field("", max_length=40)
    answers: dict[str, Any] = Field(default_factory=dict)


class Trouble(BaseModel):
    """A trouble met on the way."""

    model_config = ConfigDict(extra="forbid")
    round: UUID
    entry: UUID | None = None
    category: Category
    words: Words = Field("", max_length=500)
    photo: str = Field("", max_length=LONGEST_PHOTO)


def mark(commands: Sequence[OfflineCommand], author: Author, at: datetime) -> list[Refusal | None]:
    """Applies marks in their order. Those that mean an entry of the roster go together with one write; a number or a name
    that is on no list is taken in by itself."""
    meant = entries_meant([(command.id, command.body.round, command.body.who) for command in commands], at)
    refusals: dict[UUID, Refusal | None] = {}
    for together, group in groupby(commands, key=lambda command: command.id in meant):
        rows = list(group)
        if together:
            refusals |= _mark_entries(rows, meant, author, at)
        else:
            alone = one_by_one(_mark_somebody)(rows, author, at)
            refusals |= dict(zip((command.id for command in rows), alone, strict=True))
    return [refusals[command.id] for command in commands]


def _mark_entries(
    commands: Sequence[OfflineCommand], meant: Mapping[UUID, UUID], author: Author, at: datetime
) -> dict[UUID, Refusal | None]:
    may = entries_markable(author.scopes, {meant[command.id] for command in commands})
    refusals: dict[UUID, Refusal | None] = {}
    words = []
    for command in commands:
        round_ = may.get(meant[command.id])
        if round_ is None or round_.pk != command.body.round:
            refusals[command.id] = gone()
            continue
        try:
            words.append(_word(command, meant[command.id], round_))
        except Refusal as refusal:
            refusals[command.id] = refusal
    return refusals | {one.word.id: one.refusal for one in hear_words(words, by=author.user, at=at)}


def _word(command: OfflineCommand, entry_id: UUID, round_: Round) -> Word:
    said = command.body
    return Word(
        id=command.id, entry_id=entry_id, state=said.state, note=said.note, tube=_tube(said),
        answers=_answers(round_, said), base=command.base, claimed_at=command.made_at,
    )  # fmt: skip


def _tube(said: Mark) -> str:
    return clean_barcode(said.tube) if said.state == EntryState.DONE else ""


def _answers(round_: Round, said: Mark) -> Mapping[str, Any]:
    if not round_.questions and not said.answers:
        return {}
    return clean_answers(round_=round_, answers=said.answers, state=said.state)


def _mark_somebody(command: OfflineCommand, author: Author, at: datetime) -> None:
    """Of a code, a number or a name that no entry was known for when the command came."""
    said, who = command.body, command.body.who
    round_, scope = round_said(author.scopes, said.round)
    taken = walk_in_to_take_back(round_, command.base) if said.state == EntryState.WAITING else None
    if taken is not None:
        take_back_walk_in(walk_in=taken, by=author.user, at=at)
        return
    person = None if who.walk_in else _person(round_, who, scope, at)
    if person is not None:
        _mark_person(command, round_, person, author, at)
    elif said.state == EntryState.DONE:
        shown = _shown(who, said, _answers(round_, said))
        walked = add_walk_in(
            round_=round_, shown=shown, walk_in_id=command.id, scope=scope, by=author.user, at=at,
            claimed_at=command.made_at,
        )  # fmt: skip
        if walked.heard is not None and walked.heard.refusal is not None:
            raise walked.heard.refusal
    else:
        raise Refusal(
            "nobody-meant", _("Nobody on file here has this code or number. Look for them by name.")
        )


def _person(round_: Round, who: Who, scope: Scope, at: datetime) -> Person | None:
    person = person_read(round_.community_id, who.code or who.id_number or "", at).person
    return person if person is not None and scope.covers("round.mark", person) else None


def _mark_person(
    command: OfflineCommand, round_: Round, person: Person, author: Author, at: datetime
) -> None:
    entry = entry_of(round_, person, at=at)
    if entry is None:
        raise Refusal("no-home", _("The register knows no door of this person. Enter one first."))
    heard = hear_words([_word(command, entry.pk, round_)], by=author.user, at=at)[0]
    if heard.refusal is not None:
        raise heard.refusal


def _shown(who: Who, said: Mark, answers: Mapping[str, Any]) -> Shown:
    """A sample is never lost: whoever's number is not known here comes as somebody without an entry."""
    came = who.walk_in or WalkIn(
        name=_now("name not noted"), document=Document.ID if who.id_number else Document.NONE,
        number=(who.id_number or "")[:30], door="", phone="",
    )  # fmt: skip
    return Shown(
        came.name, came.document, came.number, door=came.door, phone=came.phone, tube=_tube(said), note=said.note,
        answers=answers,
    )  # fmt: skip


def trouble(command: OfflineCommand, author: Author, at: datetime) -> None:
    """Makes a request of it."""
    said = command.body
    round_, _scope = round_said(author.scopes, said.round, entry_id=said.entry)
    entry = entries_markable(author.scopes, {said.entry}, whole=True).get(said.entry) if said.entry else None
    if said.entry is not None and entry is None:
        raise gone()
    report_trouble(
        round_=round_, entry=entry, category=said.category, words=said.words, command_id=command.id, by=author.user,
        at=at, photo=_photo(said),
    )  # fmt: skip


def _photo(said: Trouble) -> bytes | None:
    """A photo that cannot be read keeps nobody from being helped."""
    try:
        return photo_said(said.photo)
    except Refusal:
        return None


def describe(body: Mark) -> Sequence[tuple[Any, Any]]:
    """What a mark says, for whoever decides about it."""
    lines: list[tuple[Any, Any]] = [(_("How it stands"), EntryState(body.state).label)]
    who = body.who
    lines += (
        [(_("Who came"), " ".join(filter(None, (who.walk_in.name, who.walk_in.door))))] if who.walk_in else []
    )
    lines += [(_("Why"), body.note)] if body.note else []
    return lines + ([(_("tube"), body.tube)] if body.tube else [])


def describe_trouble(body: Trouble) -> Sequence[tuple[Any, Any]]:
    """What a trouble says."""
    said = [(_("What it is about"), Category(body.category).label)]
    return said + ([(_("In words"), body.words)] if body.words else [])


MARKS: Mapping[int, type[BaseModel]] = {1: Mark}
TROUBLES: Mapping[int, type[BaseModel]] = {1: Trouble}
