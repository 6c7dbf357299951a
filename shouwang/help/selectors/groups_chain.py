"""A pasted sign-up chain beside what is on file: which door each row means, and what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.help.engines.chains import ChainItem, ChainRow, read_chain
from shouwang.help.models import GroupItem, GroupLine, GroupPart, GroupPurchase
from shouwang.help.states import GroupPartState
from shouwang.places.engines.doors import canonical, read_door
from shouwang.places.models import Dwelling, Place
from shouwang.places.selectors import codes_of, dwellings_in
from shouwang.places.states import Level

DOUBTS = {
    "no-door": _("No door is read here. Write it as 3-2-501."),
    "not-on-file": _("This door is not on file here. Correct it, or leave the row out."),
    "two-doors": _("Two doors stand in this row. The first was taken: please check."),
    "no-quantity": _("How many? Nothing was read."),
    "not-whole": _("Only whole pieces can be bought together."),
    "many": _("That is a lot for one household. Please check."),
    "guessed-one": _("No number is written: one was taken. Please check."),
    "adds": _("They write 'another': is this on top of before, or all together? Write the whole."),
    "cancels-some": _("Something is taken back and something is wanted. Write what holds now."),
    "unread": _("Something in this row was not understood. Please check."),
    "twice": _("This door stands in an earlier row too. Put the whole into one, and leave the other out."),
}
# With these a row goes in only after a person has looked; the others are for looking at.
BLOCKING = frozenset({"no-door", "not-on-file", "no-quantity", "not-whole", "cancels-some", "twice"})


@dataclass
class ReadRow:
    """One row of the chain for the preview. `before` what that door had (None: nothing); `change` one of
    new, changed, back, same, unclear."""

    row: ChainRow
    door: str
    dwelling: Dwelling | None = None
    before: dict[UUID, int] | None = None
    quantities: dict[UUID, int | None] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    change: str = "unclear"


def read_rows(group: GroupPurchase, items: Sequence[GroupItem], text: str) -> list[ReadRow]:
    """The chain's rows with their doors matched and what they would change. Writes nothing."""
    chain = read_chain(text, [ChainItem(item.letter, item.name) for item in items])
    doors, had = Doors(group), quantities_at(group)
    return [_compared(row, doors, items, had) for row in chain.rows]


def _compared(
    row: ChainRow, doors: Doors, items: Sequence[GroupItem], had: Mapping[str, dict[UUID, int]]
) -> ReadRow:
    dwelling = doors.find(row.door_said) if row.door is not None else None
    before = had.get(str(dwelling.pk)) if dwelling is not None else None
    said = dict(zip((item.pk for item in items), row.quantities, strict=True))
    read = ReadRow(row, doors.short(dwelling) if dwelling else row.door_said, dwelling, before)
    read.quantities = said if any(n is not None for n in said.values()) else dict.fromkeys(said)
    read.doubts = [*row.doubts]
    if dwelling is None and "no-door" not in row.doubts:
        read.doubts.append("not-on-file")
    if not BLOCKING & set(read.doubts):
        read.change = change_of(before, {pk: n or 0 for pk, n in said.items()})
    return read


def change_of(before: Mapping[UUID, int] | None, now: Mapping[UUID, int]) -> str:
    """What a row would do: new, changed, back (taken back), same."""
    wanted = any(now.values())
    if not before or not any(before.values()):
        return "new" if wanted else "same"
    if not wanted:
        return "back"
    return "same" if all(before.get(pk, 0) == n for pk, n in now.items()) else "changed"


class Doors:
    """Every door that a purchase goes to, found as people say it. Two queries, however long the chain is."""

    def __init__(self, group: GroupPurchase) -> None:
        codes = codes_of(group.community_id) if group.community_id is not None else {}
        rows = dwellings_in(group.community_id) if group.community_id is not None else ()
        self._exact: dict[tuple[str, str, str], Dwelling] = {}
        self._loose: dict[tuple[str, str], list[Dwelling]] = {}
        self._codes: dict[UUID, tuple[str, str]] = codes
        for dwelling in rows:
            if lies_in(group.place, dwelling):
                building, stairwell = (
                    canonical(code) or "" for code in codes.get(dwelling.place_id, ("", ""))
                )
                self._exact[building, stairwell, canonical(dwelling.door) or ""] = dwelling
                self._loose.setdefault((building, canonical(dwelling.door) or ""), []).append(dwelling)

    def find(self, said: str) -> Dwelling | None:
        """The one door that is meant; None when it is not one, or lies elsewhere."""
        door = read_door(said)
        if door is None or not door.building or not door.door:
            return None
        if door.stairwell is not None:
            return self._exact.get((door.building, door.stairwell, door.door))
        found = self._loose.get((door.building, door.door), [])
        return found[0] if len(found) == 1 else None

    def short(self, dwelling: Dwelling) -> str:
        """8-2-501."""
        return "-".join(filter(None, (*self._codes.get(dwelling.place_id, ("", "")), dwelling.door)))


def lies_in(place: Place, dwelling: Dwelling) -> bool:
    """Whether a door lies within the place."""
    columns = {Level.COMMUNITY: "community_id", Level.GRID: "grid_id", Level.BUILDING: "building_id"}
    column = columns.get(Level(place.level))
    return column is not None and getattr(dwelling, column) == place.pk


def quantities_at(group: GroupPurchase) -> dict[str, dict[UUID, int]]:
    """What each door has signed up for, by its key; nothing for what was taken back."""
    found: dict[str, dict[UUID, int]] = {
        key: {}
        for key in GroupPart.objects.filter(group=group, state=GroupPartState.JOINED).values_list(
            "door_key", flat=True
        )
    }
    for line in GroupLine.objects.filter(part__group=group, part__state=GroupPartState.JOINED).select_related(
        "part"
    ):
        found[line.part.door_key][line.item_id] = line.quantity
    return found
