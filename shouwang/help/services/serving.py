"""Whoever serves has a volunteer's record: staff too, since staff fall ill as well."""

from __future__ import annotations

from datetime import datetime

from shouwang.accounts.models import User
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import volunteer_of
from shouwang.volunteers.services import enrol


def serving_record(user: User, *, at: datetime) -> Volunteer:
    """The user's record; written now for somebody with a post who goes without having one."""
    return volunteer_of(user) or enrol(user=user, by=user, at=at)
