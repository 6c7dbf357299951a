"""A small community for the tests of this room: Alice answers for it, Bob for a stairwell, Charlie for another place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shouwang.accounts.services import create_user
from shouwang.core.actors import OPERATOR
from shouwang.core.scope import Scope, scope_for
from shouwang.people.services import add_person, open_household
from shouwang.places.models import Dwelling, Place
from shouwang.places.services import (
    add_grid,
    appoint,
    create_community,
    ensure_building,
    ensure_dwelling,
    ensure_stairwell,
)
from shouwang.places.states import Role

MORNING = datetime(2022, 2, 20, 1, 30, tzinfo=UTC)  # 09:30 in Hohhot
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def made_up_id(born: str, serial: int) -> str:
    """An ID number of region 150199, which is nobody's, with the right check character."""
    body = f"150199{born}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


@dataclass
class House:
    community: Place
    grid: Place
    building: Place
    stairwell: Place
    door: Dwelling
    next_door: Dwelling
    alice: Any
    bob: Any
    charlie: Any
    elsewhere: Place
    far_door: Dwelling

    def scope(self, user: Any) -> Scope:
        return scope_for(user, MORNING)


def _user(username: str, name: str) -> Any:
    return create_user(username=username, name=name, password=None, by=OPERATOR, at=MORNING)


def build_house() -> House:
    community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=MORNING)
    grid = add_grid(community=community, code="1", name="第一网格", by=OPERATOR, at=MORNING)
    building = ensure_building(community=community, code="8", grid=grid, by=OPERATOR, at=MORNING)
    stairwell = ensure_stairwell(building=building, code="2", by=OPERATOR, at=MORNING)
    door = ensure_dwelling(leaf=stairwell, door="501", floor=5, by=OPERATOR, at=MORNING)
    next_door = ensure_dwelling(leaf=stairwell, door="502", floor=5, by=OPERATOR, at=MORNING)
    other = create_community(code="biantai", name="边台村", by=OPERATOR, at=MORNING)
    yard = ensure_building(community=other, code="3", by=OPERATOR, at=MORNING)
    far_door = ensure_dwelling(leaf=yard, door="1", floor=1, by=OPERATOR, at=MORNING)
    alice, bob, charlie = _user("alice", "陈静"), _user("bob", "张敏"), _user("charlie", "赵磊")
    appoint(place=community, role=Role.SECRETARY, holder=alice, by=OPERATOR, at=MORNING)
    appoint(place=stairwell, role=Role.STAIRWELL_HEAD, holder=bob, by=OPERATOR, at=MORNING)
    appoint(place=other, role=Role.SECRETARY, holder=charlie, by=OPERATOR, at=MORNING)
    return House(community, grid, building, stairwell, door, next_door, alice, bob, charlie, other, far_door)


def family(dwelling: Dwelling) -> tuple[Any, Any, Any]:
    """(household, 王桂英 born 1941, her husband 李建国 born in 1939) behind a door."""
    household = open_household(dwelling=dwelling, by=OPERATOR, at=MORNING)
    wife = add_person(
        household=household,
        name="王桂英",
        relation="head",
        birth=(1941, 3, 5),
        phone="19900010713",
        id_kind="resident_id",
        id_number=made_up_id("19410305", 2),
        by=OPERATOR,
        at=MORNING,
    )
    husband = add_person(
        household=household,
        name="李建国",
        relation="spouse",
        birth=(1939, None, None),
        by=OPERATOR,
        at=MORNING,
    )
    return household, wife, husband
