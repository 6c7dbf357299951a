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
from shouwang.goods.forms.runs import ApartForm, CarrierForm, CartForm, MoveForm, OpenForm, TakeOverForm

__all__ = [
    "ApartForm",
    "CarrierForm",
    "CartForm",
    "ChangeForm",
    "DoorForm",
    "EarlyForm",
    "MoveForm",
    "NoteForm",
    "OpenForm",
    "PhotoForm",
    "ScanForm",
    "StepForm",
    "TakeInForm",
    "TakeOverForm",
]
