"""What was given: for the office with the donors, for everybody without them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from shouwang.core.scope import Scope
from shouwang.goods.models import Donation, Item, Movement
from shouwang.goods.selectors.store import stores_for


@dataclass
class Given:
    """A donation and what it was, in the items' own packs; `taken_back` where the entry was corrected."""

    donation: Donation
    lines: list[tuple[Item, int]]
    taken_back: bool

    @property
    def said_lines(self) -> list[tuple[str, str]]:
        return [(item.name, item.said(quantity)) for item, quantity in self.lines]

    @property
    def words(self) -> str:
        return gettext(", ").join(f"{name} {said}" for name, said in self.said_lines)


def donations_in(community_id: UUID, limit: int = 200) -> list[Given]:
    """The latest donations of a community. Callers scope it."""
    return _given(list(Donation.objects.filter(community_id=community_id).order_by("-at", "-pk")[:limit]))


def donation_for(scope: Scope, donation_id: UUID) -> Given:
    """One donation, or 404."""
    places = [place.pk for place in stores_for(scope)]
    found = Donation.objects.filter(pk=donation_id, community_id__in=places).first()
    if found is None:
        raise Http404
    return _given([found])[0]


def _given(donations: list[Donation]) -> list[Given]:
    rows = (
        Movement.objects.filter(act__in=[one.act for one in donations])
        .select_related("lot__item")
        .order_by("pk")
    )
    lines: dict[UUID, dict[Item, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        lines[row.act][row.lot.item] += row.quantity
    wrong = set(Movement.objects.filter(corrects__in=rows).values_list("corrects__act", flat=True))
    return [Given(one, list(lines[one.act].items()), one.act in wrong) for one in donations]
