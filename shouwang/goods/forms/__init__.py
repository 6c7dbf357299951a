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
from shouwang.goods.forms.runs import ApartForm, CartForm, HelperForm, MoveForm, OpenForm, TakeOverForm

__all__ = [
    "ApartForm",
    "CartForm",
    "ChangeForm",
    "DoorForm",
    "EarlyForm",
    "HelperForm",
    "MoveForm",
    "NoteForm",
    "OpenForm",
    "PhotoForm",
    "ScanForm",
    "StepForm",
    "TakeInForm",
    "TakeOverForm",
]
