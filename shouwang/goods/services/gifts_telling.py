"""Telling people of lists of gifts."""

from __future__ import annotations

from datetime import datetime

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.goods.models import GiftList
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency


def tell_named(gift_list: GiftList, *, to: User, by: Actor, at: datetime) -> None:
    """Tells a volunteer that they are to carry a list."""
    tell(
        to=to, template="goods.gift_list", urgency=Urgency.SOON, values={"what": gift_list.what}, by=by, at=at,
        subject_id=gift_list.pk, page=("goods.gift_list", {"gift_list_id": str(gift_list.pk)}),
        community_id=gift_list.community_id,
    )  # fmt: skip


def tell_nobody_goes(gift_list: GiftList, *, by: Actor, at: datetime) -> None:
    """Tells whoever made a list that somebody who carried it is off duty."""
    tell(
        to=gift_list.made_by, template="goods.gift_waits", urgency=Urgency.SOON, values={"name": gift_list.name}, by=by,
        at=at, subject_id=gift_list.pk, page=("goods.gifts", {}), community_id=gift_list.community_id,
    )  # fmt: skip
