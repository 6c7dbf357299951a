"""Two people say different things of one entry, and neither knew of the other: whose word stands.

Evidence is what can be looked at again: the tube that a sample is in. A word with evidence beats one without; two
with evidence that differ leave the entry open for a person. Order is the order of arrival at the server.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from uuid import UUID, uuid5


class Weight(Enum):
    """What a word does: `STANDS` replaces what stood, `KEPT` changes nothing, `DISPUTES` opens the entry for a person."""

    STANDS = "stands"
    KEPT = "kept"
    DISPUTES = "disputes"


@dataclass(frozen=True)
class Standing:
    """How an entry stands: `last` the attempt that says so, `tube` its evidence or ""."""

    state: str
    last: UUID | None
    tube: str
    disputed: bool


def weigh(
    standing: Standing, *, state: str, tube: str, base: UUID | None, open_states: Collection[str]
) -> Weight:
    """What a new word does. `base`: the attempt that its author had seen last, so a later word of one who knew it stands."""
    if standing.last in (None, base):
        return Weight.STANDS
    if standing.disputed:
        return Weight.KEPT
    if tube and standing.tube:
        agrees = tube == standing.tube and state == standing.state
        return Weight.KEPT if agrees else Weight.DISPUTES
    if tube or standing.tube:
        return Weight.STANDS if tube else Weight.KEPT
    settled_by_another = standing.state not in open_states and state in open_states
    return Weight.KEPT if settled_by_another else Weight.STANDS


def dispute_id(first: UUID, second: UUID) -> UUID:
    """What an entry in dispute has as its last attempt: neither author knows it, so only who has seen both settles it."""
    return uuid5(first, f"disputed by {second}")
