"""Who belongs on a roster, by the register as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shouwang.core.clock import local_day
from shouwang.people.models import Membership, Stay
from shouwang.people.selectors import households_in, households_with, members_inside, stays_of
from shouwang.people.states import StayKind
from shouwang.places.models import Place, Post
from shouwang.places.selectors import community_by_id, leaf_places, post_holders
from shouwang.rounds.models import Round, Spot
from shouwang.rounds.states import Whom
from shouwang.volunteers.selectors.links import persons_of_users

Meant = Callable[[Membership], bool]


def living_inside(round_: Round) -> list[Membership]:
    """Everybody who lives inside the round's places now, in the order of doors; for a round of households one each.

    A round that follows tubes knows no places: whoever was in one is on it, wherever in the community they live.
    """
    return _one_each(round_, _everybody_inside(round_))


def expected_in(round_: Round, at: datetime) -> list[Membership]:
    """Those of them who are meant: with the care flag, old enough or of unknown age, staying where it says, holding
    the post. A household is meant when one of its people is. Of a round that follows tubes nobody: only a tube puts
    somebody on it."""
    return living_and_expected(round_, at)[1]


def living_and_expected(round_: Round, at: datetime) -> tuple[list[Membership], list[Membership]]:
    """Both of these, with the register read once."""
    rows = _everybody_inside(round_)
    living = _one_each(round_, rows)
    if round_.follows_id:
        return living, []
    for meant in _conditions(round_, rows, at):
        rows = [row for row in rows if meant(row)]
    return living, _one_each(round_, rows)


def objects_in(round_: Round) -> list[Spot] | list[Place]:
    """The spots inside a round's places, or its stairwells (buildings without any stand for themselves), in order."""
    ids = _place_ids(round_)
    if round_.whom == Whom.SPOTS:
        spots = Spot.objects.filter(
            Q(building_id__in=ids) | Q(stairwell_id__in=ids), community_id=round_.community_id, until__isnull=True
        )  # fmt: skip
        if round_.turn is not None:
            # What is looked after twice a day has the first two turns of the day.
            spots = spots.filter(per_day__gt=round_.turn)
        return list(spots.select_related("place").order_by("place__sort_key", "name", "id"))
    return [leaf for leaf in leaf_places(round_.community_id) if ids & {leaf.building_id, leaf.stairwell_id}]


def leaf_keys(community_id: UUID) -> dict[UUID, str]:
    """The sort key of each leaf of a community."""
    return {leaf.pk: leaf.sort_key for leaf in leaf_places(community_id)}


def is_elsewhere(stay: Stay | None) -> bool:
    """Whether somebody is in a hospital, a hotel, or otherwise not at home now."""
    return stay is not None and stay.kind != StayKind.HOME


def holders_without_home(round_: Round, at: datetime) -> list[Post]:
    """Those who hold the round's post and live in none of its homes, as far as the register knows: somebody else has
    them on a roster, or nobody has."""
    if not round_.post:
        return []
    posts = {post.holder_id: post for post in post_holders(round_.community_id, at, [round_.post])}
    known = persons_of_users(posts)
    inside = {row.person_id for row in _everybody_inside(round_)}
    return [post for user_id, post in posts.items() if known.get(user_id) not in inside]


def _place_ids(round_: Round) -> set[UUID | None]:
    return set(round_.places.values_list("place_id", flat=True))


def _everybody_inside(round_: Round) -> list[Membership]:
    ids = _place_ids(round_)
    inside = Q() if round_.follows_id else Q(building_id__in=ids) | Q(stairwell_id__in=ids)
    return members_inside(round_.community_id, inside)


def _one_each(round_: Round, rows: list[Membership]) -> list[Membership]:
    if round_.whom == Whom.PEOPLE:
        return rows
    return list({row.household_id: row for row in reversed(rows)}.values())[::-1]


def _conditions(round_: Round, rows: Iterable[Membership], at: datetime) -> Iterable[Meant]:
    if round_.flag:
        yield _flagged(round_)
    if round_.from_age is not None:
        yield _old_enough(round_, round_.from_age, at)
    if round_.stay:
        yield _staying(round_.stay, rows)
    if round_.post:
        holders = (post.holder_id for post in post_holders(round_.community_id, at, [round_.post]))
        serving = set(persons_of_users(holders).values())
        yield lambda row: row.person_id in serving


def _flagged(round_: Round) -> Meant:
    """A person's own flag, or one of the whole household; for a round of households any of theirs."""
    flagged = households_with([round_.flag], households_in(round_.community_id))
    if round_.whom == Whom.HOUSEHOLDS:
        return lambda row: bool(flagged.get(row.household_id))
    return lambda row: any(
        flag.person_id in (None, row.person_id) for flag in flagged.get(row.household_id, [])
    )


def _old_enough(round_: Round, from_age: int, at: datetime) -> Meant:
    day = local_day(at, community_by_id(round_.community_id).time_zone)

    def meant(row: Membership) -> bool:
        age = row.person.age_at(day)
        return age is None or age >= from_age

    return meant


def _staying(kind: str, rows: Iterable[Membership]) -> Meant:
    stays = stays_of([row.person_id for row in rows])
    if kind == StayKind.HOME:
        return lambda row: not is_elsewhere(stays.get(row.person_id))
    return lambda row: row.person_id in stays and stays[row.person_id].kind == kind
