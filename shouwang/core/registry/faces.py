"""What rooms show: parts of pages, of Today, of the wall, of the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shouwang.core.registry.book import Text

if TYPE_CHECKING:
    from shouwang.core.scope import Scope


@dataclass(frozen=True)
class Cell:
    """How a dwelling shows under a lens. `tone`: calm, need, visit, mute or danger; `mark` says it without colour."""

    tone: str
    mark: str
    title: Text


PLAIN = Cell("calm", "", "")


@dataclass(frozen=True)
class Look:
    """What a lens shows: dwelling id to Cell, and how the others look (`rest`). `title` names what is looked at, where a
    lens can look at several things; `choices` are these as (value of the address's `of`, name), `of` the one that was asked
    for, "" when nobody chose."""

    cells: Mapping[UUID, Cell]
    legend: Sequence[Cell]
    rest: Cell = PLAIN
    title: str = ""
    choices: Sequence[tuple[str, str]] = ()
    shown: str = ""
    of: str = ""


@dataclass(frozen=True)
class Lens:
    """One way to look at the wall. `cells(community_id, scope, at)`: dwelling id to Cell; absent ones are calm.

    A lens that can look at several things gives `chosen` instead: the same with what the address asks for, answering a
    Look.
    """

    code: str
    label: Text
    cells: Callable[[UUID, Scope, datetime], Mapping[UUID, Cell]] | None = None
    legend: Sequence[Cell] = ()
    capability: str = "wall.see"
    order: int = 50
    chosen: Callable[[UUID, Scope, datetime, str], Look] | None = None

    def look(self, community_id: UUID, scope: Scope, at: datetime, of: str = "") -> Look:
        """What it shows, of what `of` names."""
        if self.chosen is not None:
            return self.chosen(community_id, scope, at, of)
        return Look(self.cells(community_id, scope, at) if self.cells else {}, self.legend)


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
    """What a volunteer has in hand, from whichever room; the field app merges them.

    `acts`: the offline kinds that may be done with `subject` now. `round`, `entries`: on the phone it is done in the
    roster of that round; with entries, only in these.
    """

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
    subject: UUID | None = None
    acts: Sequence[str] = ()
    round: UUID | None = None
    entries: Sequence[UUID] = ()


@dataclass(frozen=True)
class WorkSource:
    """`work_for(user, at)`: what this user has been offered or has taken on."""

    code: str
    work_for: Callable[[Any, datetime], Sequence[WorkItem]]
    order: int = 50


@dataclass(frozen=True)
class NavEntry:
    """A line of the desk's navigation. `url_name` is reversed without arguments; `under` is the code of the line that it
    belongs to and stands below, smaller, where that one is held too."""

    code: str
    label: Text
    url_name: str
    icon: str
    capability: str
    order: int = 50
    count: Callable[[Scope, datetime], int] | None = None
    tone: str = "need"
    under: str = ""


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
