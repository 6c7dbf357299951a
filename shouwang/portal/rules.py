"""What a resident may choose, and how much one door may ask at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwang.help.states import Category, Urgency

# Enough for a whole stairwell asking at once, too few to bury the desk. Danger to life is never counted.
MOST_ASKED = 30
WITHIN = timedelta(minutes=10)
# What is chosen where a pack is none of the table's, and where its month has passed.
OTHER, OVER = "other", "over"


@dataclass(frozen=True)
class Choice:
    """One of the few things a resident can ask for: `code` in the form, what it becomes."""

    code: str
    label: Any
    icon: str
    category: str
    urgency: str
    tone: str = ""


CHOICES = (
    Choice("unwell", _("I am unwell now"), "siren", Category.EMERGENCY, Urgency.LIFE, "danger"),
    Choice("medicine", _("I need medicine"), "pill", Category.MEDICINE, Urgency.TODAY),
    Choice("shopping", _("Please shop for me"), "shopping-basket", Category.SHOPPING, Urgency.NORMAL),
    Choice("repair", _("Something is broken at home"), "wrench", Category.REPAIR, Urgency.TODAY),
    Choice("other", _("Something else"), "message-circle", Category.OTHER, Urgency.NORMAL),
)
BY_CODE = {choice.code: choice for choice in CHOICES}
RANK = {Urgency.LIFE: 0, Urgency.TODAY: 1, Urgency.NORMAL: 2}


def more_urgent(first: str, second: str) -> str:
    """The more urgent of two."""
    return first if RANK[Urgency(first)] <= RANK[Urgency(second)] else second
