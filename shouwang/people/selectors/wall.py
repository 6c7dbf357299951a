"""The lens of care: a cell says that something is to be thought of and what is to be done, never what somebody has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from shouwang.core.clock import local_day
from shouwang.core.registry import Cell
from shouwang.core.scope import Scope
from shouwang.people.models import CareFlag, Household, Membership
from shouwang.people.rules import action_for
from shouwang.people.selectors.care import OLD
from shouwang.people.states import SAFETY, CareState

TO_DOOR = Cell("need", "↑", _("bring it to the door"))
VISIT = Cell("visit", "·", _("look in on them"))
CARE_LEGEND = (TO_DOOR, VISIT)
BY_ACTION = {"to_door": TO_DOOR, "visit": VISIT}


def care_cells(community_id: UUID, scope: Scope, at: datetime) -> Mapping[UUID, Cell]:
    """Dwelling id to what is to be done there: to the door, or a visit. Two queries, whatever the size."""
    kinds: dict[UUID, set[str]] = defaultdict(set)
    flags = CareFlag.objects.filter(
        scope.q("care.see"),
        Q(state=CareState.ACCEPTED) | Q(state=CareState.PROPOSED, kind__in=SAFETY),
        community_id=community_id,
        household__until_on__isnull=True,
    )
    for dwelling_id, kind in flags.values_list("household__dwelling_id", "kind"):
        kinds[dwelling_id].add(kind)
    for dwelling_id in _old_and_alone(community_id, scope, at):
        kinds[dwelling_id].add("aged_80")
    return {dwelling_id: BY_ACTION[action_for(found)] for dwelling_id, found in kinds.items()}


def _old_and_alone(community_id: UUID, scope: Scope, at: datetime) -> list[UUID]:
    """Doors behind which one person is on file, eighty or older by the full year."""
    day = local_day(at, settings.TIME_ZONE)
    lasting = Q(memberships__until_on__isnull=True, memberships__person__voided_at__isnull=True)
    alone = (
        Household.objects.filter(scope.q("care.see"), community_id=community_id, until_on__isnull=True)
        .annotate(people=Count("memberships", filter=lasting))
        .filter(people=1)
        .values("pk")
    )
    rows = Membership.objects.filter(
        household_id__in=alone,
        until_on__isnull=True,
        person__voided_at__isnull=True,
        person__birth_year__lte=day.year - OLD,
    ).select_related("person", "household")
    return [row.household.dwelling_id for row in rows if (row.person.age_at(day) or 0) >= OLD]
