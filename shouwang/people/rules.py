"""Who may do what with the register and with care flags, and which field classes show which flag."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from shouwang.core.personal import CARE, HEALTH
from shouwang.core.scope import Scope
from shouwang.people.states import HEALTH as HEALTH_KINDS
from shouwang.people.states import INSTRUCTIONS, Care

# For so long two entries that were put together can be taken apart again.
UNDO_DAYS = 30

# A code lasts about as long as the longest closures have; a lost one is worth little for long.
CODE_LIVES = timedelta(weeks=8)
# A printed code with less than this left is made anew before a sheet is printed: the sheet should be worth keeping.
CODE_RENEWED = timedelta(weeks=2)
# So many cards are printed at once at most: some two seconds' work, and a hundred sheets of paper.
MOST_CARDS = 600
# So many ID numbers of nobody may be asked for in a community within ten minutes. More is guessing.
MOST_UNKNOWN_NUMBERS = 30
UNKNOWN_WITHIN = timedelta(minutes=10)


def may_edit_register(scope: Scope, placed: Any) -> bool:
    """Whether the scope may write persons, doors, contacts and stays here."""
    return scope.covers("register.edit", placed)


def may_edit_care(scope: Scope, placed: Any) -> bool:
    """Whether the scope may accept, decline and end care flags here."""
    return scope.covers("care.edit", placed)


def may_read_flag(kind: str, classes: Collection[str]) -> bool:
    """Instructions (to the door) are for everybody who sees the household; illness needs the class for health."""
    if kind in INSTRUCTIONS:
        return True
    return (HEALTH if kind in HEALTH_KINDS else CARE) in classes


# Whoever brings something brings it to the door; the reason is not told.
BRING_TO_DOOR = frozenset(
    {
        Care.TO_DOOR,
        Care.WALKS_BADLY,
        Care.NEEDS_CARE,
        Care.DISABLED,
        Care.DEMENTIA,
        Care.ALONE_WITH_CHILD,
        Care.SEVERE_ILLNESS,
        Care.DIALYSIS,
        Care.OXYGEN,
        Care.PREGNANT,
        Care.POSTPARTUM,
        Care.POSITIVE,
    }
)


def action_for(kinds: Collection[str]) -> str:
    """What these flags ask for: "to_door" (what comes is brought up), else "visit", '' for none."""
    if not kinds:
        return ""
    return "to_door" if BRING_TO_DOOR.intersection(kinds) else "visit"
