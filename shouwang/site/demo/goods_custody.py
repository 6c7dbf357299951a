"""What is in whose hands this morning (scene D10), and the vegetables for hardship families (A7, C8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shouwang.core.scope import scope_for
from shouwang.goods.models import GiftList
from shouwang.goods.services import custody, gifts
from shouwang.goods.services.gifts_posting import publish_list
from shouwang.goods.states import GiftState
from shouwang.people.selectors import current_household
from shouwang.places.models import Place
from shouwang.places.selectors import buildings_in, find_dwelling
from shouwang.site.demo.crew import Crew

# As many as came in one day (C8).
BAGS = 45
KINDS = ("dibao", "tekun", "no_kin", "bereaved", "aged_80")


def hands_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """The card and the list of medicines of a man of 83 go to the hospital in two pairs of hands; one key is overdue."""
    first, second = [one.user for one in list(crew.volunteers.values())[:2]]
    dwelling = find_dwelling(community.pk, "8", "2", "501")
    home = current_household(dwelling) if dwelling else None
    if home is not None:
        about: dict[str, Any] = {
            "placed": home,
            "household": home,
            "from_words": "本人",
            "by": first,
            "holder": first,
        }
        start = at - timedelta(minutes=95)
        card = custody.hold(kind="insurance_card", words="医保卡", at=start, **about)
        custody.hold(kind="prescription", words="药品清单", at=start, **about)
        custody.pass_on(holding=card, to_user=second, by=first, at=at - timedelta(minutes=50))
        custody.confirm(holding=card, by=second, at=at - timedelta(minutes=48))
    custody.hold(
        kind="keys", words="3号楼配电间钥匙", holder=second, placed=community, by=crew.clerk, at=at - timedelta(hours=20),
        due_back_at=at - timedelta(hours=2),
    )  # fmt: skip


def vegetables_for_hardship(community: Place, crew: Crew, at: datetime) -> None:
    """A list of the households in hardship, some doors done, with a volunteer who carries it; an earlier one is posted."""
    buildings = [one.pk for one in buildings_in(community.pk)[:3]]
    earlier = _made(
        community, crew, at - timedelta(days=6), "三楼栋蔬菜", "先封控的三栋楼，买菜最难", (), buildings
    )
    for line in list(earlier.lines.all())[:BAGS]:
        gifts.hand_over_gift(line=line, by=crew.clerk, at=at - timedelta(days=6) + timedelta(hours=3))
    gifts.close_list(gift_list=earlier, by=crew.clerk, at=at - timedelta(days=5))
    publish_list(gift_list=earlier, by=crew.clerk, at=at - timedelta(days=5))
    now = _made(
        community,
        crew,
        at - timedelta(hours=4),
        "困难家庭蔬菜包",
        "低保、特困、失独、无亲属和八十岁以上家庭",
        KINDS,
        (),
    )
    carrier = list(crew.volunteers.values())[2]
    gifts.name_giver(gift_list=now, volunteer=carrier, by=crew.clerk, at=at - timedelta(hours=4))
    lines = list(now.lines.all())
    for number, line in enumerate(lines[: len(lines) // 2]):
        moment = at - timedelta(minutes=150 - min(number, 140))
        if number == 1:
            gifts.settle_gift(line=line, to=GiftState.NOT_WANTED, by=carrier.user, at=moment)
        else:
            gifts.hand_over_gift(line=line, by=carrier.user, at=moment)


def _made(
    community: Place,
    crew: Crew,
    at: datetime,
    name: str,
    why: str,
    kinds: tuple[str, ...],
    buildings: Collection[UUID],
) -> GiftList:
    return gifts.make_list(
        community=community, name=name, what="蔬菜包", why=why, occasion="本轮封控蔬菜", kinds=kinds,
        buildings=buildings, scope=scope_for(crew.clerk, at), by=crew.clerk, at=at,
    )  # fmt: skip
