"""Who is called when, for the heads of the stairwells; and who can be told in the program, who by a knock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.scope import Scope
from shouwang.people.models import Household
from shouwang.people.selectors import (
    households_by_ids,
    households_with,
    members_inside,
    proxy_users,
)
from shouwang.people.states import Care
from shouwang.places.selectors import door_labels
from shouwang.rounds.models import Round, Slot, SlotEntry
from shouwang.rounds.selectors import MARK
from shouwang.rounds.states import EntryState, Lane, SlotState
from shouwang.volunteers.selectors.residents import users_of_persons


@dataclass(frozen=True)
class DoorSlip:
    """One door of a slot: `people` to come, `knock` when they have no phone, `told` when somebody of theirs got a
    message in the program."""

    door: str
    people: int
    knock: bool
    told: bool


@dataclass(frozen=True)
class LeafSlip:
    """The doors of one stairwell (or building without) that a slot calls."""

    slot: Slot
    leaf: str
    doors: list[DoorSlip]


def slips_of(scope: Scope, round_: Round, at: datetime, slot_id: UUID | None = None) -> list[LeafSlip]:
    """Who comes down when, by stairwell, for the heads to take along: within what the scope may mark."""
    rows = SlotEntry.objects.filter(
        scope.q(MARK, "entry__"), slot__round=round_, entry__state=EntryState.WAITING
    )
    rows = rows.filter(slot_id=slot_id) if slot_id else rows.exclude(slot__state=SlotState.PASSED)
    ordered = rows.select_related("slot", "entry__household__dwelling__place").order_by(
        "slot__starts_at", "slot_id", "entry__household__dwelling__place__sort_key",
        "entry__household__dwelling__sort_key", "entry_id",
    )  # fmt: skip
    homes: dict[tuple[UUID, UUID], list[SlotEntry]] = defaultdict(list)
    doors: dict[UUID, Household] = {}
    for row in ordered:
        if row.entry.household is not None:
            homes[row.slot_id, row.entry.household.pk].append(row)
            doors[row.entry.household.pk] = row.entry.household
    return _by_leaf(round_, homes, doors, at)


def _by_leaf(
    round_: Round,
    homes: Mapping[tuple[UUID, UUID], Sequence[SlotEntry]],
    doors: Mapping[UUID, Household],
    at: datetime,
) -> list[LeafSlip]:
    labels = door_labels([home.dwelling for home in doors.values()])
    unreached = households_without_phone(round_, doors)
    told = set(users_of_households(round_, doors, at))
    found: dict[tuple[UUID, UUID], LeafSlip] = {}
    for (_slot_id, household_id), rows in homes.items():
        slot, dwelling = rows[0].slot, doors[household_id].dwelling
        door = labels[dwelling.pk]
        leaf = door.removesuffix(dwelling.door).strip()
        slip = found.setdefault((slot.pk, dwelling.place_id), LeafSlip(slot, leaf, []))
        slip.doors.append(DoorSlip(door, len(rows), household_id in unreached, household_id in told))
    return list(found.values())


def households_without_phone(round_: Round, ids: Iterable[UUID]) -> set[UUID]:
    """Of these households those where nobody's number is on file, or who are known to have no phone."""
    wanted = set(ids)
    flagged = set(households_with([Care.NO_PHONE], households_by_ids(wanted)))
    living = members_inside(round_.community_id, Q(pk__in=wanted))
    reached = {row.household_id for row in living if row.person.phone}
    return (wanted - reached) | flagged


def users_of_households(round_: Round, household_ids: Iterable[UUID], at: datetime) -> dict[UUID, set[UUID]]:
    """Users by whom a household can be told in the program: one who speaks for it, or who serves and lives there."""
    ids = set(household_ids)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for household_id, user_id in proxy_users(ids, at):
        found[household_id].add(user_id)
    living = members_inside(round_.community_id, Q(pk__in=ids))
    serving = users_of_persons([row.person_id for row in living])
    for row in living:
        if row.person_id in serving:
            found[row.household_id].add(serving[row.person_id])
    return dict(found)


# More stairwells than this are read out as the building alone.
MOST_LEAVES = 6


def words_to_call(slot: Slot, building: str) -> str:
    """What is read aloud in the yard, or written to the building's group: stairwells and floors, so that everybody knows
    whether they are meant; no name and no door. Of the green lane not even those: it would tell who walks badly."""
    if slot.lane == Lane.GREEN:
        said = _("%(building)s, green lane: whom your head has told, please come to the sampling point now.")
        return said % {"building": building}
    people = ngettext("%(n)s household", "%(n)s households", slot.households) % {"n": slot.households}
    where = _where(slot)
    return _("%(building)s, %(households)s: it is your turn. Please come to the sampling point now.") % {
        "building": building, "households": f"{where} ({people})" if where else people,
    }  # fmt: skip


def _where(slot: Slot) -> str:
    """Stairwells with their floors: "1 (floors 4, 5), 2 (floor 3)"; '' when there are too many to be heard."""
    rows = SlotEntry.objects.filter(slot=slot, entry__household__isnull=False)
    found: dict[str, set[int]] = defaultdict(set)
    order = "entry__household__dwelling__place__sort_key"
    for leaf, floor in rows.order_by(order).values_list(
        "entry__household__dwelling__place__name", "entry__household__dwelling__floor"
    ):
        found[leaf].update({floor} if floor is not None else ())
    if len(found) > MOST_LEAVES:
        return ""
    return _(", ").join(_floors(leaf, sorted(floors)) for leaf, floors in found.items())


def _floors(leaf: str, floors: Sequence[int]) -> str:
    if not floors:
        return leaf
    told = (
        "–".join(map(str, {floors[0]: 0, floors[-1]: 0}))
        if _in_a_row(floors)
        else _(", ").join(map(str, floors))
    )
    return ngettext("%(leaf)s floor %(floors)s", "%(leaf)s floors %(floors)s", len(floors)) % {
        "leaf": leaf, "floors": told,
    }  # fmt: skip


def _in_a_row(floors: Sequence[int]) -> bool:
    return len(floors) != 2 and floors[-1] - floors[0] == len(floors) - 1
