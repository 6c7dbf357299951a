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
from shouwang.goods.states.runs import (
    BEGUN,
    GIVEN,
    IN_CART,
    LIVE,
    OPEN_STOPS,
    PLAN_MOVES,
    RUN_MOVES,
    STOP_MOVES,
    PlanFault,
    PlanState,
    RunState,
    StopState,
)
from shouwang.goods.states.stocktakes import COUNT_MOVES, STOCK_TAKE_MOVES, CountState, StockTakeState
from shouwang.goods.states.store import CAME_IN, MAY_BE_CORRECTED, WENT_TO_PEOPLE, MovementKind

__all__ = [
    "AT_GATE",
    "BEGUN",
    "CAME_IN",
    "COUNT_MOVES",
    "GIVEN",
    "HOLDING_MOVES",
    "IN_CART",
    "IN_HOUSE",
    "LIVE",
    "MAY_BE_CORRECTED",
    "OPEN_STOPS",
    "OUT",
    "PARCEL_MOVES",
    "PLAN_MOVES",
    "RUN_MOVES",
    "STOCK_TAKE_MOVES",
    "STOP_MOVES",
    "WENT_TO_PEOPLE",
    "CountState",
    "HoldingKind",
    "HoldingState",
    "MovementKind",
    "ParcelKind",
    "ParcelState",
    "PlanFault",
    "PlanState",
    "RunState",
    "StepKind",
    "StockTakeState",
    "StopState",
    "WeightClass",
]
