"""Phones that lose answers, repeat themselves, change hands and hours: the invariants of working without a signal.

I1 a receipt is kept and true · I2 applied once · I3 the same state however batches are split, and the same attempts in
any order · I4 made = waiting + accepted + set aside, and gaps are seen · I6 what was erased does not return · I7 the
effect is its author's, a closed account's never applied by itself · I9 no clock of a phone decides anything. I5 and I10
are properties of other tests: of the register's fields, and of the change feed; I8 is the app's own, in a browser.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shouwang.accounts.models import User
from shouwang.accounts.services.devices import end_device
from shouwang.core.actors import OPERATOR
from shouwang.core.erasure import leave_tombstone
from shouwang.core.models import CommandReceipt
from shouwang.field.engines.sealed import Parcel
from shouwang.field.models import SetAside
from shouwang.field.selectors import phones_in
from shouwang.field.services import apply_set_aside, leave_out, receive_parcels
from shouwang.field.tests.phones import DONE, Phone, phone_of
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle
from shouwang.people.services import add_person
from shouwang.rounds.engines.evidence import Standing, Weight, dispute_id, weigh
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.rules import MOST_REFUSALS
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.services import begin_round
from shouwang.rounds.states import OPEN_STATES
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)
STATES = ("done", "away", "deferred", "refused", "waiting")
CLOCKS = (
    "2016-02-20T09:30:00+08:00",
    "2026-02-20T09:30:00+08:00",
    "2036-02-20T09:30:00+08:00",
    "2026-02-20T09:31:00+08:00",
)


@dataclass
class Expected:
    """An entry as it must stand, worked out from the order of arrival alone, one word at a time."""

    state: str = "waiting"
    last: UUID | None = None
    tube: str = ""
    disputed: bool = False
    refusals: int = 0

    def hear(self, pk: UUID, state: str, tube: str, base: UUID | None) -> bool:
        """Whether the word is taken."""
        if state == "refused" and self.refusals >= MOST_REFUSALS:
            return False
        self.refusals += state == "refused"
        before = Standing(self.state, self.last, self.tube, self.disputed)
        weight = weigh(before, state=state, tube=tube, base=base, open_states=OPEN_STATES)
        if weight is Weight.STANDS:
            self.state, self.last, self.tube, self.disputed = state, pk, tube, False
        elif weight is Weight.DISPUTES and self.last is not None:
            self.state, self.last, self.disputed = "waiting", dispute_id(self.last, pk), True
        return True


@dataclass
class Neighbours:
    """What all runs begin from."""

    here: Neighbourhood
    round: Round
    entries: list[Entry]
    users: list[User] = field(default_factory=list)


def begin() -> Neighbours:
    here = settle()
    for number, home in enumerate(here.households):
        add_person(household=home, name=f"居民{number}", by=OPERATOR, at=AT)
    round_ = begin_round(
        community=here.community, name="第三轮", whom="people", places=here.buildings, by=here.alice, at=AT
    )
    entries = list(round_.entries.order_by("stairwell_id")[:4])
    return Neighbours(here, round_, entries, [here.alice, here.bob])


class Phones(RuleBasedStateMachine):
    """Up to six phones of two people, one roster, and everything that can go wrong on the way."""

    world: Neighbours
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.at = AT
        self.phones: list[Phone] = []
        self.expected = {entry.pk: Expected() for entry in self.world.entries}
        self.seen: dict[UUID, dict[UUID, UUID | None]] = {}
        self.author: dict[UUID, User] = {}
        self.closed: set[UUID] = set()
        self.ended: set[UUID] = set()
        self.applied: set[UUID] = set()
        self.erased: set[UUID] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)
        for user in self.world.users:
            user.is_active = True

    @initialize()
    def two_phones(self) -> None:
        self.set_up(0)
        self.set_up(1)

    @precondition(lambda self: len(self.phones) < 6)
    @rule(who=st.integers(0, 1))
    def set_up(self, who: int) -> None:
        """A new phone, or the same anew after its PIN was lost: the old one's outbox goes on being carried."""
        phone = phone_of(self.world.users[who], self.at)
        self.phones.append(phone)
        self.seen[phone.device] = {}

    @rule(which=st.integers(0, 5), entry=st.integers(0, 3), state=st.sampled_from(STATES),
          tube=st.sampled_from(["", "", "T1", "T2"]), clock=st.sampled_from(CLOCKS))  # fmt: skip
    def tick(self, which: int, entry: int, state: str, tube: str, clock: str) -> None:
        """Somebody says something of an entry, wherever the phone's clock stands."""
        phone, row = self.phones[which % len(self.phones)], self.world.entries[entry]
        body = {
            "round": str(row.round_id),
            "who": {"entry": str(row.pk)},
            "state": state,
            "note": "说明过",
            "tube": tube,
        }
        pk = phone.make("rounds.mark", body, base=self.seen[phone.device].get(row.pk), claimed=clock)
        self.seen[phone.device][row.pk] = pk
        self.author[pk] = phone.user

    @rule(which=st.integers(0, 5), fault=st.sampled_from(["schema", "kind", "body"]))
    def of_another_version(self, which: int, fault: str) -> None:
        """A phone that is newer than the server, or broken."""
        phone, row = self.phones[which % len(self.phones)], self.world.entries[0]
        body: Any = {"round": str(row.round_id), "who": {"entry": str(row.pk)}, "state": "done"}
        pk = phone.make("rounds.mark", body)
        said = (
            phone.made[pk]
            | {"schema": {"schema": 2}, "kind": {"kind": "rounds.sing"}, "body": {"body": None}}[fault]
        )
        phone.outbox[pk], phone.made[pk] = phone.seal(pk, phone.seq, said), said
        self.author[pk] = phone.user

    @rule(which=st.integers(0, 5))
    def fetch(self, which: int) -> None:
        """The phone is given how everything stands; what it has not sent it still believes."""
        phone = self.phones[which % len(self.phones)]
        known = self.seen[phone.device]
        for entry in Entry.objects.filter(pk__in=self.expected):
            if known.get(entry.pk) not in phone.outbox:
                known[entry.pk] = entry.last

    @rule(which=st.integers(0, 5), take=st.integers(1, 8), cut=st.integers(0, 8), heard=st.booleans(), twice=st.booleans(),
          mixed=st.randoms(use_true_random=False))  # fmt: skip
    def send(self, which: int, take: int, cut: int, heard: bool, twice: bool, mixed: Any) -> None:
        """Some of what waits, in any order, in two batches, perhaps twice; the answer may never come."""
        phone = self.phones[which % len(self.phones)]
        parcels = list(phone.outbox.values())
        mixed.shuffle(parcels)
        self._carry([phone], parcels[:take], cut, heard=heard, twice=twice)

    @rule()
    def carry_all(self) -> None:
        """A colleague brings what lies on every phone."""
        self._carry(
            self.phones,
            [p for phone in self.phones for p in phone.outbox.values()],
            0,
            heard=True,
            twice=False,
        )

    def _carry(
        self, phones: list[Phone], parcels: list[Parcel], cut: int, *, heard: bool, twice: bool
    ) -> None:
        self.at += timedelta(minutes=1)
        for batch in (parcels[:cut], parcels[cut:]):
            lines = receive_parcels(batch * (1 + twice), at=self.at)
            self._expect(batch, {line.id: line.status for line in reversed(lines)})
            for phone in phones if heard else ():
                phone.hear(lines)

    def _expect(self, batch: list[Parcel], told: dict[UUID, str]) -> None:
        for parcel in batch:
            assert told[parcel.id] in DONE
            if parcel.id in self.applied or CommandReceipt.objects.get(pk=parcel.id).arrived_at != self.at:
                continue
            taken = self._applies(parcel)
            assert (CommandReceipt.objects.get(pk=parcel.id).status == "accepted") == taken
            self.applied |= {parcel.id} if taken else set()

    def _applies(self, parcel: Parcel) -> bool:
        said = next(phone.made[parcel.id] for phone in self.phones if parcel.id in phone.made)
        if said["kind"] != "rounds.mark" or said["schema"] != 1 or said["body"] is None:
            return False
        if self.author[parcel.id].pk in self.closed or parcel.device in self.ended:
            return False
        return self._hear(parcel.id, said)

    def _hear(self, pk: UUID, said: dict[str, Any]) -> bool:
        body = said["body"]
        entry = UUID(body["who"]["entry"])
        if entry in self.erased or not self._reaches(self.author[pk], entry):
            return False
        base = UUID(said["base"]) if said["base"] else None
        return self.expected[entry].hear(pk, body["state"], body.get("tube", ""), base)

    def _reaches(self, user: User, entry: UUID) -> bool:
        """Bob heads one stairwell."""
        row = next(row for row in self.world.entries if row.pk == entry)
        return user == self.world.here.alice or row.stairwell_id == self.world.here.stairwells[0].pk

    @rule(who=st.integers(0, 1), is_active=st.booleans())
    def close_account(self, who: int, is_active: bool) -> None:
        user = self.world.users[who]
        User.objects.filter(pk=user.pk).update(is_active=is_active)
        self.closed = self.closed - {user.pk} if is_active else self.closed | {user.pk}

    @rule(which=st.integers(0, 5))
    def lose(self, which: int) -> None:
        """A phone is reported lost."""
        phone = self.phones[which % len(self.phones)]
        if phone.device not in self.ended:
            end_device(user=phone.user, device_id=phone.device, at=self.at)
            self.ended.add(phone.device)

    @rule(which=st.integers(0, 5))
    def forge(self, which: int) -> None:
        """Somebody changes what he carries, or sends another body under an id that was used."""
        phone = self.phones[which % len(self.phones)]
        for pk in [pk for pk in phone.made if pk in phone.receipts][:1]:
            said = phone.made[pk] | {"made_at": "2026-02-20T10:00:00+08:00"}
            line = receive_parcels([phone.seal(pk, 1, said)], at=self.at)[0]
            assert (line.status, line.reason) == ("quarantined", "two-bodies")

    @rule(apply=st.booleans())
    def decide(self, apply: bool) -> None:
        """The secretary decides about the oldest thing that was set aside because its author may no longer speak."""
        row = (
            SetAside.objects.filter(decision="", reason__in=("author-revoked", "device-ended"))
            .order_by("arrived_at")
            .first()
        )
        if row is None or row.author is None:
            return
        if not apply:
            leave_out(row=row, by=self.world.here.alice, at=self.at)
            return
        said = next(phone.made[row.command_id] for phone in self.phones if row.command_id in phone.made)
        copy = {pk: Expected(**vars(one)) for pk, one in self.expected.items()}
        body = said["body"]
        entry = UUID(body["who"]["entry"])
        base = UUID(said["base"]) if said["base"] else None
        if entry in self.erased or not copy[entry].hear(row.command_id, body["state"], body["tube"], base):
            return
        apply_set_aside(row=row, by=self.world.here.alice, at=self.at)
        self.expected = copy
        self.applied.add(row.command_id)

    @rule(entry=st.integers(0, 3))
    def erase(self, entry: int) -> None:
        """An entry is erased with all its attempts; late words about it must not bring it back."""
        row = self.world.entries[entry]
        if len(self.erased) < 2 and row.pk not in self.erased:
            Entry.objects.filter(pk=row.pk).delete()
            leave_tombstone("rounds.entry", row.pk, self.at)
            self.erased.add(row.pk)

    @invariant()
    def every_receipt_is_kept_and_true(self) -> None:
        kept = dict(
            CommandReceipt.objects.filter(device_id__isnull=False).values_list("command_id", "status")
        )
        for phone in self.phones:
            for pk, line in phone.receipts.items():
                assert (kept[pk] == "accepted") or line.status == "quarantined"
        assert {pk for pk, status in kept.items() if status == "accepted"} == self.applied

    @invariant()
    def each_is_applied_once_and_to_its_author(self) -> None:
        attempts = dict(Attempt.objects.values_list("pk", "by_id"))
        of_erased = {pk for pk in self.applied if UUID(self._said(pk)["body"]["who"]["entry"]) in self.erased}
        assert set(attempts) == self.applied - of_erased
        assert all(author == self.author[pk].pk for pk, author in attempts.items())

    def _said(self, pk: UUID) -> dict[str, Any]:
        return next(phone.made[pk] for phone in self.phones if pk in phone.made)

    @invariant()
    def what_was_made_waits_or_has_a_receipt_and_gaps_are_seen(self) -> None:
        arrived = set(
            CommandReceipt.objects.filter(device_id__isnull=False).values_list("command_id", "device_seq")
        )
        seqs = dict(arrived)
        told = {one.device.pk: one for one in phones_in([self.world.here.community.pk])}
        for phone in self.phones:
            assert set(phone.made) == set(phone.outbox) | set(phone.receipts)
            mine = [seqs[pk] for pk in phone.made if pk in seqs]
            if phone.device in told:
                gaps = max(mine, default=0) - len(mine)
                assert (told[phone.device].arrived, told[phone.device].missing) == (len(mine), gaps)

    @invariant()
    def the_roster_follows_from_the_order_of_arrival(self) -> None:
        rows = {row.pk: row for row in Entry.objects.filter(pk__in=self.expected)}
        assert set(rows) == set(self.expected) - self.erased
        for pk, row in rows.items():
            one = self.expected[pk]
            assert (row.state, row.last, row.disputed) == (one.state, one.last, one.disputed)

    @invariant()
    def the_counters_agree(self) -> None:
        if not self.erased:
            assert recount(self.world.round.pk) == kept_counts(self.world.round.pk)


def test_phones_keep_the_invariants() -> None:
    wanted = trials_wanted(15, 10_000)
    Phones.world, Phones.runs = begin(), 0
    chosen = settings(
        max_examples=wanted, stateful_step_count=25, deadline=None, derandomize=wanted < 1000,
        suppress_health_check=list(HealthCheck), print_blob=False,
        database=None,
    )  # fmt: skip
    failed = 1
    try:
        run_state_machine_as_test(Phones, settings=chosen)
        failed = 0
    finally:
        what = "a run of up to six phones that lose, repeat, are carried, forged and ended"
        record_trial(9, trials=Phones.runs, failed=failed, what=what)
