"""Telling people of what is to change hands, to come back, to be recovered."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from shouwang.accounts.models import User
from shouwang.core.actors import Actor
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody import held_by
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.rules import COMMUNITY_ROLES
from shouwang.places.selectors import post_holders

HANDS: tuple[str, dict[str, str]] = ("goods.hands", {})


def tell_offered(holding: Holding, *, to: User, by: Actor, giver: str, at: datetime) -> None:
    """Tells whoever something was handed to that their word is waited for."""
    tell(
        to=to, template="goods.offered", urgency=Urgency.SOON, values={"name": giver, "what": holding.words}, by=by, at=at,
        subject_id=holding.pk, page=HANDS, community_id=holding.community_id,
    )  # fmt: skip


def tell_due_back(holding: Holding, *, by: Actor, at: datetime) -> None:
    """Reminds whoever has it that it was to be back by now."""
    if holding.holder is not None:
        tell(
            to=holding.holder, template="goods.due_back", urgency=Urgency.SOON, values={"what": holding.words}, by=by,
            at=at, subject_id=holding.pk, page=HANDS, community_id=holding.community_id,
        )  # fmt: skip


def tell_overdue(holding: Holding, *, by: Actor, at: datetime) -> int:
    """Tells the office that something is still not back, a day after its holder was reminded; how many people."""
    if holding.community_id is None or holding.holder is None:
        return 0
    people = desk_of(holding.community_id, at)
    for one in people:
        tell(
            to=one, template="goods.overdue", urgency=Urgency.CALM, by=by, at=at, subject_id=holding.pk,
            values={"what": holding.words, "name": holding.holder.name},
            page=("goods.holding", {"holding_id": str(holding.pk)}), community_id=holding.community_id,
        )  # fmt: skip
    return len(people)


def tell_to_recover(user: User, *, by: Actor, at: datetime) -> int:
    """Tells the office what somebody who stood down has in their hands; how many things. Nobody when it is nothing."""
    here = Counter(row.community_id for row in held_by(user).filter(holder=user) if row.community_id)
    for community_id, number in here.items():
        for one in desk_of(community_id, at):
            tell(
                to=one, template="goods.recover", urgency=Urgency.SOON, by=by, at=at, subject_id=user.pk,
                values={"name": user.name, "number": number}, page=("goods.recover", {}), community_id=community_id,
            )  # fmt: skip
    return sum(here.values())


def desk_of(community_id: object, at: datetime) -> list[User]:
    """Who looks after custody for the whole community: the office, each once."""
    posts = post_holders(community_id, at, COMMUNITY_ROLES)  # type: ignore[arg-type]
    return list({post.holder_id: post.holder for post in posts}.values())
