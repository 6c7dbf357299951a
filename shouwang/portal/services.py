"""What a resident does through a door's code or a private link. Everything is written by `help`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwang.core.actors import RESIDENT
from shouwang.core.errors import Refusal
from shouwang.help import services as help_services
from shouwang.help.engines.messages import asks_not_to_be_rung, read_message_json
from shouwang.help.models import HelpRequest
from shouwang.help.selectors.resident import asked_lately
from shouwang.help.states import Category, Source, Urgency
from shouwang.people import selectors as people
from shouwang.places import selectors as places
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Place
from shouwang.portal.rules import BY_CODE, MOST_ASKED, WITHIN, more_urgent


def ask_for_help(
    *, place: Place, choice: str, words: str, door: str, name: str, phone: str, at: datetime
) -> tuple[HelpRequest, str]:
    """Takes in what a resident asks at the stairwell's code; answers the request and its private link's token.

    The words are read as a pasted message would be: a sign of danger raises the urgency, a list becomes lines.
    Whether the door or the name is known makes no difference to the answer.
    """
    chosen = BY_CODE[choice]
    part = _read(words)
    urgency = more_urgent(chosen.urgency, part.get("urgency", Urgency.NORMAL))
    if urgency != Urgency.LIFE and asked_lately(place.pk, at - WITHIN) >= MOST_ASKED:
        raise Refusal("too-many", _("Very many have asked from this door just now. Please ring the desk."))
    dwelling = _dwelling(place, door)
    request, token = help_services.take_in_request(
        community_id=place.community_id,  # type: ignore[arg-type]
        place=place,
        dwelling=dwelling,
        household=people.current_household(dwelling) if dwelling else None,
        category=Category.EMERGENCY if urgency == Urgency.LIFE else _category(chosen.category, part),
        urgency=urgency,
        source=Source.PORTAL,
        title="",
        words=words,
        lines=part.get("lines", []) if chosen.category != Category.EMERGENCY else [],
        by=RESIDENT,
        at=at,
        asker_name=name,
        asker_phone=phone,
        confidential="confidential" in part.get("flags", []),
        no_ring_back="confidential" in part.get("flags", []) and asks_not_to_be_rung(words),
        door_said=door,
    )
    return request, token or ""


def _read(words: str) -> dict[str, Any]:
    parts = read_message_json(words)["parts"] if words.strip() else []
    return parts[0] if len(parts) == 1 else {}


def _category(chosen: str, part: dict[str, Any]) -> str:
    """What was chosen stands; only 'something else' takes what the words say."""
    return part.get("category", chosen) if chosen == Category.OTHER else chosen


def _dwelling(place: Place, said: str) -> Any:
    """The door at this stairwell, as said or as it is read: 501, 8-2-501, 8号楼2单元501."""
    read = read_door(said)
    wanted = {said, read.door if read and read.door else said}
    found = places.doors_at(place).filter(door__in=wanted)[:2]
    return found[0] if len(found) == 1 else None
