"""Finding people, beside one SELECT written by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.db import connection

from shouwang.people.engines.names import typed_forms
from shouwang.people.selectors import register_snapshot, search_people
from shouwang.places.selectors import short_door
from shouwang.site.bench.timing import Measured, Pair
from shouwang.site.bench.world import World

SEED = 7
PERSON = "SELECT id, name FROM people_person WHERE {} LIMIT 20"
DOOR = (
    "SELECT d.id FROM places_dwelling d JOIN places_place leaf ON leaf.id = d.place_id"
    " JOIN places_place house ON house.id = leaf.building_id"
    " WHERE d.door = %s AND leaf.code = %s AND house.code = %s LIMIT 20"
)


def search_pairs(world: World) -> list[Pair]:
    """By a name, by its initials, by the end of a phone, by a door: of other people in every turn."""
    dice = random.Random(SEED)  # noqa: S311  (chance is seeded)
    entries = [entry for entry in register_snapshot(world.community.pk) if entry.phone]
    chosen = dice.sample(entries, 25)
    letters = [typed_forms(entry.name)[0] for entry in chosen]
    doors = [short_door(entry.dwelling) for entry in chosen]
    return [
        _pair(world, "name", [e.name for e in chosen], "name LIKE %s", lambda said: [f"%{said}%"]),
        _pair(world, "initials", letters, "name_letters LIKE %s", lambda said: [f"{said}%"]),
        _pair(world, "phone", [e.phone[-4:] for e in chosen], "phone_reversed LIKE %s", lambda said: [f"{said[::-1]}%"]),
        _pair(world, "door", doors, "", lambda said: said.split("-")[::-1]),
    ]  # fmt: skip


def _pair(
    world: World, kind: str, said: list[str], condition: str, params: Callable[[str], list[Any]]
) -> Pair:
    sql = PERSON.format(condition) if condition else DOOR

    def ours(turn: int) -> None:
        text = said[turn % len(said)]
        if not search_people(world.scope, text):
            raise RuntimeError(f"register.search.{kind} found nobody")

    def rival(turn: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params(said[turn % len(said)]))
            cursor.fetchall()

    return Pair(f"register.search.{kind}", aim=2, beside="one SELECT by hand", ours=ours, rival=rival)


def worst_of(searches: list[Measured]) -> Measured:
    """The slowest kind of search under a name of its own."""
    worst = max(searches, key=lambda line: line.median)
    kind = worst.code.rpartition(".")[2]
    return Measured(**{**vars(worst), "code": "register.search.worst", "beside": f"{worst.beside} ({kind})"})
