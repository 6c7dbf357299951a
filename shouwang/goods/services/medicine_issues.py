"""Counting out for one ask: a pack is split to the tablet, somebody else looks where that is needed, and it leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import derived_id, uuid7
from shouwang.core.moves import move
from shouwang.goods.engines.medicines import OK, table
from shouwang.goods.models import (
    Lot,
    MedicineAsk,
    MedicineErrand,
    MedicineIssue,
    MedicineNumber,
    Movement,
    Shelf,
)
from shouwang.goods.selectors.medicine_checks import told, verdict_of
from shouwang.goods.services.medicine_asks import DUE, lock_ask
from shouwang.goods.services.medicine_telling import tell_names, tell_second
from shouwang.goods.services.parcels import disinfect, let_go_early, take_in
from shouwang.goods.services.store import bring_back_lines, split_lot, take_out
from shouwang.goods.states import (
    ASK_MOVES,
    ISSUE_MOVES,
    AskState,
    AskUrgency,
    ErrandState,
    IssueState,
    MovementKind,
    ParcelKind,
    ParcelState,
)
from shouwang.places.selectors import community_by_id


@transaction.atomic
def count_out(
    *, ask: MedicineAsk, lot: Lot, shelf: Shelf, quantity: int, by: User, at: datetime | None = None
) -> MedicineIssue:
    """Splits so many units off a lot for an ask; they leave the shelf. What needs a second pair of eyes waits for them.

    The check is made anew, as of now. Refusal where it does not pass, for another medicine, for more than there is, for
    what has expired; Conflict when something was counted out for it already.
    """
    at = at or clock.now()
    _one_at_a_time(ask)
    locked = lock_ask(ask, AskState.ASKED, AskState.MATCHED)
    if lot.item.community_id != locked.community_id or not _is_asked_for(locked, lot):
        raise Refusal("other-medicine", _("This is not what was asked for."), field="lot")
    checks = _passed(locked, quantity, at)
    issue_id = uuid7()
    part = _split(locked, lot, shelf, quantity, by, at, issue_id)
    medicine = table().medicines.get(locked.medicine)
    second = medicine is not None and medicine.prescription
    issue = MedicineIssue(
        pk=issue_id, ask=locked, person=locked.person, household=locked.household, medicine=locked.medicine, item=lot.item,
        lot=part, shelf=shelf, quantity=quantity, act=derived_id(issue_id, "out"), checks=checks, counted_at=at, counted_by=by,
        needs_second=second, state=IssueState.COUNTED if second else IssueState.READY, **locked.stamp(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            issue.save(force_insert=True)
    except IntegrityError as fault:
        raise Conflict("issued-already", _("Something was counted out for this already.")) from fault
    move(locked, AskState.ISSUED, table=ASK_MOVES)
    write_audit(
        "goods.medicine.counted", by=by, at=at, subject=issue, number=locked.spoken_number, quantity=quantity
    )
    if second:
        tell_second(issue, by=by, at=at)
    return issue


def _one_at_a_time(ask: MedicineAsk) -> None:
    """Limits count over several asks of one person: a community counts out one after the other."""
    list(MedicineNumber.objects.select_for_update().filter(pk=ask.community_id))  # type: ignore[misc]


def _is_asked_for(ask: MedicineAsk, lot: Lot) -> bool:
    return lot.item_id == ask.item_id if ask.item_id else lot.item.medicine == ask.medicine


def _passed(ask: MedicineAsk, quantity: int, at: datetime) -> Any:
    """The codes of the check that passed. Refusal with the first sentence of one that did not."""
    if not ask.medicine:
        return {}
    verdict = verdict_of(ask, at, quantity)
    if verdict.outcome != OK:
        raise Refusal(
            "check-not-passed", _("Not handed out: %(why)s"), why=told(verdict)[0].sentence, field="quantity"
        )
    return {"codes": list(verdict.codes), "at": at.isoformat()}


def _split(
    ask: MedicineAsk, lot: Lot, shelf: Shelf, quantity: int, by: User, at: datetime, issue_id: Any
) -> Lot:
    """What goes into the little bag: a lot of its own, off the shelf."""
    if lot.item.medicine and lot.expires_on is not None:
        day = local_day(at, community_by_id(ask.community_id).time_zone)  # type: ignore[arg-type]
        if lot.expires_on < day:
            raise Refusal("expired", _("This has expired and is not handed out."), field="lot")
    part = split_lot(lot=lot, shelf=shelf, quantity=quantity, by=by, at=at, act=derived_id(issue_id, "split"))
    take_out(
        item=lot.item, shelf=shelf, quantity=quantity, kind=MovementKind.HANDED_OUT, lot=part, by=by, at=at,
        act=derived_id(issue_id, "out"),
    )  # fmt: skip
    return part


@transaction.atomic
def second_look(*, issue: MedicineIssue, by: User, at: datetime | None = None) -> MedicineIssue:
    """Somebody else has looked: the right medicine, the right number, still good. Refusal for whoever counted."""
    at = at or clock.now()
    locked = lock_issue(issue, IssueState.COUNTED)
    if locked.counted_by_id == by.pk:
        raise Refusal("same-person", _("Whoever counted it cannot be the second pair of eyes."))
    move(locked, IssueState.READY, table=ISSUE_MOVES, second_at=at, second_by=by)
    write_audit("goods.medicine.second_look", by=by, at=at, subject=locked, number=locked.ask.spoken_number)
    return locked


@transaction.atomic
def hand_to_runs(*, issue: MedicineIssue, by: User, at: datetime | None = None) -> MedicineIssue:
    """It becomes a parcel of the gate, for the next run: urgent, medicine, due when the ask is due. It came from inside
    the line and rests no more. Refusal where the door is not known."""
    at = at or clock.now()
    locked = lock_issue(issue, IssueState.READY)
    ask = locked.ask
    parcel = take_in(
        community=community_by_id(ask.community_id), household=ask.household, dwelling=ask.dwelling,  # type: ignore[arg-type]
        door_said=ask.door_said, kind=ParcelKind.MEDICINE, medicine=True, weight_kg="0.2", urgent=True, due_at=ask.due_at,
        parcel_id=derived_id(locked.pk, f"parcel:{MedicineErrand.objects.filter(ask=ask).count()}"), by=by, at=at,
    )  # fmt: skip
    if parcel.state == ParcelState.RECEIVED:
        [parcel] = disinfect(parcels=[parcel], by=by, at=at)
    if parcel.state == ParcelState.RESTING:
        let_go_early(parcel=parcel, reason=str(_("out of the medicine bank, from inside")), by=by, at=at)
    move(locked, IssueState.ON_THE_WAY, table=ISSUE_MOVES, parcel=parcel)
    move(ask, AskState.ON_THE_WAY, table=ASK_MOVES)
    write_audit("goods.medicine.handed_to_runs", by=by, at=at, subject=locked, number=ask.spoken_number)
    return locked


@transaction.atomic
def delivered(*, issue: MedicineIssue, by: Actor, at: datetime | None = None) -> MedicineIssue:
    """It is at the door, or was collected: the clock of its ask stops."""
    at = at or clock.now()
    locked = lock_issue(issue, IssueState.READY, IssueState.ON_THE_WAY)
    move(locked, IssueState.AT_THE_DOOR, table=ISSUE_MOVES, delivered_at=at, ended_at=at)
    move(locked.ask, AskState.AT_THE_DOOR, table=ASK_MOVES, ended_at=at)
    cancel(DUE, subject_id=locked.ask_id)
    minutes = locked.ask.minutes(at)
    write_audit(
        "goods.medicine.delivered",
        by=by,
        at=at,
        subject=locked,
        number=locked.ask.spoken_number,
        minutes=minutes,
    )
    tell_names(locked, by=by, at=at)
    return locked


@transaction.atomic
def not_delivered(*, issue: MedicineIssue, by: Actor, at: datetime | None = None) -> MedicineIssue:
    """Its parcel was not handed over after all: it is on its way again, and the clock of its ask runs as before."""
    at = at or clock.now()
    locked = lock_issue(issue, IssueState.AT_THE_DOOR)
    move(locked, IssueState.ON_THE_WAY, table=ISSUE_MOVES, delivered_at=None, ended_at=None)
    move(locked.ask, AskState.ON_THE_WAY, table=ASK_MOVES, ended_at=None)
    if locked.ask.urgency == AskUrgency.NOW:
        schedule(DUE, at=at, subject_id=locked.ask_id)
    write_audit("goods.medicine.not_delivered", by=by, at=at, subject=locked, number=locked.ask.spoken_number)
    return locked


@transaction.atomic
def take_back(*, issue: MedicineIssue, reason: str, by: Actor, at: datetime | None = None) -> MedicineIssue:
    """It goes back onto its shelf, before it was at the door; the ask waits again. Refusal without a reason."""
    at = at or clock.now()
    if not reason.strip():
        raise Refusal("no-reason", _("Say why."), field="reason")
    locked = lock_issue(issue, IssueState.COUNTED, IssueState.READY, IssueState.ON_THE_WAY)
    if MedicineErrand.objects.filter(ask=locked.ask, state=ErrandState.OPEN).exists():
        raise Conflict("somebody-goes", _("Somebody is going for this. Call them back first."))
    if (
        locked.parcel is not None
        and locked.parcel.is_in_house()
        and locked.parcel.state == ParcelState.ON_THE_WAY
    ):
        raise Conflict("on-the-way", _("A run has it. It is taken back when the run brings it back."))
    rows = list(Movement.objects.filter(act=locked.act).select_related("lot__item", "shelf"))
    bring_back_lines(
        lines={row: -row.quantity for row in rows},
        by=by,
        at=at,
        reason=reason.strip(),
        act=derived_id(locked.pk, "back"),
    )
    move(locked, IssueState.TAKEN_BACK, table=ISSUE_MOVES, ended_at=at)
    move(locked.ask, AskState.ASKED, table=ASK_MOVES)
    write_audit("goods.medicine.taken_back", by=by, at=at, subject=locked, number=locked.ask.spoken_number)
    return locked


def lock_issue(issue: MedicineIssue, *states: str) -> MedicineIssue:
    """The row as it is now, with its ask. Conflict when it is in none of these states."""
    rows = MedicineIssue.objects.select_for_update(of=("self",))
    locked = rows.select_related(
        "ask__household__dwelling__place", "ask__dwelling__place", "item", "lot", "parcel"
    ).get(pk=issue.pk)
    if states and locked.state not in states:
        raise Conflict("issue-moved", _("Somebody else was quicker. Look again before you go on."))
    return locked


__all__ = ["count_out", "delivered", "hand_to_runs", "lock_issue", "second_look", "take_back"]
