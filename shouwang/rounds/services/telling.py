"""Telling people that a building is called, or that a walking list is theirs."""

from __future__ import annotations

from datetime import datetime

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users
from shouwang.core.actors import Actor
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.selectors import heads_of_leaves, labels_of, post_holders
from shouwang.places.states import Role
from shouwang.rounds.models import Round, Slot, SlotEntry, WalkingList
from shouwang.rounds.selectors.slips import users_of_households
from shouwang.rounds.selectors.walking import building_label


def tell_called(slot: Slot, *, by: Actor, at: datetime) -> int:
    """Tells whoever of the called households has an account, and the heads of their stairwells and of the building,
    each once; how many. Everybody else is told by the heads' slips and the loudspeaker."""
    rows = SlotEntry.objects.filter(slot=slot).values_list("entry__household_id", "entry__stairwell_id")
    homes, leaves = {home for home, _leaf in rows}, {leaf for _home, leaf in rows}
    by_household = users_of_households(slot.round, homes, at)
    residents = list(active_users().filter(pk__in=set().union(*by_household.values())))
    building = labels_of([slot.building_id])[slot.building_id] if slot.building_id else ""
    heads = heads_of_leaves(slot.round.community_id, at)
    posts = [post for place_id in (*leaves, slot.building_id) for post in heads.get(place_id, ())]
    holders = {post.holder_id: post.holder for post in posts}
    for user in residents:
        _tell(slot, user, "rounds.called", {"building": building}, by=by, at=at)
    for pk, holder in holders.items():
        if pk not in {user.pk for user in residents}:
            values = {"building": building, "households": slot.households}
            _tell(slot, holder, "rounds.called_head", values, by=by, at=at)
    return len({user.pk for user in residents} | set(holders))


def _tell(
    slot: Slot, user: User, template: str, values: dict[str, object], *, by: Actor, at: datetime
) -> None:
    page = ("rounds.slips", {"round_id": str(slot.round_id)}) if template == "rounds.called_head" else None
    tell(
        to=user, template=template, urgency=Urgency.SOON, values=values, by=by, at=at, subject_id=slot.pk, page=page,
        community_id=slot.community_id,
    )  # fmt: skip


def tell_of_list(walking_list: WalkingList, user: User, *, doors: int, by: Actor, at: datetime) -> None:
    """Tells a volunteer that a walking list is theirs."""
    values = {"building": building_label(walking_list), "doors": doors}
    tell(
        to=user, template="rounds.walk_given", urgency=Urgency.SOON, by=by, at=at, subject_id=walking_list.pk,
        values=values, page=("rounds.walking_list", {"walking_list_id": str(walking_list.pk)}),
        community_id=walking_list.community_id,
    )  # fmt: skip


def tell_of_tube(follow_up: Round, people: int, *, by: Actor, at: datetime) -> None:
    """Tells the secretaries and whoever is on call that somebody was in a tube that was not negative; never who."""
    posts = post_holders(follow_up.community_id, at, [Role.SECRETARY, Role.ON_CALL])
    for holder in {post.holder_id: post.holder for post in posts if post.holder is not None}.values():
        tell(
            to=holder, template="rounds.tube_not_negative", urgency=Urgency.SOON, by=by, at=at,
            subject_id=follow_up.pk, values={"round": follow_up.name, "people": people},
            page=("rounds.round", {"round_id": str(follow_up.pk)}), community_id=follow_up.community_id,
        )  # fmt: skip


def tell_list_waits(walking_list: WalkingList, *, by: Actor, at: datetime) -> None:
    """Tells whoever made a walking list that it waits for somebody again."""
    tell(
        to=walking_list.made_by, template="rounds.walk_waits", urgency=Urgency.SOON, by=by, at=at,
        subject_id=walking_list.pk, values={"building": building_label(walking_list)},
        page=("rounds.walks", {"round_id": str(walking_list.round_id)}), community_id=walking_list.community_id,
    )  # fmt: skip
