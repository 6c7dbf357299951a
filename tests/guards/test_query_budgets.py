"""The main pages ask the database a fixed number of questions, however many rows there are.

`query_budgets.json` holds the number for each page. A page may ask less; whoever makes it ask more writes the
new number down, and somebody sees it in the change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.accounts.services import create_user
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.due import do_until
from shouwang.help.models import HelpRequest
from shouwang.help.services import accept_offer, add_note, offer_request, start_request, take_in_request
from shouwang.incidents.services import open_incident
from shouwang.ledgers.services import stage_register
from shouwang.people.services import add_contact, add_flag, add_person, add_proxy, open_household
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
from tests.guards.reading import ROOT

BUDGETS = ROOT / "tests" / "guards" / "query_budgets.json"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
CATEGORIES = ("shopping", "medicine", "parcel", "visit")


@dataclass
class World:
    """A neighbourhood of `size`: everything there is comes `size` times, on pages of one object inside it too."""

    size: int
    at: Any
    made: int = 0
    doors: list[Any] = field(default_factory=list)
    homes: list[Any] = field(default_factory=list)
    volunteers: list[Any] = field(default_factory=list)
    requests: list[HelpRequest] = field(default_factory=list)

    def name(self) -> str:
        self.made += 1
        return SURNAMES[self.made % len(SURNAMES)] + "一二三四五六七八九十"[self.made // 12 % 10]

    def phone(self) -> str:
        return f"199000{self.made:05d}"

    def user(self, username: str) -> Any:
        name = self.name()
        return create_user(
            username=username, name=name, password=None, by=OPERATOR, at=self.at, phone=self.phone()
        )


def build(size: int) -> World:
    world = World(size, clock.now() - timedelta(hours=2))
    at = world.at
    world.community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at)
    world.secretary = world.user("secretary")
    appoint(place=world.community, role=Role.SECRETARY, holder=world.secretary, by=OPERATOR, at=at)
    for number in range(2 * size):
        _building(world, str(number + 1))
    _people(world)
    _those_who_serve(world)
    _requests(world)
    open_incident(
        community=world.community, name="封控", protocol="sealed_zone", places=[world.building],
        by=world.secretary, at=at,
    )  # fmt: skip
    lines = [f"{1 + n % 2},{1 + n},{n}01,{world.name()},户主,{world.phone()}" for n in range(3 * size)]
    sheet = "\n".join(
        ["楼号,单元,门牌号,姓名,与户主关系,联系电话", *lines, *["1,1,101,陈某,户主,123"] * size]
    )
    world.staged = stage_register(
        community=world.community, content=sheet.encode(), name="册.csv", by=world.secretary, at=at
    )
    do_until(clock.now())
    return world


def _building(world: World, code: str) -> None:
    at = world.at
    grid = add_grid(community=world.community, code=f"g{code}", name=f"第{code}网格", by=OPERATOR, at=at)
    building = ensure_building(
        community=world.community, code=code, grid=grid, x_m=int(code) * 60, y_m=0, by=OPERATOR, at=at
    )
    if code == "1":
        world.building = building
    for number in range(world.size + 1):
        leaf = ensure_stairwell(building=building, code=str(number + 1), by=OPERATOR, at=at)
        world.doors += [ensure_dwelling(leaf=leaf, door=f"{floor}01", by=OPERATOR, at=at) for floor in (1, 2)]
        if number:
            head = world.user(f"head-{code}-{number}")
            appoint(place=leaf, role=Role.STAIRWELL_HEAD, holder=head, by=OPERATOR, at=at)
    appoint(place=building, role=Role.BUILDING_HEAD, holder=world.user(f"head-{code}"), by=OPERATOR, at=at)


def _people(world: World) -> None:
    at = world.at
    for door in world.doors[: len(world.doors) - 1]:
        home = open_household(dwelling=door, by=OPERATOR, at=at)
        for number in range(1 + world.size):
            person = add_person(
                household=home, name=world.name(), relation="other" if number else "head", birth=(1935, 1, 1),
                phone=world.phone(), by=OPERATOR, at=at,
            )  # fmt: skip
            add_flag(
                household=home, person=person, kind="walks_badly", source="desk", by=world.secretary, at=at
            )
            add_contact(
                person=person,
                name=world.name(),
                phone=world.phone(),
                relation="女儿",
                by=world.secretary,
                at=at,
            )
        add_flag(
            household=home,
            person=None,
            kind="needs_care",
            source="door",
            state="proposed",
            by=world.secretary,
            at=at,
        )
        add_proxy(
            household=home,
            kind="neighbour",
            name=world.name(),
            phone=world.phone(),
            by=world.secretary,
            at=at,
        )
        world.homes.append(home)


def _those_who_serve(world: World) -> None:
    for number in range(2 * world.size):
        world.volunteers.append(
            enrol(
                user=world.user(f"volunteer-{number}"),
                by=OPERATOR,
                at=world.at,
                skills=["phone"],
                at_most=99,
                home=world.doors[number].place,
            )
        )


def _ask(world: World, number: int, **more: Any) -> HelpRequest:
    home = world.homes[number % len(world.homes)]
    given = {
        "place": None, "dwelling": home.dwelling, "household": home, "urgency": "normal", "source": "phone",
        "category": CATEGORIES[number % len(CATEGORIES)], "title": "", "words": "麻烦帮个忙", "verified": "call",
        "lines": [{"name": "土豆", "quantity": str(line + 1), "unit": "斤"} for line in range(world.size)],
    } | more  # fmt: skip
    request, _link = take_in_request(
        community_id=world.community.pk, by=world.secretary, at=world.at, **given
    )
    world.requests.append(request)
    return request


def _requests(world: World) -> None:
    """In every state that waits for somebody; one volunteer has several in hand, one request has several people."""
    at, first = world.at, world.volunteers[0]
    world.shown = _ask(world, 0)
    for volunteer in world.volunteers:
        _take_on(world, world.shown, volunteer)
        add_note(request=world.shown, text="在楼下等", by=world.secretary, at=at)
    for number in range(world.size):
        _ask(world, number)
        _ask(world, number + 1, source="portal", verified="no")
        _ask(world, number, urgency="life", category="emergency")
        offer_request(request=_ask(world, number), volunteer=first, by=world.secretary, at=at)
        _take_on(world, _ask(world, number + 2), first)
        request = _ask(world, number + 2)
        _take_on(world, request, first)
        start_request(request=request, by=first.user, at=at)


def _take_on(world: World, request: HelpRequest, volunteer: Any) -> None:
    assignment = offer_request(request=request, volunteer=volunteer, by=world.secretary, at=world.at)
    accept_offer(assignment=assignment, by=volunteer.user, at=world.at)


PAGES: Mapping[str, Callable[[World], tuple[Any, str]]] = {
    "today": lambda w: (w.secretary, reverse("desk:today")),
    "wall": lambda w: (w.secretary, reverse("desk:wall")),
    "building": lambda w: (w.secretary, reverse("desk:building", args=[w.building.pk])),
    "board": lambda w: (w.secretary, reverse("help:board")),
    "request": lambda w: (w.secretary, reverse("help:request", args=[w.shown.pk])),
    "household": lambda w: (w.secretary, reverse("desk:household", args=[w.homes[0].pk])),
    "place": lambda w: (w.secretary, reverse("desk:place", args=[w.building.pk])),
    "volunteers": lambda w: (w.secretary, reverse("volunteers:board")),
    "import preview": lambda w: (w.secretary, reverse("ledgers:preview", args=[w.staged.pk])),
    "my work": lambda w: (w.volunteers[0].user, reverse("field:my_work")),
}


def asked_by(world: World) -> dict[str, list[str]]:
    """The statements of each page, opened for the second time: what happens only once is not the page's."""
    found = {}
    for page, address in PAGES.items():
        who, url = address(world)
        client = Client()
        client.force_login(who)
        assert client.get(url).status_code == 200, page
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200, page
            found[page] = [entry["sql"] for entry in asked.captured_queries]
    return found


def told_of(budgets: Mapping[str, int], asked: Mapping[str, list[str]]) -> list[str]:
    return [
        f"{page}: {len(found)} queries, the budget is {budgets.get(page, 'missing')}"
        for page, found in asked.items()
        if len(found) > budgets.get(page, -1)
    ]


def repeated(statements: list[str]) -> str:
    """The statement that comes most often, its values left out: the one that somebody put into a loop."""
    shapes = [statement.split(" WHERE ")[0][:160] for statement in statements]
    most = max(shapes, key=shapes.count)
    return f"{shapes.count(most)} times {most}"


@pytest.mark.django_db
def test_pages_keep_within_their_budgets() -> None:
    budgets = json.loads(BUDGETS.read_text("utf-8"))
    assert set(budgets) == set(PAGES), "a budget for each of the main pages, and for nothing else"
    asked = asked_by(build(1))
    assert told_of(budgets, asked) == []


@pytest.mark.django_db
def test_more_rows_ask_no_more_questions() -> None:
    budgets = json.loads(BUDGETS.read_text("utf-8"))
    asked = asked_by(build(3))
    over = told_of(budgets, asked)
    assert over == [], "\n".join(f"{page}: {repeated(found)}" for page, found in asked.items())


def test_a_page_that_asks_more_is_noticed() -> None:
    assert told_of({"wall": 2}, {"wall": ["SELECT 1"] * 3, "board": ["SELECT 1"]}) == [
        "wall: 3 queries, the budget is 2",
        "board: 1 queries, the budget is missing",
    ]
