"""What a resident does through a door's code or a private link. Everything is written by `help`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwang.core.actors import RESIDENT
from shouwang.core.errors import Refusal
from shouwang.goods.engines.medicines import table
from shouwang.goods.selectors.medicine_lacks import may_be_given, offered_lately
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine
from shouwang.help import services as help_services
from shouwang.help.engines.messages import asks_not_to_be_rung, read_message_json
from shouwang.help.models import HelpRequest
from shouwang.help.selectors.resident import asked_lately
from shouwang.help.states import Category, Source, Urgency
from shouwang.people import selectors as people
from shouwang.places import selectors as places
from shouwang.places.engines.doors import read_door
from shouwang.places.models import Place
from shouwang.portal.rules import BY_CODE, MOST_ASKED, OTHER, OVER, WITHIN, more_urgent


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


def spare_medicine(
    *, place: Place, door: str, medicine: str, words: str, quantity: int, good_until: str, name: str, phone: str,
    may_be_named: bool, at: datetime,
) -> None:  # fmt: skip
    """Takes in what a resident can spare, as an offer that somebody of the bank looks at before anything is fetched.

    Refusal with what to do instead for what is over, needs a prescription, or is never passed on. As with asking, it
    makes no difference whether the door is known.
    """
    code = _medicine_meant(medicine, words)
    _may_be_spared(code, good_until)
    if offered_lately(place.pk, at - WITHIN) >= MOST_ASKED:
        raise Refusal("too-many", _("Very many have written from this door just now. Please ring the desk."))
    dwelling = _dwelling(place, door)
    giver = Giver(
        household=people.current_household(dwelling) if dwelling else None, dwelling=dwelling, place=place,
        door_said=f"{places.label_of(place)} {door}", name=name, phone=phone, may_be_named=may_be_named,
    )  # fmt: skip
    community = places.community_by_id(place.community_id)  # type: ignore[arg-type]
    pack = Pack(code, quantity, expires_on=_last_day(good_until), words=words)
    offer_medicine(community=community, giver=giver, pack=pack, by=RESIDENT, at=at)


def _medicine_meant(chosen: str, words: str) -> str:
    """The code of the table; "" where the words say something that somebody has to read off the pack."""
    if chosen != OTHER:
        return chosen
    found = table().spelled(words)
    refused = [one for one in found if not may_be_given(one)]
    if len(found) == 1 or (found and refused == found):
        return found[0].code
    return ""


def _may_be_spared(code: str, good_until: str) -> None:
    """Refusal that says what to do with what the bank does not take from a door."""
    medicine = table().medicines.get(code)
    if medicine is not None and any(rule.kind == "not_shared" for rule in medicine.all_rules):
        raise Refusal("offer-not-shared", _(
            "The bank never passes this on. Please do not give it to neighbours either; a pharmacy takes back what you "
            "no longer need."
        ), field="medicine")  # fmt: skip
    if medicine is not None and medicine.prescription:
        raise Refusal("offer-prescribed", _(
            "This needs a prescription and is not taken at the door. Keep it at home; if it may help somebody, ring the desk."
        ), field="medicine")  # fmt: skip
    if good_until == OVER:
        raise Refusal("offer-over", _(
            "What is over is not passed on. Please do not take it any more; a pharmacy takes it back."
        ), field="good_until")  # fmt: skip


def _last_day(month: str) -> date | None:
    """A pack is good through the month that stands on it: 2026-02 is 28 February; None where nobody knows."""
    if not month:
        return None
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])


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
