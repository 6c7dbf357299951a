"""What rooms answer for: acts on record, due rows, erasing, the promise, who may see, who may be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shouwang.core.registry.book import Text

if TYPE_CHECKING:
    from shouwang.core.models import AuditEntry, DueRow
    from shouwang.core.scope import Grant, ObjectGrant, Scope


def shred_payload(entry: AuditEntry) -> None:
    """The usual shredder: old and new values go, the row and the hash of what it held remain."""
    type(entry).objects.filter(pk=entry.pk).update(payload=None)


@dataclass(frozen=True)
class AuditKind:
    """`code` is past tense, room.subject.happened; `sentence` may use %(actor)s and payload values."""

    code: str
    sentence: Text
    shred: Callable[[AuditEntry], None] = shred_payload
    tone: str = "calm"


@dataclass(frozen=True)
class DueKind:
    """`handler(row, at)` does one due row and answers the instant of its next turn, or None when done.

    On the clock's lane it runs in the transaction that also removes the row (exactly once); on the
    worker's lane outside any transaction, because it calls the outside (at least once).
    """

    code: str
    handler: Callable[[DueRow, datetime], datetime | None]
    lane: str = "clock"


@dataclass(frozen=True)
class Eraser:
    """What a room does when days run out. Each callable takes the instant; `erase_batch` a limit too.

    `count` how many records are past their days; `erase_batch` erases at most `limit` and says how
    many; `verify` counts again by other means than `count` did, and must be 0 when done. `fields`
    are the personal fields it answers for, as "app.Model.field".
    """

    code: str
    fields: frozenset[str]
    count: Callable[[datetime], int]
    erase_batch: Callable[[datetime, int], int]
    verify: Callable[[datetime], int]


@dataclass(frozen=True)
class Finding:
    """What an invariant found: how many things were counted, the ids of those that break it."""

    counted: int
    broken: Sequence[UUID]


@dataclass(frozen=True)
class Invariant:
    """One part of the promise; `community` None means all of them.

    `describe` turns the ids of what breaks it into (label, url) pairs, for the page that names who is missed.
    """

    code: str
    sentence: Text
    run: Callable[[datetime, UUID | None], Finding]
    order: int = 50
    describe: Callable[[Sequence[UUID]], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class ScopeSource:
    """Where what one may see comes from: posts, commitments, proxies, break-glass."""

    code: str
    grants: Callable[[Any, datetime], tuple[Sequence[Grant], Sequence[ObjectGrant]]]


@dataclass(frozen=True)
class PurposeKind:
    """Why personal fields are kept and for how many days after what ended them."""

    code: str
    sentence: Text
    days: int
    after: Text = field(default="")


@dataclass(frozen=True)
class MessageTemplate:
    """What a message says. Both may use the message's values; `discreet` goes outside, so it names nobody."""

    code: str
    sentence: Text
    discreet: Text


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a post, and why they are suggested."""

    user: Any
    why: Text


@dataclass(frozen=True)
class CandidateSource:
    """`candidates(place, scope, at)`: who could answer for the place, the best first.

    `known(community_id)`: ids of all users who serve in the community, as far as the room knows.
    """

    code: str
    candidates: Callable[[Any, Scope, datetime], Sequence[Candidate]]
    known: Callable[[UUID], Collection[UUID]]
    order: int = 50


@dataclass(frozen=True)
class DutySource:
    """`is_off_duty(user, at)`: whether somebody is stood down and so can't be put in charge of anything now."""

    code: str
    is_off_duty: Callable[[Any, datetime], bool]


@dataclass(frozen=True)
class HeldThing:
    """One thing in somebody's hands: what it is in words, whose, since when; `url` its page, empty where there is none."""

    what: Text
    whose: Text
    since: datetime
    url: str = ""


@dataclass(frozen=True)
class HeldSource:
    """`things(user, scope, at)`: what `user` has in their hands that whoever holds `scope` may know of; all of it is to be
    recovered when they stand down."""

    code: str
    things: Callable[[Any, Scope, datetime], Sequence[HeldThing]]


@dataclass(frozen=True)
class CopyPart:
    """One part of a person's own copy: what is kept, as (what, said) lines."""

    title: Text
    lines: Sequence[tuple[Text, Text]]


@dataclass(frozen=True)
class CopySource:
    """`parts(person_id, at)`: all that a room keeps about a person, in words; nothing of anybody else's.

    What was told in confidence is left out: a copy lies on the kitchen table.
    """

    code: str
    parts: Callable[[UUID, datetime], Sequence[CopyPart]]
    order: int = 50


@dataclass(frozen=True)
class Veil:
    """`hidden(scope)`: a query of the ids of subjects in the reader's places that the reader may know nothing of.

    What was done to them is left out of the record of acts and of changes; a live page may still ask anew.
    """

    code: str
    hidden: Callable[[Scope], Any]
    order: int = 50
