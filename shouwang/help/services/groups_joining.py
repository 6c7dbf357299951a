"""Doors sign up for a group purchase: row by row out of a chain, or one by hand; changed and taken back likewise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.help.models import GroupItem, GroupLine, GroupPart, GroupPurchase
from shouwang.help.selectors.groups import items_of
from shouwang.help.selectors.groups_chain import change_of, lies_in, quantities_at
from shouwang.help.services.groups import lock_group, require_state
from shouwang.help.states import GROUP_GATHERING, GroupPartState
from shouwang.people.models import Household
from shouwang.places.models import Dwelling

MOST_PIECES = 999


@dataclass(frozen=True)
class Joining:
    """What one door wants now, in all: `quantities` an item id. `row` is the chain's, for whoever reads a refusal.

    `before` is what the page showed of that door: where it has changed since, nothing is written (None: not shown).
    """

    quantities: Mapping[UUID, int]
    dwelling: Dwelling | None = None
    household: Household | None = None
    door_said: str = ""
    name_said: str = ""
    row: int = 0
    before: Mapping[UUID, int] | None = None


@dataclass
class Joined:
    """What a chain has changed: how many doors are new, changed, taken back, the same."""

    new: int = 0
    changed: int = 0
    back: int = 0
    same: int = 0
    parts: list[UUID] = field(default_factory=list)

    def as_counts(self) -> dict[str, int]:
        return {"new": self.new, "changed": self.changed, "back": self.back, "same": self.same}


def door_key_of(joining: Joining) -> str:
    """The door once a purchase: the door on file, else as it was said, with the name where no door was said."""
    if joining.dwelling is not None:
        return str(joining.dwelling.pk)
    said = "".join(joining.door_said.split()) or "".join(joining.name_said.split())
    if not said:
        raise Refusal("who-missing", _("Write a door or a name."), field="door", row=joining.row)
    return f"said:{said}"[:80]


@transaction.atomic
def join_group(
    *, group: GroupPurchase, rows: Sequence[Joining], by: Actor, at: datetime | None = None
) -> Joined:
    """Writes the difference between these rows and what is on file: all of them or none. Doors that are not among
    the rows stay as they are; a row with nothing takes its door back.

    Refusal at the row: a door twice, too many pieces, a door elsewhere; Conflict when a door has changed since.
    """
    at = at or clock.now()
    locked = lock_group(group)
    require_state(locked, *GROUP_GATHERING)
    items, had = items_of(locked), quantities_at(locked)
    parts = {part.door_key: part for part in locked.parts.all()}
    keyed = _keyed(locked, rows, items)
    done = Joined()
    for key, row in keyed.items():
        if row.before is not None and _plain(had.get(key)) != _plain(row.before):
            raise Conflict(
                "row-changed",
                _("This door has changed since the chain was read. Read it again."),
                row=row.row,
            )
        change = change_of(had.get(key), row.quantities)
        setattr(done, change, getattr(done, change) + 1)
        if change != "same":
            part = _write(locked, parts.get(key), key, row, change, at)
            done.parts.append(part.pk)
    if done.parts:
        write_audit(
            "help.group.joined",
            by=by,
            at=at,
            subject=locked,
            new=done.new,
            changed=done.changed,
            back=done.back,
        )
    return done


def _keyed(group: GroupPurchase, rows: Sequence[Joining], items: Sequence[GroupItem]) -> dict[str, Joining]:
    """The rows by their doors. Refusal at the row that cannot be taken."""
    known, found = {item.pk for item in items}, {}
    for row in rows:
        if row.dwelling is not None and not lies_in(group.place, row.dwelling):
            raise Refusal(
                "door-elsewhere",
                _("This door lies where the purchase does not go."),
                field="door",
                row=row.row,
            )
        if set(row.quantities) - known:
            raise Refusal("thing-unknown", _("This is not bought here."), row=row.row)
        if any(number < 0 or number > MOST_PIECES for number in row.quantities.values()):
            raise Refusal("too-many-pieces", _("Write a number from 0 to 999."), row=row.row)
        key = door_key_of(row)
        if key in found:
            raise Refusal(
                "door-twice",
                _("This door stands in two rows. Put the whole into one."),
                field="door",
                row=row.row,
            )
        found[key] = row
    return found


def _plain(quantities: Mapping[UUID, int] | None) -> dict[UUID, int]:
    return {pk: number for pk, number in (quantities or {}).items() if number}


def _write(
    group: GroupPurchase, part: GroupPart | None, key: str, row: Joining, change: str, at: datetime
) -> GroupPart:
    state = GroupPartState.TAKEN_BACK if change == "back" else GroupPartState.JOINED
    if part is None:
        last = group.parts.aggregate(n=Max("order"))["n"] or 0
        part = GroupPart(group=group, order=last + 1, door_key=key, joined_at=at)
    part.dwelling, part.state, part.changed_at = row.dwelling, state, at
    part.household = row.household or part.household
    part.door_said = (row.door_said or part.door_said)[:60]
    part.name_said = (row.name_said or part.name_said)[:40]
    part.save()
    for item_id, number in row.quantities.items():
        GroupLine.objects.update_or_create(part=part, item_id=item_id, defaults={"quantity": number})
    return part


@transaction.atomic
def take_back_part(*, part: GroupPart, by: Actor, at: datetime | None = None) -> GroupPart:
    """A door is out again; what it has paid goes back. Its quantities stay to be read, and it may join again."""
    at = at or clock.now()
    locked = lock_group(part.group)
    require_state(locked, *GROUP_GATHERING)
    _turn(part, GroupPartState.JOINED, GroupPartState.TAKEN_BACK, at)
    write_audit("help.group.part_taken_back", by=by, at=at, subject=locked, part=str(part.pk))
    return part


@transaction.atomic
def put_back_part(*, part: GroupPart, by: Actor, at: datetime | None = None) -> GroupPart:
    """Undoes that: the door is in again with what it wanted."""
    at = at or clock.now()
    locked = lock_group(part.group)
    require_state(locked, *GROUP_GATHERING)
    if not any(line.quantity for line in part.lines.all()):
        raise Refusal("wants-nothing", _("Write how much they want."))
    _turn(part, GroupPartState.TAKEN_BACK, GroupPartState.JOINED, at)
    write_audit("help.group.part_put_back", by=by, at=at, subject=locked, part=str(part.pk))
    return part


def _turn(part: GroupPart, before: str, after: str, at: datetime) -> None:
    turned = GroupPart.objects.filter(pk=part.pk, state=before).update(state=after, changed_at=at)
    if not turned:
        raise Conflict("part-turned", _("Somebody has done that already."))
    part.refresh_from_db()
