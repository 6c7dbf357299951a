"""A building with thirty doors and a purchase of milk, for the tests of group purchases."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from shouwang.core.actors import OPERATOR
from shouwang.help.models import GroupPart, GroupPurchase
from shouwang.help.selectors.groups import items_of
from shouwang.help.services.groups import Thing, open_group
from shouwang.help.services.groups_joining import Joined, Joining, join_group
from shouwang.help.tests.scene import AT, neighbourhood
from shouwang.people.services import open_household
from shouwang.places.services import ensure_dwelling

MILK = (Thing("鲜牛奶", "箱", 4990, 3000),)
MIXED = (Thing("鲜牛奶", "箱", 4990, 3000), Thing("酸奶", "盒", 1255, 500))


def estate(doors: int = 30) -> SimpleNamespace:
    """The neighbourhood with more doors in both stairwells, a household behind each."""
    made = neighbourhood()
    made.doors = [made.door, made.next_door, made.far_door]
    for number in range(doors - 3):
        leaf = made.stairwell if number % 2 else made.other_stairwell
        door = f"{number // 4 + 6}{number % 4 + 1:02d}"
        made.doors.append(ensure_dwelling(leaf=leaf, door=door, by=OPERATOR, at=AT))
    made.homes = {made.door.pk: made.household}
    for door in made.doors[1:]:
        made.homes[door.pk] = open_household(dwelling=door, by=OPERATOR, at=AT)
    return made


def purchase(made: SimpleNamespace, things: Any = MILK, **more: Any) -> GroupPurchase:
    """A purchase for the community that closes in a day; Alice runs it and holds the money."""
    given = {
        "place": made.community, "title": "鲜牛奶团购", "things": things, "closes_at": AT + timedelta(days=1),
        "organiser": made.alice, "payer": made.alice, "by": made.alice, "at": AT, "minimum": 20,
    } | more  # fmt: skip
    return open_group(**given)


def joining(
    made: SimpleNamespace, group: GroupPurchase, number: int, *quantities: int, **more: Any
) -> Joining:
    """What door `number` wants of each thing."""
    door = made.doors[number]
    wanted = {item.pk: quantity for item, quantity in zip(items_of(group), quantities, strict=True)}
    return Joining(wanted, door, made.homes.get(door.pk), row=number, **more)


def join_all(made: SimpleNamespace, group: GroupPurchase, quantities: list[Any]) -> Joined:
    """Signs up doors 0, 1, 2 ... with a number, or one number a thing, each."""
    rows = [
        joining(made, group, number, *(wanted if isinstance(wanted, tuple) else (wanted,)))
        for number, wanted in enumerate(quantities)
    ]
    return join_group(group=group, rows=rows, by=made.alice, at=AT)


def parts_of(group: GroupPurchase) -> list[GroupPart]:
    """The parts in order of signing up."""
    return list(group.parts.select_related("group__payer", "household").order_by("order"))
