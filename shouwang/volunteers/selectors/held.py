"""What is in the hands of those who serve, as the rooms above tell it."""

from __future__ import annotations

from shouwang.core.registry import HeldThing, held_sources
from shouwang.core.scope import Scope
from shouwang.volunteers.models import Volunteer


def held_things(scope: Scope, volunteer: Volunteer) -> list[HeldThing]:
    """What the volunteer has in their hands, from every room that keeps such; to be recovered when they stand down."""
    found = [thing for source in held_sources for thing in source.things(volunteer.user, scope, scope.at)]
    return sorted(found, key=lambda thing: thing.since)
