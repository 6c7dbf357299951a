"""What many phones bring at the same moment becomes one transaction (see core.gathering)."""

from __future__ import annotations

from collections.abc import Sequence

from shouwang.core import clock
from shouwang.core.gathering import Gatherer
from shouwang.field.engines.sealed import Parcel
from shouwang.field.services.receiving import Line, receive_parcels

# Commands of one transaction: it must not hold SQLite's only pen for long.
MOST_COMMANDS = 200
MOST_PHONES = 64


def _receive_all(batches: Sequence[Sequence[Parcel]]) -> list[list[Line]]:
    """The lines of each batch; as many batches as fit go into one transaction."""
    answers: list[list[Line]] = []
    group: list[Sequence[Parcel]] = []
    for batch in batches:
        if group and sum(map(len, group)) + len(batch) > MOST_COMMANDS:
            answers += _receive_group(group)
            group = []
        group.append(batch)
    return answers + _receive_group(group)


def _receive_group(group: Sequence[Sequence[Parcel]]) -> list[list[Line]]:
    lines = receive_parcels([parcel for batch in group for parcel in batch], at=clock.now())
    by_id: dict[object, Line] = {}
    for line in lines:
        by_id.setdefault(line.id, line)
    return [[by_id[pk] for pk in dict.fromkeys(p.id for p in batch) if pk in by_id] for batch in group]


_gatherer: Gatherer[Sequence[Parcel], list[Line]] = Gatherer(_receive_all, MOST_PHONES)


def receive_with_others(parcels: Sequence[Parcel]) -> list[Line]:
    """As `receive_parcels`, together with what other threads bring meanwhile; one line an id."""
    return _gatherer.do(parcels)
