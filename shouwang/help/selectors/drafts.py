"""A pasted message as drafts: one a household, matched where a door can be matched. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from shouwang.core.scope import Scope
from shouwang.help.engines.messages import Line, Part, asks_not_to_be_rung, read_message
from shouwang.help.selectors.calls import callers_by_phone
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.people.states import Care
from shouwang.places.models import Dwelling
from shouwang.places.selectors import find_dwelling


@dataclass(frozen=True)
class Draft:
    """What one household seems to ask for. `dwelling` None: the door is to be chosen by a person."""

    said: str
    dwelling: Dwelling | None
    household: Household | None
    category: str
    urgency: str
    confidential: bool
    no_ring_back: bool
    lines: tuple[Line, ...]
    care: tuple[str, ...]
    words: str
    phone: str = ""


@dataclass(frozen=True)
class Drafts:
    """All drafts of a message, with what a person should look at."""

    drafts: tuple[Draft, ...]
    unsure: tuple[str, ...]
    phones: tuple[str, ...] = field(default=())


def read_drafts(scope: Scope, community_id: UUID, text: str) -> Drafts:
    """Reads a message and matches its doors among those the scope may take requests in for.

    A phone in a message of one household is the asker's; when no door was said, a known number gives it.
    """
    message = read_message(text)
    alone = len(message.parts) == 1
    phone = message.phones[0] if alone and message.phones else ""
    drafts = tuple(_draft(scope, community_id, part, text, phone, alone) for part in message.parts)
    return Drafts(drafts, message.unsure, message.phones)


def _draft(scope: Scope, community_id: UUID, part: Part, text: str, phone: str, alone: bool) -> Draft:
    dwelling = _door(scope, community_id, part)
    household = current_household(dwelling) if dwelling is not None else None
    if dwelling is None and part.household is None and phone:
        callers = callers_by_phone(scope, community_id, phone)
        if len(callers) == 1:
            household, dwelling = callers[0].household, callers[0].household.dwelling
    return Draft(
        said=said_door(part),
        dwelling=dwelling,
        household=household,
        category=part.category,
        urgency=part.urgency,
        confidential="confidential" in part.flags,
        no_ring_back="confidential" in part.flags and asks_not_to_be_rung(text),
        lines=part.lines,
        care=tuple(care_of(part.flags)),
        words=text.strip() if alone else _own_words(part, text),
        phone=phone,
    )


def _door(scope: Scope, community_id: UUID, part: Part) -> Dwelling | None:
    said = part.household
    if said is None or not said.building or not said.door:
        return None
    found = find_dwelling(community_id, said.building, said.stairwell, said.door)
    return found if found is not None and scope.covers("help.take_in", found) else None


def said_door(part: Part) -> str:
    """The door as it was read: 3-2-501."""
    said = part.household
    return "-".join(piece for piece in (said.building, said.stairwell, said.door) if piece) if said else ""


def care_of(flags: tuple[str, ...]) -> list[str]:
    """The message's flags that are care flags on file; ages are derived there and confidentiality is no flag."""
    return [code for flag in flags if (code := flag.replace("-", "_")) in Care.values]


def _own_words(part: Part, text: str) -> str:
    """Of a message of many, the lines that name this door: others' words are not put on file here."""
    door = part.household.door if part.household else None
    if not door:
        return ""
    return "\n".join(line.strip() for line in text.splitlines() if door in line)


def drafts_of(result: Drafts) -> int:
    """How many drafts a message gave."""
    return len(result.drafts)
