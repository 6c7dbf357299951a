"""A purchase of milk by thirty doors: the chain was pasted and grew, 28 of 30 crates came; and one that takes sign-ups."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouwang.help.models import GroupPurchase
from shouwang.help.selectors.groups import items_of
from shouwang.help.selectors.groups_chain import read_rows
from shouwang.help.services import groups, groups_goods, groups_joining, groups_money
from shouwang.people.selectors import households_behind, register_snapshot
from shouwang.places.models import Place
from shouwang.places.selectors import codes_of
from shouwang.site.demo.crew import Crew

DOORS, CAME = 30, 28
MILK = groups.Thing("鲜牛奶", "箱", 4990, 3000)
SETS = (groups.Thing("A套餐 叶菜", "份", 3500, 4000), groups.Thing("B套餐 根茎", "份", 2880, 5000))


def milk_together(community: Place, crew: Crew, at: datetime) -> None:
    """Signed up two days ago and paid in, ordered yesterday; this morning two crates of thirty were missing."""
    lead = crew.clerk
    opened = at - timedelta(days=2)
    group = groups.open_group(
        place=community, title="鲜牛奶团购", supplier="城东奶站 配送", things=[MILK], minimum=20, organiser=lead,
        payer=lead, closes_at=at - timedelta(hours=20), by=lead, at=opened,
    )  # fmt: skip
    doors = _doors(community)
    first = "\n".join(f"{n}. {door} {name} 1份" for n, (door, name) in enumerate(doors[: DOORS - 6], 1))
    grown = first + "".join(
        f"\n{n}. {door} {name} 1份" for n, (door, name) in enumerate(doors[DOORS - 6 :], DOORS - 5)
    )
    _paste(group, first, crew, opened + timedelta(hours=1))
    _paste(group, grown, crew, opened + timedelta(hours=8))
    for part in group.parts.select_related("group__payer", "household").order_by("order"):
        groups_money.pay_in(part=part, by=lead, at=opened + timedelta(hours=9))
    closed = groups.close_group(group=group, by=lead, at=at - timedelta(hours=20))
    groups_goods.order_group(
        group=closed, paid_fen=DOORS * MILK.price_fen, by=lead, at=at - timedelta(hours=19)
    )
    counted = {item.pk: (CAME, 0) for item in items_of(group)}
    groups_goods.count_arrival(group=group, counted=counted, by=lead, at=at)


def vegetables_together(community: Place, crew: Crew, at: datetime) -> None:
    """Two sets of vegetables, until this evening; the chain is still growing."""
    group = groups.open_group(
        place=community, title="蔬菜套餐团购", supplier="农场直送", things=SETS, minimum=40, organiser=crew.clerk,
        payer=crew.clerk, closes_at=at + timedelta(hours=2, minutes=30), by=crew.clerk, at=at - timedelta(hours=3),
    )  # fmt: skip
    rows = [
        f"{n}. {door} {name} A{n % 2 + 1}" + (" B1" if n % 3 == 0 else "")
        for n, (door, name) in enumerate(_doors(community)[5:21], 1)
    ]
    _paste(group, "#接龙 蔬菜套餐\n" + "\n".join(rows), crew, at)


def _doors(community: Place) -> list[tuple[str, str]]:
    """Doors spread over the compound, as a chain writes them, each with the name that signs."""
    found: dict[str, str] = {}
    codes = codes_of(community.pk)
    for entry in register_snapshot(community.pk)[::31]:
        door = "-".join(filter(None, (*codes[entry.dwelling.place_id], entry.dwelling.door)))
        found.setdefault(door, entry.name[:1] + "女士")
    return list(found.items())[:DOORS]


def _paste(group: GroupPurchase, chain: str, crew: Crew, at: datetime) -> None:
    read = read_rows(group, items_of(group), chain)
    homes = households_behind(row.dwelling.pk for row in read if row.dwelling is not None)
    rows = [
        groups_joining.Joining(
            {pk: number or 0 for pk, number in row.quantities.items()}, row.dwelling, homes.get(row.dwelling.pk),
            row.door, row.row.name, row=row.row.number,
        )
        for row in read
        if row.dwelling is not None
    ]  # fmt: skip
    groups_joining.join_group(group=group, rows=rows, by=crew.clerk, at=at)
