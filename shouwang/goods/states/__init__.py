"""States of what goods keeps, one file a subject, each with the moves that are allowed."""

from shouwang.goods.states.custody import HOLDING_MOVES, OUT, HoldingKind, HoldingState
from shouwang.goods.states.parcels import (
    IN_HOUSE,
    PARCEL_MOVES,
    ParcelKind,
    ParcelState,
    StepKind,
    WeightClass,
)
from shouwang.goods.states.store import MovementKind

__all__ = [
    "HOLDING_MOVES",
    "IN_HOUSE",
    "OUT",
    "PARCEL_MOVES",
    "HoldingKind",
    "HoldingState",
    "MovementKind",
    "ParcelKind",
    "ParcelState",
    "StepKind",
    "WeightClass",
]
