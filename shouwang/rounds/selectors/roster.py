"""Who belongs on a roster, by the register as it is now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from shouwang.core.clock import local_day
from shouwang.people.models import Membership
from shouwang.people.selectors import households_in, households_with, members_inside
from shouwang.rounds.models import Round
from shouwang.rounds.states import Whom


def living_inside(round_: Round) -> list[Membership]:
    """Everybody who lives inside the round's places now, in the order of doors; for a round of households one each.

    A round that follows tubes knows no places: whoever was in one is on it, wherever in the community they live.
    """
    ids = list(round_.places.values_list("place_id", flat=True))
    inside = Q() if round_.follows_id else Q(building_id__in=ids) | Q(stairwell_id__in=ids)
    rows = members_inside(round_.community_id, inside)
    if round_.whom == Whom.PEOPLE:
        return rows
    return list({row.household_id: row for row in reversed(rows)}.values())[::-1]


def expected_in(round_: Round, at: datetime) -> list[Membership]:
    """Those of them who are meant: with the care flag, old enough or of unknown age.

    Of a round that follows tubes nobody: only a tube puts somebody on it.
    """
    if round_.follows_id:
        return []
    rows = living_inside(round_)
    if round_.flag:
        flagged = households_with([round_.flag], households_in(round_.community_id))
        rows = [row for row in rows if _flagged(round_, row, flagged)]
    if round_.from_age is not None:
        day = local_day(at, "Asia/Shanghai")
        ages = [(row, row.person.age_at(day)) for row in rows]
        rows = [row for row, age in ages if age is None or age >= round_.from_age]
    return rows


def _flagged(round_: Round, row: Membership, flagged: dict) -> bool:  # type: ignore[type-arg]
    """A person's own flag, or one of the whole household; for a round of households any of theirs."""
    flags = flagged.get(row.household_id, [])
    if round_.whom == Whom.HOUSEHOLDS:
        return bool(flags)
    return any(flag.person_id in (None, row.person_id) for flag in flags)
