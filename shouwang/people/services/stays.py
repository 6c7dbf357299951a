"""Where people are when that is not at home."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.people.models import Person, Stay
from shouwang.people.selectors.households import household_of
from shouwang.people.signals import stay_changed
from shouwang.people.states import StayKind


@transaction.atomic
def record_stay(
    *,
    person: Person,
    kind: str,
    by: Actor,
    where: str = "",
    from_at: datetime | None = None,
    at: datetime | None = None,
) -> Stay | None:
    """Where a person is now. What was recorded before ends; `home` ends it and answers None."""
    at = at or clock.now()
    since = from_at or at
    if since > at:
        raise Refusal(
            "stay-ahead", _("Write where the person is now, not where the person will be."), field="from_at"
        )
    there = Stay.objects.filter(person=person, until_at__isnull=True).first()
    if there is not None:
        end_stay(stay=there, by=by, at=at, until_at=max(since, there.from_at), announce=kind == StayKind.HOME)
    if kind == StayKind.HOME:
        return None
    stay = Stay.objects.create(
        person=person, kind=StayKind(kind), where=where[:120], from_at=since, **person.stamp()
    )
    _tell("people.stay.recorded", stay, kind=kind, by=by, at=at)
    return stay


@transaction.atomic
def end_stay(
    *,
    stay: Stay,
    by: Actor,
    at: datetime | None = None,
    until_at: datetime | None = None,
    announce: bool = True,
) -> Stay:
    """The person is back. Conflict when that is on record already."""
    at = at or clock.now()
    if not Stay.objects.filter(pk=stay.pk, until_at__isnull=True).update(until_at=until_at or at):
        raise Conflict("stay-ended", _("This person is back already."))
    stay.refresh_from_db()
    if announce:
        _tell("people.stay.ended", stay, kind=StayKind.HOME, by=by, at=at)
    return stay


def _tell(audit_kind: str, stay: Stay, *, kind: str, by: Actor, at: datetime) -> None:
    household = household_of(stay.person)
    where = household.pk if household else stay.person_id
    if audit_kind == "people.stay.recorded":
        write_audit(
            "people.stay.recorded", by=by, at=at, subject=where, placed=stay, person_id=stay.person_id
        )
    else:
        write_audit("people.stay.ended", by=by, at=at, subject=where, placed=stay, person_id=stay.person_id)
    stay_changed.send(
        sender=Stay,
        person_id=stay.person_id,
        household_id=household.pk if household else None,
        kind=kind,
        at=at,
    )
