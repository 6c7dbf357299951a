"""What a phone is given of the run in its user's hands: the stops in order, what to bring, what to do there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shouwang.core.scope import Scope
from shouwang.goods.models import Run
from shouwang.goods.selectors.runs import RUN, StopLine, lines_of
from shouwang.goods.states import BEGUN


def phone_runs(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The runs that are loaded or out, each with all its stops. Planned ones stay on the server: they change."""
    rows = Run.objects.filter(pk__in=scope.object_ids(RUN), state__in=BEGUN, volunteer__user=scope.user)
    runs = list(rows.order_by("loading_at"))
    if not runs:
        return []
    lines = lines_of(scope, runs)
    return [
        {
            "id": str(run.pk), "state": run.state, "kg": _kg(run.load_kg), "ends_at": run.ends_at.isoformat(),
            "stops": [_stop_given(line) for line in lines[run.pk]],
        }
        for run in runs
    ]  # fmt: skip


def _stop_given(line: StopLine) -> dict[str, Any]:
    stop = line.stop
    return {
        "id": str(stop.pk), "place": str(stop.place_id), "door": line.door, "name": line.name, "phone": line.phone,
        "floor": stop.dwelling.floor if stop.dwelling else None, "to_door": stop.to_door, "cold": line.cold,
        "medicine": line.medicine, "pieces": line.pieces, "kg": _kg(stop.kg), "numbers": line.numbers,
        "due_at": stop.due_at.isoformat() if stop.due_at else None, "state": stop.state, "reached": stop.reached,
        "tries": stop.tries,
    }  # fmt: skip


def _kg(kg: Any) -> str:
    """One decimal at most."""
    return f"{float(kg):.1f}".removesuffix(".0")
