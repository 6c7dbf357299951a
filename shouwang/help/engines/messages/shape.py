"""What a read message is made of; the JSON shape that others script against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CATEGORIES = (
    "emergency",
    "medicine",
    "shopping",
    "parcel",
    "repair",
    "dispute",
    "visit",
    "care",
    "question",
    "thanks",
    "suggestion",
    "other",
)
URGENCIES = ("life", "today", "normal")
FLAGS = (
    "walks-badly",
    "lives-alone",
    "over-80",
    "infant",
    "alone-with-child",
    "pregnant",
    "dialysis",
    "oxygen",
    "chronic-illness",
    "disabled",
    "dementia",
    "no-phone",
    "positive",
    "to-door",
    "confidential",
)


@dataclass
class Line:
    """One thing wanted. `quantity` is a decimal string, '0' when taken back, None when not said."""

    name: str
    quantity: str | None = None
    unit: str | None = None
    notes: list[str] = field(default_factory=list)
    # 'gone' (奶粉没了) or the remark (只够一顿): told, not yet asked for; '' once asked for.
    told: str = ""

    def as_json(self) -> dict[str, Any]:
        """The line in the contract's shape."""
        note = "，".join(dict.fromkeys(filter(None, self.notes)))
        return {"name": self.name, "quantity": self.quantity, "unit": self.unit, "note": note}


@dataclass(frozen=True)
class Household:
    """A door as said; None where it was not said."""

    building: str | None
    stairwell: str | None
    door: str | None

    def said(self) -> tuple[str | None, ...]:
        """Building, stairwell, door."""
        return self.building, self.stairwell, self.door

    def as_json(self) -> dict[str, str | None]:
        """The household in the contract's shape."""
        return {"building": self.building, "stairwell": self.stairwell, "door": self.door}


@dataclass(frozen=True)
class Part:
    """What one household asks or tells."""

    household: Household | None
    category: str
    urgency: str
    lines: tuple[Line, ...]
    flags: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The part in the contract's shape."""
        return {
            # A door without its building is no household yet: `unsure` names it.
            "household": self.household.as_json() if self.household and self.household.building else None,
            "category": self.category,
            "urgency": self.urgency,
            "lines": [line.as_json() for line in self.lines],
            "flags": list(self.flags),
        }


@dataclass(frozen=True)
class Message:
    """A message read into drafts that a person confirms; `unsure` says in words where to look."""

    parts: tuple[Part, ...]
    phones: tuple[str, ...]
    unsure: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The message in the contract's shape."""
        return {
            "parts": [part.as_json() for part in self.parts],
            "phones": list(self.phones),
            "unsure": list(self.unsure),
        }
