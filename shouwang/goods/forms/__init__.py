"""Forms of goods, one file a subject."""

from shouwang.goods.forms.gate import (
    ChangeForm,
    DoorForm,
    EarlyForm,
    NoteForm,
    PhotoForm,
    ScanForm,
    StepForm,
    TakeInForm,
)

__all__ = [
    "ChangeForm",
    "DoorForm",
    "EarlyForm",
    "NoteForm",
    "PhotoForm",
    "ScanForm",
    "StepForm",
    "TakeInForm",
]
