"""By when a request should be taken on and finished, a category at a time.

These are our own starting values, not law; an incident's protocol may change them for the places inside
its line (`Incident.targets`). Minutes from the instant of asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwang.help.states import Category, Urgency


@dataclass(frozen=True)
class Target:
    """`accept`: minutes until somebody has taken it on; `finish`: until it is done; `why` the reason for both."""

    accept: int
    finish: int
    why: str


HOUR = 60
DAY = 24 * HOUR

TARGETS: dict[str, Target] = {
    # The watch of telecare answers within 60 s; an ambulance has come and gone within the hour.
    Category.EMERGENCY: Target(1, HOUR, "answered as an alarm is"),
    # A child's fever medicine came half an hour after the call (F2); usual medicines take a trip (D10).
    Category.MEDICINE: Target(30, 4 * HOUR, "a dose must not be missed"),
    Category.SHOPPING: Target(2 * HOUR, DAY, "shopping goes once a day with the list"),
    Category.PARCEL: Target(2 * HOUR, 8 * HOUR, "goods rest two hours at the gate, then go up the same day"),
    # The leak of E6 was reported in the morning and settled the same morning.
    Category.REPAIR: Target(HOUR, 8 * HOUR, "water and cold do damage by the hour"),
    Category.DISPUTE: Target(HOUR, DAY, "a quarrel is heard while it is small"),
    Category.VISIT: Target(2 * HOUR, DAY, "somebody looks in before the next day"),
    Category.CARE: Target(HOUR, 8 * HOUR, "washing, cooking and medicine are needed the same day"),
    Category.QUESTION: Target(2 * HOUR, 8 * HOUR, "answered within the working day"),
    Category.THANKS: Target(DAY, 3 * DAY, "passed on, nothing waits for it"),
    Category.SUGGESTION: Target(DAY, 3 * DAY, "read within a day, answered within three"),
    Category.OTHER: Target(2 * HOUR, DAY, "read soon, since nobody knows yet what it is"),
}

# What must happen today is taken on within half an hour and finished within the same shift of eight hours.
TODAY = Target(30, 8 * HOUR, "today")
# Danger to life: somebody is on the way within a minute, whatever it is about.
LIFE = Target(1, HOUR, "danger to life")


def target_of(category: str, urgency: str, override: tuple[int, int] | None = None) -> Target:
    """The target of a category, as an incident has changed it (accept, finish minutes), tightened by urgency."""
    if urgency == Urgency.LIFE:
        return LIFE
    usual = TARGETS[category]
    accept, finish = override or (usual.accept, usual.finish)
    if urgency == Urgency.TODAY:
        accept, finish = min(accept, TODAY.accept), min(finish, TODAY.finish)
    return Target(accept, finish, usual.why)


def due_times(target: Target, received_at: datetime) -> tuple[datetime, datetime]:
    """The instants by which it should be taken on and finished."""
    return received_at + timedelta(minutes=target.accept), received_at + timedelta(minutes=target.finish)
