"""What stands on a label: number, door, marks, hour, and a QR code that says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shouwang.core.scope import Scope
from shouwang.goods.models import Parcel
from shouwang.goods.selectors.parcels import Line, lines_of
from shouwang.places.selectors import codes_of
from shouwang.ui.paper import qr_picture


@dataclass(frozen=True)
class Label:
    """One label. `short`: the door in large figures (3-2-501), '' where it isn't known; `picture`: its QR code."""

    parcel: Parcel
    short: str
    said: str
    picture: str


def labels_for(scope: Scope, rows: Sequence[Parcel]) -> list[Label]:
    """The labels of parcels, in order of building, stairwell and door, as they are stuck on."""
    codes: dict[UUID, tuple[str, str]] = {}
    for community_id in {row.community_id for row in rows if row.community_id}:
        codes |= codes_of(community_id)
    lines = sorted(lines_of(scope, rows), key=_order)
    return [
        Label(line.parcel, _short(line, codes), line.label, qr_picture(line.parcel.code)) for line in lines
    ]


def _short(line: Line, codes: dict[UUID, tuple[str, str]]) -> str:
    dwelling = line.parcel.dwelling
    if dwelling is None or not line.door:
        return ""
    return "-".join(part for part in (*codes.get(dwelling.place_id, ("", "")), dwelling.door) if part)


def _order(line: Line) -> tuple[str, str, int]:
    parcel = line.parcel
    place = parcel.place.sort_key if parcel.place else "~"
    return place, parcel.dwelling.sort_key if parcel.dwelling else "", parcel.number
