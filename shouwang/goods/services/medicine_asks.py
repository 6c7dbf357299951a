"""Somebody asks for medicine: taken down while they are on the phone, checked at once, looked at by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.moves import move
from shouwang.goods.engines.medicines import ASK_DOCTOR, OK, table
from shouwang.goods.engines.medicines.figures import TARGET, WATCH_MINUTES, YOUNG_MONTHS
from shouwang.goods.models import Item, MedicineAsk, MedicineErrand, MedicineNumber
from shouwang.goods.selectors.medicine_checks import age_of, verdict_of
from shouwang.goods.services.medicine_notes import note_allergies
from shouwang.goods.services.medicine_telling import on_duty, tell_waits
from shouwang.goods.states import ASK_MOVES, RUNNING_ASKS, AskState, AskUrgency, ErrandState
from shouwang.people.models import Household, Person
from shouwang.people.selectors import household_of
from shouwang.places.models import STAMP, Dwelling, Place

DUE = "goods.medicine_watch"
CLOSED = _("This is over already. Nothing on it changes any more.")


@dataclass(frozen=True)
class Asker:
    """Who asks and from where; the household gives the door, else the door as said."""

    household: Household | None = None
    dwelling: Dwelling | None = None
    person: Person | None = None
    door_said: str = ""
    name: str = ""
    phone: str = ""
    may_be_named: bool = False

    @property
    def door(self) -> Dwelling | None:
        """The door it is brought to."""
        return self.household.dwelling if self.household is not None else self.dwelling


@dataclass(frozen=True)
class Wanted:
    """What is asked for: a medicine of the table or a thing of the store, so many base units; words as said."""

    medicine: str = ""
    item: Item | None = None
    quantity: int = 1
    words: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    urgency: str = ""


@transaction.atomic
def ask_for_medicine(
    *,
    community: Place,
    asker: Asker,
    wanted: Wanted,
    by: Actor,
    at: datetime | None = None,
    ask_id: UUID | None = None,
) -> MedicineAsk:
    """Takes an ask down, checks it, and starts its clock. `ask_id` again answers the same ask.

    Refusal without anything asked for, without any door, for a person of another household.
    """
    at = at or clock.now()
    known = MedicineAsk.objects.filter(pk=ask_id).first() if ask_id else None
    if known is not None:
        return known
    _checked(asker, wanted)
    door = asker.door
    stamp = door.place.stamp() if door else {**dict.fromkeys(STAMP), "community_id": community.pk}
    ask = MedicineAsk(
        pk=ask_id or uuid7(), number=_next_number(community.pk), place=door.place if door else None, dwelling=door,
        household=asker.household, person=asker.person, door_said=asker.door_said.strip()[:60],
        asker_name=asker.name.strip()[:60], asker_phone=asker.phone.strip()[:20], may_be_named=asker.may_be_named,
        item=wanted.item, words=wanted.words.strip(), asked_at=at, due_at=at, local_day=local_day(at, community.time_zone),
        taken_by_id=by.pk if by.actor_kind == "user" else None, **stamp,
    )  # fmt: skip
    _put(ask, wanted, at)
    ask.due_at = at + TARGET[ask.urgency]
    ask.save(force_insert=True)
    write_audit("goods.medicine.asked", by=by, at=at, subject=ask, number=ask.spoken_number)
    _heed(ask, by, at)
    if ask.urgency == AskUrgency.NOW:
        schedule(DUE, at=at + timedelta(minutes=WATCH_MINUTES[0]), subject_id=ask.pk)
    return _check(ask, by, at)


def _checked(asker: Asker, wanted: Wanted) -> None:
    if wanted.item is None and wanted.medicine not in table().medicines:
        raise Refusal("nothing-asked", _("Choose what is needed."), field="medicine")
    if wanted.quantity < 1:
        raise Refusal("nothing-moves", _("Say how much: a whole number above zero."), field="quantity")
    if asker.door is None and not asker.door_said.strip():
        raise Refusal("door-missing", _("Say which door it is for."), field="door")
    if asker.person is not None:
        home = household_of(asker.person)
        if asker.household is None or home is None or home.pk != asker.household.pk:
            raise Refusal(
                "not-of-household", _("This person does not belong to that household."), field="person"
            )


def _next_number(community_id: UUID) -> int:
    MedicineNumber.objects.get_or_create(community_id=community_id)
    MedicineNumber.objects.filter(pk=community_id).update(next_number=F("next_number") + 1)
    return MedicineNumber.objects.values_list("next_number", flat=True).get(pk=community_id) - 1


def _put(ask: MedicineAsk, wanted: Wanted, at: datetime) -> None:
    ask.medicine = "" if wanted.item is not None else wanted.medicine
    ask.quantity = wanted.quantity
    ask.answers = {} if wanted.item is not None else dict(wanted.answers)
    ask.urgency = wanted.urgency or _urgency_of(ask, at)


def _urgency_of(ask: MedicineAsk, at: datetime) -> str:
    age = age_of(ask, at)
    young = bool(ask.answers.get("fever")) and (age is None or age < YOUNG_MONTHS)
    return AskUrgency.NOW if young or ask.answers.get("signs") else AskUrgency.TODAY


def _heed(ask: MedicineAsk, by: Actor, at: datetime) -> None:
    """What was said of allergies stays with the person, whatever becomes of the ask."""
    said = ask.answers.get("allergies")
    if said and ask.person is not None:
        note_allergies(person=ask.person, substances=said, by=by, at=at, source=ask.spoken_number)


def _check(ask: MedicineAsk, by: Actor, at: datetime) -> MedicineAsk:
    """Checks as of now, keeps what was found, and moves the ask where a doctor comes first (or not any more)."""
    if not ask.medicine:
        MedicineAsk.objects.filter(pk=ask.pk).update(outcome=OK)
        ask.refresh_from_db()
        return ask
    found = verdict_of(ask, at)
    ask.findings, ask.outcome = {"codes": list(found.codes), "at": at.isoformat()}, found.outcome
    ask.save(update_fields=["findings", "outcome"])
    write_audit(
        "goods.medicine.checked", by=by, at=at, subject=ask, number=ask.spoken_number, outcome=found.outcome
    )
    if found.outcome == ASK_DOCTOR and ask.state == AskState.ASKED:
        move(ask, AskState.DOCTOR_FIRST, table=ASK_MOVES)
    elif found.outcome != ASK_DOCTOR and ask.state == AskState.DOCTOR_FIRST:
        move(ask, AskState.ASKED, table=ASK_MOVES)
    return ask


@transaction.atomic
def answer_again(*, ask: MedicineAsk, wanted: Wanted, by: Actor, at: datetime | None = None) -> MedicineAsk:
    """Something else was said, or another medicine is right: checked anew. A doctor's word held for what was said then."""
    at = at or clock.now()
    locked = lock_ask(ask, AskState.ASKED, AskState.DOCTOR_FIRST, AskState.NOT_AVAILABLE)
    _checked(_asker_of(locked), wanted)
    asked_at_first, due = locked.urgency, locked.due_at
    _put(locked, wanted, at)
    locked.words = wanted.words.strip() or locked.words
    locked.doctor_at, locked.doctor_by, locked.doctor_words = None, None, ""
    locked.due_at = due if locked.urgency == asked_at_first else locked.asked_at + TARGET[locked.urgency]
    locked.save()
    _heed(locked, by, at)
    if locked.state == AskState.NOT_AVAILABLE:
        move(locked, AskState.ASKED, table=ASK_MOVES, ended_at=None)
    write_audit("goods.medicine.answered", by=by, at=at, subject=locked, number=locked.spoken_number)
    return _check(locked, by, at)


def _asker_of(ask: MedicineAsk) -> Asker:
    return Asker(household=ask.household, dwelling=ask.dwelling, person=ask.person, door_said=ask.door_said)


@transaction.atomic
def doctor_agreed(*, ask: MedicineAsk, words: str, by: User, at: datetime | None = None) -> MedicineAsk:
    """A doctor was asked and said yes: who wrote it down and the doctor's words stay on record. A no of the table stays."""
    at = at or clock.now()
    if not words.strip():
        raise Refusal("no-words", _("Write down which doctor said what."), field="words")
    locked = lock_ask(ask, AskState.DOCTOR_FIRST)
    locked.doctor_at, locked.doctor_by, locked.doctor_words = at, by, words.strip()[:400]
    locked.save(update_fields=["doctor_at", "doctor_by", "doctor_words"])
    write_audit("goods.medicine.doctor_agreed", by=by, at=at, subject=locked, number=locked.spoken_number)
    return _check(locked, by, at)


@transaction.atomic
def end_ask(*, ask: MedicineAsk, state: str, by: Actor, at: datetime | None = None) -> MedicineAsk:
    """It is not to be had, or not needed any more. What was counted out is taken back first. Conflict when it is over."""
    at = at or clock.now()
    if state not in (AskState.NOT_AVAILABLE, AskState.WITHDRAWN):
        raise Refusal("not-an-end", _("This is no way in which an ask ends."))
    locked = lock_ask(ask, *RUNNING_ASKS, AskState.DOCTOR_FIRST, AskState.NOT_AVAILABLE)
    if locked.state in (AskState.ISSUED, AskState.ON_THE_WAY):
        raise Conflict("counted-out", _("Something was counted out for this. Take it back first."))
    if MedicineErrand.objects.filter(ask=locked, state=ErrandState.OPEN).exists():
        raise Conflict("somebody-goes", _("Somebody is going for this. Call them back first."))
    move(locked, state, table=ASK_MOVES, ended_at=at, offer=None)
    cancel(DUE, subject_id=locked.pk)
    write_audit(
        "goods.medicine.ask_ended",
        by=by,
        at=at,
        subject=locked,
        number=locked.spoken_number,
        state=str(state),
    )
    return locked


def lock_ask(ask: MedicineAsk, *states: str) -> MedicineAsk:
    """The row as it is now. Conflict when it is in none of these states."""
    rows = MedicineAsk.objects.select_for_update(of=("self",))
    locked = rows.select_related(
        "household__dwelling__place", "person", "item", "offer", "dwelling__place"
    ).get(pk=ask.pk)
    if states and locked.state not in states:
        raise Conflict(
            "ask-moved",
            CLOSED if not locked.is_open() else _("Somebody else was quicker. Look again before you go on."),
        )
    return locked


@transaction.atomic
def watch_ask(*, ask_id: UUID, at: datetime) -> datetime | None:
    """One turn of the clock for an ask that is still open: those on duty hear of it; when the next turn is due."""
    ask = MedicineAsk.objects.select_related("taken_by").filter(pk=ask_id, state__in=RUNNING_ASKS).first()
    if ask is None:
        return None
    turns = [ask.asked_at + timedelta(minutes=minutes) for minutes in WATCH_MINUTES]
    turn = max((number for number, due in enumerate(turns) if due <= at), default=0)
    people = tell_waits(ask, on_duty(ask, turn, at), by=CLOCK, at=at)
    write_audit("goods.medicine.told", by=CLOCK, at=at, subject=ask, number=ask.spoken_number, people=people)
    return turns[turn + 1] if turn + 1 < len(turns) else None
