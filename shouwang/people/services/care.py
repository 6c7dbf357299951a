"""Care flags: proposed, accepted or declined by a person, looked at again, ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.people.models import CareFlag, Household, Person
from shouwang.people.services.filling import day_of
from shouwang.people.signals import care_changed
from shouwang.people.states import CARE_MOVES, Care, CareState

# A flag is looked at again after so many days; what passes by itself is looked at sooner.
REVIEW_DAYS = 180
SOONER = {
    Care.POSITIVE: 7,
    Care.POSTPARTUM: 42,
    Care.PREGNANT: 60,
    Care.INFANT: 180,
    Care.ALONE_WITH_CHILD: 90,
    Care.TO_DOOR: 90,
}
LIVE = [CareState.PROPOSED, CareState.ACCEPTED]


def review_day(kind: str, noted_on: date) -> date:
    """The day on which a flag of this kind is looked at again."""
    return noted_on + timedelta(days=SOONER.get(Care(kind), REVIEW_DAYS))


@transaction.atomic
def add_flag(
    *,
    household: Household,
    kind: str,
    source: str,
    by: Actor,
    person: Person | None = None,
    at: datetime | None = None,
    state: str = CareState.ACCEPTED,
    note: str = "",
    review_on: date | None = None,
    noted_on: date | None = None,
    purpose_id: Any = None,
) -> CareFlag:
    """A care flag about a household, or about one of its people.

    `state` accepted (a person decided) or proposed (a message, a sheet, a note on a bag). Proposing what is there
    answers the flag that is there; accepting what is proposed accepts it. Conflict `flag-there` when it was accepted.
    """
    at = at or clock.now()
    if state not in LIVE:
        raise Refusal("flag-state", _("A new flag is proposed or accepted."), field="state")
    there = _live_flag(household, person, kind)
    if there is not None:
        return _again(there, state, by=by, at=at)
    day = noted_on or day_of(at)
    flag = CareFlag.objects.create(
        household=household,
        person=person,
        kind=Care(kind),
        state=state,
        source=source[:60],
        noted_on=day,
        review_on=review_on or review_day(kind, day),
        note=note,
        purpose_id=purpose_id,
        noted_by_id=by.pk if by.actor_kind == "user" else None,
        **household.stamp(),
    )
    _tell(flag, by=by, at=at)
    return flag


def _live_flag(household: Household, person: Person | None, kind: str) -> CareFlag | None:
    return CareFlag.objects.filter(household=household, person=person, kind=kind, state__in=LIVE).first()


def _again(there: CareFlag, state: str, *, by: Actor, at: datetime) -> CareFlag:
    if state == CareState.PROPOSED:
        return there
    if there.state == CareState.PROPOSED:
        return decide_flag(flag=there, accept=True, by=by, at=at)
    raise Conflict("flag-there", _("This care flag is already there."), field="kind")


AUDITED = {
    CareState.PROPOSED: "people.flag.proposed",
    CareState.ACCEPTED: "people.flag.accepted",
    CareState.DECLINED: "people.flag.declined",
    CareState.ENDED: "people.flag.ended",
}


def _tell(flag: CareFlag, *, by: Actor, at: datetime) -> None:
    """Audit and signal of what a flag has become. The kind is not in the audit: it may be an illness."""
    write_audit(
        AUDITED[CareState(flag.state)],
        by=by,
        at=at,
        subject=flag.household_id,
        placed=flag,
        person_id=flag.person_id,
        flag_id=flag.pk,
        source=flag.source,
    )
    care_changed.send(
        sender=CareFlag,
        household_id=flag.household_id,
        person_id=flag.person_id,
        flag_id=flag.pk,
        kind=flag.kind,
        state=flag.state,
        at=at,
    )


@transaction.atomic
def decide_flag(
    *, flag: CareFlag, accept: bool, by: Actor, at: datetime | None = None, review_on: date | None = None
) -> CareFlag:
    """Accepts or declines a proposal. Conflict when somebody has decided already."""
    at = at or clock.now()
    if accept:
        day = review_on or review_day(flag.kind, day_of(at))
        move(flag, CareState.ACCEPTED, table=CARE_MOVES, review_on=day)
    else:
        move(flag, CareState.DECLINED, table=CARE_MOVES, ended_at=at)
    _tell(flag, by=by, at=at)
    return flag


@transaction.atomic
def end_flag(*, flag: CareFlag, by: Actor, at: datetime | None = None) -> CareFlag:
    """What was true is so no longer. Conflict when the flag is not in force."""
    at = at or clock.now()
    move(flag, CareState.ENDED, table=CARE_MOVES, ended_at=at)
    _tell(flag, by=by, at=at)
    return flag


@transaction.atomic
def review_flag(
    *, flag: CareFlag, by: Actor, at: datetime | None = None, review_on: date | None = None
) -> CareFlag:
    """Looked at, still so: the next day of review. Conflict when the flag is not in force."""
    at = at or clock.now()
    day = review_on or review_day(flag.kind, day_of(at))
    if not CareFlag.objects.filter(pk=flag.pk, state=CareState.ACCEPTED).update(review_on=day):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    flag.refresh_from_db()
    write_audit(
        "people.flag.reviewed",
        by=by,
        at=at,
        subject=flag.household_id,
        placed=flag,
        person_id=flag.person_id,
        flag_id=flag.pk,
        review_on=day,
    )
    return flag


def end_flags_of(*, household: Household, person: Person | None, by: Actor, at: datetime) -> None:
    """Ends what is in force and declines what is proposed about somebody who leaves (person None: the household)."""
    for flag in CareFlag.objects.filter(household=household, person=person, state__in=LIVE):
        if flag.state == CareState.PROPOSED:
            decide_flag(flag=flag, accept=False, by=by, at=at)
        else:
            end_flag(flag=flag, by=by, at=at)
