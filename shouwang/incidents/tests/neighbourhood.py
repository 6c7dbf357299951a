"""A small made-up neighbourhood for tests: a grid of three buildings with two stairwells each, a household a stairwell.

Alice is the secretary, Bob heads the first stairwell, Charlie is secretary of another community.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.test import Client

from shouwang.accounts.models import User
from shouwang.accounts.services import create_user
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.due import do_one
from shouwang.core.scope import Scope, scope_for
from shouwang.people.services import open_household
from shouwang.places import services as places
from shouwang.places.models import Place

AT = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)


@dataclass
class Neighbourhood:
    """What `settle` made. `at` is the time of its making."""

    community: Place
    grid: Place
    buildings: list[Place]
    stairwells: list[Place]
    alice: User
    bob: User
    charlie: User
    elsewhere: Place
    at: datetime
    households: list[object] = field(default_factory=list)

    def scope(self, user: User, minutes: float = 0) -> Scope:
        return scope_for(user, self.later(minutes))

    def later(self, minutes: float) -> datetime:
        return self.at + timedelta(minutes=minutes)


def add_user(name: str) -> User:
    return create_user(username=name.lower(), name=name, password=None, by=OPERATOR, at=AT)


def add_building(community: Place, code: str = "9") -> Place:
    return places.ensure_building(community=community, code=code, by=OPERATOR, at=AT)


def settle(at: datetime = AT) -> Neighbourhood:
    community = places.create_community(code="jx", name="锦绣社区", by=OPERATOR, at=at)
    grid = places.add_grid(community=community, code="1", name="第一网格", by=OPERATOR, at=at)
    buildings = [
        places.ensure_building(community=community, code=str(number), grid=grid, by=OPERATOR, at=at)
        for number in (1, 2, 3)
    ]
    stairwells = [
        places.ensure_stairwell(building=building, code=code, by=OPERATOR, at=at)
        for building in buildings
        for code in ("1", "2")
    ]
    homes = []
    for stairwell in stairwells:
        doors = [places.ensure_dwelling(leaf=stairwell, door=d, by=OPERATOR, at=at) for d in ("101", "102")]
        homes.append(open_household(dwelling=doors[0], from_on=at.date(), by=OPERATOR, at=at))
    elsewhere = places.create_community(code="hp", name="和平社区", by=OPERATOR, at=at)
    alice, bob, charlie = add_user("Alice"), add_user("Bob"), add_user("Charlie")
    places.appoint(place=community, role="secretary", holder=alice, by=OPERATOR, at=at)
    places.appoint(place=stairwells[0], role="stairwell_head", holder=bob, by=OPERATOR, at=at)
    places.appoint(place=elsewhere, role="secretary", holder=charlie, by=OPERATOR, at=at)
    for row in (community, grid, elsewhere, *buildings, *stairwells):
        row.refresh_from_db()
    return Neighbourhood(community, grid, buildings, stairwells, alice, bob, charlie, elsewhere, at, homes)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def do_due(lane: str, at: datetime | None = None) -> int:
    """Does everything due on a lane; how many rows."""
    done = 0
    while do_one(lane, at or clock.now()):
        done += 1
        assert done < 200
    return done
