"""What the bank says to people: never what it is; who gave and who took only where both have agreed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users
from shouwang.core.actors import Actor
from shouwang.goods.models import MedicineAsk, MedicineErrand, MedicineIssue, MedicineOffer
from shouwang.goods.selectors.medicine import door_of
from shouwang.goods.selectors.medicine_naming import both_named
from shouwang.goods.services.run_telling import users_of_homes
from shouwang.goods.states import ErrandKind
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.selectors import post_holders
from shouwang.places.states import Role

# Whom each turn of the clock adds; all of them may read of health where they serve.
RUNGS = ((Role.ON_CALL, Role.CLERK), (Role.GRID_HEAD, Role.GRID_WORKER), (Role.SECRETARY,))


def on_duty(ask: MedicineAsk, turn: int, at: datetime) -> list[User]:
    """Who hears of an ask at this turn, from 0: those on call and the clerks; then those of its grid; then the secretary.
    Where a turn has nobody, the next one is told at once."""
    if ask.community_id is None:
        return []
    found: dict[object, User] = {}
    for number, roles in enumerate(RUNGS):
        if number > turn and found:
            break
        for post in post_holders(ask.community_id, at, roles):
            if post.holder is not None and _serves(post.grid_id, ask.grid_id):
                found[post.holder_id] = post.holder
    if ask.taken_by is not None:
        found[ask.taken_by_id] = ask.taken_by
    return list(found.values())


def _serves(post_grid: object, ask_grid: object) -> bool:
    return post_grid is None or ask_grid is None or post_grid == ask_grid


def tell_waits(ask: MedicineAsk, users: Iterable[User], *, by: Actor, at: datetime) -> int:
    """That an ask is still open; how many were told."""
    told = list(users)
    for user in told:
        tell(
            to=user, template="goods.medicine_waits", urgency=Urgency.SOON, by=by, at=at, subject_id=ask.pk,
            values={"number": ask.spoken_number, "minutes": ask.minutes(at)},
            page=("goods.medicine_ask", {"ask_id": str(ask.pk)}), community_id=ask.community_id,
        )  # fmt: skip
    return len(told)


def tell_second(issue: MedicineIssue, *, by: Actor, at: datetime) -> int:
    """That something waits for a second pair of eyes: everybody who keeps the bank there but whoever counted."""
    if issue.community_id is None:
        return 0
    holders = post_holders(issue.community_id, at, [role for roles in RUNGS for role in roles])
    users = {
        post.holder_id: post.holder
        for post in holders
        if post.holder is not None
        and _serves(post.grid_id, issue.grid_id)
        and post.holder_id != issue.counted_by_id
    }
    for user in users.values():
        tell(
            to=user, template="goods.medicine_second", urgency=Urgency.SOON, by=by, at=at, subject_id=issue.pk,
            values={"number": issue.ask.spoken_number}, page=("goods.medicine_ask", {"ask_id": str(issue.ask_id)}),
            community_id=issue.community_id,
        )  # fmt: skip
    return len(users)


def tell_errand(errand: MedicineErrand, *, by: Actor, at: datetime) -> None:
    """That somebody is asked to go, and to which door."""
    template = "goods.medicine_fetch" if errand.kind == ErrandKind.FETCH else "goods.medicine_bring"
    tell(
        to=errand.volunteer.user, template=template, urgency=Urgency.SOON, by=by, at=at, subject_id=errand.pk,
        values={"door": door_of(errand)}, page=("goods.medicine_errand", {"medicine_errand_id": str(errand.pk)}),
        community_id=errand.community_id,
    )  # fmt: skip


def tell_errand_left(errand: MedicineErrand, *, by: Actor, at: datetime) -> None:
    """That nobody has the errand in hand any more: whoever gave it looks for somebody else."""
    tell_waits(errand.ask, on_duty(errand.ask, 0, at), by=by, at=at)


def tell_giver(offer: MedicineOffer, *, by: Actor, at: datetime) -> None:
    """That what somebody gave is in the bank, where the giver has an account. Not to whom it goes."""
    if offer.user is not None:
        tell(
            to=offer.user, template="goods.medicine_thanks", urgency=Urgency.CALM, by=by, at=at, subject_id=offer.pk,
            values={}, community_id=offer.community_id,
        )  # fmt: skip


def tell_names(issue: MedicineIssue, *, by: Actor, at: datetime) -> int:
    """Tells giver and taker of each other, when both have agreed to be named; how many were told. Else nobody hears."""
    both = both_named(issue)
    if both is None:
        return 0
    offer = both.offer
    givers = [offer.user] if offer.user is not None else _of_home(offer.household_id, at)
    takers = _of_home(issue.ask.household_id, at)
    told = [(user, "goods.medicine_went_to", both.taker) for user in givers]
    told += [(user, "goods.medicine_came_from", both.giver) for user in takers]
    for user, template, name in told:
        tell(
            to=user, template=template, urgency=Urgency.CALM, by=by, at=at, subject_id=issue.pk, values={"name": name},
            community_id=issue.community_id,
        )  # fmt: skip
    return len(told)


def _of_home(household_id: UUID | None, at: datetime) -> list[User]:
    if household_id is None:
        return []
    meant = users_of_homes([household_id], at).get(household_id, set())
    return list(active_users().filter(pk__in=meant)) if meant else []
