"""kill -9 at random points of a load of requests and escalations: what was receipted is there, once; every step of
every escalation is done, once; every message that was to leave has left."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import close_old_connections, transaction

from shouwang.accounts.services import create_token
from shouwang.core import clock
from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.due import do_until
from shouwang.core.models import AuditEntry, CommandReceipt, DueRow
from shouwang.help.models import HelpRequest
from shouwang.help.rules.steps import LIFE_STEPS
from shouwang.help.services import take_in_request
from shouwang.notices.models import Delivery, Message
from shouwang.notices.services import add_channel
from shouwang.notices.tests.sink import Sink, listening
from tests.journeys.world import World, small_community
from tests.trials.crashing import ROUND, Running, Sender, send_while_killing, trials_wanted
from tests.trials.record import record_trial

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
STEPS = len(LIFE_STEPS)
PATIENCE = 60.0


@pytest.fixture
def running() -> Iterator[Running]:
    processes = Running()
    try:
        yield processes
    finally:
        processes.kill_all()


def senders_for(world: World, running: Running, token: str, chance: random.Random) -> list[Sender]:
    """One round: somebody is unwell, or wants something today."""
    return [
        Sender(
            port=running.port,
            token=token,
            body={
                "community_id": str(world.community.pk),
                "dwelling_id": str(chance.choice(list(world.doors.values())).pk),
                "category": "visit" if number % 2 else "shopping",
                "urgency": "life" if number % 2 else "today",
                "source": "phone",
                "words": "喘不上气" if number % 2 else "土豆5斤",
            },
            again=chance.random() < 0.5,
        )
        for number in range(ROUND)
    ]


def let_time_pass(ids: list[UUID]) -> None:
    """As if they had come in some minutes ago: the steps up to the last one are due now."""
    ago = clock.now() - LIFE_STEPS[-1] - timedelta(seconds=5)
    asked = HelpRequest.objects.filter(pk__in=ids)
    asked.update(received_at=ago, told_from_at=ago, accept_due_at=ago + timedelta(seconds=1))
    look_again(ids)


def look_again(ids: list[UUID]) -> None:
    """A turn that was under way when time passed has set its next one by the old hour."""
    DueRow.objects.filter(kind="help.escalate", subject_id__in=ids).update(due_at=clock.now())


def unfinished() -> list[UUID]:
    """Dangers to life that have not yet gone through all their steps."""
    found = HelpRequest.objects.filter(urgency="life", level__lt=STEPS)
    return list(found.values_list("pk", flat=True))


def leases_run_out() -> None:
    """As if the minute had passed after which another worker takes over what a killed one had in hand."""
    DueRow.objects.filter(lane="worker", claimed_until__isnull=False).update(claimed_until=clock.now())


def settled() -> bool:
    close_old_connections()
    if waiting := unfinished():
        look_again(waiting)
        return False
    return not DueRow.objects.filter(due_at__lte=clock.now()).exclude(kind__startswith="core.").exists()


def left() -> int:
    """Steps that are still to come, and rows that the worker has before it."""
    levels = HelpRequest.objects.filter(urgency="life", level__lt=STEPS).values_list("level", flat=True)
    return sum(STEPS - level for level in levels) + DueRow.objects.filter(lane="worker").count()


def wait_until_settled() -> None:
    """As long as it goes on: three hundred trials leave more to do than twenty."""
    ends, least = time.monotonic() + PATIENCE, left()
    while not settled():
        if (now_left := left()) < least:
            ends, least = time.monotonic() + PATIENCE, now_left
        assert time.monotonic() < ends, what_waits()
        leases_run_out()
        time.sleep(0.3)


def what_waits() -> str:
    requests = HelpRequest.objects.filter(pk__in=unfinished())
    rows = DueRow.objects.exclude(kind__startswith="core.")
    asked = requests.values_list("level", "state", "received_at", "told_from_at", "acknowledged_at")
    return "\n".join(map(str, [*asked, *rows.values_list("kind", "due_at", "claimed_until", "last_error")]))


def faults_of_receipts(senders: list[Sender]) -> list[str]:
    """What is wrong with what the senders were told, against what is there."""
    faults = [
        f"{sender.key}: no receipt, refused {sender.refused}" for sender in senders if not sender.receipts
    ]
    faults += [
        f"{s.key}: refused {s.refused}" for s in senders if any(code < 500 for code, _text in s.refused)
    ]
    told = [{answer["id"] for _status, answer in sender.receipts} for sender in senders]
    faults += [f"told of two requests: {ids}" for ids in told if len(ids) > 1]
    there = {str(key) for key in HelpRequest.objects.values_list("pk", flat=True)}
    named = {key for ids in told for key in ids}
    faults += [f"receipted and not there: {named - there}"] * bool(named - there)
    faults += [f"there and of no receipt: {there - named}"] * bool(there - named)
    if len(named) != len([ids for ids in told if ids]):
        faults.append("two senders were told of one request")
    if CommandReceipt.objects.filter(command_id__in=[s.key for s in senders]).count() != len(senders):
        faults.append("a receipt is missing")
    came_in = Counter(
        str(subject)
        for subject in AuditEntry.objects.filter(kind="help.request.taken_in").values_list(
            "subject_id", flat=True
        )
    )
    return faults + [f"came in {came_in[key]} times: {key}" for key in there if came_in[key] != 1]


def faults_of_escalation() -> list[str]:
    """Every step once and in order, a message for each person it tells, each request still watched by one due row."""
    faults = []
    watched = Counter(DueRow.objects.filter(kind="help.escalate").values_list("subject_id", flat=True))
    messages = Counter(
        Message.objects.filter(template__startswith="help.").values_list("subject_id", flat=True)
    )
    for request in HelpRequest.objects.all():
        rows = AuditEntry.objects.filter(subject_id=request.pk, kind="help.request.told").order_by("at", "pk")
        payloads = [row.payload or {} for row in rows]
        steps = [payload["step"] for payload in payloads]
        if request.urgency == "life" and steps[:STEPS] != list(range(STEPS)):
            faults.append(f"{request.pk}: steps {steps}")
        if len(steps) != len(set(steps)):
            faults.append(f"{request.pk}: told twice: {steps}")
        if messages[request.pk] != sum(payload["people"] for payload in payloads):
            faults.append(f"{request.pk}: {messages[request.pk]} messages for {payloads}")
        if watched[request.pk] != 1:
            faults.append(f"{request.pk}: {watched[request.pk]} due rows")
    return faults


def faults_of_deliveries(sink: Sink) -> tuple[list[str], int]:
    """What never left; and how many left twice, because their worker was killed between sending and marking."""
    waiting = Delivery.objects.exclude(state="sent").count()
    sent = Delivery.objects.filter(state="sent").count()
    faults = [f"{waiting} deliveries have not left"] * bool(waiting)
    if len(sink.got) < sent:
        faults.append(f"{sent} are marked as sent, {len(sink.got)} arrived")
    return faults, len(sink.got) - sent


def ring_here(world: World, sink: Sink, settings: Any) -> None:
    """The one on call is also rung at the sink; only the demo lets a channel end on this machine."""
    settings.SHOUWANG_DEMO = True
    oncall = world.people["oncall"]
    add_channel(user=oncall, label="铃", address=sink.address(), by=oncall, at=world.at)
    settings.SHOUWANG_DEMO = False


def test_nothing_is_lost_and_nothing_doubled_by_kill_9(running: Running, settings: Any) -> None:
    world, chance = small_community(), random.Random(20220220)
    _token, secret = create_token(
        name="load", user=world.people["clerk"], reach="write", by=world.people["clerk"], at=world.at
    )
    trials, senders = trials_wanted(20, 300), list[Sender]()
    victims: Counter[str] = Counter()
    with listening() as sink:
        ring_here(world, sink, settings)
        for name in ("serve", "clock", "worker"):
            running.start(name)
        for number in range(trials):
            victim = (
                ("serve", "clock", "worker")[number % 3] if number < 6 else chance.choice(list(running.alive))
            )
            victims[victim] += 1
            fresh = senders_for(world, running, secret, chance)
            send_while_killing(running, victim, fresh, chance, pause=chance.uniform(0, 0.3))
            let_time_pass([UUID(s.receipts[0][1]["id"]) for s in fresh if s.receipts])
            senders += fresh
        wait_until_settled()
        running.kill_all()
        undelivered, repeated = faults_of_deliveries(sink)
    faults = [*faults_of_receipts(senders), *faults_of_escalation(), *undelivered]
    record_trial(
        1, trials=trials, failed=len(faults), requests=len(senders), sent_twice=repeated,
        what="kill -9 of the server, the clock or the worker under a load of requests and escalations "
        f"({', '.join(f'{name} {count}' for name, count in sorted(victims.items()))})",
    )  # fmt: skip
    assert faults == [], "\n".join(faults)
    assert repeated <= victims["worker"] + victims["serve"], "at most what a killed worker had in hand"


def test_the_faults_are_found(running: Running, settings: Any) -> None:
    """A request that nobody was told of, and an escalation with a step that was lost, told twice, and unwatched."""
    world = small_community()
    lost = Sender(port=1, token="", body={}, again=False, receipts=[(201, {"id": str(world.community.pk)})])
    asked, _link = take_in_request(
        community_id=world.community.pk, place=world.leaf("8", "2"), dwelling=None, household=None,
        category="visit", urgency="life", source="phone", title="", words="喘不上气",
        by=world.people["clerk"], at=world.at,
    )  # fmt: skip
    do_until(world.at + timedelta(seconds=1))
    said = "\n".join(faults_of_receipts([lost]))
    assert "receipted and not there" in said and "there and of no receipt" in said and "is missing" in said
    told = AuditEntry.objects.filter(kind="help.request.told", subject_id=asked.pk).get()
    with transaction.atomic():
        write_audit("help.request.told", by=CLOCK, at=world.at, subject=asked, **(told.payload or {}))
    DueRow.objects.filter(subject_id=asked.pk).delete()
    said = "\n".join(faults_of_escalation())
    assert "told twice" in said and "messages for" in said and "0 due rows" in said


def test_two_hundred_clients_with_one_id_make_one_request(running: Running) -> None:
    world = small_community()
    clerk = world.people["clerk"]
    _token, secret = create_token(name="load", user=clerk, reach="write", by=clerk, at=world.at)
    running.start("serve")
    first = senders_for(world, running, secret, random.Random(8))[0]
    senders = [Sender(first.port, secret, first.body, again=False, key=first.key) for _client in range(200)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    running.kill_all()
    told = {answer["id"] for sender in senders for _status, answer in sender.receipts}
    fresh = [
        answer for sender in senders for _status, answer in sender.receipts if answer["status"] == "accepted"
    ]
    rows = HelpRequest.objects.count()
    fine = rows == 1 and len(told) == 1 and len(fresh) == 1 and all(sender.receipts for sender in senders)
    record_trial(
        8,
        trials=200,
        failed=0 if fine else 1,
        what="clients that send one command with the same id",
        rows=rows,
    )
    assert (rows, len(told), len(fresh), [s.refused for s in senders if not s.receipts]) == (1, 1, 1, [])
