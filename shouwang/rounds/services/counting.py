"""The counters of a roster, changed in the transaction that changes its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Set
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.core.bulk import update_many
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
    """Adds to the counters, locked in one order everywhere, so that no two transactions wait for each other."""
    changed = {key: change for key, change in changes.items() if change}
    if not changed:
        return
    buildings = {(round_id, leaf): building for round_id, leaf, building, _state in changed}
    rows = _lock_tallies(set(buildings))
    missing = sorted(set(buildings) - rows.keys())
    if missing:
        _open_counters(missing, buildings)
        rows = _lock_tallies(set(buildings))
    for (round_id, leaf, _building, state), change in changed.items():
        row = rows[round_id, leaf]
        setattr(row, state, getattr(row, state) + change)
    update_many(list(rows.values()), sorted({state for *_where, state in changed}))


def _open_counters(
    missing: Collection[tuple[UUID, UUID]], buildings: Mapping[tuple[UUID, UUID], UUID | None]
) -> None:
    """The counters of (round, leaf) at which nobody was counted yet."""
    rounds = Round.objects.filter(pk__in={round_id for round_id, _leaf in missing})
    above = {pk: more for pk, *more in rounds.values_list("pk", "community_id", "campaign_id")}
    for round_id, leaf in missing:
        community_id, campaign_id = above[round_id]
        stands = {
            "community_id": community_id,
            "campaign_id": campaign_id,
            "building_id": buildings[round_id, leaf],
        }
        Tally.objects.get_or_create(round_id=round_id, leaf_id=leaf, defaults=stands)


def _lock_tallies(keys: Set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Tally]:
    rounds, leaves = {round_id for round_id, _leaf in keys}, {leaf for _round, leaf in keys}
    rows = Tally.objects.select_for_update().filter(round_id__in=rounds, leaf_id__in=leaves)
    found = {(row.round_id, row.leaf_id): row for row in rows.order_by("round_id", "leaf_id")}
    return {key: row for key, row in found.items() if key in keys}
