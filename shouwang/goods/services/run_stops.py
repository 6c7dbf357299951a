"""What happens at a stop: the cart is there, it is handed over or left at the door, nobody is there, it is not wanted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.goods.models import Parcel, Run, RunStop, StopParcel
from shouwang.goods.rules import TAKE_BACK_WITHIN
from shouwang.goods.services.parcels import hand_over, put_back
from shouwang.goods.services.run_telling import tell_cart_is_there
from shouwang.goods.services.run_trips import into_other_hands, lock_run, set_out, to_the_gate
from shouwang.goods.states import (
    BEGUN,
    GIVEN,
    IN_CART,
    OPEN_STOPS,
    STOP_MOVES,
    ParcelState,
    RunState,
    StopState,
)


@transaction.atomic
def arrive_at(*, stop: RunStop, by: Actor, at: datetime | None = None) -> list[RunStop]:
    """The cart stands at the stairwell: every household that the run still brings something to there is told, once each.

    Answers the stops whose household nobody could tell, for somebody to ring. What was told before, or is over, stays.
    """
    at = at or clock.now()
    run = _out(stop.run, by=by, at=at)
    here = list(
        RunStop.objects.select_related("dwelling__place").filter(
            run=run, place=stop.place, state=StopState.OPEN
        )
    )
    for row in here:
        reached = tell_cart_is_there(row, by=by, at=at)
        move(row, StopState.CALLED, table=STOP_MOVES, called_at=at, reached=reached)
    if here:
        told = sum(row.reached > 0 for row in here)
        write_audit("goods.stop.called", by=by, at=at, subject=stop, households=len(here), told=told)
    return [row for row in here if not row.reached]


@transaction.atomic
def note_ring(*, stop: RunStop, by: Actor, at: datetime | None = None) -> RunStop:
    """Somebody of the household was rung up by phone. Refusal when the stop is over."""
    at = at or clock.now()
    if not RunStop.objects.filter(pk=stop.pk, state__in=(*OPEN_STOPS, StopState.NOBODY)).update(
        rings=F("rings") + 1
    ):
        raise Conflict("stop-over", _("This stop is over."))
    stop.refresh_from_db()
    write_audit("goods.stop.rung", by=by, at=at, subject=stop)
    return stop


@transaction.atomic
def hand_over_stop(
    *,
    stop: RunStop,
    by: Actor,
    at: datetime | None = None,
    left: bool = False,
    to_words: str = "",
    photo: Any = None,
) -> RunStop:
    """All of it is with its household, or (`left`) in front of its door, which medicine never is.

    Said twice it is so once. After the run was said to be over it counts as long as nobody else brings it.
    """
    at = at or clock.now()
    locked = _lock(stop)
    if locked.state in GIVEN:
        return locked
    _out(locked.run, by=by, at=at, over=True)
    loads = list(locked.loads.select_related("parcel"))
    if left and any(one.parcel.medicine for one in loads):
        raise Refusal("medicine-in-hand", _("Medicine is given into somebody's hands, never left at a door."))
    _require_nobody_else(locked, loads)
    before = locked.state
    to = StopState.LEFT_AT_DOOR if left else StopState.HANDED_OVER
    move(locked, to, table=STOP_MOVES, ended_at=at, by=_user(by))
    for one in loads:
        if _all_there(one):
            hand_over(parcel=one.parcel, by=by, at=at, to_words=to_words, photo=photo)
    write_audit("goods.stop.handed_over", by=by, at=at, subject=locked, how=str(to), before=str(before))
    return locked


@transaction.atomic
def take_back_stop(*, stop: RunStop, by: Actor, at: datetime | None = None) -> RunStop:
    """A slip of the finger: it was not handed over. It lies in the cart again, in the hands of whoever has the cart, and the
    stop is still to come; where the run is over meanwhile it is at the gate. Said twice it is so once.

    Conflict after TAKE_BACK_WITHIN.
    """
    at = at or clock.now()
    locked = _lock(stop)
    if locked.state not in GIVEN:
        return locked
    if locked.ended_at is None or at - locked.ended_at > TAKE_BACK_WITHIN:
        raise Conflict("too-late", _("It was handed over too long ago for that. Ask at the door first."))
    run = lock_run(locked.run)
    loads = locked.loads.select_related("parcel")
    back = [
        put_back(parcel=one.parcel, by=by, at=at)
        for one in loads
        if one.parcel.state == ParcelState.HANDED_OVER
    ]
    over = run.state == RunState.OVER
    move(locked, _before(locked, over), table=STOP_MOVES, ended_at=at if over else None, by=_user(by))
    if over:
        to_the_gate([locked], reason=_now("not handed over after all"), by=by, at=at)
    elif run.volunteer is not None:
        on_the_way = [row for row in back if row.state == ParcelState.ON_THE_WAY]
        into_other_hands(on_the_way, run.volunteer, by=by, at=at)
    write_audit("goods.stop.not_handed", by=by, at=at, subject=locked)
    return locked


def _before(stop: RunStop, over: bool) -> StopState:
    """What a stop is again of which nothing was handed over."""
    if over:
        return StopState.BROUGHT_BACK
    if stop.tries:
        return StopState.NOBODY
    return StopState.CALLED if stop.called_at else StopState.OPEN


@transaction.atomic
def take_back_handing(*, parcel: Parcel, by: Actor, at: datetime | None = None) -> Parcel:
    """A slip of the finger: a parcel was not handed over, and is where it was before; with it all of the stop at which a run
    said so. Conflict after TAKE_BACK_WITHIN."""
    at = at or clock.now()
    rows = RunStop.objects.filter(loads__parcel=parcel, state__in=GIVEN, ended_at=parcel.ended_at)
    stop = rows.select_related("run").order_by("pk").last() if parcel.ended_at is not None else None
    if stop is None:
        return put_back(parcel=parcel, by=by, at=at)
    take_back_stop(stop=stop, by=by, at=at)
    parcel.refresh_from_db()
    return parcel


def _all_there(load: StopParcel) -> bool:
    """Whether with this stop every piece of the parcel has been handed over."""
    given = StopParcel.objects.filter(parcel_id=load.parcel_id, stop__state__in=GIVEN)
    return (given.aggregate(n=Sum("pieces"))["n"] or 0) >= load.parcel.pieces


def _require_nobody_else(stop: RunStop, loads: list[StopParcel]) -> None:
    """Of a stop of a run that is over: nobody else has it in a cart by now."""
    if stop.state != StopState.BROUGHT_BACK:
        return
    there = Q(
        parcel_id__in=[one.parcel_id for one in loads], stop__run__state__in=BEGUN, stop__state__in=IN_CART
    )
    if StopParcel.objects.filter(there).exclude(stop=stop).exists():
        raise Conflict("on-another-run", _("Somebody else has this on their cart by now."))


@transaction.atomic
def nobody_there(*, stop: RunStop, by: Actor, at: datetime | None = None) -> RunStop:
    """Nobody came down or opened. It can be tried again; else it goes back to the gate with the cart."""
    at = at or clock.now()
    locked = _lock(stop)
    _out(locked.run, by=by, at=at)
    if locked.state != StopState.NOBODY:
        _require_open(locked)
        move(locked, StopState.NOBODY, table=STOP_MOVES)
    RunStop.objects.filter(pk=locked.pk).update(tries=F("tries") + 1, by=_user(by))
    locked.refresh_from_db()
    write_audit("goods.stop.nobody", by=by, at=at, subject=locked, tries=locked.tries)
    return locked


@transaction.atomic
def not_wanted(*, stop: RunStop, by: Actor, at: datetime | None = None) -> RunStop:
    """They do not want it. It goes back, and no plan takes it up until somebody says so."""
    at = at or clock.now()
    locked = _lock(stop)
    _out(locked.run, by=by, at=at)
    if locked.state == StopState.NOT_WANTED:
        return locked
    if locked.state != StopState.NOBODY:
        _require_open(locked)
    move(locked, StopState.NOT_WANTED, table=STOP_MOVES, ended_at=at, by=_user(by))
    write_audit("goods.stop.not_wanted", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def bring_again(*, stop: RunStop, by: Actor, at: datetime | None = None) -> RunStop:
    """What was not wanted is wanted after all: the next plan takes it up."""
    at = at or clock.now()
    locked = _lock(stop)
    if locked.state != StopState.NOT_WANTED or locked.run.state != RunState.OVER:
        raise Conflict("stop-over", _("This stop is over."))
    move(locked, StopState.BROUGHT_BACK, table=STOP_MOVES)
    write_audit("goods.stop.again", by=by, at=at, subject=locked)
    return locked


def _require_open(stop: RunStop) -> None:
    if stop.state not in OPEN_STOPS:
        raise Conflict("stop-over", _("This stop is over."))


def _lock(stop: RunStop) -> RunStop:
    rows = RunStop.objects.select_for_update(of=("self",)).select_related("run__plan", "dwelling__place")
    found = rows.filter(pk=stop.pk).first()
    if found is None:
        raise Conflict("planned-anew", _("This run has been planned anew. Look at it again before you load."))
    return found


def _out(run: Run, *, by: Actor, at: datetime, over: bool = False) -> Run:
    """A run that is out; one that was loaded is out with the first thing that happens on the way."""
    locked = lock_run(run)
    if locked.state == RunState.LOADING:
        return set_out(run=locked, by=by, at=at)
    if locked.state == RunState.OUT or (over and locked.state == RunState.OVER):
        return locked
    raise Conflict("run-not-out", _("This run is not on its way."))


def _user(by: Actor) -> Any:
    return by if by.actor_kind == "user" else None
