"""Who may have been entered twice. Pairs are proposed to a person and never united by a machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shouwang.people.engines.births import Birth, same_birth

SAME_BIRTH, SAME_PHONE, SAME_DOOR, SOUNDS_ALIKE = "name_birth", "name_phone", "name_door", "sound_birth"
# A key shared by more people than this (a phone of the committee entered for everybody, "unknown") says nothing.
MOST_ALIKE = 12


@dataclass(frozen=True)
class Known:
    """One person as far as it tells people apart. `key`, `door`: anything hashable; `number` '' when unknown."""

    key: Any
    name: str
    sound: str
    birth: Birth | None
    phone: str
    number: str
    door: Any


@dataclass(frozen=True)
class Pair:
    """Two who may be one, and by what: SAME_BIRTH, SAME_PHONE, SAME_DOOR or SOUNDS_ALIKE, the strongest."""

    first: Any
    second: Any
    why: str


def alike(one: Known, other: Known) -> str:
    """By what two may be one person, or ''. Two different ID numbers are two people, whatever else agrees."""
    if one.number and other.number and one.number != other.number:
        return ""
    born = same_birth(one.birth, other.birth)
    if one.name == other.name:
        if born:
            return SAME_BIRTH
        if one.phone and one.phone == other.phone:
            return SAME_PHONE
        return SAME_DOOR if one.door == other.door else ""
    whole = born and None not in (one.birth or (None,)) and None not in (other.birth or (None,))
    return SOUNDS_ALIKE if whole and one.sound and one.sound == other.sound else ""


def find_pairs(people: Iterable[Known]) -> list[Pair]:
    """Every pair that may be one person.

    People are compared only within one name or one sound of a name: near to linear in their number.
    """
    groups: dict[str, list[Known]] = defaultdict(list)
    for person in people:
        groups[person.sound or person.name].append(person)
    return [pair for group in groups.values() for pair in _within(group)]


def _within(group: Sequence[Known]) -> list[Pair]:
    said = ((one, other, alike(one, other)) for one, other in combinations(group, 2))
    found = [Pair(one.key, other.key, why) for one, other, why in said if why]
    return found if len(found) <= MOST_ALIKE * len(group) else []
