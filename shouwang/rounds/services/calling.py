"""A point is set up, its tables open and close, buildings are held back, and slots are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.places.models import Place
from shouwang.rounds.models import Point, PointBuilding, PointPath, Round, Slot
from shouwang.rounds.rules import MOST_TABLES, REPLAN_AFTER, may_call
from shouwang.rounds.selectors.calling import buildings_met
from shouwang.rounds.services.telling import tell_called
from shouwang.rounds.states import SLOT_MOVES, RoundState, SlotState, WalksBadly

REPLAN = "rounds.replan"


@dataclass(frozen=True)
class Agreed:
    """What is agreed about a point. `paths`: pairs of buildings that must not meet; `door_to_door`: buildings that are
    visited and not called."""

    opens_at: datetime
    tables: int
    seconds_given: int
    queue_limit: int
    walk_minutes: int
    walks_badly: str = WalksBadly.GREEN
    paths: Collection[tuple[Place, Place]] = ()
    door_to_door: Collection[Place] = ()


@transaction.atomic
def set_point(*, round_: Round, agreed: Agreed, by: User, at: datetime | None = None) -> Point:
    """Sets up a round's point, or changes what was agreed; it is planned (anew) from this. What was called stays called.

    Conflict when the round is closed or has nobody who could come down; Refusal for figures that cannot be.
    """
    at = at or clock.now()
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if not may_call(locked):
        raise Conflict("nobody-to-call", _("On this round nobody is called to a point."))
    _require_possible(agreed)
    values = {
        name: getattr(agreed, name)
        for name in ("opens_at", "tables", "seconds_given", "queue_limit", "walk_minutes", "walks_badly")
    }
    point, fresh = Point.objects.get_or_create(
        round=locked, defaults={"community_id": locked.community_id, **values}
    )
    if not fresh:
        # A pace that was told anew counts before the one that was measured.
        told = {"planned_seconds": None} if point.seconds_given != agreed.seconds_given else {}
        Point.objects.filter(pk=point.pk).update(**values, **told)
    _agree_on_buildings(point, agreed)
    write_audit("rounds.point.set", by=by, at=at, subject=point, tables=agreed.tables)
    ask_for_plan(point, at)
    return point


def _require_possible(agreed: Agreed) -> None:
    for name, least, most in (
        ("tables", 1, MOST_TABLES), ("seconds_given", 5, 600), ("queue_limit", 2, 500), ("walk_minutes", 0, 60),
    ):  # fmt: skip
        if not least <= getattr(agreed, name) <= most:
            raise Refusal(
                "figure-impossible", _("Give a number from %(least)s to %(most)s."), field=name, least=least, most=most
            )  # fmt: skip


def _agree_on_buildings(point: Point, agreed: Agreed) -> None:
    point.paths.all().delete()
    pairs = {tuple(sorted((one.pk, other.pk))) for one, other in agreed.paths if one.pk != other.pk}
    PointPath.objects.bulk_create(
        [PointPath(point=point, one_id=one, other_id=other) for one, other in sorted(pairs)]
    )
    point.buildings.update(door_to_door=False)
    for place in agreed.door_to_door:
        PointBuilding.objects.update_or_create(point=point, place=place, defaults={"door_to_door": True})


def ask_for_plan(point: Point, at: datetime) -> None:
    """Wants a new plan, in the caller's transaction: at once when there is none yet, else when three minutes have
    passed since the last."""
    Point.objects.filter(pk=point.pk).update(asked=True, version=F("version") + 1)
    point.refresh_from_db()
    when = max(at, point.planned_at + REPLAN_AFTER) if point.planned_at is not None else at
    schedule(REPLAN, at=when, subject_id=point.pk)


@transaction.atomic
def plan_anew(*, point: Point, by: User, at: datetime | None = None) -> Point:
    """Somebody wants a new plan."""
    at = at or clock.now()
    locked = _lock(point.pk)
    write_audit("rounds.point.asked", by=by, at=at, subject=locked)
    ask_for_plan(locked, at)
    return locked


@transaction.atomic
def set_tables(*, point: Point, tables: int, by: User, at: datetime | None = None) -> Point:
    """A table opens or closes; the same number again changes nothing. Refusal below one."""
    at = at or clock.now()
    locked = _lock(point.pk)
    if not 1 <= tables <= MOST_TABLES:
        raise Refusal(
            "tables-impossible", _("One table stays open as long as buildings are called."), field="tables"
        )
    if locked.tables == tables:
        return locked
    before, locked.tables = locked.tables, tables
    locked.save(update_fields=["tables"])
    write_audit("rounds.point.tables", by=by, at=at, subject=locked, before=before, after=tables)
    ask_for_plan(locked, at)
    return locked


@transaction.atomic
def hold_building(
    *, point: Point, building: Place, held: bool, by: User, at: datetime | None = None
) -> Point:
    """Holds a building back, so that it is not called until it is let come; or lets it come."""
    at = at or clock.now()
    locked = _lock(point.pk)
    if building.community_id != locked.community_id:
        raise Refusal("no-such-building", _("This building is not on the round."))
    row, _fresh = PointBuilding.objects.get_or_create(point=locked, place=building)
    if row.held == held:
        return locked
    row.held = held
    row.save(update_fields=["held"])
    if held:
        Slot.objects.filter(
            round=locked.round, state=SlotState.PLANNED, building_id=building.building_id
        ).delete()
    kind = "rounds.building.held" if held else "rounds.building.released"
    write_audit(kind, by=by, at=at, subject=locked, placed=building)
    ask_for_plan(locked, at)
    return locked


@transaction.atomic
def call_slot(*, slot_id: UUID, anyway: bool = False, by: User, at: datetime | None = None) -> Slot:
    """Calls the households of a slot to the point, and tells those of them who can be told, and the heads.

    Conflict when it was called already, is planned differently by now, or would meet a building that is still out
    (unless the caller says that it shall come `anyway`).
    """
    at = at or clock.now()
    slot = Slot.objects.filter(pk=slot_id).select_related("round").first()
    if slot is None:
        raise Conflict("slot-gone", _("The calls were planned anew meanwhile. Look at who comes next now."))
    point = _lock(Point.objects.values_list("pk", flat=True).get(round=slot.round_id))
    met = buildings_met(point, slot, at)
    if met and not anyway:
        names = "、".join(place.name for place in met)
        raise Conflict(
            "paths-meet", _("They would meet %(names)s on the way. Call somebody else first."), names=names
        )
    move(slot, SlotState.CALLED, table=SLOT_MOVES, called_at=at, called_by=by)
    Point.objects.filter(pk=point.pk).update(version=F("version") + 1)
    told = tell_called(slot, by=by, at=at)
    write_audit(
        "rounds.slot.called", by=by, at=at, subject=slot, people=slot.people, told=told, anyway=bool(met)
    )
    return slot


@transaction.atomic
def pass_slot(*, slot_id: UUID, by: User, at: datetime | None = None) -> Slot:
    """Somebody at the point says that everybody of a slot is home again."""
    at = at or clock.now()
    slot = Slot.objects.select_related("round").get(pk=slot_id)
    point = _lock(Point.objects.values_list("pk", flat=True).get(round=slot.round_id))
    move(slot, SlotState.PASSED, table=SLOT_MOVES, passed_at=at)
    Point.objects.filter(pk=point.pk).update(version=F("version") + 1)
    write_audit("rounds.slot.passed", by=by, at=at, subject=slot)
    return slot


def _lock(point_id: UUID) -> Point:
    point = Point.objects.select_for_update(of=("self",)).select_related("round").get(pk=point_id)
    if point.round.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return point
