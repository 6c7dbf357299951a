"""Everything comes to an end, and its days run out: then nothing of it stands in any row, index or file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from shouwang.core.actors import OPERATOR
from shouwang.core.chain import broken_links
from shouwang.core.due import do_until
from shouwang.core.models import AuditEntry, StoredFile
from shouwang.core.registry import erasers
from shouwang.help import services as help_services
from shouwang.help.states import OPEN_STATES
from shouwang.notices.services import end_channel
from shouwang.people import services as people
from shouwang.people.engines.names import typed_forms
from shouwang.rounds import services as rounds
from tests.guards.routes_asking import undone
from tests.guards.routes_world import Corner, World
from tests.trials.field_canaries import furnish
from tests.trials.record import record_trial
from tests.trials.test_canaries import database, hits, marks, rows_of

pytestmark = [pytest.mark.both, pytest.mark.django_db]
BATCH = 50
# The longest time for which anything is kept after its end, and a day.
LONG_AFTER = timedelta(days=3 * 366)


def corners(world: World) -> Iterator[Corner]:
    yield from (world.here, world.next_door, world.away)


def end_everything(corner: Corner, at: datetime) -> None:
    """The requests are over, the households have moved out, the channels are closed."""
    said = {"by": corner.owners["secretary"].user if "secretary" in corner.owners else OPERATOR, "at": at}
    for request in corner.requests.values():
        request.refresh_from_db()
        if request.state == "done":
            help_services.confirm_request(request=request, **said)
        elif request.state in OPEN_STATES:
            help_services.withdraw_request(request=request, **said)
    if corner.ticket is not None and corner.ticket.state == "open":
        help_services.reply_to_ticket(ticket=corner.ticket, reply="已修好", **said)
        help_services.record_call_back(ticket=corner.ticket, outcome="content", **said)
    _end_rounds(corner, said)
    _end_buying(corner, at)
    if corner.household.until_on is None:
        people.close_household(household=corner.household, **said)
    for owner in corner.owners.values():
        end_channel(channel=owner.channel, **said)


def _end_buying(corner: Corner, at: datetime) -> None:
    """Shopping and group purchases are over. The long way there, to the last fen, has tests of its own; here they stand in
    the middle of it, and only what is left when they are over counts."""
    for order in corner.orders.values():
        type(order.request).objects.filter(pk=order.request_id, closed_at__isnull=True).update(
            state="closed", closed_at=at
        )
    for group in corner.groups.values():
        type(group).objects.filter(pk=group.pk, settled_at__isnull=True).update(settled_at=at)


def _end_rounds(corner: Corner, said: dict[str, Any]) -> None:
    """The rounds are closed; the list of people to be found is answered and closed."""
    for round_ in filter(None, (corner.round, corner.asked_round)):
        round_.refresh_from_db()
        if round_.state == "open":
            rounds.close_round(round_=round_, reason="到此为止", **said)
    found = corner.tracing_list
    if found is not None and found.state == "open":
        for line in found.lines.all():
            rounds.answer_line(line=line, outcome="reached", **said)
        rounds.close_list(tracing_list=found, **said)
        found.refresh_from_db()


def erase_everything(at: datetime) -> int:
    """Runs every eraser in small batches until none finds anything; how many rows they erased."""
    erased, again = 0, True
    while again:
        again = False
        for eraser in erasers:
            done = eraser.erase_batch(at, BATCH)
            erased, again = erased + done, again or done > 0
    return erased


def everywhere() -> Iterator[tuple[str, str]]:
    """Each table as the database keeps it, and each model with its seals broken."""
    yield from database()
    for model in apps.get_models():
        yield model._meta.label, "\n".join(rows_of(model))


def searched_by(world: World) -> dict[str, tuple[str, ...]]:
    """What stands beside a name and a number so that they can be found: how it is typed, the number backwards."""
    people_there = [corner.person for corner in corners(world)]
    return {
        "name as typed": tuple(typed_forms(person.name)[1] for person in people_there),
        "phone backwards": tuple(person.phone[::-1] for person in people_there),
    }


def looked_for(wanted: Mapping[str, tuple[str, ...]]) -> tuple[int, list[str]]:
    looked, found = 0, []
    for where, text in everywhere():
        looked += len(wanted)
        found += hits(text, wanted, where)
    for path in filter(Path.is_file, files_kept().rglob("*")):
        looked += len(wanted)
        found += hits(path.read_bytes().decode("utf-8", "replace"), wanted, "a file")
    return looked, found


def files_kept() -> Path:
    return Path(settings.SHOUWANG_HOME) / "files"


def test_when_its_days_are_over_nothing_of_it_is_left(world: World) -> None:
    with undone():
        furnish(world)
        wanted = marks(world) | searched_by(world)
        _looked, before = looked_for(wanted)
        assert {hit.split(": ")[1] for hit in before} == set(wanted), (
            "the look finds each of them while it is there"
        )
        for corner in corners(world):
            end_everything(corner, world.at)
        do_until(world.at + timedelta(hours=1))
        late = world.at + LONG_AFTER
        stored = {pk.hex for pk in StoredFile.objects.values_list("pk", flat=True)}
        erased = erase_everything(late)
        left = [eraser.code for eraser in erasers if eraser.count(late) or eraser.verify(late)]
        looked, found = looked_for(wanted)
        photos = [path for path in files_kept().rglob("*") if path.is_file() and path.name in stored]
        assert AuditEntry.objects.exists(), "that something was done stays on record"
        assert not broken_links(), "and the record is whole"
    record_trial(
        28, trials=looked, failed=len(found) + len(left) + len(photos), erased=erased,
        what="marked values looked for in every row, sealed or not, and every file after all days had run out",
    )  # fmt: skip
    assert not left and not photos and not found, sorted(set(found))
