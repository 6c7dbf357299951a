"""A point of 1,400 residents from six in the morning: three phones, two of them without a signal for an hour.

The point is played beside the program: people walk, wait and are sampled; the caller does what the board says, and
sees only what has arrived. What really happens is counted apart from the program.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest

from shouwang.accounts.models import User
from shouwang.core.bulk import insert_many
from shouwang.core.due import do_one
from shouwang.core.ids import uuid7
from shouwang.core.scope import Scope
from shouwang.incidents.tests.neighbourhood import Neighbourhood, add_user, settle
from shouwang.people.models import Household, Membership, Person
from shouwang.places.models import Dwelling
from shouwang.places.selectors import buildings_in
from shouwang.places.services import ensure_building, ensure_stairwell
from shouwang.rounds import services
from shouwang.rounds.models import Point, Round, SlotEntry
from shouwang.rounds.selectors import buildings_of, kept_counts, recount
from shouwang.rounds.selectors.calling import Board, board_of
from shouwang.rounds.services import Agreed, Word

pytest.importorskip("ortools")
pytestmark = pytest.mark.django_db

OPENS = datetime(2026, 2, 20, 22, 0, tzinfo=UTC)  # six in the morning there
SECONDS, TOLD, WALK, LIMIT, TABLES = 27, 35, 4, 60, 3
SILENT = (OPENS + timedelta(minutes=40), OPENS + timedelta(minutes=100))
MINUTE = timedelta(minutes=1)
# By so many people the queue on the board may differ from the one that stands there, phones silent or not.
LEEWAY = 12


def residents(here: Neighbourhood, buildings: int, people: int) -> None:
    """So many people in two stairwells of each building, one to five behind a door."""
    dice = Random(buildings)
    act = {"by": here.alice, "at": here.at}
    houses = [ensure_building(community=here.community, code=str(n + 11), **act) for n in range(buildings)]
    stairs = [ensure_stairwell(building=house, code=code, **act) for house in houses for code in "12"]
    doors: list[Dwelling] = []
    homes: list[Household] = []
    living: list[Person] = []
    members: list[Membership] = []
    while len(living) < people:
        stair = stairs[len(doors) % len(stairs)]
        floor = len(doors) // len(stairs) + 1
        doors.append(
            Dwelling(place=stair, door=f"{floor}01", floor=floor, sort_key=f"{floor:04d}", **stair.stamp())
        )
        homes.append(Household(dwelling=doors[-1], from_on=here.at.date(), **stair.stamp()))
        for _one in range(min(dice.randint(1, 5), people - len(living))):
            living.append(Person(name=f"居民{len(living)}", **stair.stamp()))
            members.append(
                Membership(person=living[-1], household=homes[-1], relation="other", from_on=here.at.date())
            )
    for rows in (doors, homes, living, members):
        insert_many(rows)


@dataclass
class Play:
    """What really happens. `words`: when a word of whom reaches the server, from which phone."""

    round: Round
    point: Point
    caller: User
    phones: list[User]
    scope: Scope
    free: list[tuple[datetime, int]] = field(default_factory=list)
    words: list[tuple[datetime, int, UUID]] = field(default_factory=list)
    there: list[tuple[datetime, datetime]] = field(default_factory=list)
    called: int = 0
    arrived: set[UUID] = field(default_factory=set)

    def call(self, slot_id: UUID, at: datetime) -> None:
        services.call_slot(slot_id=slot_id, by=self.caller, at=at)
        comes = max(at + WALK * MINUTE, OPENS)
        for pk in SlotEntry.objects.filter(slot_id=slot_id).order_by("id").values_list("entry_id", flat=True):
            begins, table = heapq.heappop(self.free)
            done = max(begins, comes) + timedelta(seconds=SECONDS)
            heapq.heappush(self.free, (done, table))
            self.there.append((comes, done))
            silent = table > 0 and SILENT[0] <= done < SILENT[1]
            heapq.heappush(self.words, (SILENT[1] if silent else done, table, pk))
            self.called += 1

    def hear(self, until: datetime) -> None:
        """What reaches the server until then: words one by one, and what a phone kept all at once."""
        while self.words and self.words[0][0] <= until:
            at, table, _pk = self.words[0]
            batch = []
            while self.words and self.words[0][:2] == (at, table):
                batch.append(Word(uuid7(), heapq.heappop(self.words)[2], "done"))
            for n in range(0, len(batch), 100):
                heard = services.hear_words(batch[n : n + 100], by=self.phones[table], at=at)
                assert not [one for one in heard if one.refusal]
            self.arrived |= {word.entry_id for word in batch}

    def really_waiting(self, at: datetime) -> int:
        return sum(1 for comes, done in self.there if comes <= at < done)


def play(here: Neighbourhood, buildings: int, people: int) -> Play:
    residents(here, buildings, people)
    phones = [add_user(f"Phone{n}") for n in range(TABLES)]
    houses = buildings_in(here.community.pk)[-buildings:]
    round_ = services.begin_round(
        community=here.community, name="第三轮", whom="people", places=houses, by=here.alice, at=here.at
    )
    agreed = Agreed(
        OPENS, TABLES, TOLD, LIMIT, WALK,
        paths=list(pairwise(houses)),
    )  # fmt: skip
    point = services.set_point(round_=round_, agreed=agreed, by=here.alice, at=OPENS - 20 * MINUTE)
    return Play(
        round_, point, here.alice, phones, here.scope(here.alice), free=[(OPENS, n) for n in range(TABLES)]
    )


def step(game: Play, at: datetime) -> Board:
    """A minute: words arrive, the worker plans, the caller looks and calls; the board is held to what arrived."""
    game.hear(at)
    while do_one("worker", at):
        pass
    game.point.refresh_from_db()
    board = board_of(game.point, at)
    while board.offered is not None and board.is_time(at):
        game.call(board.offered.slot.pk, at)
        board = board_of(game.point, at)
    total = game.round.frozen_count
    assert (board.done, board.total) == (len(game.arrived), total)
    assert board.uncalled == total - game.called
    counted = buildings_of(game.scope, game.round)
    assert sum(row.counts.done for row in counted) == len(game.arrived)
    really = game.really_waiting(at)
    assert really <= LIMIT
    assert abs(board.waiting - really) <= LEEWAY, (at, board.waiting, really, board.seconds)
    return board


@pytest.mark.parametrize(("buildings", "people"), [pytest.param(6, 200, marks=pytest.mark.both), (24, 1400)])
def test_the_board_is_right_at_every_minute_and_the_last_is_not_late(buildings: int, people: int) -> None:
    here = settle(OPENS - timedelta(days=1))
    game = play(here, buildings, people)
    at = OPENS - 15 * MINUTE
    quiet = 0
    while len(game.arrived) < people:
        board = step(game, at)
        quiet += bool(board.silent)
        at += MINUTE
        assert at < OPENS + timedelta(hours=6)
    last = max(done for _comes, done in game.there)
    bound = timedelta(seconds=people * SECONDS / TABLES, minutes=WALK)
    assert last - OPENS <= 1.10 * bound, (last - OPENS, bound)
    assert recount(game.round.pk) == kept_counts(game.round.pk)
    assert quiet > 0 or last < SILENT[0]
