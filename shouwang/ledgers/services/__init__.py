"""Every write of ledgers: staging a sheet, confirming it, dropping it; and noting that a register left the house."""

from shouwang.ledgers.services.confirming import confirm_register, drop_register
from shouwang.ledgers.services.exporting import export_register
from shouwang.ledgers.services.staging import import_at_once, stage_register

__all__ = ["confirm_register", "drop_register", "export_register", "import_at_once", "stage_register"]
