"""The gate this morning (scenes C7, A8, E8): some forty parcels for the sealed zone, in every state; two notes on bags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shouwang.goods import services
from shouwang.goods.models import Parcel
from shouwang.people.models import Household
from shouwang.people.selectors import households_in
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew

CARRIERS = ("SF", "YT", "ZT", "JD")
NOTES = ("老年多病，腿脚不便，走不动，麻烦送到门口", "一个人在家带宝宝，下不去楼，请送到家门口")
# Minutes ago, how many, and what: kind, pieces, kilograms, cold, medicine.
EARLY: tuple[tuple[str, int, int, bool, bool], ...] = (
    ("groceries", 2, 20, False, False), ("vegetable_bag", 1, 8, False, False), ("parcel", 1, 2, False, False),
    ("infant_goods", 1, 8, False, False), ("vegetable_bag", 1, 8, False, False), ("groceries", 1, 8, False, False),
    ("parcel", 3, 20, False, False), ("vegetable_bag", 1, 8, False, False), ("mail", 1, 2, False, False),
    ("parcel", 1, 2, False, False), ("vegetable_bag", 1, 8, False, False), ("groceries", 1, 20, False, False),
)  # fmt: skip
PLAIN = ("parcel", 1, 2, False, False)
BAG = ("vegetable_bag", 1, 8, False, False)
COLD = ("groceries", 1, 8, True, False)
PILLS = ("medicine", 1, 2, False, True)


@dataclass
class _Gate:
    """What stands there, while the morning goes on. Every act first lets the clock release what has rested."""

    community: Place
    crew: Crew
    homes: Iterator[Household]
    now: datetime
    serial: int = 0
    waves: dict[str, list[Parcel]] = field(default_factory=dict)

    def at(self, ago: float) -> datetime:
        """So many minutes before now; the clock has done by then what was due."""
        moment = self.now - timedelta(minutes=ago)
        services.release_rested(community_id=self.community.pk, at=moment)
        return moment

    def arrive(self, wave: str, ago: float, looks: Any, **more: Any) -> list[Parcel]:
        """Parcels of a wave, half a minute apart."""
        kept = self.waves.setdefault(wave, [])
        for number, (kind, pieces, kilograms, cold, medicine) in enumerate(looks):
            self.serial += 1
            carrier = CARRIERS[self.serial % len(CARRIERS)] if kind in ("parcel", "mail") else ""
            said: dict[str, Any] = {"household": next(self.homes)} if "door_said" not in more else {}
            kept.append(
                services.take_in(
                    community=self.community, kind=kind, pieces=pieces, cold=cold, medicine=medicine,
                    weight_kg=kilograms, carrier_code=f"{carrier}77{self.serial:08d}" if carrier else "",
                    by=self.crew.clerk, at=self.at(ago - number / 2), **said, **more,
                )
            )  # fmt: skip
        return kept

    def disinfect(self, wave: str, ago: float) -> None:
        services.disinfect(parcels=self.waves[wave], by=self.crew.clerk, at=self.at(ago))


def gate_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """Since five hours ago: what came first is at its doors, what came last waits to be disinfected."""
    step = max(1, households_in(community.pk).count() // 60)
    homes = list(households_in(community.pk).order_by("dwelling__sort_key", "pk"))[3::step]
    gate = _Gate(community, crew, iter(homes), at)
    gate.arrive("first", 300, EARLY)
    gate.disinfect("first", 285)
    gate.arrive("pills", 200, [PILLS, PILLS])
    gate.disinfect("pills", 195)
    gate.arrive("second", 132, [BAG, PLAIN, BAG, COLD, PLAIN, BAG, PLAIN, BAG, PLAIN, BAG])
    _hand_round(gate)
    gate.disinfect("second", 112)
    _evening_of_it(gate)


def _hand_round(gate: _Gate) -> None:
    """Six of the first wave reach their doors, one is not met; somebody is out with two now."""
    first, pills = gate.waves["first"], gate.waves["pills"]
    walker = next(iter(gate.crew.volunteers.values())).user
    services.load_parcels(parcels=first[:7], holder=walker, by=gate.crew.clerk, at=gate.at(130))
    for number, row in enumerate(first[:6]):
        services.hand_over(parcel=row, by=walker, at=gate.at(125 - number))
    services.bring_back(parcel=first[6], reason="家里没人，电话打不通", by=walker, at=gate.at(118))
    services.hand_over(parcel=pills[0], to_words="女儿来取", by=gate.crew.clerk, at=gate.at(117))


def _evening_of_it(gate: _Gate) -> None:
    """What came in the last hour, what nobody can place, and what could not wait."""
    first = gate.waves["first"]
    by = gate.crew.clerk
    gate.arrive("third", 62, [BAG, PLAIN, COLD, PLAIN, PLAIN])
    gate.disinfect("third", 52)
    milk = gate.arrive("milk", 45, [("infant_goods", 1, 2, False, False)])[0]
    services.let_go_early(parcel=milk, reason="婴儿奶粉，家里断了", by=by, at=gate.at(43))
    for note, minutes in zip(NOTES, (30, 28), strict=True):
        gate.arrive("noted", minutes, [BAG], note=note)
    gate.arrive("last", 20, [BAG, PLAIN, COLD, BAG, PILLS, PLAIN])
    gate.arrive("unread", 15, [PLAIN], door_said="三号楼王阿姨，单元看不清")
    gate.arrive("unread", 14, [PLAIN], door_said="C区 张（快递单淋湿了）")
    services.mark_lost(parcel=first[7], reason="架子上没有", by=by, at=gate.at(13))
    out = list(gate.crew.volunteers.values())[-1].user
    services.load_parcels(parcels=first[8:10], holder=out, by=by, at=gate.at(12))
