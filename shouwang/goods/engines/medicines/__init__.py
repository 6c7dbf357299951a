"""Medicines of the bank: the table with its sources, and the checks before anything is handed on. Plain Python."""

from shouwang.goods.engines.medicines.checks import (
    OTHER,
    Finding,
    Issued,
    Patient,
    Taken,
    Verdict,
    check,
)
from shouwang.goods.engines.medicines.table import (
    ASK_DOCTOR,
    OK,
    REFUSED,
    STATES,
    STRICTNESS,
    Medicine,
    Rule,
    Substance,
    Table,
    read_table,
    table,
)

__all__ = [
    "ASK_DOCTOR",
    "OK",
    "OTHER",
    "REFUSED",
    "STATES",
    "STRICTNESS",
    "Finding",
    "Issued",
    "Medicine",
    "Patient",
    "Rule",
    "Substance",
    "Table",
    "Taken",
    "Verdict",
    "check",
    "read_table",
    "table",
]
