"""Phones that put the register right: field by field in order of arrival, no word lost, nothing that keeps somebody
alive ended by a phone, and no change that a phone's fetching passes over.

I2 applied once · I3 however batches are split · I5 two who did not know of each other leave a contradiction, and only
they · I7 the word is its author's · I9 no phone's clock decides · I10 what was committed comes with the next fetching ·
I11 every open danger to life has a due row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shouwang.accounts.models import User
from shouwang.core.actors import OPERATOR
from shouwang.core.models import DueRow
from shouwang.core.scope import scope_for
from shouwang.field.engines.sealed import Parcel
from shouwang.field.selectors import snapshot_for
from shouwang.field.services import receive_parcels
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle
from shouwang.people.models import CareFlag, Contradiction, Person
from shouwang.people.selectors.contradictions import marks_of
from shouwang.people.services import add_person, change_person, decide_contradiction
from shouwang.places.services import appoint
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.services import begin_round
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)
SAYABLE = {"name": ("王桂英", "王桂瑛", "王贵英"), "phone": ("", "19900000001", "19900000002")}
CLOCKS = ("2016-02-20T09:30:00+08:00", "2026-02-20T09:30:00+08:00", "2036-02-20T09:30:00+08:00")
WHICH, WHOM = st.integers(0, 3), st.integers(0, 1)


@dataclass
class Register:
    """What all runs begin from. Bob looks after the grid, Alice after the community."""

    here: Neighbourhood
    round: Round
    entry: Entry
    persons: list[Person]


@dataclass
class Carried:
    """A phone, what it was last given, and by its words what it believes the register says."""

    phone: Phone
    position: int = 0
    mark: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    believes: dict[tuple[UUID, str], str] = field(default_factory=dict)
    marks: dict[tuple[UUID, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """One word of a phone: about what, what it believed, what it says."""

    person: UUID
    field: str
    value: str
    believed: str
    by: User


def begin() -> Register:
    here = settle()
    appoint(place=here.grid, role="grid_worker", holder=here.bob, by=OPERATOR, at=AT)
    persons = [
        add_person(household=home, name="王桂英", phone="", by=OPERATOR, at=AT)
        for home in here.households[:2]
    ]
    round_ = begin_round(
        community=here.community, name="第三轮", whom="people", places=here.buildings, by=here.alice, at=AT
    )
    return Register(here, round_, round_.entries.order_by("pk")[0], persons)


class Words(RuleBasedStateMachine):
    """Four phones of two people and the desk, two residents, every order of arrival."""

    world: Register
    runs = 0
    # In all runs together: runs in which nobody contradicts anybody show nothing.
    contradictions = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.at = AT
        users = [self.world.here.alice, self.world.here.bob]
        self.carried = [Carried(phone_of(users[number % 2], AT)) for number in range(4)]
        self.said: dict[UUID, Said] = {}
        self.safety: dict[UUID, tuple[UUID, bool]] = {}
        self.heard: set[UUID] = set()
        names = {(one.pk, name): getattr(one, name) for one in self.world.persons for name in SAYABLE}
        self.stands: dict[tuple[UUID, str], str] = names
        self.author: dict[tuple[UUID, str], User | None] = dict.fromkeys(names)
        self.contradicted: list[tuple[UUID, str, str, str, Any]] = []
        self.has: set[UUID] = set()
        for one in self.carried:
            self._give(one)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)

    # ── what people do ──────────────────────────────────────────────────────────────────────────────────

    @rule(which=WHICH, whom=WHOM, name=st.sampled_from(sorted(SAYABLE)), value=st.integers(0, 2),
          clock=st.sampled_from(CLOCKS))  # fmt: skip
    def put_right(self, which: int, whom: int, name: str, value: int, clock: str) -> None:
        """On the stairs: this is how it is now."""
        one, person = self.carried[which], self.world.persons[whom]
        key, new = (person.pk, name), SAYABLE[name][value]
        seen = one.marks[key]
        pk = one.phone.make(
            "people.amend", self._body(person) | {name: {"value": new, "seen": seen}}, claimed=clock
        )
        self.said[pk] = Said(person.pk, name, new, one.believes[key], one.phone.user)

    @rule(which=WHICH, whom=WHOM, name=st.sampled_from(sorted(SAYABLE)), value=st.integers(0, 2), turn=st.integers(1, 2),
          fetched=st.booleans())  # fmt: skip
    def both_write(self, which: int, whom: int, name: str, value: int, turn: int, fetched: bool) -> None:
        """Two phones write different things of one field; the one that sends later may have looked in between."""
        first, second = which, (which + 1) % len(self.carried)
        self.put_right(first, whom, name, value, CLOCKS[0])
        self.send(first, 0, True, 1, Random(0))
        if fetched:
            self.fetch(second)
        self.put_right(second, whom, name, (value + turn) % 3, CLOCKS[2])
        self.send(second, 0, True, 2, Random(0))

    @rule(which=WHICH, whom=WHOM, holds=st.booleans())
    def say_of_oxygen(self, which: int, whom: int, holds: bool) -> None:
        """On the stairs: has it, or has it no longer."""
        one, person = self.carried[which], self.world.persons[whom]
        pk = one.phone.make(
            "people.amend", self._body(person) | {"safety": [{"kind": "oxygen", "holds": holds}]}
        )
        self.safety[pk] = (person.pk, holds)

    @rule(which=WHICH, words=st.sampled_from(["摔倒了", ""]))
    def call_for_help(self, which: int, words: str) -> None:
        """Somebody lies on the stairs."""
        body = {
            "round": str(self.world.round.pk), "entry": str(self.world.entry.pk), "category": "emergency", "words": words,
        }  # fmt: skip
        self.carried[which].phone.make("rounds.trouble", body)

    @rule(whom=WHOM, name=st.sampled_from(sorted(SAYABLE)), value=st.integers(0, 2))
    def at_the_desk(self, whom: int, name: str, value: int) -> None:
        """The secretary writes it, looking at the register."""
        self.at += timedelta(minutes=1)
        person, new = Person.objects.get(pk=self.world.persons[whom].pk), SAYABLE[name][value]
        change_person(
            person=person, by=self.world.here.alice, at=self.at, seen=marks_of(person), **{name: new}
        )
        self._arrive(Said(person.pk, name, new, self.stands[person.pk, name], self.world.here.alice))

    @rule(other=st.booleans())
    def decide(self, other: bool) -> None:
        """Somebody says which of two words about a name or number holds."""
        rows = Contradiction.objects.filter(decided_at__isnull=True, flag__isnull=True)
        row = rows.order_by("pk").first()
        if row is None:
            return
        self.at += timedelta(minutes=1)
        decide_contradiction(contradiction=row, take_other=other, by=self.world.here.alice, at=self.at)
        key = (row.person_id, row.field)
        if other and self.stands[key] != row.other:
            self.stands[key], self.author[key] = row.other, self.world.here.alice

    # ── on the way ──────────────────────────────────────────────────────────────────────────────────────

    @rule(which=WHICH, cut=st.integers(0, 6), heard=st.booleans(), times=st.integers(1, 10),
          mixed=st.randoms(use_true_random=False))  # fmt: skip
    def send(self, which: int, cut: int, heard: bool, times: int, mixed: Any) -> None:
        """What waits, in any order, in two batches, each up to ten times; the answer may never come."""
        phone = self.carried[which].phone
        parcels = list(phone.outbox.values())
        mixed.shuffle(parcels)
        self.at += timedelta(minutes=1)
        for batch in (parcels[:cut], parcels[cut:]):
            lines = receive_parcels(batch * times, at=self.at)
            self._expect(batch)
            if heard:
                phone.hear(lines)

    @rule(which=WHICH)
    def fetch(self, which: int) -> None:
        """The phone asks what is new. What it is not told anew must be as it was."""
        self.at += timedelta(minutes=1)
        self._give(self.carried[which])

    def _give(self, one: Carried) -> None:
        scope = scope_for(one.phone.user, self.at)
        answer = snapshot_for(scope, self.at, after=one.position, mark=one.mark)
        one.position = answer["position"]
        if "unchanged" not in answer:
            one.mark, one.given = answer["mark"], answer
        whole = snapshot_for(scope, self.at, after=0, mark="")
        for part in ("homes", "safety", "rounds", "entries", "work"):
            assert one.given[part] == whole[part], f"{part} had changed and the phone was not told"
        rows = {row.pk: row for row in Person.objects.filter(pk__in=[p.pk for p in self.world.persons])}
        for pk, row in rows.items():
            for name, mark in marks_of(row).items():
                one.believes[pk, name], one.marks[pk, name] = getattr(row, name), mark

    # ── what must come of it ────────────────────────────────────────────────────────────────────────────

    def _body(self, person: Person) -> dict[str, Any]:
        return {"household": str(person.memberships.get().household_id), "person": str(person.pk)}

    def _expect(self, batch: list[Parcel]) -> None:
        for parcel in batch:
            if parcel.id in self.heard:
                continue
            self.heard.add(parcel.id)
            if parcel.id in self.said:
                self._arrive(self.said[parcel.id])
            elif parcel.id in self.safety and self.safety[parcel.id][1]:
                self.has.add(self.safety[parcel.id][0])

    def _arrive(self, said: Said) -> None:
        """The rule in plain words: the later stands; what it went over unknowing is kept, with its author."""
        key = (said.person, said.field)
        if said.value == self.stands[key]:
            return
        if said.believed == said.value:
            return
        if said.believed != self.stands[key]:
            type(self).contradictions += 1
            self.contradicted.append(
                (said.person, said.field, said.value, self.stands[key], self.author[key])
            )
        self.stands[key], self.author[key] = said.value, said.by

    @invariant()
    def the_register_says_what_came_last(self) -> None:
        for person in Person.objects.filter(pk__in=[one.pk for one in self.world.persons]):
            for name in SAYABLE:
                assert getattr(person, name) == self.stands[person.pk, name]

    @invariant()
    def every_word_gone_over_unknowing_is_kept_and_no_other(self) -> None:
        rows = (
            Contradiction.objects.filter(flag__isnull=True)
            .select_related("other_by")
            .order_by("found_at", "pk")
        )
        kept = [(row.person_id, row.field, row.stands, row.other, row.other_by) for row in rows]
        assert sorted(map(str, kept)) == sorted(map(str, self.contradicted))

    @invariant()
    def what_keeps_somebody_alive_is_ended_by_nobodys_phone(self) -> None:
        flags = CareFlag.objects.filter(kind="oxygen", state__in=["proposed", "accepted"])
        assert set(flags.values_list("person_id", flat=True)) == self.has
        for flag in flags:
            assert flag.contradictions.filter(decided_at__isnull=True).count() <= 1

    @invariant()
    def every_open_danger_has_a_due_row(self) -> None:
        asked = HelpRequest.objects.filter(urgency="life", state="new").values_list("pk", flat=True)
        due = DueRow.objects.filter(kind="help.escalate", failed_at__isnull=True)
        assert set(asked) == set(due.values_list("subject_id", flat=True))


def test_phones_put_the_register_right() -> None:
    wanted = trials_wanted(15, 10_000)
    Words.world, Words.runs, Words.contradictions = begin(), 0, 0
    chosen = settings(
        max_examples=wanted, stateful_step_count=25, deadline=None, derandomize=wanted < 1000,
        suppress_health_check=list(HealthCheck), print_blob=False, database=None,
    )  # fmt: skip
    failed = 1
    try:
        run_state_machine_as_test(Words, settings=chosen)
        failed = 0
    finally:
        what = (
            "a run of four phones that write the register at once, each delivery up to ten times and shuffled"
        )
        record_trial(7, trials=Words.runs, failed=failed, what=what, contradictions=Words.contradictions)
    assert wanted // 2 <= Words.contradictions, "hardly anybody contradicted anybody"
