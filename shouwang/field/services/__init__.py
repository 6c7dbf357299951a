"""What phones bring, taken in; and what a person decides of the rest."""

from shouwang.field.services.deciding import (
    apply_set_aside,
    count_past,
    erase_past,
    leave_out,
    record_read,
    verify_past,
)
from shouwang.field.services.receiving import Line, fault_sentence, receive_parcels

__all__ = [
    "Line",
    "apply_set_aside",
    "count_past",
    "erase_past",
    "fault_sentence",
    "leave_out",
    "receive_parcels",
    "record_read",
    "verify_past",
]
