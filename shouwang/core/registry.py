"""Registries: how lower rooms hear of upper ones without importing them.

An upper room fills them from its `registry.py` when Django starts; core and the
faces read them. Each entry is a frozen dataclass with a unique code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from shouwang.core.models import AuditEntry, DueRow
    from shouwang.core.scope import Grant, ObjectGrant, Scope

    Text: TypeAlias = str | _StrPromise
else:
    Text = Any


class Coded(Protocol):
    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


class Registry(Generic[T]):
    """Entries by code, in the order of their `order` if they have one, else of entry."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def add(self, entry: T) -> T:
        """Enters `entry`; the same code twice is a programming error (ValueError)."""
        if entry.code in self._entries:
            raise ValueError(f"{self.name}: {entry.code} is entered twice")
        self._entries[entry.code] = entry
        return entry

    def get(self, code: str) -> T:
        """The entry, or KeyError naming the registry."""
        try:
            return self._entries[code]
        except KeyError:
            raise KeyError(f"{self.name} has no {code!r}") from None

    def find(self, code: str) -> T | None:
        """The entry, or None."""
        return self._entries.get(code)

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._entries.values(), key=lambda entry: getattr(entry, "order", 0)))

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, code: object) -> bool:
        return code in self._entries


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
class Cell:
    """How a dwelling shows under a lens. `tone`: calm, need, visit, mute or danger; `mark` says it without colour."""

    tone: str
    mark: str
    title: Text


@dataclass(frozen=True)
class Lens:
    """One way to look at the wall. `cells(community_id, scope, at)`: dwelling id to Cell; absent ones are calm."""

    code: str
    label: Text
    cells: Callable[[UUID, Scope, datetime], Mapping[UUID, Cell]]
    legend: Sequence[Cell]
    capability: str = "wall.see"
    order: int = 50


@dataclass(frozen=True)
class Section:
    """Part of a composed page: `context(subject_id, scope, at)` gives the template's values, None hides it."""

    code: str
    label: Text
    template: str
    context: Callable[[UUID, Scope, datetime], Mapping[str, Any] | None]
    column: str = "main"
    order: int = 50


@dataclass(frozen=True)
class TodayItem:
    """One row of Today's queue: `rank` 0 danger to life, 1 late, 2 gap, 3 waiting, 4 when there is time."""

    key: str
    tone: str
    rank: int
    title: Text
    small: Text
    action: Text
    url: str
    since: datetime | None = None


@dataclass(frozen=True)
class TodaySource:
    code: str
    items: Callable[[Scope, datetime], Sequence[TodayItem]]
    order: int = 50


@dataclass(frozen=True)
class Figure:
    """A figure on top of Today; it is a link to the list behind it."""

    label: Text
    value: int
    url: str
    of: int | None = None
    small: Text = ""
    tone: str = "calm"


@dataclass(frozen=True)
class FigureSource:
    code: str
    figure: Callable[[Scope, datetime], Figure | None]
    order: int = 50


@dataclass(frozen=True)
class WorkItem:
    """What a volunteer has in hand, from whichever room; the field app merges them."""

    key: str
    kind: str
    title: Text
    door: str
    small: Text
    url: str
    rank: int
    tone: str = "calm"
    tags: Sequence[Text] = ()
    due_at: datetime | None = None
    waiting_for_me: bool = False


@dataclass(frozen=True)
class WorkSource:
    """`work_for(user, at)`: what this user has been offered or has taken on."""

    code: str
    work_for: Callable[[Any, datetime], Sequence[WorkItem]]
    order: int = 50


@dataclass(frozen=True)
class NavEntry:
    """A line of the desk's navigation. `url_name` is reversed without arguments."""

    code: str
    label: Text
    url_name: str
    icon: str
    capability: str
    order: int = 50
    count: Callable[[Scope, datetime], int] | None = None
    tone: str = "need"


@dataclass(frozen=True)
class Page:
    """A page others may link to by what it is about: `url_name` takes the keyword arguments of the caller."""

    code: str
    url_name: str
    label: Text = ""
    capability: str = ""


@dataclass(frozen=True)
class Hit:
    """A search result."""

    title: str
    small: str
    url: str
    kind: str


@dataclass(frozen=True)
class SearchSource:
    code: str
    search: Callable[[Scope, str, datetime], Sequence[Hit]]
    order: int = 50


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
class ChipView:
    """A chip in the top bar: what is going on in the place as a whole."""

    label: Text
    url: str
    tone: str = "need"


@dataclass(frozen=True)
class Chip:
    """`chip(scope, at)` answers what to show, or None."""

    code: str
    chip: Callable[[Scope, datetime], ChipView | None]
    order: int = 50


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


audit_kinds: Registry[AuditKind] = Registry("audit kinds")
due_kinds: Registry[DueKind] = Registry("due kinds")
erasers: Registry[Eraser] = Registry("erasers")
invariants: Registry[Invariant] = Registry("invariants")
lenses: Registry[Lens] = Registry("lenses")
household_sections: Registry[Section] = Registry("sections of the household file")
household_actions: Registry[Page] = Registry("actions of the household file")
place_sections: Registry[Section] = Registry("sections of the place page")
today_sources: Registry[TodaySource] = Registry("sources of Today")
figure_sources: Registry[FigureSource] = Registry("figures of Today")
work_sources: Registry[WorkSource] = Registry("sources of work")
nav_entries: Registry[NavEntry] = Registry("navigation")
pages: Registry[Page] = Registry("pages")
search_sources: Registry[SearchSource] = Registry("search sources")
scope_sources: Registry[ScopeSource] = Registry("scope sources")
duty_sources: Registry[DutySource] = Registry("sources of who is off duty")
copy_sources: Registry[CopySource] = Registry("sources of a person's own copy")
veils: Registry[Veil] = Registry("veils")
purposes: Registry[PurposeKind] = Registry("purposes")
message_templates: Registry[MessageTemplate] = Registry("message templates")
chips: Registry[Chip] = Registry("chips of the top bar")
candidate_sources: Registry[CandidateSource] = Registry("candidates for posts")
