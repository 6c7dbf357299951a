"""Who gave and who took: private from each other, and named only where both of them have agreed to it.

Giver and taker are joined by the pack: a bag was counted out of the lot that an offer became. A name and no more: no
door, no number, not what it was. Where only one agreed there is nothing on either side, not even that there is a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shouwang.goods.models import Lot, MedicineAsk, MedicineIssue, MedicineOffer
from shouwang.goods.states import IssueState
from shouwang.people.models import Household
from shouwang.people.selectors import members_of

# A pack that was split again and again; more than anybody does, so that a wrong row cannot run for ever.
MOST_SPLITS = 12


@dataclass(frozen=True)
class BothNamed:
    """A gift of which both have agreed to be named to the other."""

    offer: MedicineOffer
    issue: MedicineIssue
    giver: str
    taker: str


def both_named(issue: MedicineIssue | None) -> BothNamed | None:
    """Who gave and who took what is at its door now; None unless both have agreed and both names are known."""
    if issue is None or issue.state != IssueState.AT_THE_DOOR or not issue.ask.may_be_named:
        return None
    offer = _offer_of(issue.lot)
    return _pair(offer, issue) if offer is not None and offer.may_be_named else None


def takers_named(offer: MedicineOffer) -> list[BothNamed]:
    """Everybody who took of what was given and has agreed, as has the giver; in the order in which it came to them."""
    if not offer.may_be_named or offer.lot_id is None:
        return []
    rows = MedicineIssue.objects.filter(
        lot_id__in=_lots_out_of(offer.lot_id), state=IssueState.AT_THE_DOOR, ask__may_be_named=True
    ).select_related("ask__household")
    found = [_pair(offer, row) for row in rows.order_by("delivered_at")]
    return [one for one in found if one is not None]


def _pair(offer: MedicineOffer, issue: MedicineIssue) -> BothNamed | None:
    giver, taker = giver_name(offer), taker_name(issue.ask)
    return BothNamed(offer, issue, giver, taker) if giver and taker else None


def giver_name(offer: MedicineOffer) -> str:
    """The name that was said when it was given, else the household's, else that of the account."""
    return offer.giver_name or _first_of(offer.household) or (offer.user.name if offer.user else "")


def taker_name(ask: MedicineAsk) -> str:
    """The household's name, for which the agreement was given; where it is not on file, that of whoever asked."""
    return _first_of(ask.household) or ask.asker_name


def _first_of(household: Household | None) -> str:
    """Whose name a household goes by; plain, because a message is read later, in another language."""
    first = next(iter(members_of(household)), None) if household is not None else None
    return first.person.name if first is not None else ""


def _offer_of(lot: Lot | None) -> MedicineOffer | None:
    """The offer that the pack came in as, however often it was split since."""
    ids: list[UUID] = []
    while lot is not None and len(ids) < MOST_SPLITS:
        ids.append(lot.pk)
        lot = lot.parent
    rows = MedicineOffer.objects.filter(lot_id__in=ids).select_related("household", "user")
    return rows.first()


def _lots_out_of(lot_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    fresh = {lot_id}
    while fresh and len(found) < 1000:
        found |= fresh
        fresh = set(Lot.objects.filter(parent_id__in=fresh).values_list("pk", flat=True)) - found
    return found
