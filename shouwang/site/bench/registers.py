"""Finding people: the questions that a search asks the database, beside one SELECT written by hand, and whether it
finds exactly whom looking at everybody finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.help.selectors import requests_for, search_requests
from shouwang.people.engines.names import typed_forms
from shouwang.people.selectors import RegisterEntry, register_snapshot, search_people
from shouwang.places.selectors import short_door
from shouwang.site.bench.replay import reads_of, replay, statements_of
from shouwang.site.bench.timing import Measured, Pair
from shouwang.site.bench.world import World

SEED = 7
TEXTS = 25
EVERYBODY = 100_000
PERSON = "SELECT id, name FROM people_person WHERE community_id = %s AND {} LIMIT 20"
DOOR = (
    "SELECT d.id FROM places_dwelling d JOIN places_place leaf ON leaf.id = d.place_id"
    " JOIN places_place house ON house.id = leaf.building_id"
    " WHERE d.community_id = %s AND d.door = %s AND leaf.code = %s AND house.code = %s LIMIT 20"
)
NUMBER = "SELECT id FROM help_helprequest WHERE community_id = %s AND number = %s"


@dataclass(frozen=True)
class Kind:
    """One way of looking: `says` what is typed for an entry, `means` whether another entry is meant by that."""

    code: str
    says: Callable[[RegisterEntry], str]
    means: Callable[[RegisterEntry, str], bool]
    condition: str
    params: Callable[[str], list[Any]]


def _letters(entry: RegisterEntry) -> str:
    return typed_forms(entry.name)[0]


def _pinyin(entry: RegisterEntry) -> str:
    return typed_forms(entry.name)[1]


KINDS = (
    Kind("name", lambda e: e.name, lambda e, said: said in e.name, "name LIKE %s", lambda said: [f"%{said}%"]),
    Kind("two_characters", lambda e: e.name[-2:], lambda e, said: said in e.name, "name LIKE %s",
         lambda said: [f"%{said}%"]),
    Kind("initials", _letters, lambda e, said: _letters(e).startswith(said) or _pinyin(e).startswith(said),
         "name_letters LIKE %s", lambda said: [f"{said}%"]),
    Kind("pinyin", _pinyin, lambda e, said: _pinyin(e).startswith(said), "name_pinyin LIKE %s",
         lambda said: [f"{said}%"]),
    Kind("phone_start", lambda e: e.phone[:8], lambda e, said: said in e.phone, "phone LIKE %s",
         lambda said: [f"{said}%"]),
    Kind("phone_end", lambda e: e.phone[-4:], lambda e, said: said in e.phone, "phone_reversed LIKE %s",
         lambda said: [f"{said[::-1]}%"]),
    Kind("phone_middle", lambda e: e.phone[4:9], lambda e, said: said in e.phone, "phone LIKE %s",
         lambda said: [f"%{said}%"]),
    Kind("door", lambda e: short_door(e.dwelling), lambda e, said: short_door(e.dwelling) == said, "",
         lambda said: said.split("-")[::-1]),
)  # fmt: skip


def search_pairs(world: World) -> list[Pair]:
    """Of each kind what the database has to do, for other people in every turn; and the request with a number."""
    dice = random.Random(SEED)  # noqa: S311  (chance is seeded)
    entries = register_snapshot(world.community.pk)
    chosen = dice.sample([entry for entry in entries if len(entry.phone) == 11], TEXTS)
    pairs = []
    for kind in KINDS:
        said = [kind.says(entry) for entry in chosen]
        _compare(world, kind, said, entries)
        pairs.append(_pair(world, kind, said))
    return [*pairs, _number_pair(world, dice)]


def _compare(world: World, kind: Kind, said: Sequence[str], entries: Sequence[RegisterEntry]) -> None:
    """RuntimeError when a search finds anybody else than looking at everybody finds. A door is found as its household."""
    for text in said:
        found = search_people(world.scope, text, limit=EVERYBODY)
        meant = [entry for entry in entries if kind.means(entry, text)]
        ours: set[UUID | None] = {hit.person_id or hit.household_id for hit in found}
        everybody = {entry.household_id if kind.code == "door" else entry.person_id for entry in meant}
        if ours != everybody:
            raise RuntimeError(
                f"register.search.{kind.code} finds {len(ours)}, looking at everybody {len(everybody)}"
            )


def _pair(world: World, kind: Kind, said: Sequence[str]) -> Pair:
    asked = [reads_of(statements_of(lambda text=text: search_people(world.scope, text))) for text in said]  # type: ignore[misc]
    sql = PERSON.format(kind.condition) if kind.condition else DOOR
    key = _key(world)

    def rival(turn: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [key, *kind.params(said[turn % TEXTS])])
            cursor.fetchall()

    return Pair(
        f"register.search.{kind.code}",
        aim=2,
        beside="one SELECT by hand in the same community",
        ours=lambda turn: replay(asked[turn % TEXTS]),
        rival=rival,
    )


def _number_pair(world: World, dice: random.Random) -> Pair:
    numbers = dice.sample(
        list(
            requests_for(world.scope).filter(community_id=world.community.pk).values_list("number", flat=True)
        ),
        TEXTS,
    )
    asked = [
        reads_of(statements_of(lambda number=number: list(search_requests(world.scope, f"#{number}")[:8])))  # type: ignore[misc]
        for number in numbers
    ]
    for number in numbers:
        if number not in {row.number for row in search_requests(world.scope, f"#{number}")}:
            raise RuntimeError(f"register.search.number does not find {number}")
    key = _key(world)

    def rival(turn: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(NUMBER, [key, numbers[turn % TEXTS]])
            cursor.fetchall()

    return Pair(
        "register.search.number",
        aim=2,
        beside="one SELECT by hand in the same community",
        ours=lambda turn: replay(asked[turn % TEXTS]),
        rival=rival,
    )


def _key(world: World) -> str:
    return str(world.community.pk) if connection.vendor == "postgresql" else world.community.pk.hex


def worst_of(searches: list[Measured]) -> Measured:
    """The slowest kind of search under a name of its own."""
    worst = max(searches, key=lambda line: line.median)
    kind = worst.code.rpartition(".")[2]
    return Measured(**{**vars(worst), "code": "register.search.worst", "beside": f"{worst.beside} ({kind})"})
