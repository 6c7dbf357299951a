"""States of what goods keeps, one file a subject, each with the moves that are allowed."""

from shouwang.goods.states.custody import HOLDING_MOVES, OUT, HoldingKind, HoldingState
from shouwang.goods.states.parcels import (
    AT_GATE,
    IN_HOUSE,
    PARCEL_MOVES,
    ParcelKind,
    ParcelState,
    StepKind,
    WeightClass,
)
from shouwang.goods.states.stocktakes import COUNT_MOVES, STOCK_TAKE_MOVES, CountState, StockTakeState
from shouwang.goods.states.store import CAME_IN, MAY_BE_CORRECTED, WENT_TO_PEOPLE, MovementKind

__all__ = [
    "AT_GATE",
    "CAME_IN",
    "COUNT_MOVES",
    "HOLDING_MOVES",
    "IN_HOUSE",
    "MAY_BE_CORRECTED",
    "OUT",
    "PARCEL_MOVES",
    "STOCK_TAKE_MOVES",
    "WENT_TO_PEOPLE",
    "CountState",
    "HoldingKind",
    "HoldingState",
    "MovementKind",
    "ParcelKind",
    "ParcelState",
    "StepKind",
    "StockTakeState",
    "WeightClass",
]
