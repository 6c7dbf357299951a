"""Parcels within a scope: the gate's board, one parcel's way, what is released, what belongs to a household."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.clock import local_day
from shouwang.core.personal import DOOR, HEALTH, WISH
from shouwang.core.scope import Scope
from shouwang.goods.models import Parcel, ParcelStep
from shouwang.goods.rules import MEDICINE_WAITS_TOO_LONG, TAKE_BACK_WITHIN, WAITS_TOO_LONG
from shouwang.goods.states import AT_GATE, IN_HOUSE, ParcelState
from shouwang.people.models import Household
from shouwang.places.engines.doors import lenient_door
from shouwang.places.selectors import door_labels, labels_of, leaves_meant

GATE = "goods.gate"
MOST_ROWS = 200
# The board's lists, in the order of the way.
SHOWS: dict[str, Any] = {
    "received": _("to be disinfected"),
    "resting": pgettext_lazy("parcels", "resting"),
    "released": _("ready to go"),
    "on_the_way": pgettext_lazy("parcels", "on the way"),
    "handed_over": _("handed over today"),
    "unplaced": _("no door yet"),
    "late": _("waiting long"),
    "lost": _("not found"),
}


def parcels_for(scope: Scope, capability: str = GATE) -> QuerySet[Parcel]:
    """Parcels within the scope, and those without a door that one took in oneself."""
    if not scope.can(capability):
        return Parcel.objects.none()
    mine = Q(place__isnull=True, received_by=scope.user)
    rows = Parcel.objects.filter(scope.q(capability) | mine)
    return rows.select_related("place", "dwelling__place", "household", "holder")


def parcel_for(scope: Scope, parcel_id: UUID, capability: str = GATE) -> Parcel:
    """The parcel, or 404."""
    found = parcels_for(scope, capability).filter(pk=parcel_id).first()
    if found is None:
        raise Http404
    return found


def chosen_parcels(scope: Scope, ids: Iterable[Any], most: int = MOST_ROWS) -> list[Parcel]:
    """Those of these ids that are within the scope, in order of their numbers; what is no id is passed over."""
    wanted = [pk for said in ids if (pk := _id(said)) is not None][:most]
    return list(parcels_for(scope).filter(pk__in=wanted).order_by("number"))


def _id(said: Any) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None


def released_for(scope: Scope, community_id: UUID, capability: str = GATE) -> QuerySet[Parcel]:
    """What is released at the gate of a community and has a door, longest first: what a run can take."""
    return (
        parcels_for(scope, capability)
        .filter(community_id=community_id, state=ParcelState.RELEASED, place__isnull=False)
        .order_by("released_at", "number")
    )


def parcels_of(household: Household) -> QuerySet[Parcel]:
    """What is in house for a household, whatever the scope: for services and sections that have asked it."""
    return Parcel.objects.filter(household=household, state__in=IN_HOUSE).order_by("received_at", "number")


def parcel_by_code(scope: Scope, text: str) -> Parcel | None:
    """The parcel that a label or a carrier's barcode belongs to; of a carrier's code the newest that is in house."""
    rows = parcels_for(scope)
    own = rows.filter(code=text).first()
    carried = rows.filter(carrier_code=text, state__in=IN_HOUSE).order_by("-received_at")
    return own or (carried.first() if text else None)


# The board


def _late(at: datetime) -> Q:
    usual = Q(released_at__lte=at - WAITS_TOO_LONG)
    pressing = (Q(medicine=True) | Q(urgent=True)) & Q(released_at__lte=at - MEDICINE_WAITS_TOO_LONG)
    return Q(state=ParcelState.RELEASED) & (usual | pressing)


def shown(at: datetime) -> dict[str, Q]:
    """What each list of the board holds."""
    today = local_day(at, settings.TIME_ZONE)
    since = at - timedelta(hours=24)
    placed = Q(place__isnull=False)
    return {
        "received": Q(state=ParcelState.RECEIVED),
        "resting": Q(state=ParcelState.RESTING),
        "released": Q(state=ParcelState.RELEASED) & placed,
        "on_the_way": Q(state=ParcelState.ON_THE_WAY),
        "handed_over": Q(state=ParcelState.HANDED_OVER, ended_at__gte=since, ended_at__date=today),
        "unplaced": Q(state__in=AT_GATE, place__isnull=True),
        "late": _late(at) & placed,
        "lost": Q(state=ParcelState.LOST),
    }


def gate_counts(scope: Scope, at: datetime) -> dict[str, Any]:
    """How many parcels each list of the board holds, and `next`: when the next that rests is released. One query."""

    def count() -> dict[str, Any]:
        asked: dict[str, Any] = {show: Count("pk", filter=where) for show, where in shown(at).items()}
        asked["next"] = Min("rest_until_at", filter=Q(state=ParcelState.RESTING))
        recent = Q(state__in=[*IN_HOUSE, ParcelState.LOST]) | Q(ended_at__gte=at - timedelta(hours=24))
        return parcels_for(scope).select_related(None).filter(recent).order_by().aggregate(**asked)

    return scope.once("goods.counts", count)


ORDERS = {
    "received": ("received_at", "number"),
    "resting": ("rest_until_at", "number"),
    "handed_over": ("-ended_at", "-number"),
    "lost": ("-ended_at", "-number"),
}


@dataclass(frozen=True)
class Line:
    """A parcel on a list: with its door, and what whoever looks may know of it."""

    parcel: Parcel
    door: str
    note: str = ""
    carrier_code: str = ""

    @property
    def label(self) -> str:
        """Its door, or what was said."""
        return self.door or self.parcel.door_said


def lines_of(scope: Scope, parcels: Sequence[Parcel]) -> list[Line]:
    """Parcels with their doors as people say them. Two queries, whatever their number."""
    labels = door_labels([row.dwelling for row in parcels if row.dwelling is not None])
    places = labels_of(row.place_id for row in parcels if row.place_id and row.dwelling_id is None)
    lines = []
    for row in parcels:
        classes = scope.classes_for(row)
        door = labels.get(row.dwelling_id) or places.get(row.place_id, "")  # type: ignore[arg-type]
        lines.append(
            Line(
                row,
                door if DOOR in classes else "",
                row.note if HEALTH in classes else "",
                row.carrier_code if WISH in classes else "",
            )
        )
    return lines


def gate_lines(scope: Scope, show: str, at: datetime) -> list[Line]:
    """One list of the board: medicine and what is urgent first, at most MOST_ROWS."""
    rows = parcels_for(scope).filter(shown(at)[show])
    order = ORDERS.get(show, ("-medicine", "-urgent", "released_at", "number"))
    return lines_of(scope, list(rows.order_by(*order)[:MOST_ROWS]))


def search_parcels(scope: Scope, said: str, most: int = 40) -> list[Line]:
    """Parcels by number, door, carrier's code or label, those in house first, within the last 30 days."""
    said = said.strip()
    where = Q(code=said) | Q(carrier_code=said) if len(said) > 3 else Q(pk__in=[])
    if said.isascii() and said.isdigit() and len(said) < 7:
        where |= Q(number=int(said)) | Q(dwelling__door=said)
    door = lenient_door(said)
    if door is not None and door.door:
        where |= Q(
            place__in=leaves_meant(scope, door.building, door.stairwell, GATE), dwelling__door=door.door
        )
    rows = parcels_for(scope).filter(where).order_by("ended_at", "-received_at")
    found = sorted(rows[: most * 2], key=lambda row: row.ended_at is not None)
    return lines_of(scope, found[:most])


@dataclass(frozen=True)
class Way:
    """One parcel with its whole way, and which acts are open to it now."""

    line: Line
    steps: Sequence[ParcelStep]
    may_take_back: bool


def way_of(scope: Scope, parcel: Parcel, at: datetime) -> Way:
    """A parcel's page."""
    steps = list(parcel.steps.select_related("by", "holder").order_by("id"))
    fresh = parcel.ended_at is not None and at - parcel.ended_at <= TAKE_BACK_WITHIN
    handed = parcel.state == ParcelState.HANDED_OVER
    return Way(lines_of(scope, [parcel])[0], steps, handed and fresh)


def taken_last(scope: Scope, at: datetime, most: int = 5) -> list[Line]:
    """What this user took in during the last two hours, newest first: each with a way back."""
    rows = parcels_for(scope).filter(received_by=scope.user, received_at__gte=at - TAKE_BACK_WITHIN)
    return lines_of(
        scope, list(rows.exclude(state=ParcelState.VOIDED).order_by("-received_at", "-number")[:most])
    )
