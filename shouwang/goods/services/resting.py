"""The clock at the gate: what is disinfected rests as long as its incident's protocol says, and is released by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.goods.models import Parcel
from shouwang.goods.rules import SHORTEST_REASON
from shouwang.goods.services.record import audit_many, by_community, lock_parcel, lock_parcels, move_rows
from shouwang.goods.states import ParcelState, StepKind
from shouwang.incidents.models import Incident
from shouwang.incidents.selectors import incidents_at_place, open_incidents, rest_minutes, resting_incidents
from shouwang.incidents.states import RestRule
from shouwang.places.models import Dwelling, Place

DUE = "goods.release"
# In one transaction of the clock, which holds SQLite's only pen for well under half a second.
MOST_AT_ONCE = 200


def resting_incident(community_id: UUID, where: Place | Dwelling | None, at: datetime) -> Incident | None:
    """By which incident something for this place has to rest: the longest rest, when the place is inside several lines.

    A door that is not known yet counts as inside every line of the community.
    """
    if where is None:
        return next(iter(resting_incidents(community_id)), None)
    found = [incident for incident in incidents_at_place(where, at) if incident.rest]
    return max(found, key=lambda one: rest_minutes(one, RestRule.USUAL) or 0, default=None)


@transaction.atomic
def disinfect(*, parcels: Collection[Parcel], by: Actor, at: datetime | None = None) -> list[Parcel]:
    """Those of these that waited for it are disinfected now and rest; those whose rule is no rest are released at once.

    The minutes are those of the incident's own copy of its protocol; where the incident is over by now, none. What was
    disinfected before is passed over. Conflict when none was left.
    """
    at = at or clock.now()
    waiting = [row for row in lock_parcels(parcels) if row.state == ParcelState.RECEIVED]
    if not waiting:
        raise Conflict("nothing-to-disinfect", _("Nothing of this waits to be disinfected any more."))
    minutes = _minutes(waiting)
    resting = [row for row in waiting if minutes[row.pk]]
    at_once = [row for row in waiting if not minutes[row.pk]]
    if resting:
        _set_down(resting, minutes, by=by, at=at)
    if at_once:
        hours: dict[str, Any] = {"disinfected_at": at, "rest_until_at": at, "released_at": at}
        move_rows(at_once, ParcelState.RELEASED, step=StepKind.DISINFECTED, by=by, at=at, **hours)
    audit_many("goods.parcels.disinfected", waiting, by=by, at=at)
    return waiting


def _minutes(rows: Sequence[Parcel]) -> dict[UUID, int]:
    """How long each has to rest. One query a community."""
    found: dict[UUID, int] = {}
    for community_id, some in by_community(rows).items():
        still_open = {incident.pk: incident for incident in open_incidents(community_id)}
        for row in some:
            incident = still_open.get(row.incident_id) if row.incident_id else None
            found[row.pk] = rest_minutes(incident, row.rest_rule) or 0
    return found


def _set_down(rows: Sequence[Parcel], minutes: dict[UUID, int], *, by: Actor, at: datetime) -> None:
    move_rows(
        rows,
        ParcelState.RESTING,
        step=StepKind.DISINFECTED,
        by=by,
        at=at,
        disinfected_at=at,
        rest_until_at=lambda row: at + timedelta(minutes=minutes[row.pk]),
    )
    for row in rows:
        enter_hour(row)


def due_key(community_id: UUID | None, hour: datetime) -> str:
    """One due row for all parcels of a community with the same hour: 400 parcels a day are some twenty rows."""
    return f"{community_id}:{hour.astimezone(UTC).isoformat()}"


def enter_hour(row: Parcel) -> None:
    """Sees to it that the clock looks at a resting parcel in its hour."""
    assert row.rest_until_at is not None
    key = due_key(row.community_id, row.rest_until_at)
    schedule(DUE, at=row.rest_until_at, subject_id=row.community_id, key=key)


@transaction.atomic
def release_rested(*, community_id: UUID, at: datetime) -> int:
    """Releases what has rested long enough, at most MOST_AT_ONCE; how many. Whatever hour it was due: nothing is left
    behind by a row that was lost."""
    rested = Parcel.objects.select_for_update().filter(
        community_id=community_id, state=ParcelState.RESTING, rest_until_at__lte=at
    )
    rows = list(rested.order_by("pk")[:MOST_AT_ONCE])
    if rows:
        release_rows(rows, by=CLOCK, at=at)
        audit_many("goods.parcels.released", rows, by=CLOCK, at=at)
    return len(rows)


def release_rows(rows: Sequence[Parcel], *, by: Actor, at: datetime) -> None:
    """Releases locked rows whose hour has come, or that never had to rest."""
    move_rows(rows, ParcelState.RELEASED, step=StepKind.RELEASED, by=by, at=at, released_at=at)


def ready_rows(rows: Sequence[Parcel], *, by: Actor, at: datetime) -> None:
    """Before locked rows leave: what has rested long enough is released when the clock is late. Refusal `still-resting`
    names the first that may not leave, and until when; `not-disinfected` the first that has not even been disinfected."""
    rested = [row for row in rows if row.state == ParcelState.RESTING and row.may_leave(at)]
    if rested:
        release_rows(rested, by=by, at=at)
    for row in rows:
        if row.state == ParcelState.RESTING and row.rest_until_at is not None:
            raise Refusal(
                "still-resting", _("%(number)s rests until %(hour)s. It can't leave before."),
                number=row.spoken_number, hour=hour_words(row.rest_until_at),
            )  # fmt: skip
        if row.state == ParcelState.RECEIVED:
            raise Refusal(
                "not-disinfected", _("%(number)s has not been disinfected yet."), number=row.spoken_number
            )


def hour_words(hour: datetime) -> str:
    """An hour as it is said at the gate."""
    return f"{localtime(hour):%H:%M}"


@transaction.atomic
def let_go_early(*, parcel: Parcel, reason: str, by: User, at: datetime | None = None) -> Parcel:
    """Lets one parcel go before its hour, by name and with a reason. Refusal for a reason too short to be one; Conflict
    when it may go anyway, or has gone."""
    at = at or clock.now()
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal("reason-missing", _("Say in a few words why it can't wait."), field="reason")
    locked = lock_parcel(parcel)
    if locked.state not in (ParcelState.RECEIVED, ParcelState.RESTING) or locked.may_leave(at):
        raise Conflict("may-leave-anyway", _("This may leave already, or has left."))
    move_rows(
        [locked], ParcelState.RELEASED, step=StepKind.LET_GO_EARLY, by=by, at=at, reason=reason, released_at=at,
        let_go_early=True,
    )  # fmt: skip
    write_audit(
        "goods.parcel.let_go_early", by=by, at=at, subject=locked, number=locked.spoken_number,
        hour=locked.rest_until_at,
    )  # fmt: skip
    return locked


@transaction.atomic
def take_back_disinfecting(
    *, parcels: Collection[Parcel], by: Actor, at: datetime | None = None
) -> list[Parcel]:
    """What rests was not disinfected after all: it waits for it again. What is released already is passed over."""
    at = at or clock.now()
    rows = [row for row in lock_parcels(parcels) if row.state == ParcelState.RESTING]
    if not rows:
        raise Conflict("nothing-rests", _("Nothing of this rests any more."))
    hours: dict[str, Any] = {"disinfected_at": None, "rest_until_at": None}
    move_rows(rows, ParcelState.RECEIVED, step=StepKind.NOT_DISINFECTED, by=by, at=at, **hours)
    audit_many("goods.parcels.not_disinfected", rows, by=by, at=at)
    return rows
