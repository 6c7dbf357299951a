"""Runs from an instance by the solver where there is one, else as they are made by hand; with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.goods.engines.runs.explain import explain
from shouwang.goods.engines.runs.fixed import Fixed
from shouwang.goods.engines.runs.instance import Instance
from shouwang.goods.engines.runs.plan import plan_by_hand, plan_runs
from shouwang.goods.engines.runs.solver import ExtraMissing

# PyVRP is not on this computer.
NO_SOLVER = "no_solver"


@dataclass(frozen=True)
class Found:
    """`plan` in the shape of the `plan runs` contract, `reasons` of `explain`; `fault` "" or why it was made by hand."""

    plan: dict[str, Any]
    reasons: Sequence[dict[str, Any]]
    fault: str = ""


def made_runs(instance: Instance, fixed: Fixed, *, seconds: float, seed: int) -> Found:
    """The runs, every time. An instance without stops gives everybody no trip."""
    fault = ""
    try:
        plan = plan_runs(instance, seconds=seconds, seed=seed, fixed=fixed)
    except ExtraMissing:
        plan, fault = plan_by_hand(instance, fixed=fixed), NO_SOLVER
    return Found(plan, explain(instance, plan), fault)
