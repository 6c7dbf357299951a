"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.calling import (
    Point,
    PointBuilding,
    PointPath,
    Slot,
    SlotEntry,
)
from shouwang.rounds.models.kinds import (
    Kind,
    Proposal,
)
from shouwang.rounds.models.point import (
    PointStep,
    WasteBag,
)
from shouwang.rounds.models.roster import (
    Attempt,
    Entry,
    Round,
    RoundPlace,
    Tally,
)
from shouwang.rounds.models.table import (
    Consignment,
    Tube,
    WalkIn,
)
from shouwang.rounds.models.walking import (
    WalkingEntry,
    WalkingList,
)

__all__ = [
    "Attempt",
    "Consignment",
    "Entry",
    "Kind",
    "Point",
    "PointBuilding",
    "PointPath",
    "PointStep",
    "Proposal",
    "Round",
    "RoundPlace",
    "Slot",
    "SlotEntry",
    "Tally",
    "Tube",
    "WalkIn",
    "WalkingEntry",
    "WalkingList",
    "WasteBag",
]
