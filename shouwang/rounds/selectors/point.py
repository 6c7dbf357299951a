"""What was done at the point, and the waste bags that are out."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.places.models import Place
from shouwang.rounds.models import Entry, PointStep, Round, WasteBag
from shouwang.rounds.states import Step


def place_of(entry: Entry | None) -> Place | None:
    """Where something is that is no home: the stairwell, or that of the spot; None for a home, or for no entry."""
    if entry is None:
        return None
    return entry.spot.place if entry.spot is not None else entry.place


def point_steps(round_: Round) -> dict[str, PointStep]:
    """The latest of each step that was ticked off."""
    rows = PointStep.objects.filter(round=round_).select_related("by").order_by("at", "id")
    return {row.step: row for row in rows}


def point_disinfected(round_: Round) -> PointStep | None:
    """That the point was disinfected since it was opened last; None: not yet, so nobody goes upstairs."""
    done = point_steps(round_)
    opened, disinfected = done.get(Step.OPENED), done.get(Step.DISINFECTED)
    if opened is None or disinfected is None:
        return None
    return disinfected if (disinfected.at, disinfected.pk) >= (opened.at, opened.pk) else None


@dataclass(frozen=True)
class Bags:
    """Waste bags of a round: how many were counted out and away, and the numbers of those that are left."""

    out: int
    away: int
    left: tuple[int, ...]


def bags_of(round_: Round) -> Bags:
    """The waste bags of a round."""
    rows = list(WasteBag.objects.filter(round=round_).order_by("number").values_list("number", "away_at"))
    left = tuple(number for number, away_at in rows if away_at is None)
    return Bags(len(rows), len(rows) - len(left), left)


def bag_rows(round_: Round) -> list[WasteBag]:
    """Each bag with who counted it out and away."""
    return list(
        WasteBag.objects.filter(round=round_).select_related("issued_by", "away_by").order_by("number")
    )
