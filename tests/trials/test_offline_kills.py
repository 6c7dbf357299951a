"""kill -9 of the server while it takes in what phones have kept: at its Nth statement, and at any moment."""

from __future__ import annotations

import os
import pickle
import random
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from django.db import connection

from shouwang.core.actors import OPERATOR
from shouwang.core.models import AuditEntry, CommandReceipt
from shouwang.field.engines.sealed import Parcel
from shouwang.field.services import Line, receive_parcels
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle
from shouwang.people.services import add_person
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.services import begin_round
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)
# Statements of one batch, and more: beyond the last one the answer is lost, not the work.
STATEMENTS = 40
BATCH = 8


def furnish() -> tuple[Neighbourhood, Round]:
    here = settle()
    for number, home in enumerate(here.households):
        for other in range(3):
            add_person(household=home, name=f"居民{number}-{other}", by=OPERATOR, at=AT)
    return here, begin_round(
        community=here.community, name="第三轮", whom="people", places=here.buildings, by=here.alice, at=AT
    )


def in_a_child(parcels: list[Parcel], die: Callable[[], None], patience: float) -> list[Line]:
    """What a process answered that takes the parcels in; nothing if it was killed before it could.

    `die` arms its death from inside; after `patience` seconds it is killed from outside.
    """
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]  (or two processes would speak on one socket)
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        _serve(parcels, die, writes)
    os.close(writes)
    time.sleep(patience)
    if patience:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said.endswith(b".") else []


def _serve(parcels: list[Parcel], die: Callable[[], None], writes: int) -> NoReturn:
    try:
        die()
        lines = receive_parcels(parcels, at=AT)
        os.write(writes, pickle.dumps(lines))
    finally:
        os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def at_statement(number: int) -> Callable[[], None]:
    """Death at the Nth statement, before it is done."""
    left = [number]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    return lambda: connection.execute_wrappers.append(count)


def make_some(phone: Phone, entries: list[Entry], chance: random.Random) -> None:
    for entry in chance.sample(entries, BATCH):
        state = chance.choice(["done", "away", "refused", "waiting"])
        tube = chance.choice(["", "T1", "T2"]) if state == "done" else ""
        body = {
            "round": str(entry.round_id),
            "who": {"entry": str(entry.pk)},
            "state": state,
            "note": "说明过",
        }
        phone.make("rounds.mark", body | {"tube": tube}, base=chance.choice([None, *list(phone.made)[-3:]]))


def faults_of(phones: list[Phone], round_: Round) -> list[str]:
    """What is wrong with what the phones were told, against what is there."""
    receipts = {row.pk: row for row in CommandReceipt.objects.all()}
    attempts = set(Attempt.objects.values_list("pk", flat=True))
    faults = []
    for phone in phones:
        for pk in phone.made:
            row, line = receipts.get(pk), phone.receipts.get(pk)
            if row is None or line is None:
                faults.append(f"{pk}: receipt {row}, told {line}")
            elif (row.status == "accepted") != (line.status in ("accepted", "duplicate")):
                faults.append(f"{pk}: told {line.status}, kept {row.status}")
            elif (row.status == "accepted") != (pk in attempts):
                faults.append(f"{pk}: {row.status} and attempt is {pk in attempts}")
    made = {pk for phone in phones for pk in phone.made}
    faults += [f"attempts of no command: {attempts - made}"] * bool(attempts - made)
    if recount(round_.pk) != kept_counts(round_.pk):
        faults.append("the counters differ from the roster")
    counted = sum(
        (row.payload or {}).get("entries", 1)
        for row in AuditEntry.objects.filter(kind__in=("rounds.entry.marked", "rounds.entries.marked"))
    )
    return faults + [f"{counted} marks on record, {len(attempts)} attempts"] * (counted != len(attempts))


def test_nothing_receipted_is_lost_and_nothing_doubled_when_the_server_is_killed_in_a_batch() -> None:
    here, round_ = furnish()
    entries, chance = list(round_.entries.all()), random.Random(20221124)
    phones = [phone_of(here.alice, AT) for _number in range(3)]
    trials, killed = trials_wanted(20, 3000), 0
    for number in range(trials):
        phone = phones[number % 3]
        make_some(phone, entries, chance)
        parcels = list(phone.outbox.values())
        chance.shuffle(parcels)
        if number % 2:
            lines = in_a_child(parcels, at_statement(1 + number // 2 * 7 % STATEMENTS), 0)
        else:
            lines = in_a_child(parcels, lambda: None, chance.uniform(0.001, 0.08))
        killed += not lines
        phone.hear(lines)
        phone.sync(AT)
    faults = faults_of(phones, round_)
    record_trial(
        1, trials=trials, failed=len(faults), commands=sum(len(phone.made) for phone in phones), without_an_answer=killed,
        what="kill -9 of the server while it takes in a batch from a phone, at its Nth statement or at any moment",
    )  # fmt: skip
    assert faults == [], "\n".join(faults[:20])
    assert all(not phone.outbox for phone in phones) and killed


def test_the_faults_are_found() -> None:
    here, round_ = furnish()
    phone = phone_of(here.alice, AT)
    entry = round_.entries.all()[0]
    body = {"round": str(round_.pk), "who": {"entry": str(entry.pk)}, "state": "done"}
    first, second = phone.make("rounds.mark", body), phone.make("rounds.mark", body | {"state": "away"})
    phone.sync(AT)
    assert faults_of([phone], round_) == []
    Attempt.objects.filter(pk=first).delete()
    CommandReceipt.objects.filter(pk=second).update(status="quarantined")
    Entry.objects.filter(pk=entry.pk).update(state="moved")
    said = "\n".join(faults_of([phone], round_))
    assert "attempt is False" in said and "kept quarantined" in said and "counters differ" in said
    assert "2 marks on record, 1 attempts" in said
