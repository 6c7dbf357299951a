"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.calling import (
    Point,
    PointBuilding,
    PointPath,
    Slot,
    SlotEntry,
)
from shouwang.rounds.models.campaigns import (
    Campaign,
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
    JoinedEntry,
    Round,
    RoundPlace,
    Tally,
)
from shouwang.rounds.models.series import (
    Series,
)
from shouwang.rounds.models.spots import (
    Spot,
)
from shouwang.rounds.models.table import (
    Consignment,
    Tube,
    WalkIn,
)
from shouwang.rounds.models.tracing import (
    TracingLine,
    TracingList,
)
from shouwang.rounds.models.walking import (
    WalkingEntry,
    WalkingList,
)

__all__ = [
    "Attempt",
    "Campaign",
    "Consignment",
    "Entry",
    "JoinedEntry",
    "Kind",
    "Point",
    "PointBuilding",
    "PointPath",
    "PointStep",
    "Proposal",
    "Round",
    "RoundPlace",
    "Series",
    "Slot",
    "SlotEntry",
    "Spot",
    "Tally",
    "TracingLine",
    "TracingList",
    "Tube",
    "WalkIn",
    "WalkingEntry",
    "WalkingList",
    "WasteBag",
]
