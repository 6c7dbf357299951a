"""What rooms let a phone do and fetch while it may be without a signal. See docs/offline.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shouwang.core.registry.book import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

    from shouwang.core.errors import Refusal
    from shouwang.core.scope import Scope


@dataclass(frozen=True)
class OfflineCommand:
    """One opened command. `body` fits the schema; `base` is the newest thing its author had seen of the object;
    `made_at` what the phone's clock said, never used for order or deadlines."""

    id: UUID
    kind: str
    base: UUID | None
    made_at: datetime | None
    body: Any


@dataclass(frozen=True)
class Author:
    """Who made commands, and what they may do: by their posts and commitments now, or by those they had when the server
    last gave their phone its roster. Who was given a roster may bring back what they did with it.

    `scopes` may be gone through several times; ask one after the other, since each is read when it is asked for.
    """

    user: Any
    scopes: Iterable[Scope]


@dataclass(frozen=True)
class OfflineKind:
    """A kind of command. `schemas`: every number that phones may still send, to the shape of its body.

    `apply(commands, author, at)` does them one after another in the running transaction and answers for each None, or
    the refusal for which it is set aside. `describe(body)` tells a person in words what one asks for: (what, said).
    """

    code: str
    label: Text
    schemas: Mapping[int, type[BaseModel]]
    apply: Callable[[Sequence[OfflineCommand], Author, datetime], Sequence[Refusal | None]]
    describe: Callable[[Any], Sequence[tuple[Text, Text]]]


@dataclass(frozen=True)
class PhonePart:
    """A part of what a phone fetches: `give(scope, at)` answers what fits in JSON, the least that the work needs."""

    code: str
    give: Callable[[Scope, datetime], Any]
    order: int = 50
