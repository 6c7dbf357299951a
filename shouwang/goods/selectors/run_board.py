"""The page of a plan: each carrier's day drawn as a line, and why it is as it is, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shouwang.goods.models import Run, RunPlan, RunStop
from shouwang.goods.selectors.runs import CarrierLine, board_of
from shouwang.goods.states import BEGUN, LIVE, RunState
from shouwang.places.selectors import door_labels


@dataclass(frozen=True)
class Bar:
    """A trip on the line of time, in percent of the width."""

    run: Run
    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Row:
    """A carrier with their line."""

    line: CarrierLine
    bars: Sequence[Bar]
    back_at: datetime | None


@dataclass(frozen=True)
class Board:
    """All lines on one scale. `hours`: (percent, words); `now`: percent, None where now is not on it."""

    rows: Sequence[Row]
    hours: Sequence[tuple[float, str]]
    now: float | None
    planned: int
    begun: int
    over: int


def plan_board(plan: RunPlan, at: datetime) -> Board:
    """The day of everybody who carries."""
    lines = board_of(plan)
    runs = [run for line in lines for run in line.runs]
    begins = min((_from(run) for run in runs), default=at)
    ends = max((_to(run) for run in runs), default=at)
    span = max((ends - begins).total_seconds(), 60)

    def percent(moment: datetime) -> float:
        return round(100 * (moment - begins).total_seconds() / span, 2)

    rows = [
        Row(
            line,
            [Bar(run, percent(_from(run)), max(1.2, percent(_to(run)) - percent(_from(run))), _words(run)) for run in line.runs],
            line.back_at,
        )
        for line in lines
    ]  # fmt: skip
    states = [run.state for run in runs]
    return Board(
        rows, _hours(begins, ends, percent), percent(at) if begins <= at <= ends else None,
        states.count(RunState.PLANNED), sum(state in BEGUN for state in states), states.count(RunState.OVER),
    )  # fmt: skip


def _from(run: Run) -> datetime:
    return run.loading_at or run.starts_at


def _to(run: Run) -> datetime:
    return max(run.over_at or run.ends_at, _from(run))


def _words(run: Any) -> str:
    return f"{localtime(_from(run)):%H:%M}–{localtime(_to(run)):%H:%M} · {run.total} · {run.load_kg:.0f} kg"


def _hours(begins: datetime, ends: datetime, percent: Any) -> list[tuple[float, str]]:
    """A mark at every quarter of the span, never more than five: enough to read a time off."""
    return [
        (
            min(percent(begins + (ends - begins) * n / 4), 97),
            f"{localtime(begins + (ends - begins) * n / 4):%H:%M}",
        )
        for n in range(5)
        if ends > begins
    ]


@dataclass(frozen=True)
class AtDoor:
    """A stop with its door as people say it."""

    stop: RunStop
    door: str


def at_doors(stops: Sequence[RunStop]) -> list[AtDoor]:
    """These stops with their doors, asked for at once."""
    labels = door_labels([stop.dwelling for stop in stops if stop.dwelling is not None])
    return [AtDoor(stop, labels.get(stop.dwelling_id, "") if stop.dwelling_id else "") for stop in stops]


def late_stops(plan: RunPlan) -> list[AtDoor]:
    """Stops that come after their time by the plan and have not come yet, the one due first before the others."""
    rows = RunStop.objects.filter(
        run__plan=plan, run__state__in=LIVE, due_at__isnull=False, ended_at__isnull=True
    )
    stops = rows.select_related("dwelling__place", "run__carrier__volunteer__user").order_by("due_at")
    return at_doors([stop for stop in stops if stop.is_late()])


@dataclass(frozen=True)
class Target:
    """Where a stop may be moved: a run, or a new trip of a carrier. `value` is what the form sends."""

    value: str
    words: str


def targets_for(stop: RunStop) -> list[Target]:
    """Planned runs of the same plan, then a trip of its own for everybody who carries."""
    found: list[Target] = []
    fresh: list[Target] = []
    for line in board_of(stop.run.plan):
        name = line.carrier.volunteer.user.name
        planned = [run for run in line.runs if run.state == RunState.PLANNED]
        found += [Target(f"run:{run.pk}", f"{name} · {_words(run)}") for run in planned]
        if line.carrier.left_at is None:
            fresh.append(Target(f"new:{line.carrier.pk}", _("%(name)s · a trip of its own") % {"name": name}))
    return [*found, *fresh]


def places_in(runs: Iterable[Any]) -> int:
    """The most stops that one of these runs has."""
    return max((run.total for run in runs), default=0)
