"""States of what goods keeps, one file a subject, each with the moves that are allowed."""

from shouwang.goods.states.custody import HOLDING_MOVES, HoldingKind, HoldingState
from shouwang.goods.states.parcels import (
    AT_GATE,
    IN_HOUSE,
    PARCEL_MOVES,
    ParcelKind,
    ParcelState,
    StepKind,
    WeightClass,
)
from shouwang.goods.states.store import MovementKind

__all__ = [
    "AT_GATE",
    "HOLDING_MOVES",
    "IN_HOUSE",
    "PARCEL_MOVES",
    "HoldingKind",
    "HoldingState",
    "MovementKind",
    "ParcelKind",
    "ParcelState",
    "StepKind",
    "WeightClass",
]
