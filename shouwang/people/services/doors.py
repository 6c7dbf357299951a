"""Writing what doors are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.errors import Refusal
from shouwang.people.models import DoorState
from shouwang.people.selectors.care import FROM_SHEET
from shouwang.people.services.filling import day_of
from shouwang.people.signals import occupancy_changed
from shouwang.people.states import Occupancy
from shouwang.places.models import Dwelling
from shouwang.places.selectors import dwellings_by_id, dwellings_in

NOBODY_SAID = FROM_SHEET
LONGEST_SOURCE = 40
BATCH = 500


@transaction.atomic
def set_occupancy(
    *,
    dwelling: Dwelling,
    occupancy: str,
    source: str,
    by: Actor,
    as_of: date | None = None,
    at: datetime | None = None,
) -> DoorState:
    """Enters what a door is, with source and date. Refusal when somebody has seen it later than `as_of`."""
    at = at or clock.now()
    day = as_of or day_of(at)
    before = DoorState.objects.filter(dwelling=dwelling).first()
    if before and before.occupancy != Occupancy.UNKNOWN and before.as_of > day:
        raise Refusal(
            "door-known-later",
            _("Something later is on file for this door. Look at its date."),
            field="as_of",
        )
    row, _fresh = DoorState.objects.update_or_create(
        dwelling=dwelling,
        defaults={
            "occupancy": Occupancy(occupancy),
            "as_of": day,
            "source": source[:LONGEST_SOURCE],
            **dwelling.stamp(),
        },
    )
    was = before.occupancy if before else Occupancy.UNKNOWN
    write_audit("people.door.stated", by=by, at=at, subject=row, before=was, after=occupancy, as_of=day)
    if was != occupancy:
        occupancy_changed.send(sender=DoorState, dwelling_id=dwelling.pk, before=was, after=occupancy, at=at)
    return row


@transaction.atomic
def set_occupancies_in_bulk(
    *, rows: Iterable[Mapping[str, Any]], by: Actor, at: datetime | None = None
) -> int:
    """Many doors of a sheet at once: rows of dwelling_id, occupancy, source, as_of. What is on file with a later
    date stays. Answers how many doors changed; one audit row for all."""
    at = at or clock.now()
    said = {row["dwelling_id"]: row for row in rows}
    dwellings = dwellings_by_id(said)
    there = {row.dwelling_id: row for row in DoorState.objects.filter(dwelling_id__in=said)}
    fresh = [_new_state(dwellings[pk], row) for pk, row in said.items() if pk not in there]
    insert_many(fresh)
    changed = [_changed(there[pk], row) for pk, row in said.items() if pk in there]
    moved = [state for state in changed if state is not None]
    _write_moved(moved)
    total = len(fresh) + len(moved)
    if total:
        where = next(iter(dwellings.values())).community_id
        write_audit("people.doors.stated", by=by, at=at, subject=where, placed=_Community(where), doors=total)
    return total


def _write_moved(states: Iterable[DoorState]) -> None:
    """A sheet says few different things of many doors: one statement for each, not one case a door."""
    alike: dict[tuple[str, date, str], list[UUID]] = {}
    for state in states:
        alike.setdefault((state.occupancy, state.as_of, state.source), []).append(state.dwelling_id)
    for (occupancy, as_of, source), ids in alike.items():
        for first in range(0, len(ids), BATCH):
            DoorState.objects.filter(pk__in=ids[first : first + BATCH]).update(
                occupancy=occupancy, as_of=as_of, source=source
            )


class _Community:
    """Only the community's column, for the audit row of a batch."""

    def __init__(self, community_id: UUID | None) -> None:
        self.community_id = community_id


def _new_state(dwelling: Dwelling, row: Mapping[str, Any]) -> DoorState:
    return DoorState(
        dwelling=dwelling,
        occupancy=Occupancy(row["occupancy"]),
        as_of=row["as_of"],
        source=row["source"][:LONGEST_SOURCE],
        **dwelling.stamp(),
    )


def _changed(state: DoorState, row: Mapping[str, Any]) -> DoorState | None:
    """The state as the sheet has it, or None where the register knows better or the same."""
    known = state.occupancy != Occupancy.UNKNOWN
    if known and (state.as_of > row["as_of"] or row["occupancy"] in (Occupancy.UNKNOWN, state.occupancy)):
        return None
    state.occupancy, state.as_of = Occupancy(row["occupancy"]), row["as_of"]
    state.source = row["source"][:LONGEST_SOURCE]
    return state


@transaction.atomic
def register_doors(*, community_id: UUID, by: Actor, at: datetime | None = None) -> int:
    """Gives every door of a community that has no state yet the state unknown, so that it is counted as a gap."""
    at = at or clock.now()
    bare = list(dwellings_in(community_id).filter(door_state__isnull=True))
    day = day_of(at)
    insert_many([DoorState(dwelling=row, as_of=day, source=NOBODY_SAID, **row.stamp()) for row in bare])
    if bare:
        write_audit(
            "people.doors.stated",
            by=by,
            at=at,
            subject=community_id,
            placed=_Community(community_id),
            doors=len(bare),
        )
    return len(bare)


def know_door(dwelling: Dwelling, at: datetime) -> None:
    """Makes sure that the door is counted, without saying what it is."""
    DoorState.objects.get_or_create(
        dwelling=dwelling,
        defaults={
            "occupancy": Occupancy.UNKNOWN,
            "as_of": day_of(at),
            "source": NOBODY_SAID,
            **dwelling.stamp(),
        },
    )
