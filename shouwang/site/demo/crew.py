"""Those who serve in the demo: staff by name, heads and volunteers from the register itself (made-up residents)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shouwang.accounts import services as accounts
from shouwang.accounts.models import User
from shouwang.core.actors import OPERATOR
from shouwang.people.selectors import RegisterEntry, register_snapshot
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.places.states import Role
from shouwang.rounds.models import Campaign
from shouwang.volunteers import services as volunteers
from shouwang.volunteers.models import Volunteer

SEED = 20220220
# Stairwells without a name on the second morning: two nobody has found anybody for yet; the story adds a third.
UNFILLED = frozenset({("3", "3"), ("6", "1")})
WITHOUT_BUILDING_HEAD = frozenset({"3", "6", "11"})
SKILLS = ("driver", "nurse", "repairs", "comfort", "phone", "sampling", "childcare", "computer")
STAFF = (
    ("demo-secretary", "陈静", Role.SECRETARY),
    ("demo-clerk", "王芳", Role.CLERK),
    ("demo-on_call", "周海", Role.ON_CALL),
    ("clerk-2", "吴敏", Role.CLERK),
)
GRID_STAFF = (
    ("demo-grid_head", "孙丽", "demo-grid_worker", "何军"),
    ("grid-2", "马超群", "grid-2w", "郭小燕"),
    ("grid-3", "高建平", "grid-3w", "林秀英"),
)


@dataclass
class Crew:
    """Who is who, for the story."""

    secretary: User
    clerk: User
    officer: User
    volunteers: dict[str, Volunteer] = field(default_factory=dict)
    campaign: Campaign | None = None


@dataclass
class _Draw:
    """Made-up residents to choose from, each taken once."""

    community: Place
    at: datetime
    dice: random.Random
    by_leaf: dict[UUID, list[RegisterEntry]]
    number: int = 0

    def take(self, leaf_id: UUID) -> RegisterEntry | None:
        """An adult between 25 and 62 who lives there."""
        able = self.by_leaf.get(leaf_id, [])
        return able.pop(self.dice.randrange(len(able))) if able else None

    def username(self) -> str:
        self.number += 1
        return f"neighbour-{self.number:03d}"


def gather_crew(community: Place, office: Place, at: datetime) -> Crew:
    """Somebody at the subdistrict's office, staff, two heads for most buildings, a head for nearly every stairwell, a
    second line."""
    staff = {name: _staff(name, said, role, community, at) for name, said, role in STAFF}
    officer = accounts.create_user(
        username="demo-officer", name="赵明", password=None, by=OPERATOR, at=at, phone="19900090088"
    )
    places_services.appoint(place=office, role=Role.SUBDISTRICT_OFFICER, holder=officer, by=OPERATOR, at=at)
    crew = Crew(staff["demo-secretary"], staff["demo-clerk"], officer)
    _grid_staff(community, at)
    accounts.create_user(username="demo-technician", name="技术员小韩", password=None, by=OPERATOR, at=at)
    draw = _Draw(community, at, random.Random(SEED), _able(community, at))  # noqa: S311  (made-up people, not secrets)
    for building in places.buildings_in(community.pk):
        _heads_of(building, draw, crew)
    _second_line(draw, crew)
    return crew


def _staff(username: str, name: str, role: str, place: Place, at: datetime) -> User:
    phone = f"1990009{abs(hash_of(username)) % 10000:04d}"
    user = accounts.create_user(username=username, name=name, password=None, by=OPERATOR, at=at, phone=phone)
    places_services.appoint(place=place, role=role, holder=user, by=OPERATOR, at=at)
    volunteers.enrol(
        user=user, by=OPERATOR, at=at, home=place if place.level == "building" else None, skills=["phone"]
    )
    return user


def hash_of(text: str) -> int:
    """A number out of a text, the same in every process."""
    return sum(ord(sign) * 31**place for place, sign in enumerate(text)) % 1_000_003


def _grid_staff(community: Place, at: datetime) -> None:
    for grid, (head, head_name, worker, worker_name) in zip(
        places.grids_in(community.pk), GRID_STAFF, strict=True
    ):
        _staff(head, head_name, Role.GRID_HEAD, grid, at)
        _staff(worker, worker_name, Role.GRID_WORKER, grid, at)


def _able(community: Place, at: datetime) -> dict[UUID, list[RegisterEntry]]:
    found: dict[UUID, list[RegisterEntry]] = {}
    for entry in register_snapshot(community.pk):
        age = at.year - entry.birth[0] if entry.birth else 0
        if 25 <= age <= 62 and entry.phone and not entry.flags:
            found.setdefault(entry.dwelling.place_id, []).append(entry)
    return found


def _enrol(entry: RegisterEntry, draw: _Draw, *, username: str = "", second_line: bool = False) -> Volunteer:
    user = accounts.create_user(
        username=username or draw.username(),
        name=entry.name,
        password=None,
        by=OPERATOR,
        at=draw.at,
        phone=entry.phone,
    )
    return volunteers.enrol(
        user=user,
        by=OPERATOR,
        at=draw.at,
        home=entry.dwelling.place,
        second_line=second_line,
        skills=draw.dice.sample(SKILLS, draw.dice.choice((0, 1, 1, 2))),
        carries_kg=draw.dice.choice((10, 15, 20, 25)),
    )


def _heads_of(building: Place, draw: _Draw, crew: Crew) -> None:
    leaves = places.leaves_under(building)
    for leaf in leaves:
        entry = None if (building.code, leaf.code) in UNFILLED else draw.take(leaf.pk)
        if entry is None:
            continue
        known = "demo-stairwell_head" if (building.code, leaf.code) == ("4", "1") else ""
        head = _enrol(entry, draw, username=known)
        places_services.appoint(
            place=leaf, role=Role.STAIRWELL_HEAD, holder=head.user, by=OPERATOR, at=draw.at
        )
        crew.volunteers[f"{building.code}-{leaf.code}"] = head
    if building.code not in WITHOUT_BUILDING_HEAD:
        _two_heads(building, leaves, draw)


def _two_heads(building: Place, leaves: list[Place], draw: _Draw) -> None:
    """Scene F8: two for every building, each covering for the other, one perhaps only online."""
    for order, leaf in enumerate(leaves[:2]):
        entry = draw.take(leaf.pk)
        if entry is None:
            continue
        known = "demo-building_head" if building.code == "8" and order == 0 else ""
        head = _enrol(entry, draw, username=known)
        places_services.appoint(
            place=building,
            role=Role.BUILDING_HEAD,
            holder=head.user,
            by=OPERATOR,
            at=draw.at,
            online_only=order == 1,
        )


def _second_line(draw: _Draw, crew: Crew) -> None:
    """Scene F7: trained neighbours, two or three in every other building."""
    for building in places.buildings_in(draw.community.pk):
        for leaf in places.leaves_under(building)[1:3]:
            entry = draw.take(leaf.pk)
            if entry is None:
                continue
            known = "demo-volunteer" if building.code == "4" and "demo" not in crew.volunteers else ""
            volunteer = _enrol(entry, draw, username=known, second_line=True)
            if known:
                crew.volunteers["demo"] = volunteer
