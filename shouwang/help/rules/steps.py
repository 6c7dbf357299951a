"""When what is not taken in time rises, and when an acknowledgement runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.places.states import Level

# The rungs of the tree, from the leaf upwards; a request's level is the position last told, from 1.
RUNGS = (Level.STAIRWELL, Level.BUILDING, Level.GRID, Level.COMMUNITY)

# Danger to life: step 0 at once (stairwell heads, on call, secretary), the next rung at 60 s, everybody who
# serves at 180 s (the alarms' measure: 97.5 % within 60 s, 99 % within 180 s); then the desk rings.
LIFE_STEPS = (timedelta(0), timedelta(seconds=60), timedelta(seconds=180), timedelta(seconds=300))
# While nobody answers, those at the top are told again so often.
LIFE_AGAIN = timedelta(minutes=3)
ACKNOWLEDGED_FOR = timedelta(minutes=30)

SOON = timedelta(minutes=15)
REMIND_EVERY = timedelta(minutes=60)
CONFIRM_AFTER = timedelta(hours=24)
LINK_LIVES = timedelta(days=7)


def life_step_due(base: datetime, level: int) -> datetime:
    """When step `level` (0 to 3, then repeats) of a danger to life is due, counted from `base`."""
    last = len(LIFE_STEPS) - 1
    if level <= last:
        return base + LIFE_STEPS[level]
    return base + LIFE_STEPS[last] + (level - last) * LIFE_AGAIN


def rise_every(accept: timedelta) -> timedelta:
    """How long a rung has before the next one is told: half of the time to accept, 5 to 30 minutes."""
    return min(max(accept / 2, timedelta(minutes=5)), timedelta(minutes=30))


def rung_of_level(level: str) -> int:
    """The position of a place's level on the way up, from 1; what is above the community counts as it."""
    return RUNGS.index(Level(level)) + 1 if level in RUNGS else len(RUNGS)
