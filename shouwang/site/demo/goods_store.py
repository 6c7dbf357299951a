"""The store of the made-up neighbourhood: what was given and allocated, what the groups took, what runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shouwang.core.clock import local_day
from shouwang.goods.models import Item, Shelf
from shouwang.goods.services import donations, stocktakes, store
from shouwang.goods.services.store import In, Out
from shouwang.goods.services.store_acts import About
from shouwang.goods.states import MovementKind
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew

JIN = {"unit": "斤", "unit_weight_g": 500}
# Scenes A10, C8, C10, D4 and F9: what these neighbourhoods had in their stores.
KEPT: dict[str, dict[str, Any]] = {
    "面粉": {**JIN, "packs": [("袋", 50)], "warn_below": 100},
    "大米": {**JIN, "packs": [("袋", 50)], "warn_below": 100},
    "食用油": {**JIN, "packs": [("桶", 20)]},
    "蔬菜包": {"unit": "袋", "unit_weight_g": 4000},
    "方便食品": {"unit": "盒", "packs": [("箱", 12)]},
    "瓶装水": {"unit": "瓶", "packs": [("箱", 24)], "unit_weight_g": 550},
    "N95口罩": {"unit": "只", "packs": [("盒", 20)], "warn_below": 200},
    "防护服": {"unit": "件", "packs": [("箱", 25)], "warn_below": 50},
    "医疗垃圾袋": {"unit": "个", "packs": [("卷", 50)]},
    "抗原试剂": {"unit": "支", "packs": [("盒", 25)]},
    "队旗": {"unit": "面", "comes_back": True},
    "红袖标": {"unit": "个", "packs": [("捆", 100)], "comes_back": True},
}
GROUPS = (("健康宣传组", 5, 700), ("环境卫生组", 6, 800), ("排查组", 6, 800), ("后勤组", 6, 700))


def keep_store(community: Place, crew: Crew, at: datetime) -> None:
    """Ten days of a store, oldest first: no movement is older than the one before."""
    began = at - timedelta(days=10)
    acting: dict[str, Any] = {"by": crew.clerk, "at": began}
    room, gate = (store.add_shelf(community=community, name=name, **acting) for name in ("库房", "大门口"))
    kept = {
        name: store.add_item(community=community, name=name, **about, **acting)
        for name, about in KEPT.items()
    }
    _allocated(kept, room, crew, began)
    _given(kept, room, crew, at - timedelta(days=9))
    _to_the_groups(kept, room, crew, at - timedelta(days=8))
    _handed_out_daily(kept, room, crew, at)
    _yesterdays_load(kept, gate, crew, at - timedelta(hours=20))
    _counted(gate, crew, at - timedelta(hours=14))


def _lines(
    kept: dict[str, Item], shelf: Shelf, at: datetime, said: Mapping[str, tuple[str, int | None]]
) -> list[In]:
    day = local_day(at, "Asia/Shanghai")
    return [
        In(kept[name], shelf, kept[name].packing.read(quantity), day + timedelta(days=good) if good else None)
        for name, (quantity, good) in said.items()
    ]


def _allocated(kept: dict[str, Item], room: Shelf, crew: Crew, at: datetime) -> None:
    come = {
        "队旗": ("23", None), "红袖标": ("3000", None), "N95口罩": ("30盒", 700), "防护服": ("8箱", 700),
        "医疗垃圾袋": ("20卷", None), "抗原试剂": ("40盒", 36), "面粉": ("20袋", 150), "大米": ("30袋", 300),
        "食用油": ("10桶", 400),
    }  # fmt: skip
    lines = _lines(kept, room, at, come)
    store.bring_in_lines(lines=lines, kind=MovementKind.ALLOCATED, origin="区指挥部", by=crew.clerk, at=at)


def _given(kept: dict[str, Item], room: Shelf, crew: Crew, at: datetime) -> None:
    food = _lines(kept, room, at, {"方便食品": ("40箱", 60), "瓶装水": ("60箱", 300)})
    donations.receive_donation(lines=food, donor_name="晨光食品公司", may_be_named=True, by=crew.clerk, at=at)
    masks = _lines(kept, room, at, {"N95口罩": ("5盒", 500)})
    donations.receive_donation(
        lines=masks, donor_name="骆女士", donor_phone="19900097001", by=crew.clerk, at=at
    )


def _to_the_groups(kept: dict[str, Item], room: Shelf, crew: Crew, at: datetime) -> None:
    """Scene D4: 23 flags and 3,000 armbands for four groups."""
    leaders = [one.user for one in crew.volunteers.values()]
    for number, (group, flags, bands) in enumerate(GROUPS):
        lines = [Out(kept["队旗"], room, flags), Out(kept["红袖标"], room, bands)]
        about = About(leaders[number], group, reason="组队")
        store.take_out_lines(
            lines=lines,
            kind=MovementKind.ISSUED,
            about=about,
            by=crew.clerk,
            at=at + timedelta(minutes=number),
        )


def _handed_out_daily(kept: dict[str, Item], room: Shelf, crew: Crew, at: datetime) -> None:
    """Every day of the last week as much, so that some of it visibly runs out."""
    daily = {
        "面粉": "2袋20斤",
        "N95口罩": "4盒",
        "防护服": "15",
        "瓶装水": "3箱",
        "医疗垃圾袋": "1卷",
        "抗原试剂": "2盒",
    }
    for days in range(7, 0, -1):
        lines = [Out(kept[name], room, kept[name].packing.read(said)) for name, said in daily.items()]
        about = About(to_words="采样队" if days % 2 else "后勤组")
        store.take_out_lines(
            lines=lines, kind=MovementKind.ISSUED, about=about, by=crew.clerk, at=at - timedelta(days=days)
        )


def _yesterdays_load(kept: dict[str, Item], gate: Shelf, crew: Crew, at: datetime) -> None:
    """Scene C8: 85 kg of flour, oil and rice and 45 vegetable bags, in at the gate and out the same day."""
    load = {"面粉": ("2袋", 150), "食用油": ("1桶", 400), "大米": ("1袋", 300), "蔬菜包": ("45袋", 4)}
    lines = _lines(kept, gate, at, load)
    store.bring_in_lines(lines=lines, kind=MovementKind.ALLOCATED, origin="街道", by=crew.clerk, at=at)
    out = [Out(line.item, gate, line.quantity - (3 if line.item.name == "蔬菜包" else 0)) for line in lines]
    about = About(crew.volunteers["demo"].user, "搬运队")
    store.take_out_lines(
        lines=out, kind=MovementKind.ISSUED, about=about, by=crew.clerk, at=at + timedelta(hours=3)
    )


def _counted(gate: Shelf, crew: Crew, at: datetime) -> None:
    """The gate is counted in the evening: two bags where three should be, counted by two people; it waits for a name."""
    take = stocktakes.begin_stock_take(shelf=gate, by=crew.clerk, at=at)
    for line in take.lines.all():
        stocktakes.count_line(line=line, quantity=2, by=crew.clerk, at=at)
        stocktakes.count_line(line=line, quantity=2, by=crew.secretary, at=at + timedelta(minutes=20))
