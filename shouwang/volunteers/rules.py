"""Who may change a volunteer's record, who may know why somebody stood down, who may take something on."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.core.personal import DOOR, NAME, PHONE
from shouwang.core.scope import Scope
from shouwang.volunteers.models import Volunteer

# A commitment that nobody has offered again after so long is a broken promise (and an alarm).
REOFFER_WITHIN = timedelta(seconds=60)

# What somebody may read of a household while a commitment lasts.
COMMITTED_CLASSES = frozenset({NAME, DOOR, PHONE})


def is_own(scope: Scope, volunteer: Volunteer) -> bool:
    """Whether it is the reader's own record."""
    return scope.user is not None and volunteer.user_id == scope.user.pk


def may_edit(scope: Scope, volunteer: Volunteer) -> bool:
    """Whoever keeps the list where this volunteer lives, and the volunteer himself."""
    return is_own(scope, volunteer) or scope.covers("volunteer.edit", volunteer)


def may_know_why(scope: Scope, volunteer: Volunteer) -> bool:
    """Whether the reason of a stand-down may be read: by those who answer for the community, and one's own."""
    return is_own(scope, volunteer) or scope.covers("volunteer.why_stood_down", volunteer)


def has_ended(volunteer: Volunteer, at: datetime) -> bool:
    """Whether the volunteer no longer serves at all."""
    return volunteer.until_at is not None and volunteer.until_at <= at


def may_phone(scope: Scope, volunteer: Volunteer) -> bool:
    """Whether the volunteer's number may be read: one's own, or with the class of phones at the home."""
    return is_own(scope, volunteer) or PHONE in scope.classes_for(volunteer)
