"""Every write of ledgers: staging a sheet, confirming it, dropping it; and noting that a register left the house."""

from shouwang.ledgers.services.confirming import (
    MOST_AT_ONCE,
    back_to_staged,
    begin_confirming,
    confirm_register,
    drop_register,
    stop_confirming,
)
from shouwang.ledgers.services.exporting import export_register
from shouwang.ledgers.services.staging import import_at_once, stage_register

__all__ = [
    "MOST_AT_ONCE",
    "back_to_staged",
    "begin_confirming",
    "confirm_register",
    "drop_register",
    "export_register",
    "import_at_once",
    "stage_register",
    "stop_confirming",
]
