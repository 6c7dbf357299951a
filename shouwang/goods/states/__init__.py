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
from shouwang.goods.states.stocktakes import COUNT_MOVES, STOCK_TAKE_MOVES, CountState, StockTakeState
from shouwang.goods.states.store import CAME_IN, MAY_BE_CORRECTED, WENT_TO_PEOPLE, MovementKind
from shouwang.goods.states.medicine import ASK_MOVES, ERRAND_MOVES, ISSUE_MOVES, OFFER_MOVES, OPEN_ASKS, OPEN_OFFERS, RUNNING_ASKS, AskState, AskUrgency, BodyState, DangerSign, ErrandKind, ErrandState, IssueState, OfferFault, OfferState
from shouwang.goods.states.medicine_words import CHECK_SENTENCES

__all__ = [
    "ASK_MOVES",
    "ERRAND_MOVES",
    "ISSUE_MOVES",
    "OFFER_MOVES",
    "OPEN_ASKS",
    "OPEN_OFFERS",
    "RUNNING_ASKS",
    "AskState",
    "AskUrgency",
    "BodyState",
    "DangerSign",
    "ErrandKind",
    "ErrandState",
    "IssueState",
    "OfferFault",
    "OfferState",
    "CHECK_SENTENCES",

    "CAME_IN",
    "COUNT_MOVES",
    "AT_GATE",
    "HOLDING_MOVES",
    "IN_HOUSE",
    "MAY_BE_CORRECTED",
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
