"""A store for the tests: a secretary, a clerk, a helper, two shelves, and a few items."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from shouwang.accounts.models import User
from shouwang.accounts.services import create_user
from shouwang.core.actors import OPERATOR
from shouwang.core.scope import Scope, scope_for
from shouwang.goods.models import Item, Lot
from shouwang.goods.services import store
from shouwang.goods.states import MovementKind
from shouwang.people.services import open_household
from shouwang.places.services import add_grid, appoint, create_community, ensure_building, ensure_dwelling
from shouwang.places.states import Role

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
TODAY = date(2022, 2, 20)


def later(**more: float) -> datetime:
    return AT + timedelta(**more)


def user(username: str, name: str) -> User:
    return create_user(username=username, name=name, password=None, by=OPERATOR, at=AT)


def store_world(code: str = "jinxiu") -> SimpleNamespace:
    """Alice is the secretary, Bob a grid worker, Dora the clerk of one community; Charlie belongs to another."""
    made = SimpleNamespace()
    made.community = create_community(code=code, name="锦绣社区", by=OPERATOR, at=AT)
    made.grid = add_grid(community=made.community, code="1", name="第一网格", by=OPERATOR, at=AT)
    made.building = ensure_building(
        community=made.community, code="8", grid=made.grid, x_m=0, y_m=0, by=OPERATOR, at=AT
    )
    made.door = ensure_dwelling(leaf=made.building, door="501", by=OPERATOR, at=AT)
    made.household = open_household(dwelling=made.door, by=OPERATOR, at=AT)
    made.elsewhere = create_community(code=code + "x", name="别处社区", by=OPERATOR, at=AT)
    made.alice, made.bob, made.dora = user("alice", "陈书记"), user("bob", "张敏"), user("dora", "王芳")
    made.charlie = user("charlie", "别人")
    appoint(place=made.community, role=Role.SECRETARY, holder=made.alice, by=OPERATOR, at=AT)
    appoint(place=made.community, role=Role.CLERK, holder=made.dora, by=OPERATOR, at=AT)
    appoint(place=made.grid, role=Role.GRID_WORKER, holder=made.bob, by=OPERATOR, at=AT)
    appoint(place=made.elsewhere, role=Role.SECRETARY, holder=made.charlie, by=OPERATOR, at=AT)
    made.room = store.add_shelf(community=made.community, name="库房", by=made.alice, at=AT)
    made.gate = store.add_shelf(community=made.community, name="大门口", by=made.alice, at=AT)
    return made


def scope(of: User, at: datetime = AT) -> Scope:
    return scope_for(of, at)


def an_item(here: SimpleNamespace, name: str = "面粉", unit: str = "斤", **more: Any) -> Item:
    return store.add_item(community=here.community, name=name, unit=unit, by=here.alice, at=AT, **more)


def brought(here: SimpleNamespace, item: Item, quantity: int, **more: Any) -> Lot:
    act = {"shelf": here.room, "kind": MovementKind.BOUGHT, "by": here.alice, "at": AT} | more
    return store.bring_in(item=item, quantity=quantity, **act)


def taken(here: SimpleNamespace, item: Item, quantity: int, **more: Any) -> Any:
    act = {"shelf": here.room, "kind": MovementKind.ISSUED, "by": here.alice, "at": AT} | more
    return store.take_out(item=item, quantity=quantity, **act)
