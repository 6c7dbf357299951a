"""Delivery runs on paper: a page a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwang.accounts.models import User
from shouwang.core.scope import Scope
from shouwang.goods.models import Run, RunPlan
from shouwang.goods.selectors.runs import StopLine, counted_runs, lines_of
from shouwang.goods.states import BEGUN, RunState


@dataclass(frozen=True)
class Sheet:
    """A run as it is printed."""

    run: Run
    lines: Sequence[StopLine]

    @property
    def pieces(self) -> int:
        return sum(line.pieces for line in self.lines)


def sheet_of(scope: Scope, run: Run) -> Sheet:
    """One run."""
    return Sheet(run, lines_of(scope, [run])[run.pk])


def sheets_of(scope: Scope, plan: RunPlan, *, by: User, at: datetime) -> list[Sheet]:
    """What goes next: of everybody who carries the run that is being loaded or out, and the next that is planned.

    Later ones are planned again before they go, and paper does not know.
    """
    next_of: dict[object, Run] = {}
    rows = []
    for run in counted_runs(plan):
        if run.state in BEGUN:
            rows.append(run)
        elif run.state == RunState.PLANNED and run.carrier_id not in next_of:
            next_of[run.carrier_id] = run
            rows.append(run)
    lines = lines_of(scope, rows)
    return [Sheet(run, lines[run.pk]) for run in rows]
