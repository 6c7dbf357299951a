"""What is measured: the demo's zone C, more requests, and its ledger grown to size. Everybody is made up."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command

from shouwang.accounts.models import User
from shouwang.accounts.selectors import user_by_username
from shouwang.core import clock
from shouwang.core.scope import Scope, scope_for
from shouwang.help.services import take_in_request
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.shapes import DoorRow, RegisterRow
from shouwang.ledgers.engines.writing import write_register
from shouwang.people.models import Household
from shouwang.people.selectors import households_for
from shouwang.places.models import Place
from shouwang.places.selectors import all_communities
from shouwang.site.demo import build_demo
from shouwang.site.demo.build import SAMPLES

BUILDINGS = 24
WISHES = (
    ("shopping", "normal", "土豆5斤、鸡蛋三十个"),
    ("medicine", "today", "降压药1盒"),
    ("parcel", "normal", "取快递一件"),
    ("repair", "normal", "水龙头漏水"),
    ("visit", "normal", "看看独居老人"),
)


@dataclass(frozen=True)
class Size:
    """`copies` of zone C in the imported sheet, `requests` open on the board, `rounds` of every measurement; the whole
    database grown to `people`, 0: as it is; `records` entries in the table of rosters (PostgreSQL); `afternoons` of
    delivery runs, each a minute and a half of planning."""

    code: str
    copies: int
    requests: int
    imports: int
    rounds: int
    people: int = 0
    records: int = 37_000
    afternoons: int = 1


SIZES = {
    size.code: size
    for size in (
        Size("small", copies=1, requests=60, imports=2, rounds=7),
        Size("usual", copies=1, requests=400, imports=3, rounds=15, records=370_000),
        Size("large", copies=4, requests=5000, imports=3, rounds=31, records=3_400_000, afternoons=10),
        Size("million", copies=1, requests=400, imports=1, rounds=31, people=1_000_000, records=3_400_000),
    )
}


class NotEmpty(Exception):
    """The database belongs to somebody."""


@dataclass
class World:
    """The neighbourhood, who looks at it, and when."""

    size: Size
    at: datetime
    community: Place
    secretary: User
    scope: Scope


def build_world(size: Size) -> World:
    """The demo with `size.requests` open requests on top. NotEmpty when the database holds a community already."""
    call_command("migrate", verbosity=0, interactive=False)
    if all_communities():
        raise NotEmpty
    at = clock.now()
    community = build_demo(at=at)
    secretary = user_by_username("demo-secretary")
    assert secretary is not None
    scope = scope_for(secretary, at)
    _ask(size.requests, community, scope, secretary, at)
    return World(size, at, community, secretary, scope)


def _ask(number: int, community: Place, scope: Scope, by: User, at: datetime) -> None:
    homes = list(households_for(scope).select_related("dwelling__place").order_by("id"))
    turns = zip(range(number), itertools.cycle(homes), itertools.cycle(WISHES), strict=False)
    for turn, home, wish in turns:
        ask(community, home, wish, by, at - timedelta(seconds=turn % 3000))


def ask(community: Place, home: Household, wish: tuple[str, str, str], by: User, at: datetime) -> Any:
    """One request by phone from this household."""
    category, urgency, title = wish
    return take_in_request(
        community_id=community.pk,
        place=None,
        dwelling=home.dwelling,
        household=home,
        category=category,
        urgency=urgency,
        source="phone",
        title=title,
        words=title,
        lines=[{"name": title, "quantity": "1", "unit": "份"}],
        by=by,
        at=at,
        verified="call",
    )


def grown_sheet(copies: int) -> tuple[bytes, int]:
    """Zone C's ledger `copies` times over as one .xlsx, and how many people it names.

    Each copy has buildings of its own; ID numbers are made anew within their birth date, so that nobody stands twice.
    """
    content = (SAMPLES / "zone-c.xlsx").read_bytes()
    sheet = read_register(content, "zone-c.xlsx")
    if copies == 1:
        return content, len(sheet.rows)
    used: set[str] = set()
    rows: list[RegisterRow] = []
    doors: list[DoorRow] = []
    for copy in range(copies):
        rows += _moved(sheet.rows, copy, used)
        doors += [replace(row, building=_further(row.building, copy)) for row in sheet.doors]
    extra = list(dict.fromkeys(name for row in rows for name in row.extra))
    day = sheet.sheet_date or clock.now().date()
    return write_register(rows, doors, title=sheet.title, as_of=day, extra=extra), len(rows)


def _moved(rows: Iterable[RegisterRow], copy: int, used: set[str]) -> list[RegisterRow]:
    return [
        replace(
            row,
            number=row.number + copy * 100_000,
            building=_further(row.building, copy),
            household=f"{copy}/{row.household}",
            id_number=_unused(row.id_number, used) if row.id_number else None,
        )
        for row in rows
    ]


def _further(building: str, copy: int) -> str:
    return str(int(building) + copy * BUILDINGS)


def _unused(number: str, used: set[str]) -> str:
    """The next number of that birth date and sex that nobody has yet; other kinds of papers are left as they are."""
    while len(number) == 18 and number in used:
        body = f"{number[:14]}{(int(number[14:17]) + 2) % 1000:03d}"
        number = body + check_digit(body)
    used.add(number)
    return number


def check_digit(body: str) -> str:
    """The last character of a resident ID number (GB 11643, ISO 7064 MOD 11-2) for its first 17 digits."""
    total = sum(int(sign) * pow(2, 17 - at, 11) for at, sign in enumerate(body))
    return "10X98765432"[total % 11]
