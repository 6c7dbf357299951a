"""The neighbourhoods that the journeys happen in: a fresh one as large as zone C, and a small one quickly made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shouwang.accounts.models import User
from shouwang.accounts.services import create_user
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.help.services import add_directory_entry
from shouwang.people.selectors import register_snapshot
from shouwang.people.services import add_person, open_household, set_occupancy
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Dwelling, Place
from shouwang.places.states import AreaKind, Role
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import enrol

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PASSWORD = "lamp river 木棉 seven"
BUILDINGS, IN_A_GRID, ACROSS, APART_M = 24, 8, 6, 62.0


@dataclass
class World:
    """Who and where. `people` by username, `volunteers` by username, `doors` by their short name (8-2-501)."""

    community: Place
    at: datetime
    people: dict[str, User] = field(default_factory=dict)
    volunteers: dict[str, Volunteer] = field(default_factory=dict)
    doors: dict[str, Dwelling] = field(default_factory=dict)

    def leaf(self, building: str, stairwell: str) -> Place:
        found = places.find_leaf(self.community.pk, building, stairwell)
        assert found is not None
        return found

    def building(self, code: str) -> Place:
        return next(place for place in places.buildings_in(self.community.pk) if place.code == code)


def person(world: World, username: str, name: str, phone: str = "", password: str | None = None) -> User:
    """A user; with a password only where the journey signs in by hand (hashing takes time)."""
    made = create_user(username=username, name=name, password=password, by=OPERATOR, at=world.at, phone=phone)
    world.people[username] = made
    return made


def post(world: World, role: str, place: Place, username: str, name: str, phone: str, **more: Any) -> User:
    """Somebody new, on a post."""
    holder = person(world, username, name, phone, **more)
    places_services.appoint(place=place, role=role, holder=holder, by=OPERATOR, at=world.at)
    return holder


def volunteer(world: World, username: str, name: str, home: Place, **more: Any) -> Volunteer:
    """Somebody new who serves and lives at `home`."""
    account = {key: more.pop(key) for key in ("phone", "password") if key in more}
    user = person(world, username, name, **account)
    world.volunteers[username] = enrol(user=user, by=OPERATOR, at=world.at, home=home, **more)
    return world.volunteers[username]


def staff(world: World, grid: Place, password: str | None = PASSWORD) -> None:
    """The office: secretary, clerk, the post on call, a grid head; and whom to ring."""
    here = world.community
    secretary = post(world, Role.SECRETARY, here, "alice", "陈静", "19900000001", password=password)
    post(world, Role.CLERK, here, "clerk", "王芳", "19900000002", password=password)
    post(world, Role.ON_CALL, here, "oncall", "周海", "19900000003", password=password)
    post(world, Role.GRID_HEAD, grid, "gridhead", "孙丽", "19900000004", password=password)
    add_directory_entry(
        community_id=here.pk, name="区人民医院 透析室", phone="0471-5550 120", kind="透析", order=1,
        by=secretary, at=world.at,
    )  # fmt: skip


def fresh_community() -> World:
    """The office on its first morning: a map of 24 buildings in three grids, its staff, and nobody on file."""
    at = clock.now() - timedelta(days=30)
    world = World(places_services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at), at)
    grids, buildings = [], []
    for number in range(BUILDINGS):
        name = f"第{'一二三'[number // IN_A_GRID]}网格"
        grid = places_services.add_grid(community=world.community, code=name, name=name, by=OPERATOR, at=at)
        grids.append(grid)
        x, y = (number % ACROSS) * APART_M, (number // ACROSS) * APART_M
        code = str(number + 1)
        buildings.append(
            places_services.ensure_building(
                community=world.community, grid=grid, code=code, by=OPERATOR, at=at, x_m=x, y_m=y
            )
        )
    staff(world, grids[0])
    places_services.make_area(
        community=world.community,
        kind=AreaKind.COMPOUND,
        name="C区",
        places=buildings[:20],
        by=OPERATOR,
        at=at,
    )
    return world


def neighbours_report(world: World, without: tuple[str, ...], spare: tuple[str, ...]) -> None:
    """Scene F8: two heads for every building but those `without`; in these, and in `spare`, neighbours who serve
    and have no post yet, one a stairwell. All of them from the register."""
    able: dict[Any, list[Any]] = {}
    for entry in register_snapshot(world.community.pk):
        age = world.at.year - entry.birth[0] if entry.birth else 0
        if 25 <= age <= 62 and entry.phone and not entry.flags:
            able.setdefault(entry.dwelling.place_id, []).append(entry)
    for building in places.buildings_in(world.community.pk):
        leaves = places.leaves_under(building)
        heads = () if building.code in without else leaves[:2]
        homes = leaves if building.code in (*without, *spare) else heads
        for order, leaf in enumerate(homes):
            entry = able[leaf.pk][0]
            found = volunteer(world, f"n{building.code}-{leaf.code}", entry.name, leaf, phone=entry.phone)
            if order < len(heads):
                places_services.appoint(
                    place=building, role=Role.BUILDING_HEAD, holder=found.user, by=OPERATOR, at=world.at
                )


def head_of(world: World, building: str, stairwell: str, username: str) -> Volunteer:
    """A neighbour with a phone and a password, who becomes the head of a stairwell."""
    leaf = world.leaf(building, stairwell)
    found = volunteer(
        world, username, "张敏", leaf, phone="19900000005", password=PASSWORD, skills=["driver"]
    )
    places_services.appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=found.user, by=OPERATOR, at=world.at)
    return found


def small_community() -> World:
    """Two buildings, three stairwells (one without a head), six doors, staff, a head, two volunteers, a household."""
    at = clock.now() - timedelta(days=3)
    world = World(places_services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at), at)
    grid = places_services.add_grid(community=world.community, code="1", name="第一网格", by=OPERATOR, at=at)
    for code, stairwells in (("8", "12"), ("9", "1")):
        building = places_services.ensure_building(
            community=world.community, grid=grid, code=code, by=OPERATOR, at=at, x_m=int(code) * 60.0, y_m=0.0
        )
        for stairwell in stairwells:
            leaf = places_services.ensure_stairwell(building=building, code=stairwell, by=OPERATOR, at=at)
            for door in ("501", "502"):
                world.doors[f"{code}-{stairwell}-{door}"] = places_services.ensure_dwelling(
                    leaf=leaf, door=door, by=OPERATOR, at=at
                )
    for door in world.doors.values():
        set_occupancy(
            dwelling=door, occupancy="owner", source="register", as_of=at.date(), by=OPERATOR, at=at
        )
    staff(world, grid, password=None)
    post(world, Role.STAIRWELL_HEAD, world.leaf("8", "2"), "bob", "张敏", "19900000005")
    world.volunteers["bob"] = enrol(
        user=world.people["bob"], by=OPERATOR, at=at, home=world.leaf("8", "2"), skills=["driver"]
    )
    volunteer(world, "vera", "刘洋", world.leaf("9", "1"), phone="19900000006", skills=["nurse"])
    home = open_household(dwelling=world.doors["8-2-501"], by=OPERATOR, at=at)
    add_person(household=home, name="李秀英", relation="head", phone="19900001111", by=OPERATOR, at=at)
    return world


def other_community(world: World) -> World:
    """Another community with a building and Charlie, who leads it."""
    other = World(
        places_services.create_community(code="beiyuan", name="北苑社区", by=OPERATOR, at=world.at), world.at
    )
    building = places_services.ensure_building(community=other.community, code="1", by=OPERATOR, at=world.at)
    places_services.ensure_stairwell(building=building, code="1", by=OPERATOR, at=world.at)
    post(other, Role.SECRETARY, other.community, "charlie", "周书记", "19900000009")
    return other
