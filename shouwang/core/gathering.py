"""Group commit: what many threads want written at the same moment is written by one of them in one transaction.

Nobody waits for company: whoever comes alone works at once. Who comes while somebody works waits for that one turn, and
the next turn takes all who wait. So a disk that needs 5 ms to make a transaction safe does not mean 200 of them a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Place(Generic[T, R]):
    def __init__(self, item: T) -> None:
        self.item = item
        self.turn = Event()
        self.leads = False
        self.result: R | None = None
        self.fault: BaseException | None = None


class Gatherer(Generic[T, R]):
    """`work(items)` answers one result for each item, in their order; `most` items go together."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]], most: int) -> None:
        self._work, self._most = work, most
        self._waiting: deque[_Place[T, R]] = deque()
        self._lock = Lock()
        self._busy = False

    def do(self, item: T) -> R:
        """The result for `item`. What `work` raises is raised for everybody whom that turn took along."""
        place: _Place[T, R] = _Place(item)
        with self._lock:
            self._waiting.append(place)
            place.leads = not self._busy
            self._busy = True
        if not place.leads:
            place.turn.wait()
        if place.leads:
            self._lead()
        if place.fault is not None:
            raise place.fault
        return place.result  # type: ignore[return-value]

    def _lead(self) -> None:
        with self._lock:
            taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._work([place.item for place in taken])
            for place, result in zip(taken, results, strict=True):
                place.result = result
        except BaseException as fault:
            for place in taken:
                place.fault = fault
        finally:
            self._pass_on()
            for place in taken:
                place.turn.set()

    def _pass_on(self) -> None:
        """The next turn belongs to whoever has waited longest."""
        with self._lock:
            if not self._waiting:
                self._busy = False
                return
            first = self._waiting[0]
            first.leads = True
            first.turn.set()
