"""Where a request comes from, as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shouwang.help.models import HelpRequest
from shouwang.places.selectors import door_label, door_labels, label_of, labels_of, short_door


def door_of(request: HelpRequest) -> str:
    """The door, else the place with the door as said: 8号楼 2单元 501."""
    if request.dwelling is not None:
        return door_label(request.dwelling)
    where = label_of(request.place) if request.place is not None else ""
    return " ".join(part for part in (where, request.door_said) if part)


def short_door_of(request: HelpRequest) -> str:
    """The same in its shortest form: 8-2-501."""
    return short_door(request.dwelling) if request.dwelling is not None else door_of(request)


def doors_of(requests: Sequence[HelpRequest]) -> dict[UUID, str]:
    """Labels of many requests with a fixed number of queries."""
    doors = door_labels([request.dwelling for request in requests if request.dwelling is not None])
    places = labels_of(r.place_id for r in requests if r.dwelling_id is None and r.place_id is not None)
    return {
        r.pk: doors[r.dwelling_id]
        if r.dwelling_id
        else " ".join(
            part for part in (places.get(r.place_id, "") if r.place_id else "", r.door_said) if part
        )
        for r in requests
    }
