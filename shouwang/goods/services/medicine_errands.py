"""Who goes: to fetch from a giver, to bring to a door. The commitment is written and ended with the errand."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.moves import move
from shouwang.goods.models import MedicineAsk, MedicineErrand, MedicineIssue
from shouwang.goods.selectors.medicine import ERRAND, issue_of
from shouwang.goods.services.medicine_asks import lock_ask
from shouwang.goods.services.medicine_issues import delivered, lock_issue
from shouwang.goods.services.medicine_telling import tell_errand, tell_errand_left
from shouwang.goods.states import (
    ASK_MOVES,
    ERRAND_MOVES,
    ISSUE_MOVES,
    AskState,
    ErrandKind,
    ErrandState,
    IssueState,
)
from shouwang.places.models import STAMP, Dwelling
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import close_commitment, commit
from shouwang.volunteers.states import CommitmentState


@transaction.atomic
def send_to_fetch(
    *, ask: MedicineAsk, volunteer: Volunteer, by: Actor, at: datetime | None = None
) -> MedicineErrand:
    """Somebody fetches what a neighbour can spare. They see the door and no more; the giver not for whom it is."""
    at = at or clock.now()
    locked = lock_ask(ask, AskState.MATCHED)
    if locked.offer is None or locked.offer.dwelling is None:
        raise Refusal("door-missing", _("It is not known at which door it lies. Ring the giver."))
    return _begin(ErrandKind.FETCH, locked, locked.offer.dwelling, volunteer, by, at)


@transaction.atomic
def send_to_bring(
    *, issue: MedicineIssue, volunteer: Volunteer, by: Actor, at: datetime | None = None
) -> MedicineErrand:
    """Somebody brings what was counted out, now. Refusal where the door is not known; Conflict while it is not ready."""
    at = at or clock.now()
    locked = lock_issue(issue, IssueState.READY)
    ask = locked.ask
    if ask.dwelling is None:
        raise Refusal("door-missing", _("Say which door it is for."), field="door")
    errand = _begin(ErrandKind.BRING, ask, ask.dwelling, volunteer, by, at)
    move(locked, IssueState.ON_THE_WAY, table=ISSUE_MOVES)
    move(ask, AskState.ON_THE_WAY, table=ASK_MOVES)
    return errand


def _begin(
    kind: ErrandKind, ask: MedicineAsk, door: Dwelling, volunteer: Volunteer, by: Actor, at: datetime
) -> MedicineErrand:
    errand = MedicineErrand(
        pk=uuid7(), kind=kind, ask=ask, dwelling=door, volunteer=volunteer, given_at=at,
        given_by_id=by.pk if by.actor_kind == "user" else None, **{name: getattr(door.place, name) for name in STAMP},
    )  # fmt: skip
    # Without the household: whoever carries a bag sees a door, and nobody's name.
    errand.commitment = commit(
        volunteer=volunteer, kind=ERRAND, subject_id=errand.pk, placed=door.place, by=by, at=at
    )
    try:
        with transaction.atomic():
            errand.save(force_insert=True)
    except IntegrityError as fault:
        raise Conflict("somebody-goes", _("Somebody is going already.")) from fault
    write_audit(
        "goods.medicine.errand_given", by=by, at=at, subject=errand, volunteer=volunteer.pk, kind_of=str(kind)
    )
    tell_errand(errand, by=by, at=at)
    return errand


@transaction.atomic
def finish_errand(*, errand: MedicineErrand, by: Actor, at: datetime | None = None) -> MedicineErrand:
    """Fetched, or handed over at the door."""
    at = at or clock.now()
    locked = _close(errand, ErrandState.DONE, by, at)
    write_audit("goods.medicine.errand_done", by=by, at=at, subject=locked, kind_of=str(locked.kind))
    issue = issue_of(locked.ask) if locked.kind == ErrandKind.BRING else None
    if issue is not None:
        delivered(issue=issue, by=by, at=at)
    return locked


@transaction.atomic
def leave_errand(*, errand: MedicineErrand, by: Actor, at: datetime | None = None) -> MedicineErrand:
    """Handed back, called back, or nobody opened: what was to be brought is ready again, and those on duty hear of it."""
    at = at or clock.now()
    locked = _close(errand, ErrandState.LEFT, by, at)
    issue = issue_of(locked.ask) if locked.kind == ErrandKind.BRING else None
    if issue is not None and issue.state == IssueState.ON_THE_WAY:
        move(issue, IssueState.READY, table=ISSUE_MOVES)
        move(lock_ask(locked.ask), AskState.ISSUED, table=ASK_MOVES)
    write_audit("goods.medicine.errand_left", by=by, at=at, subject=locked, kind_of=str(locked.kind))
    tell_errand_left(locked, by=by, at=at)
    return locked


def _close(errand: MedicineErrand, to: ErrandState, by: Actor, at: datetime) -> MedicineErrand:
    rows = MedicineErrand.objects.select_for_update(of=("self",))
    locked = rows.select_related("ask__taken_by", "commitment", "volunteer__user", "dwelling").get(
        pk=errand.pk
    )
    move(locked, to, table=ERRAND_MOVES, ended_at=at)
    if locked.commitment is not None and locked.commitment.state != CommitmentState.CLOSED:
        close_commitment(commitment=locked.commitment, by=by, at=at)
    return locked
