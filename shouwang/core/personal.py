"""What every personal field says of itself: its class, its purpose, and so how long it is kept.

A model lists its personal fields in `PERSONAL`; a guard test fails for a text field that is in neither
`PERSONAL` nor `NOT_PERSONAL`, and for a personal field without an eraser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "name"
DOOR = "door"
PHONE = "phone"
BIRTH = "birth"
ID_NUMBER = "id_number"
HEALTH = "health"
CARE = "care"
WISH = "wish"
NOTE = "note"

FIELD_CLASSES = (NAME, DOOR, PHONE, BIRTH, ID_NUMBER, HEALTH, CARE, WISH, NOTE)
SENSITIVE = frozenset({ID_NUMBER, HEALTH, CARE})


@dataclass(frozen=True)
class Personal:
    """`field_class` one of FIELD_CLASSES; `purpose` the code of a registered PurposeKind, which has the days."""

    field_class: str
    purpose: str


def personal_fields() -> Iterator[tuple[str, Personal]]:
    """Every declared personal field as ("app.Model.field", Personal)."""
    from django.apps import apps

    for model in apps.get_models():
        for name, declared in getattr(model, "PERSONAL", {}).items():
            yield f"{model._meta.label}.{name}", declared
