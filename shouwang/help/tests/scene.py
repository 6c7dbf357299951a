"""A small neighbourhood for the tests: two buildings, six doors, and everybody who answers for them.

Alice is the secretary, Bob heads the stairwell, Charlie belongs to another community.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from shouwang.accounts.models import User
from shouwang.accounts.services import create_user
from shouwang.core.actors import OPERATOR
from shouwang.core.due import do_one
from shouwang.core.scope import Scope, scope_for
from shouwang.help import services
from shouwang.help.models import HelpRequest
from shouwang.help.services import take_in_request
from shouwang.people.services import add_person, open_household
from shouwang.places.services import (
    add_grid,
    appoint,
    create_community,
    ensure_building,
    ensure_dwelling,
    ensure_stairwell,
)
from shouwang.places.states import Role
from shouwang.volunteers.services import enrol

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def user(username: str, name: str, phone: str = "") -> User:
    return create_user(username=username, name=name, password=None, by=OPERATOR, at=AT, phone=phone)


def scope(of: User, at: datetime = AT) -> Scope:
    return scope_for(of, at)


def neighbourhood() -> SimpleNamespace:
    """Community > grid > buildings 8 and 9 > stairwells > doors, with posts on every level."""
    made = SimpleNamespace()
    made.community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)
    made.grid = add_grid(community=made.community, code="1", name="第一网格", by=OPERATOR, at=AT)
    made.building = ensure_building(
        community=made.community, code="8", grid=made.grid, x_m=0, y_m=0, by=OPERATOR, at=AT
    )
    made.other_building = ensure_building(
        community=made.community, code="9", grid=made.grid, x_m=60, y_m=20, by=OPERATOR, at=AT
    )
    made.stairwell = ensure_stairwell(building=made.building, code="2", by=OPERATOR, at=AT)
    made.other_stairwell = ensure_stairwell(building=made.other_building, code="1", by=OPERATOR, at=AT)
    made.door = ensure_dwelling(leaf=made.stairwell, door="501", by=OPERATOR, at=AT)
    made.next_door = ensure_dwelling(leaf=made.stairwell, door="502", by=OPERATOR, at=AT)
    made.far_door = ensure_dwelling(leaf=made.other_stairwell, door="101", by=OPERATOR, at=AT)
    made.household = open_household(dwelling=made.door, by=OPERATOR, at=AT)
    made.resident = add_person(
        household=made.household, name="李秀英", relation="head", phone="19900001111", by=OPERATOR, at=AT
    )
    _posts(made)
    return made


def _posts(made: SimpleNamespace) -> None:
    made.alice = user("alice", "陈书记", "19900000001")
    made.on_call = user("oncall", "王芳", "19900000002")
    made.grid_head = user("gridhead", "孙丽", "19900000003")
    made.building_head = user("bhead", "赵磊", "19900000004")
    made.bob = user("bob", "张敏", "19900000005")
    appoint(place=made.community, role=Role.SECRETARY, holder=made.alice, by=OPERATOR, at=AT)
    appoint(place=made.community, role=Role.ON_CALL, holder=made.on_call, by=OPERATOR, at=AT)
    appoint(place=made.grid, role=Role.GRID_HEAD, holder=made.grid_head, by=OPERATOR, at=AT)
    appoint(place=made.building, role=Role.BUILDING_HEAD, holder=made.building_head, by=OPERATOR, at=AT)
    made.bobs_post = appoint(
        place=made.stairwell, role=Role.STAIRWELL_HEAD, holder=made.bob, by=OPERATOR, at=AT
    )


def volunteer(made: SimpleNamespace, name: str, **more: Any) -> Any:
    """Somebody who serves and lives in the other building, unless said otherwise."""
    home = more.pop("home", made.other_stairwell)
    serving = more.pop("user", None) or user(f"v{User.objects.count()}", name)
    return enrol(user=serving, by=OPERATOR, at=AT, home=home, **more)


def strangers() -> SimpleNamespace:
    """Another community, and Charlie who leads it."""
    made = SimpleNamespace()
    made.community = create_community(code="beiyuan", name="北苑社区", by=OPERATOR, at=AT)
    made.charlie = user("charlie", "周书记")
    appoint(place=made.community, role=Role.SECRETARY, holder=made.charlie, by=OPERATOR, at=AT)
    return made


def asked(made: SimpleNamespace, at: datetime = AT, **more: Any) -> HelpRequest:
    """A request from door 501."""
    given = {
        "place": None, "dwelling": made.door, "household": made.household, "category": "shopping",
        "urgency": "normal", "source": "phone", "title": "土豆5斤", "words": "", "lines": [], "by": made.alice,
    } | more  # fmt: skip
    request, _token = take_in_request(community_id=made.community.pk, at=at, **given)
    return request


def run_clock(at: datetime, most: int = 200) -> int:
    """Does what is due at `at`; how many rows."""
    done = 0
    while done < most and do_one("clock", at):
        done += 1
    return done


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def one_run_of_two(lists: Sequence[str]) -> SimpleNamespace:
    """The neighbourhood with two households' lists in one shopping run that somebody has in hand."""
    made = neighbourhood()
    made.shopper = volunteer(made, "李楠")
    other = open_household(dwelling=made.next_door, by=made.alice, at=AT)
    homes = ((made.door, made.household), (made.next_door, other))
    made.orders = [
        services.make_order(
            request=asked(made, title="买菜", words=words, dwelling=door, household=home), by=made.alice, at=AT
        )
        for words, (door, home) in zip(lists, homes, strict=True)
    ]  # fmt: skip
    made.run = services.gather_run(
        orders=made.orders, shop="惠民超市", volunteer=made.shopper, by=made.alice, at=AT
    )
    return made
