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
from shouwang.goods.states.store import MovementKind

__all__ = [
    "AT_GATE",
    "BEGUN",
    "GIVEN",
    "HOLDING_MOVES",
    "IN_CART",
    "IN_HOUSE",
    "LIVE",
    "OPEN_STOPS",
    "PARCEL_MOVES",
    "PLAN_MOVES",
    "RUN_MOVES",
    "STOP_MOVES",
    "HoldingKind",
    "HoldingState",
    "MovementKind",
    "ParcelKind",
    "ParcelState",
    "PlanFault",
    "PlanState",
    "RunState",
    "StepKind",
    "StopState",
    "WeightClass",
]
