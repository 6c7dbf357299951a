"""What phones bring, taken in; and what a person decides of the rest."""

from shouwang.field.services.deciding import (
    apply_set_aside,
    count_past,
    erase_past,
    leave_out,
    record_read,
    verify_past,
)
from shouwang.field.services.receiving import Line, receive_parcels
from shouwang.field.services.together import receive_with_others

__all__ = [
    "Line",
    "apply_set_aside",
    "count_past",
    "erase_past",
    "leave_out",
    "receive_parcels",
    "receive_with_others",
    "record_read",
    "verify_past",
]
