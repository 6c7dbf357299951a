"""A mast comes back, and all phones below it send in the same two seconds: every command arrives, once."""

from __future__ import annotations

import asyncio
import base64
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import close_old_connections

from shouwang.accounts.models import Device, User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.bulk import insert_many
from shouwang.core.models import CommandReceipt
from shouwang.field.services import receive_parcels
from shouwang.field.tests.phones import Phone
from shouwang.incidents.tests.neighbourhood import add_user, signed_in
from shouwang.places import services as places
from shouwang.places.models import Place
from shouwang.rounds.models import Attempt, Round, Spot
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.services import begin_round
from tests.journeys.processes import wait_until
from tests.trials.crashing import Running
from tests.trials.record import record_trial
from tests.trials.storming import Kept, Storm, at_share

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
AT_A_BUILDING = 25
COMMANDS = 10


@dataclass
class District:
    """What the storm finds: a round over many buildings, a desk, and phones with full outboxes."""

    round: Round
    secretary: User
    phones: list[Phone]
    kept: list[Kept]


@pytest.fixture
def running() -> Iterator[Running]:
    processes = Running(threads=())
    try:
        yield processes
    finally:
        processes.kill_all()


def cookie_of(user: User) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value}"


def furnish(phones: int) -> District:
    """A head for every building and 25 phones to each, each phone with ten marks of spots that nobody else marks."""
    at = clock.now() - timedelta(hours=1)
    here = places.create_community(code="jx", name="锦绣社区", by=OPERATOR, at=at)
    grid = places.add_grid(community=here, code="1", name="第一网格", by=OPERATOR, at=at)
    secretary = add_user("Alice")
    places.appoint(place=here, role="secretary", holder=secretary, by=OPERATOR, at=at)
    buildings = [
        places.ensure_building(community=here, code=str(number + 1), grid=grid, by=OPERATOR, at=at)
        for number in range(-(-phones // AT_A_BUILDING))
    ]
    insert_many(
        [
            Spot(place=building, name=f"点{number}", since=at, **building.stamp())
            for building in buildings
            for number in range(AT_A_BUILDING * COMMANDS)
        ]
    )
    round_ = begin_round(community=here, name="消杀", whom="spots", places=buildings, by=secretary, at=at)
    made = [one for building in buildings for one in phones_at(building, round_, at)][:phones]
    return District(round_, secretary, [phone for phone, _kept in made], [kept for _phone, kept in made])


def phones_at(building: Place, round_: Round, at: Any) -> list[tuple[Phone, Kept]]:
    """The phones of one building's head, enrolled and with their outboxes full."""
    head = add_user(f"head{building.code}")
    places.appoint(place=building, role="building_head", holder=head, by=OPERATOR, at=at)
    cookie = cookie_of(head)
    keys = [base64.b64encode(os.urandom(32)).decode() for _phone in range(AT_A_BUILDING)]
    devices = [
        Device(user=head, key=key, name="测试手机", made_at=at, seen_at=at, pulled_at=at) for key in keys
    ]
    insert_many(devices)
    phones = [Phone(head, device.pk, device.key) for device in devices]
    entries = round_.entries.filter(building_id=building.pk).values_list("pk", flat=True)
    for number, entry in enumerate(entries):
        body = {"round": str(round_.pk), "who": {"entry": str(entry)}, "state": "done"}
        phones[number % AT_A_BUILDING].make("rounds.mark", body)
    return [
        (phone, Kept({str(p.id): travelling(p) for p in phone.outbox.values()}, cookie)) for phone in phones
    ]


def travelling(parcel: Any) -> dict[str, Any]:
    return {"id": str(parcel.id), "device": str(parcel.device), "seq": parcel.seq, "sealed": parcel.sealed}


def faults_of(district: District) -> list[str]:
    """What is missing, double or still in a phone."""
    made = {pk for phone in district.phones for pk in phone.made}
    accepted = set(CommandReceipt.objects.filter(status="accepted").values_list("pk", flat=True))
    attempts = list(Attempt.objects.values_list("pk", "entry_id", "state"))
    faults = [f"still in an outbox: {left}" for kept in district.kept if (left := len(kept.outbox))]
    faults += [f"no receipt: {len(made - accepted)}"] * bool(made - accepted)
    faults += [f"{len(attempts)} attempts of {len(made)} commands"] * (len(attempts) != len(made))
    if {pk for pk, _entry, _state in attempts} != made:
        faults.append("attempts are not those of the commands")
    said = {said["body"]["who"]["entry"] for phone in district.phones for said in phone.made.values()}
    done = {
        str(pk) for pk in district.round.entries.filter(state="done", tries=1).values_list("pk", flat=True)
    }
    faults += [f"not done once: {len(said ^ done)}"] * (said != done)
    return faults + ["the counters differ"] * (recount(district.round.pk) != kept_counts(district.round.pk))


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/accounts/sign-in/", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def figures_of(storm: Storm, took: float, commands: int) -> dict[str, float | int]:
    """What a storm measured, by what it is called on the page."""
    shed = sum(count for what, count in storm.answers.items() if what.endswith((" 503", " 429")))
    return {
        "drained_s": round(took, 1),
        "half_of_the_phones_s": round(at_share(storm.drained_s, 0.5), 1),
        "worst_phone_s": round(at_share(storm.drained_s, 1), 1),
        "commands_a_second": round(commands / took),
        "one_request_p50_ms": round(1000 * at_share(storm.sync_s, 0.5)),
        "one_request_p95_ms": round(1000 * at_share(storm.sync_s, 0.95)),
        "desk_p95_ms": round(1000 * at_share(storm.today_s, 0.95)),
        "marks_sent_away": storm.answers["sync 503"],
        "fetches_sent_away": shed - storm.answers["sync 503"],
        "answers_lost": storm.cuts,
        "answers_too_late": sum(n for what, n in storm.answers.items() if what.endswith("too late")),
        "rosters_fetched": storm.fetched,
    }


def come_back_at_once(running: Running, phones: int, patience: float) -> list[str]:
    """The trial: `phones` phones with ten commands each; what was wrong."""
    district = furnish(phones)
    running.start("serve")
    wait_until(lambda: is_up(running.port), 40)
    storm = Storm(running.port, random.Random(20221201))
    desk = cookie_of(district.secretary)
    took = asyncio.run(storm.run(district.kept, desk, patience))
    close_old_connections()
    faults = faults_of(district) + storm.wrong_answers()
    record_trial(
        26, trials=phones, failed=len(faults), **figures_of(storm, took, phones * COMMANDS),
        what=f"{phones:,} phones with {COMMANDS} marks each that come back within 2 s, every twentieth answer lost",
    )  # fmt: skip
    return faults[:20]


def test_phones_that_come_back_at_once_all_arrive(running: Running) -> None:
    assert come_back_at_once(running, 60, patience=60) == []


def test_the_faults_are_found() -> None:
    """A word that nobody has, one that was applied twice, a phone that waits, and answers that no phone should get."""
    district = furnish(3)
    first, second = list(district.phones[0].outbox.values()), list(district.phones[1].outbox.values())
    receive_parcels(first + second, at=clock.now())
    Attempt.objects.filter(pk=first[0].id).delete()
    CommandReceipt.objects.filter(pk=second[0].id).update(status="quarantined")
    said = "\n".join(faults_of(district))
    assert "still in an outbox: 10" in said and "no receipt: 11" in said and "19 attempts of 30" in said
    assert "not done once: 10" in said
    storm = Storm(
        1, random.Random(1), answers=Counter({"sync 500": 1, "sync 503": 2, "today 503": 1, "me 200": 9})
    )
    assert storm.wrong_answers() == ["answered sync 500: 1 times", "answered today 503: 1 times"]


@pytest.mark.slow
def test_five_thousand_phones_that_come_back_at_once_all_arrive(running: Running) -> None:
    assert come_back_at_once(running, 5000, patience=900) == []
