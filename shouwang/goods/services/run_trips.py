"""One trip with a cart: loaded, out, given to somebody else, over; and changed by hand before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict
from shouwang.core.moves import move
from shouwang.goods.models import Parcel, Run, RunStop, StopParcel
from shouwang.goods.selectors.run_loads import pieces_gone
from shouwang.goods.selectors.runs import RUN
from shouwang.goods.services.parcels import bring_back, load_parcels
from shouwang.goods.services.run_plans import hold_plan, touch_plan
from shouwang.goods.states import BEGUN, IN_CART, RUN_MOVES, STOP_MOVES, ParcelState, RunState, StopState
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import close_commitment, commit


@transaction.atomic
def begin_run(*, run: Run, by: User, seen: UUID | None = None, at: datetime | None = None) -> Run:
    """The cart is loaded: what is on it is in the volunteer's hands, and planning leaves it alone from now on.

    `seen` is the first stop as the page showed it: Conflict when it was planned anew since, or when they are out already.
    Refusal `still-resting` names what may not leave yet, and until when.
    """
    at = at or clock.now()
    locked = lock_run(run)
    volunteer = locked.volunteer
    if locked.state != RunState.PLANNED or volunteer is None:
        raise Conflict("run-begun", _("This run has begun already."))
    stops = list(locked.stops.order_by("order"))
    if seen is not None and (not stops or stops[0].pk != seen):
        raise Conflict("planned-anew", _("This run has been planned anew. Look at it again before you load."))
    if Run.objects.filter(volunteer=volunteer, state__in=BEGUN).exists():
        raise Conflict("out-already", _("%(name)s is out with another run."), name=volunteer.user.name)
    parcels = _still_to_go(locked)
    load_parcels(parcels=parcels, holder=volunteer.user, by=by, at=at)
    commitment = commit(volunteer=volunteer, kind=RUN, subject_id=locked.pk, placed=locked, by=by, at=at)
    move(locked, RunState.LOADING, table=RUN_MOVES, loading_at=at, taken_by=volunteer, commitment=commitment)
    hold_plan(locked.plan)
    write_audit(
        "goods.run.loading", by=by, at=at, subject=locked, volunteer=volunteer.pk, parcels=len(parcels)
    )
    return locked


def _still_to_go(run: Run) -> list[Parcel]:
    """What of the run is still at the gate; what has gone another way leaves the run, and stops that are empty with it."""
    loads = StopParcel.objects.filter(stop__run=run).select_related("parcel")
    at_gate = (ParcelState.RECEIVED, ParcelState.RESTING, ParcelState.RELEASED)
    gone = pieces_gone([one.parcel_id for one in loads])
    parcels, away = {}, []
    for one in loads:
        if one.parcel.state in at_gate:
            parcels[one.parcel_id] = one.parcel
        elif one.parcel.state != ParcelState.ON_THE_WAY or not gone.get(one.parcel_id):
            away.append(one.pk)
    StopParcel.objects.filter(pk__in=away).delete()
    RunStop.objects.filter(run=run, loads__isnull=True).delete()
    if not run.stops.exists():
        raise Conflict("nothing-left", _("Nothing of this run is at the gate any more. Plan it again."))
    return list(parcels.values())


@transaction.atomic
def set_out(*, run: Run, by: Actor, at: datetime | None = None) -> Run:
    """The cart leaves the gate."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.state != RunState.LOADING:
        raise Conflict("not-loading", _("This run is not being loaded."))
    move(locked, RunState.OUT, table=RUN_MOVES, out_at=at)
    write_audit("goods.run.out", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def unload_run(*, run: Run, by: User, at: datetime | None = None) -> Run:
    """It does not go after all: everything is at the gate again, and planned again."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.state != RunState.LOADING:
        raise Conflict("not-loading", _("This run is not being loaded."))
    to_the_gate(locked.stops.all(), reason=_now("not taken along"), by=by, at=at)
    _let_go(locked, by=by, at=at)
    move(
        locked,
        RunState.PLANNED,
        table=RUN_MOVES,
        volunteer=locked.carrier.volunteer,
        loading_at=None,
        waits_since=None,
    )
    write_audit("goods.run.unloaded", by=by, at=at, subject=locked)
    touch_plan(locked.plan, at=at)
    return locked


@transaction.atomic
def take_off(*, stop: RunStop, by: User, at: datetime | None = None) -> RunStop:
    """While loading: this is not there, or does not fit. It stays at the gate for another run."""
    at = at or clock.now()
    run = lock_run(stop.run)
    if run.state != RunState.LOADING:
        raise Conflict("not-loading", _("This run is not being loaded."))
    stop.refresh_from_db()
    to_the_gate([stop], reason=_now("not taken along"), by=by, at=at)
    move(stop, StopState.BROUGHT_BACK, table=STOP_MOVES, ended_at=at, by=by)
    write_audit("goods.stop.taken_off", by=by, at=at, subject=stop)
    return stop


@transaction.atomic
def end_run(*, run: Run, by: Actor, at: datetime | None = None) -> Run:
    """The cart is back. What could not be handed over is at the gate again, and goes with the next run; what was not
    wanted waits for somebody to say what becomes of it. A run that is over stays so."""
    at = at or clock.now()
    locked = lock_run(run)
    if locked.state == RunState.OVER:
        return locked
    if locked.state == RunState.LOADING:
        locked = set_out(run=locked, by=by, at=at)
    if locked.state != RunState.OUT:
        raise Conflict("run-not-out", _("This run has not begun."))
    rest = list(locked.stops.filter(state__in=IN_CART))
    refused = [stop for stop in rest if stop.state == StopState.NOT_WANTED]
    others = [stop for stop in rest if stop.state != StopState.NOT_WANTED]
    to_the_gate(refused, reason=_now("not wanted"), by=by, at=at)
    to_the_gate(others, reason=_now("nobody there"), by=by, at=at)
    for stop in others:
        move(stop, StopState.BROUGHT_BACK, table=STOP_MOVES, ended_at=at)
    _let_go(locked, by=by, at=at)
    move(locked, RunState.OVER, table=RUN_MOVES, over_at=at, waits_since=None)
    write_audit("goods.run.over", by=by, at=at, subject=locked, brought_back=len(rest))
    return locked


def to_the_gate(stops: Iterable[RunStop], *, reason: str, by: Actor, at: datetime) -> None:
    """Brings back what is on the way of these stops; a parcel of which a part is in another cart stays on its way."""
    ids = [stop.pk for stop in stops]
    elsewhere = StopParcel.objects.filter(stop__run__state__in=BEGUN, stop__state__in=IN_CART).exclude(
        stop__in=ids
    )
    loads = StopParcel.objects.filter(stop__in=ids, parcel__state=ParcelState.ON_THE_WAY).exclude(
        parcel__in=elsewhere.values("parcel_id")
    )
    for parcel in {one.parcel_id: one.parcel for one in loads.select_related("parcel")}.values():
        bring_back(parcel=parcel, reason=reason, by=by, at=at)


def _let_go(run: Run, *, by: Actor, at: datetime) -> None:
    if run.commitment is not None:
        close_commitment(commitment=run.commitment, by=by, at=at)
        Run.objects.filter(pk=run.pk).update(commitment=None)


@transaction.atomic
def hand_on_run(*, run: Run, volunteer: Volunteer, by: User, at: datetime | None = None) -> Run:
    """A cart that is loaded goes on with somebody else, and so does all that is on it.

    Refusal for somebody off duty; Conflict when they are out already, or the run is over.
    """
    at = at or clock.now()
    locked = lock_run(run)
    if locked.state not in BEGUN:
        raise Conflict("run-not-out", _("This run has not begun."))
    if Run.objects.filter(volunteer=volunteer, state__in=BEGUN).exists():
        raise Conflict("out-already", _("%(name)s is out with another run."), name=volunteer.user.name)
    if locked.commitment is not None:
        close_commitment(commitment=locked.commitment, by=by, at=at)
    parcels = Parcel.objects.filter(
        stops__stop__run=locked, stops__stop__state__in=IN_CART, state=ParcelState.ON_THE_WAY
    ).distinct()
    rows = list(parcels)
    commitment = commit(volunteer=volunteer, kind=RUN, subject_id=locked.pk, placed=locked, by=by, at=at)
    into_other_hands(rows, volunteer, by=by, at=at)
    Run.objects.filter(pk=locked.pk).update(volunteer=volunteer, commitment=commitment, waits_since=None)
    locked.refresh_from_db()
    write_audit("goods.run.handed_on", by=by, at=at, subject=locked, volunteer=volunteer.pk)
    return locked


def into_other_hands(parcels: Iterable[Parcel], volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """What is on its way goes on in the hands of `volunteer`, by way of the gate in its steps."""
    rows = [parcel for parcel in parcels if parcel.holder_id != volunteer.user_id]
    for parcel in rows:
        bring_back(parcel=parcel, reason=_now("handed on"), by=by, at=at)
    load_parcels(parcels=rows, holder=volunteer.user, by=by, at=at)


def lock_run(run: Run) -> Run:
    """The run as it is now, locked."""
    rows = Run.objects.select_for_update(of=("self",)).select_related(
        "plan", "volunteer__user", "carrier__volunteer__user", "commitment"
    )
    found = rows.filter(pk=run.pk).first()
    if found is None:
        raise Conflict("planned-anew", _("This run has been planned anew. Look at it again before you load."))
    return found
