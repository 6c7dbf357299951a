"""The book that entries are written into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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
