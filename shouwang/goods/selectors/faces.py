"""What other pages show of the gate: Today, the wall, the household file, the place page, a person's own copy, search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shouwang.core.registry import Cell, CopyPart, Figure, Hit, TodayItem
from shouwang.core.scope import Scope
from shouwang.goods.models import Parcel
from shouwang.goods.selectors.parcels import (
    GATE,
    gate_counts,
    lines_of,
    parcels_for,
    search_parcels,
    shown,
)
from shouwang.goods.states import IN_HOUSE, ParcelState
from shouwang.people.selectors import file_household, person_homes

MOST_SHOWN = 20

LENS_LOOKS = {
    "waiting": ("need", "·", gettext_lazy("something waits for them at the gate")),
    "resting": ("mute", "…", pgettext_lazy("lens", "resting at the gate")),
    "on_the_way": ("visit", "↑", pgettext_lazy("lens", "on the way to them")),
}
LOOK_OF = {
    ParcelState.RECEIVED: "resting", ParcelState.RESTING: "resting", ParcelState.RELEASED: "waiting",
    ParcelState.ON_THE_WAY: "on_the_way",
}  # fmt: skip
ORDER = tuple(LENS_LOOKS)


def today_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """What of the gate needs somebody: what has no door, and what is released and waits. Two queries at most."""
    if not scope.can(GATE):
        return []
    counts = gate_counts(scope, at)
    items = []
    if counts["unplaced"]:
        items.append(_no_door(counts["unplaced"], _since(scope, at, "unplaced", "received_at")))
    if counts["late"]:
        items.append(_waits(counts["late"], _since(scope, at, "late", "released_at")))
    return items


def _since(scope: Scope, at: datetime, show: str, column: str) -> datetime | None:
    found: datetime | None = parcels_for(scope).filter(shown(at)[show]).aggregate(since=Min(column))["since"]
    return found


def _no_door(number: int, since: datetime | None) -> TodayItem:
    title = ngettext("%(n)s parcel has no door yet", "%(n)s parcels have no door yet", number) % {"n": number}
    return TodayItem(
        "goods:no-door", "need", 2, title, "", _("Read the doors"), reverse("goods:unplaced"), since
    )


def _waits(number: int, since: datetime | None) -> TodayItem:
    title = ngettext(
        "%(n)s parcel is ready and waits too long", "%(n)s parcels are ready and wait too long", number
    ) % {"n": number}
    url = f"{reverse('goods:gate')}?show=late"
    return TodayItem(
        "goods:late", "need", 1, title, _("Medicine and what is urgent first."), _("Look"), url, since
    )


def gate_figure(scope: Scope, at: datetime) -> Figure | None:
    """What is at the gate for the households of the scope, and when the next rests until; none where nothing is."""
    if not scope.can(GATE):
        return None
    counts = gate_counts(scope, at)
    number = counts["received"] + counts["resting"] + counts["released"]
    if not number:
        return None
    small = _("%(number)s ready to go") % {"number": counts["released"]} if counts["released"] else ""
    if not small and counts["next"]:
        small = _("the next at %(hour)s") % {"hour": f"{localtime(counts['next']):%H:%M}"}
    return Figure(_("Parcels at the gate"), number, reverse("goods:gate"), small=small)


def delivery_cells(community_id: UUID, scope: Scope, at: datetime) -> Mapping[UUID, Cell]:
    """Doors for which something is in house; the most pressing one gives the mark."""
    rows = parcels_for(scope).filter(community_id=community_id, state__in=IN_HOUSE, dwelling__isnull=False)
    found: dict[UUID, str] = {}
    for dwelling_id, state in rows.order_by().values_list("dwelling_id", "state"):
        look = LOOK_OF[ParcelState(state)]
        if dwelling_id not in found or ORDER.index(look) < ORDER.index(found[dwelling_id]):
            found[dwelling_id] = look
    return {pk: Cell(*LENS_LOOKS[look]) for pk, look in found.items()}


def household_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """What is in house for a household, and what it was given in the last days."""
    household = file_household(scope, household_id)
    if not scope.covers(GATE, household):
        return None
    recent = Q(state__in=IN_HOUSE) | Q(ended_at__gte=at - timedelta(days=7))
    rows = parcels_for(scope).filter(recent, household_id=household_id).exclude(state=ParcelState.VOIDED)
    found = list(rows.order_by("-received_at")[:MOST_SHOWN])
    return {"lines": lines_of(scope, found), "now": at} if found else None


def place_section(place_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """How much is in house for a place, by how far it is; hidden where nothing is."""
    if not scope.can(GATE):
        return None
    here = Q(community_id=place_id) | Q(grid_id=place_id) | Q(building_id=place_id) | Q(stairwell_id=place_id)
    rows = parcels_for(scope).filter(here, state__in=IN_HOUSE).order_by("received_at")
    found = list(rows)
    if not found:
        return None
    counted = [(state.label, sum(row.state == state for row in found)) for state in IN_HOUSE]
    return {
        "counts": [(label, number) for label, number in counted if number],
        "lines": lines_of(scope, found[:MOST_SHOWN]), "more": max(0, len(found) - MOST_SHOWN), "now": at,
    }  # fmt: skip


def search_hits(scope: Scope, said: str, at: datetime) -> Sequence[Hit]:
    """Parcels by number, door or code, for the search over everything."""
    if not scope.can(GATE):
        return []
    return [
        Hit(
            title=f"{line.parcel.spoken_number} {line.label}".strip(),
            small=f"{line.parcel.get_kind_display()} · {line.parcel.get_state_display()}",
            url=reverse("goods:parcel", args=[line.parcel.pk]),
            kind=str(_("parcel")),
        )
        for line in search_parcels(scope, said, 6)
    ]


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part with all that came for the households of a person while the person belonged to them."""
    here = Q(pk__in=[])
    for household_id, from_on, until_on in person_homes(person_id):
        span = Q(household_id=household_id, local_day__gte=from_on)
        here |= span & Q(local_day__lte=until_on) if until_on else span
    rows = Parcel.objects.filter(here).exclude(state=ParcelState.VOIDED).order_by("received_at")
    said = [(f"{localtime(row.received_at):%Y-%m-%d %H:%M}", _told(row)) for row in rows]
    return [CopyPart(gettext_lazy("What came for the household"), said)] if said else []


def _told(row: Parcel) -> str:
    parts = [row.spoken_number, str(row.get_kind_display()), str(row.get_state_display()), row.note]
    return " · ".join(part for part in parts if part)
