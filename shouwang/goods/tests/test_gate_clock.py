"""Whatever is done at the gate in whatever order: nothing leaves before its hour, and the steps agree with the state."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.due import do_until
from shouwang.core.errors import Refusal
from shouwang.core.registry import invariants
from shouwang.goods import services
from shouwang.goods.models import Parcel, ParcelStep
from shouwang.goods.states import ParcelState
from shouwang.goods.tests.gate import arrive, seal
from shouwang.incidents.models import Incident
from shouwang.incidents.services import move_line, resume_incident, suspend_incident
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle

pytestmark = [pytest.mark.django_db, pytest.mark.both]

GONE = (ParcelState.RELEASED, ParcelState.ON_THE_WAY, ParcelState.HANDED_OVER)
ACTS = (
    "arrive", "disinfect", "undo_disinfect", "early", "load", "bring_back", "hand_over", "undo_hand", "lost", "found",
    "place", "change", "send_back", "void", "clock", "suspend", "resume", "line",
)  # fmt: skip
moves = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 90)), min_size=4, max_size=26
)


class Gate:
    """A gate that is told what to do at what time; what it refuses leaves no trace."""

    def __init__(self, here: Neighbourhood, incident: Incident) -> None:
        self.here, self.incident = here, incident
        self.at: datetime = self.here.at
        self.parcels: list[Parcel] = []

    def do(self, act: str, number: int, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        if not self.parcels and act != "arrive":
            self.arrive(0)
        try:
            with transaction.atomic():
                getattr(self, act)(number)
        except Refusal as fault:
            assert fault.code, "a refusal is an answer too; what must hold is looked at after it"
        self.holds()

    def one(self, number: int) -> Parcel:
        return self.parcels[number % len(self.parcels)]

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.here.alice, "at": self.at}

    def arrive(self, number: int) -> None:
        home = number if number < 5 else None
        more: dict[str, Any] = {
            "cold": number == 2,
            "medicine": number == 3,
            "door_said": "?" if home is None else "",
        }
        minutes = (self.at - self.here.at).total_seconds() / 60
        self.parcels.append(arrive(self.here, home, minutes=minutes, **more))

    def disinfect(self, number: int) -> None:
        services.disinfect(parcels=[self.one(number), self.one(number + 1)], **self.by)

    def undo_disinfect(self, number: int) -> None:
        services.take_back_disinfecting(parcels=[self.one(number)], **self.by)

    def early(self, number: int) -> None:
        services.let_go_early(parcel=self.one(number), reason="等不了，家里断了", **self.by)

    def load(self, number: int) -> None:
        services.load_parcels(parcels=[self.one(number)], holder=self.here.bob, **self.by)

    def bring_back(self, number: int) -> None:
        services.bring_back(parcel=self.one(number), reason="没人", **self.by)

    def hand_over(self, number: int) -> None:
        services.hand_over(parcel=self.one(number), **self.by)

    def undo_hand(self, number: int) -> None:
        services.take_back_handing(parcel=self.one(number), **self.by)

    def lost(self, number: int) -> None:
        services.mark_lost(parcel=self.one(number), **self.by)

    def found(self, number: int) -> None:
        services.found(parcel=self.one(number), **self.by)

    def place(self, number: int) -> None:
        door = self.here.households[number].dwelling  # type: ignore[attr-defined]
        services.place_parcel(parcel=self.one(number + 1), dwelling=door, **self.by)

    def change(self, number: int) -> None:
        looks = {"kind": "parcel", "pieces": 1, "weight_kg": 2, "urgent": False}
        services.change_parcel(
            parcel=self.one(number), cold=number > 2, medicine=number > 4, **looks, **self.by
        )

    def send_back(self, number: int) -> None:
        services.send_back(parcel=self.one(number), **self.by)

    def void(self, number: int) -> None:
        services.void_parcel(parcel=self.one(number), **self.by)

    def clock(self, _number: int) -> None:
        do_until(self.at)

    def suspend(self, _number: int) -> None:
        suspend_incident(incident=self.incident, **self.by)

    def resume(self, _number: int) -> None:
        resume_incident(incident=self.incident, **self.by)

    def line(self, number: int) -> None:
        building = self.here.buildings[number % 3]
        side = {"add": [building]} if number > 2 else {"remove": [building]}
        move_line(incident=self.incident, **side, **self.by)

    def holds(self) -> None:
        steps_of: dict[Any, list[ParcelStep]] = defaultdict(list)
        for step in ParcelStep.objects.order_by("id"):
            steps_of[step.parcel_id].append(step)
        for row in Parcel.objects.all():
            steps = steps_of[row.pk]
            assert (steps[-1].state, steps[-1].holder_id) == (row.state, row.holder_id)
            named = [step for step in steps if step.kind == "let_go_early"]
            assert bool(named) == row.let_go_early and all(step.by_id and step.reason for step in named)
            if row.state in GONE and row.incident_id and not named:
                assert row.rest_until_at is not None and row.rest_until_at <= self.at
                assert row.released_at is not None and row.released_at >= row.rest_until_at

    def promised(self) -> None:
        for kind in invariants:
            if kind.code.startswith("goods.parcel."):
                assert not kind.run(self.at, None).broken, kind.code


@pytest.fixture
def sealed() -> tuple[Neighbourhood, Incident]:
    here = settle()
    return here, seal(here)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=moves)
def test_nothing_leaves_early_whatever_is_done_in_whatever_order(
    sealed: tuple[Neighbourhood, Incident], plan: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        gate = Gate(sealed[0], Incident.objects.get(pk=sealed[1].pk))
        for act, number, minutes in plan:
            gate.do(act, number, minutes)
        gate.promised()
        assert all(parcel.steps.exists() for parcel in gate.parcels), "each says how it came to be there"
        transaction.set_rollback(True)
