"""Rounds of a whole district in one table: who is missing in one community, and how far the district is per building."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shouwang.core.bulk import insert_many
from shouwang.core.ids import uuid7
from shouwang.core.scope import scope_for
from shouwang.people.models import Household, Membership, Person
from shouwang.places import services as places
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in
from shouwang.places.services import WantedLeaf
from shouwang.rounds.models import Campaign, Entry, Round, Tally
from shouwang.rounds.selectors import missing_rows
from shouwang.rounds.selectors.campaigns import Sums, counted_by_building
from shouwang.rounds.services import Word, begin_campaign, begin_round, hear_words
from shouwang.rounds.states import OPEN_STATES, EntryState
from shouwang.site.bench.timing import Pair
from shouwang.site.bench.world import World

PEOPLE = 3_700
IN_DISTRICT = 190  # communities of 3,700: 700,000 people
LEFT_OPEN = 10  # in a hundred
SPOKEN_OF = 2_000

MISSING = """
SELECT e.id, e.state, e.tries, p.name, p.phone, d.door, d.floor, house.name, leaf.name, a.at, u.name
FROM rounds_entry e JOIN people_person p ON p.id = e.person_id JOIN people_household h ON h.id = e.household_id
JOIN places_dwelling d ON d.id = h.dwelling_id JOIN places_place leaf ON leaf.id = d.place_id
LEFT JOIN places_place house ON house.id = d.building_id
LEFT JOIN rounds_attempt a ON a.id = e.last LEFT JOIN accounts_user u ON u.id = a.by_id
WHERE e.round_id = %s AND e.state IN ('waiting', 'away', 'deferred') ORDER BY e.sort_key LIMIT 300
"""
BY_BUILDING = """
SELECT building_id, sum(waiting + done + refused + away + moved + exempt + deferred + not_reached), sum(done),
       sum(waiting + away + deferred)
FROM rounds_tally WHERE campaign_id = %s GROUP BY building_id
"""
RECOUNT = """
SELECT e.building_id, count(*), count(*) FILTER (WHERE e.state = 'done'),
       count(*) FILTER (WHERE e.state IN ('waiting', 'away', 'deferred'))
FROM rounds_entry e JOIN rounds_round r ON r.id = e.round_id WHERE r.campaign_id = %s GROUP BY e.building_id
"""


class Uneven(Exception):
    """The counters and a recount of the entries differ."""


def coverage_pairs(world: World, say: Callable[[str], object]) -> list[Pair]:
    """The pairs; none on SQLite, where no district runs. `world.size.records` entries are in the table then."""
    if connection.vendor != "postgresql":
        say("rounds.missing.3700 and rounds.coverage.district: on PostgreSQL only")
        return []
    campaign, round_ = _district(world, say)
    scope = scope_for(world.secretary, world.at)
    _speak(world, campaign)
    counted = counted_by_building(campaign.pk)
    if counted != recounted(campaign.pk):
        raise Uneven
    say(
        f"{len(counted):,} buildings, {sum(row.total for row in counted.values()):,} people, recounted: the same"
    )
    return [
        Pair(
            "rounds.missing.3700",
            aim=5,
            beside="one SELECT by hand of the same lines",
            ours=lambda turn: missing_rows(scope, round_),
            rival=lambda turn: _rows(MISSING, round_.pk),
        ),
        Pair(
            "rounds.coverage.district",
            aim=3,
            beside="one SELECT by hand of the same counters",
            ours=lambda turn: counted_by_building(campaign.pk),
            rival=lambda turn: _rows(BY_BUILDING, campaign.pk),
        ),
        Pair(
            "rounds.coverage.recount",
            aim=3,
            beside="the entries themselves counted again",
            ours=lambda turn: counted_by_building(campaign.pk),
            rival=lambda turn: recounted(campaign.pk),
            rounds=3,
        ),
    ]


def recounted(campaign_id: UUID) -> dict[UUID, Sums]:
    """A campaign per building, counted from the entries."""
    return {pk: Sums(total, done, left) for pk, total, done, left in _rows(RECOUNT, campaign_id)}


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _district(world: World, say: Callable[[str], object]) -> tuple[Campaign, Round]:
    """One real round of 3,700 people, marked through the services, copied until the table is as long as wanted."""
    district = places.add_office(
        level="district", code="bench", name="北塔区", by=world.secretary, at=world.at
    )
    campaign = begin_campaign(place=district, name="全区采样", by=world.secretary, at=world.at)
    with transaction.atomic():
        community = _community(world)
    round_ = begin_round(
        community=community, name="第三轮", whom="people", places=buildings_in(community.pk),
        by=world.secretary, at=world.at,
    )  # fmt: skip
    entries = list(round_.entries.filter(state=EntryState.WAITING).order_by("sort_key"))
    words = [
        Word(uuid7(), entry.pk, "done" if number % LEFT_OPEN else "away")
        for number, entry in enumerate(entries)
    ]
    with transaction.atomic():
        hear_words(words, by=world.secretary, at=world.at)
    copies = max(world.size.records // round_.frozen_count, 1)
    say(f"{copies * round_.frozen_count:,} entries of {copies:,} rounds")
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Round, Entry, Tally):
            with _bare(cursor, model._meta.db_table):
                cursor.execute(_copying(model), [campaign.pk, IN_DISTRICT, copies, round_.pk])
    _rows_of("VACUUM ANALYZE")
    return campaign, round_


@contextmanager
def _bare(cursor: Any, table: str) -> Iterator[None]:
    """The table without foreign keys and indexes but the key meanwhile: millions of rows are indexed at once after."""
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')


def _rows_of(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _community(world: World) -> Place:
    """24 buildings with two stairwells of 26 doors each, and 3,700 made-up people behind them."""
    here: dict[str, Any] = {"by": world.secretary, "at": world.at}
    community = places.create_community(code="bench-3700", name="三千七社区", **here)
    leaves = places.ensure_leaves(
        community=community, wanted=[WantedLeaf(str(b), str(s)) for b in range(1, 25) for s in (1, 2)], **here
    )
    wanted = [
        (leaf, f"{floor}0{door}", floor)
        for leaf in leaves.values()
        for floor in range(1, 14)
        for door in (1, 2)
    ]
    doors = places.ensure_dwellings(wanted=wanted, **here).values()
    day = world.at.date()
    homes = [Household(dwelling=door, from_on=day, **door.stamp()) for door in doors]
    people = [
        Person(name=f"甲{number}", phone=f"1990009{number:04d}", **homes[number % len(homes)].stamp())
        for number in range(PEOPLE)
    ]
    insert_many(homes)
    insert_many(people)
    insert_many(
        [
            Membership(person=person, household=homes[number % len(homes)], from_on=day)
            for number, person in enumerate(people)
        ]
    )
    places.appoint(place=community, role="secretary", holder=world.secretary, **here)
    return community


def _copying(model: type[Round | Entry | Tally]) -> str:
    """INSERT ... SELECT of one round's rows, many times over: asks for the campaign, how many belong to it, how many
    copies there are, and the round."""
    columns = [
        field.column for field in model._meta.concrete_fields if field.column != "id" or model is not Tally
    ]
    wanted = ", ".join(_expression(model, column) for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    own = "id" if model is Round else "round_id"
    return (
        f'INSERT INTO "{table}" ({named}) SELECT {wanted} FROM'  # noqa: S608  (our own names)
        f" (SELECT n, %s::uuid AS campaign, %s::int AS inside FROM generate_series(1, %s::int) AS n) AS c,"
        f' "{table}" AS row WHERE row."{own}" = %s'
    )


def _expression(model: type[Round | Entry | Tally], column: str) -> str:
    twins = {"id", "round_id", "community_id", "grid_id", "building_id", "stairwell_id", "leaf_id"}
    if column == "campaign_id":
        return "CASE WHEN c.n <= c.inside THEN c.campaign END"
    if column in twins:
        return f'md5(row."{column}"::text || c.n::text)::uuid'
    return f'row."{column}"'


def _speak(world: World, campaign: Campaign) -> None:
    """So that the counters have moved by the way that people move them: some thousand words all over the district."""
    open_ones = campaign.rounds.filter(entries__state__in=OPEN_STATES).order_by("entries__pk")
    ids = list(open_ones.values_list("entries__pk", flat=True)[:SPOKEN_OF])
    with transaction.atomic():
        hear_words([Word(uuid7(), pk, "done") for pk in ids], by=world.secretary, at=world.at)
