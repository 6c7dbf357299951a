"""The counters of a roster, changed in the transaction that changes its entries."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.core.errors import Refusal
from shouwang.rounds.models import Entry, Round, Tally

# (round, leaf place, building, state): by how much it changes.
Changes = Counter[tuple[UUID, UUID, UUID | None, str]]


def leaf_of(entry: Entry) -> UUID:
    """The place at which an entry is counted: its stairwell, or the building where there is none."""
    leaf = entry.stairwell_id or entry.building_id
    if leaf is None:
        raise Refusal("no-building", _("A household without a building can't be on a roster."))
    return leaf


def note_change(changes: Changes, entry: Entry, by: int) -> None:
    """Enters that an entry as it stands counts `by` more."""
    changes[entry.round_id, leaf_of(entry), entry.building_id, entry.state] += by


def count_changes(changes: Changes) -> None:
    """Adds to the counters, in one order everywhere, so that no two transactions wait for each other."""
    by_leaf: dict[tuple[UUID, UUID], dict[str, int]] = {}
    buildings: dict[UUID, UUID | None] = {}
    for (round_id, leaf, building, state), change in changes.items():
        if change:
            by_leaf.setdefault((round_id, leaf), {})[state] = change
            buildings[leaf] = building
    for round_id, leaf in sorted(by_leaf):
        changed = {state: F(state) + change for state, change in by_leaf[round_id, leaf].items()}
        rows = Tally.objects.filter(round_id=round_id, leaf_id=leaf)
        if not rows.update(**changed):
            _open_counter(round_id, leaf, buildings[leaf])
            rows.update(**changed)


def _open_counter(round_id: UUID, leaf: UUID, building: UUID | None) -> None:
    """The counter of a leaf at which nobody was counted yet."""
    rounds = Round.objects.filter(pk=round_id)
    community_id, campaign_id = rounds.values_list("community_id", "campaign_id").get()
    above = {"building_id": building, "community_id": community_id, "campaign_id": campaign_id}
    Tally.objects.get_or_create(round_id=round_id, leaf_id=leaf, defaults=above)
