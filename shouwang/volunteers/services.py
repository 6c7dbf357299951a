"""Every write of volunteers: enrolment, what somebody can do and when, commitments, standing down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.people.models import Person
from shouwang.places.models import STAMP, Place
from shouwang.places.selectors import posts_of
from shouwang.places.services import resume_posts, suspend_posts
from shouwang.volunteers.models import Availability, Commitment, StandDown, Volunteer
from shouwang.volunteers.rules import has_ended
from shouwang.volunteers.selectors import is_stood_down, live_stand_downs, old_reasons
from shouwang.volunteers.signals import came_back, stood_down
from shouwang.volunteers.states import COMMITMENT_MOVES, CommitmentState, Skill, StandDownReason

COME_BACK = "volunteers.come_back"


@transaction.atomic
def enrol(
    *,
    user: User,
    by: Actor,
    at: datetime | None = None,
    home: Place | None = None,
    skills: Iterable[str] = (),
    carries_kg: int = 10,
    at_most: int = 3,
    second_line: bool = False,
    by_phone_only: bool = False,
    person: Person | None = None,
) -> Volunteer:
    """Enters a user among those who serve; staff too. `carries_kg` in kilograms, `at_most` jobs at a time.

    Without `home` the volunteer belongs where the person lives or, for staff, where the first post is.
    """
    at = at or clock.now()
    if Volunteer.objects.filter(user=user).exists():
        raise Conflict("enrolled-already", _("%(name)s is in the list already."), name=user.name)
    volunteer = Volunteer.objects.create(
        user=user,
        person=person,
        home=home,
        skills=known_skills(skills),
        carries_kg=carries_kg,
        at_most=at_most,
        second_line=second_line,
        by_phone_only=by_phone_only,
        enrolled_at=at,
        **_stamp(user, home, person, at),
    )
    write_audit("volunteers.volunteer.enrolled", by=by, at=at, subject=volunteer, skills=volunteer.skills)
    return volunteer


def _stamp(user: User, home: Place | None, person: Person | None, at: datetime) -> dict[str, Any]:
    """The scope columns of whatever says where the volunteer belongs."""
    if home is not None or person is not None:
        return (home or person).stamp()  # type: ignore[union-attr]
    posts = posts_of(user, at)
    return {column: getattr(posts[0], column) if posts else None for column in STAMP}


def known_skills(skills: Iterable[str]) -> list[str]:
    """The skills, each once and in the order of the list. Refusal for one that is not in it."""
    given = set(skills)
    if unknown := given - set(Skill.values):
        raise Refusal(
            "skill-unknown",
            _("“%(skill)s” is not in the list of skills."),
            field="skills",
            skill=min(unknown),
        )
    return [code for code in Skill.values if code in given]


@transaction.atomic
def set_skills(
    *, volunteer: Volunteer, skills: Iterable[str], by: Actor, at: datetime | None = None
) -> Volunteer:
    """Says anew what a volunteer can do."""
    at = at or clock.now()
    before, after = volunteer.skills, known_skills(skills)
    Volunteer.objects.filter(pk=volunteer.pk).update(skills=after)
    write_audit("volunteers.skills.changed", by=by, at=at, subject=volunteer, before=before, after=after)
    volunteer.refresh_from_db()
    return volunteer


@transaction.atomic
def change_volunteer(
    *, volunteer: Volunteer, by: Actor, at: datetime | None = None, **fields: Any
) -> Volunteer:
    """Changes carries_kg, at_most, second_line, by_phone_only; writes only what differs."""
    at = at or clock.now()
    known = {"carries_kg", "at_most", "second_line", "by_phone_only"}
    changed = {
        name: value for name, value in fields.items() if name in known and getattr(volunteer, name) != value
    }
    if not changed:
        return volunteer
    before = {name: getattr(volunteer, name) for name in changed}
    Volunteer.objects.filter(pk=volunteer.pk).update(**changed)
    write_audit("volunteers.volunteer.changed", by=by, at=at, subject=volunteer, before=before, after=changed)
    volunteer.refresh_from_db()
    return volunteer


@transaction.atomic
def set_availability(
    *,
    volunteer: Volunteer,
    periods: Sequence[tuple[datetime, datetime]],
    by: Actor,
    at: datetime | None = None,
) -> list[Availability]:
    """Says anew when a volunteer can be asked: (from, until) in UTC; none at all means at any time."""
    at = at or clock.now()
    for begins, ends in periods:
        if ends <= begins:
            raise Refusal(
                "period-backwards", _("The end must be later than the beginning."), field="until_at"
            )
    Availability.objects.filter(volunteer=volunteer).delete()
    rows = [
        Availability(volunteer=volunteer, from_at=begins, until_at=ends)
        for begins, ends in sorted(set(periods))
    ]
    Availability.objects.bulk_create(rows)
    write_audit("volunteers.availability.changed", by=by, at=at, subject=volunteer, periods=len(rows))
    return rows


# Commitments: written by the room that owns the subject, in its own transaction.


@transaction.atomic
def commit(
    *,
    volunteer: Volunteer,
    kind: str,
    subject_id: UUID,
    placed: Any,
    by: Actor,
    at: datetime | None = None,
    household_id: UUID | None = None,
    weight: int = 1,
    by_phone: bool = False,
) -> Commitment:
    """Writes down that a volunteer has taken something on; `placed` is a row with the scope columns.

    `kind` is the code of the page it is about ("help.request"). Refusal when the volunteer is off duty, or
    works by phone only and this cannot be done so; Conflict when it is taken on already.
    """
    at = at or clock.now()
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("user").get(pk=volunteer.pk)
    _require_on_duty(volunteer, at)
    if volunteer.by_phone_only and not by_phone:
        raise Refusal(
            "by-phone-only",
            _("%(name)s works by phone only. Choose somebody else."),
            name=volunteer.user.name,
        )
    if Commitment.objects.filter(
        volunteer=volunteer, kind=kind, subject_id=subject_id, state=CommitmentState.OPEN
    ).exists():
        raise Conflict("committed-already", _("This volunteer has taken this on already."))
    commitment = Commitment.objects.create(
        volunteer=volunteer,
        kind=kind,
        subject_id=subject_id,
        household_id=household_id,
        weight=weight,
        by_phone=by_phone,
        from_at=at,
        **{column: getattr(placed, column, None) for column in STAMP},
    )
    write_audit(
        "volunteers.commitment.made", by=by, at=at, subject=commitment, kind_of=kind, about=subject_id
    )
    return commitment


def _require_on_duty(volunteer: Volunteer, at: datetime) -> None:
    name = volunteer.user.name
    if has_ended(volunteer, at):
        raise Refusal("volunteer-ended", _("%(name)s no longer serves. Choose somebody else."), name=name)
    if is_stood_down(volunteer, at):
        raise Refusal("stood-down", _("%(name)s is stood down. Choose somebody else."), name=name)


@transaction.atomic
def close_commitment(*, commitment: Commitment, by: Actor, at: datetime | None = None) -> Commitment:
    """Ends a commitment: done, released, or offered to somebody else. Closing it twice changes nothing."""
    at = at or clock.now()
    commitment.refresh_from_db()
    if commitment.state == CommitmentState.CLOSED:
        return commitment
    move(commitment, CommitmentState.CLOSED, table=COMMITMENT_MOVES, until_at=at)
    write_audit("volunteers.commitment.closed", by=by, at=at, subject=commitment, kind_of=commitment.kind)
    return commitment


# Standing down


@transaction.atomic
def stand_down(
    *,
    volunteer: Volunteer,
    reason: str,
    by: User,
    at: datetime | None = None,
    until_at: datetime | None = None,
) -> StandDown:
    """Takes a volunteer off duty at once: posts are suspended, open commitments are to be offered again.

    `reason` is a StandDownReason; nobody but those who answer for the community reads it. With `until_at`
    the volunteer comes back by itself. Signing in stays possible. Conflict when stood down already.
    """
    at = at or clock.now()
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("user").get(pk=volunteer.pk)
    if reason not in StandDownReason.values:
        raise Refusal("reason-unknown", _("Choose one of the reasons."), field="reason")
    if until_at is not None and until_at <= at:
        raise Refusal("until-past", _("The day of return must lie ahead."), field="until_on")
    if is_stood_down(volunteer, at):
        raise Conflict("stood-down-already", _("%(name)s is stood down already."), name=volunteer.user.name)
    row = StandDown.objects.create(volunteer=volunteer, reason=reason, from_at=at, until_at=until_at, by=by)
    suspend_posts(holder=volunteer.user, by=by, at=at)
    ids = _leave_commitments(volunteer)
    write_audit("volunteers.volunteer.stood_down", by=by, at=at, subject=volunteer, commitments=len(ids))
    if until_at is not None:
        schedule(COME_BACK, at=until_at, subject_id=volunteer.pk)
    stood_down.send(sender=Volunteer, volunteer_id=volunteer.pk, commitment_ids=ids, at=at)
    return row


def _leave_commitments(volunteer: Volunteer) -> list[UUID]:
    """Open commitments wait to be offered again; their ids."""
    rows = Commitment.objects.filter(volunteer=volunteer, state=CommitmentState.OPEN)
    ids = list(rows.values_list("pk", flat=True))
    rows.filter(pk__in=ids).update(state=CommitmentState.TO_REOFFER)
    return ids


@transaction.atomic
def come_back(*, volunteer: Volunteer, by: Actor, at: datetime | None = None) -> Volunteer:
    """Puts a volunteer on duty again, posts too. What was handed on stays with those who have it now."""
    at = at or clock.now()
    row = live_stand_downs(at).filter(volunteer=volunteer).first()
    if row is None:
        raise Conflict("not-stood-down", _("%(name)s is on duty already."), name=volunteer.user.name)
    StandDown.objects.filter(pk=row.pk).update(until_at=at)
    return _return_to_duty(volunteer, by, at)


@transaction.atomic
def come_back_as_agreed(*, volunteer: Volunteer, by: Actor, at: datetime) -> Volunteer | None:
    """At the agreed end of a stand-down; None when the volunteer has stood down anew meanwhile."""
    return None if is_stood_down(volunteer, at) else _return_to_duty(volunteer, by, at)


def _return_to_duty(volunteer: Volunteer, by: Actor, at: datetime) -> Volunteer:
    cancel(COME_BACK, subject_id=volunteer.pk)
    resume_posts(holder=volunteer.user, by=by, at=at)
    write_audit("volunteers.volunteer.came_back", by=by, at=at, subject=volunteer)
    came_back.send(sender=Volunteer, volunteer_id=volunteer.pk, at=at)
    return volunteer


@transaction.atomic
def erase_reasons(at: datetime, limit: int) -> int:
    """Empties the reasons of stand-downs past their days; how many."""
    ids = list(old_reasons(at).values_list("pk", flat=True)[:limit])
    return StandDown.objects.filter(pk__in=ids).update(reason="")
