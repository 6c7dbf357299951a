"""Who acts. A signed-in user is one; so are a resident behind a private link, the clock and the command line."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator


class Actor(Protocol):
    """What services ask of `by`."""

    @property
    def pk(self) -> UUID | None: ...

    @property
    def actor_kind(self) -> str: ...


@dataclass(frozen=True)
class Nobody:
    """An actor without an account."""

    actor_kind: str
    pk: UUID | None = None


RESIDENT = Nobody("resident")
CLOCK = Nobody("clock")
OPERATOR = Nobody("operator")

_source: ContextVar[str] = ContextVar("source", default="system")


def current_source() -> str:
    """From where the present work came: web, api, clock, worker, cli or system."""
    return _source.get()


@contextmanager
def acting_from(source: str) -> Iterator[None]:
    """Marks everything inside as coming from `source`; audit rows carry it."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
