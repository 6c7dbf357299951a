"""Telling people of a run: the household that the cart is at its stairwell, those who answer that a run has nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shouwang.accounts.selectors import active_users
from shouwang.core.actors import Actor
from shouwang.goods.models import Run, RunStop
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.people.selectors import living_in, proxy_users
from shouwang.places.selectors import door_label, post_holders
from shouwang.places.states import Role
from shouwang.volunteers.selectors.residents import users_of_persons


def users_of_homes(household_ids: Iterable[UUID], at: datetime) -> dict[UUID, set[UUID]]:
    """Users by whom a household can be told in the program: one who speaks for it, or who serves and lives there."""
    ids = set(household_ids)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for household_id, user_id in proxy_users(ids, at):
        found[household_id].add(user_id)
    living = living_in(ids)
    serving = users_of_persons(person for persons in living.values() for person in persons)
    for household_id, persons in living.items():
        found[household_id] |= {serving[person] for person in persons if person in serving}
    return {household_id: users for household_id, users in found.items() if users}


def tell_cart_is_there(stop: RunStop, *, by: Actor, at: datetime) -> int:
    """Tells whoever of the household can be told; how many. Nobody: then somebody rings."""
    meant = users_of_homes([stop.household_id], at).get(stop.household_id, set())
    template = "goods.cart_at_door" if stop.to_door else "goods.cart_at_stairwell"
    values = {"door": door_label(stop.dwelling) if stop.dwelling else ""}
    users = list(active_users().filter(pk__in=meant)) if meant else []
    for user in users:
        tell(
            to=user, template=template, urgency=Urgency.SOON, values=values, by=by, at=at, subject_id=stop.pk,
            community_id=stop.community_id,
        )  # fmt: skip
    return len(users)


def tell_run_waits(run: Run, *, by: Actor, at: datetime) -> None:
    """Tells the secretaries, whoever is on call, and who made the plan, that a loaded cart has nobody."""
    assert run.community_id is not None
    posts = post_holders(run.community_id, at, [Role.SECRETARY, Role.ON_CALL])
    holders = {post.holder_id: post.holder for post in posts} | {run.plan.made_by_id: run.plan.made_by}
    for holder in holders.values():
        tell(
            to=holder, template="goods.run_waits", urgency=Urgency.SOON, by=by, at=at, subject_id=run.pk, values={},
            page=("goods.run", {"run_id": str(run.pk)}), community_id=run.community_id,
        )  # fmt: skip
