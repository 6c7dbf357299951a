"""Things change hands: taken over, passed on, confirmed, given back; each change with two receipts.

A user receipts on their own account. For a side without an account (a household, a pharmacy, a hospital) whoever was
there says it. What is done twice is done once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, NotAllowed, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.core.moves import move
from shouwang.goods.models import Handover, Holding, Item, Parcel
from shouwang.goods.services.custody_telling import tell_offered
from shouwang.goods.signals import cash_changed_hands
from shouwang.goods.states import HOLDING_MOVES, OUT, HoldingKind, HoldingState
from shouwang.people.models import Household
from shouwang.places.models import STAMP
from shouwang.volunteers.selectors import is_off_duty

DUE_BACK = "goods.due_back"
# As the receipts that it belongs to.
PHOTO_LIVES = timedelta(days=30)
WRONG = _("Somebody else was quicker. Look again before you go on.")


@transaction.atomic
def hold(
    *,
    kind: str,
    words: str,
    holder: User,
    placed: object,
    by: Actor,
    at: datetime | None = None,
    household: Household | None = None,
    quantity: int = 1,
    amount_fen: int | None = None,
    item: Item | None = None,
    parcel: Parcel | None = None,
    subject_id: UUID | None = None,
    from_words: str = "",
    due_back_at: datetime | None = None,
    photo: Any = None,
    holding_id: UUID | None = None,
    booked: bool = False,
) -> Holding:
    """`holder` gets something: held at once when the holder says so, else offered until they confirm.

    `placed` is a row with the scope columns. The giver is `by`, unless `from_words` names somebody without an account or
    the holder says it. `holding_id` from what led to it makes a replay answer the same row. Refusal for cash without an
    amount, and when somebody off duty is to be given something, unless it is `booked`: books say that they have it.
    """
    at = at or clock.now()
    if holding_id is not None and (known := Holding.objects.filter(pk=holding_id).first()):
        return known
    _require_sound(kind, words, quantity, amount_fen)
    taken = by.pk == holder.pk
    if not taken and not booked:
        _require_on_duty(holder, at)
    holding_id = holding_id or uuid7()
    giver = None if taken or from_words else _user(by)
    holding = Holding.objects.create(
        id=holding_id, kind=kind, state=HoldingState.HELD if taken else HoldingState.OFFERED, words=words.strip(),
        quantity=quantity, amount_fen=amount_fen, household=household, parcel=parcel, item=item,
        subject_id=subject_id, holder=giver or holder, began_at=at, due_back_at=due_back_at,
        **{column: getattr(placed, column, None) for column in STAMP},
    )  # fmt: skip
    _write_handover(
        holding, from_user=giver, to_user=holder, from_words=from_words.strip(), given_at=at,
        taken_at=at if taken else None, said_by=None if giver else _user(by), at=at, photo=photo,
    )  # fmt: skip
    if due_back_at is not None:
        schedule(DUE_BACK, at=due_back_at, subject_id=holding.pk)
    if not taken:
        tell_offered(holding, to=holder, giver=getattr(by, "name", ""), by=by, at=at)
    write_audit("goods.holding.begun", by=by, at=at, subject=holding, kind_of=kind, holder=holder.pk)
    return holding


@transaction.atomic
def pass_on(
    *, holding: Holding, to_user: User, by: User, at: datetime | None = None, photo: Any = None
) -> Holding:
    """From whoever has it to `to_user`. Said by the giver it is offered; said by the taker it is in their hands at once
    and the giver's receipt is still missing; said by a third, both are.

    What was offered to somebody else and not taken is withdrawn. Conflict when it is over, Refusal for somebody off duty.
    """
    at = at or clock.now()
    locked = _lock_out(holding)
    waiting = _open_handover(locked)
    if waiting is not None and waiting.to_user_id == to_user.pk:
        return confirm(holding=locked, by=by, at=at) if by.pk == to_user.pk else locked
    if locked.holder_id == to_user.pk and waiting is None:
        return locked
    if by.pk != to_user.pk:
        _require_on_duty(to_user, at)
    _withdraw(waiting, at)
    giver, taken = locked.holder, by.pk == to_user.pk
    if taken:
        move(locked, HoldingState.HELD, table=HOLDING_MOVES, holder=to_user)
    else:
        move(locked, HoldingState.OFFERED, table=HOLDING_MOVES)
    _write_handover(
        locked, from_user=giver, to_user=to_user, given_at=at if giver is not None and by.pk == giver.pk else None,
        taken_at=at if taken else None, said_by=by if giver is None or by.pk not in (giver.pk, to_user.pk) else None,
        at=at, photo=photo,
    )  # fmt: skip
    if not taken:
        tell_offered(locked, to=to_user, giver=giver.name if giver is not None else by.name, by=by, at=at)
    _tell_books(locked, at)
    write_audit("goods.holding.passed_on", by=by, at=at, subject=locked, to=to_user.pk)
    return locked


@transaction.atomic
def confirm(*, holding: Holding, by: User, at: datetime | None = None) -> Holding:
    """`by` receipts what is still missing of their own: that they have taken it, or that they have given it.

    Again it changes nothing. NotAllowed for whoever neither gave nor took it.
    """
    at = at or clock.now()
    locked = _lock(holding)
    rows = Handover.objects.filter(holding=locked, withdrawn_at__isnull=True)
    given = rows.filter(from_user=by, given_at__isnull=True).update(given_at=at)
    taken = rows.filter(to_user=by, taken_at__isnull=True).update(taken_at=at)
    if taken:
        move(locked, HoldingState.HELD, table=HOLDING_MOVES, holder=by)
        _tell_books(locked, at)
    if taken or given:
        write_audit("goods.holding.confirmed", by=by, at=at, subject=locked)
    elif not (rows.filter(to_user=by).exists() or rows.filter(from_user=by).exists()):
        raise NotAllowed(
            "not-in-your-hands",
            _("Only whoever gave it or took it can say so. Ask them to do it themselves."),
        )
    return locked


@transaction.atomic
def take_as_booked(*, holding: Holding, by: Actor, at: datetime) -> Holding:
    """Books show that whoever answers for it had it: their word is put down by `by`; what they offered to somebody else
    was not taken. What nobody waits for stays."""
    locked = _lock(holding)
    waiting = _open_handover(locked)
    if waiting is None or locked.state != HoldingState.OFFERED:
        return locked
    if waiting.to_user_id == locked.holder_id:
        Handover.objects.filter(pk=waiting.pk).update(taken_at=at, said_by=_user(by) or waiting.said_by)
    else:
        _withdraw(waiting, at)
    return move(locked, HoldingState.HELD, table=HOLDING_MOVES)


@transaction.atomic
def decline(*, holding: Holding, by: User, at: datetime | None = None) -> Holding:
    """What was offered was not taken: the giver has it again. Where the giver has no account, it is looked for."""
    at = at or clock.now()
    locked = _lock(holding)
    waiting = _open_handover(locked)
    if waiting is None:
        return locked
    _withdraw(waiting, at)
    back = HoldingState.HELD if waiting.from_user_id else HoldingState.MISSING
    move(locked, back, table=HOLDING_MOVES)
    write_audit("goods.holding.declined", by=by, at=at, subject=locked, to=waiting.to_user_id)
    return locked


@transaction.atomic
def give_back(
    *,
    holding: Holding,
    by: Actor,
    at: datetime | None = None,
    to_words: str = "",
    photo: Any = None,
    quantity: int | None = None,
    booked: bool = False,
) -> Holding:
    """It is back where it came from, and nobody has it any more. Again it changes nothing.

    `to_words` names who took it where that is not the household. What belongs to no household and is said by somebody
    else than the holder has come back to them: the holder's receipt is then still missing. With a `quantity` below
    what is held only so many are back. `booked`: books above say so already.
    """
    at = at or clock.now()
    locked = _lock(holding)
    if locked.state == HoldingState.RETURNED:
        return locked
    _require_out(locked)
    giver, own = locked.holder, by.pk == locked.holder_id
    to_user = None if own or to_words.strip() or locked.household_id else _user(by)
    sides = {
        "from_user": giver, "to_user": to_user, "to_words": to_words.strip(), "given_at": at if own else None,
        "taken_at": at, "said_by": None if to_user else _user(by), "photo": photo, "at": at,
    }  # fmt: skip
    if quantity is not None and quantity < locked.quantity:
        _shrink(locked, quantity)
        _write_handover(locked, part=True, **{**sides, "quantity": quantity})
    else:
        _withdraw(_open_handover(locked), at)
        _end(locked, HoldingState.RETURNED, at)
        _write_handover(locked, **sides)
    if not booked:
        _tell_books(locked, at)
    write_audit("goods.holding.given_back", by=by, at=at, subject=locked, holder=giver.pk if giver else None)
    return locked


@transaction.atomic
def use_up(
    *, holding: Holding, by: Actor, at: datetime | None = None, why: str, booked: bool = False
) -> Holding:
    """It was used for what it was meant for: money spent, a prescription handed in. Again it changes nothing. `booked`:
    books above say so already."""
    at = at or clock.now()
    locked = _lock(holding)
    if locked.state == HoldingState.USED_UP:
        return locked
    _require_why(why)
    _require_out(locked)
    _end(locked, HoldingState.USED_UP, at, why=why.strip()[:120])
    if not booked:
        _tell_books(locked, at)
    write_audit("goods.holding.used_up", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def missing(*, holding: Holding, by: User, at: datetime | None = None, why: str = "") -> Holding:
    """It can't be found; whoever had it last goes on answering for it. Again it changes nothing."""
    at = at or clock.now()
    locked = _lock(holding)
    if locked.state == HoldingState.MISSING:
        return locked
    _require_out(locked)
    _withdraw(_open_handover(locked), at)
    move(locked, HoldingState.MISSING, table=HOLDING_MOVES, why=why.strip()[:120])
    write_audit("goods.holding.missing", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def found(*, holding: Holding, by: User, at: datetime | None = None) -> Holding:
    """It is there again, with whoever answered for it."""
    at = at or clock.now()
    locked = _lock(holding)
    if locked.state != HoldingState.MISSING:
        return locked
    move(locked, HoldingState.HELD, table=HOLDING_MOVES, why="")
    write_audit("goods.holding.found", by=by, at=at, subject=locked)
    return locked


# What all of them do


def _lock(holding: Holding) -> Holding:
    return Holding.objects.select_for_update(of=("self",)).select_related("holder").get(pk=holding.pk)


def _lock_out(holding: Holding) -> Holding:
    locked = _lock(holding)
    _require_out(locked)
    return locked


def _require_out(holding: Holding) -> None:
    if holding.state not in OUT:
        raise Conflict("holding-over", _("This is over already: nobody has it any more."))


def _require_sound(kind: str, words: str, quantity: int, amount_fen: int | None) -> None:
    if kind not in HoldingKind.values:
        raise Refusal("kind-unknown", _("Choose what it is."), field="kind")
    if not words.strip():
        raise Refusal("words-missing", _("Say in a few words what it is."), field="words")
    if quantity < 1:
        raise Refusal("quantity-missing", _("Say how many there are."), field="quantity")
    if kind == HoldingKind.CASH and not amount_fen:
        raise Refusal("amount-missing", _("Say how much money it is."), field="amount")


def _require_why(why: str) -> None:
    if not why.strip():
        raise Refusal("why-missing", _("Say why, in a few words."), field="why")


def _require_on_duty(user: User, at: datetime) -> None:
    if is_off_duty(user, at):
        raise Refusal(
            "stood-down", _("%(name)s is stood down. Choose somebody else."), field="to_user", name=user.name
        )


def _open_handover(holding: Holding) -> Handover | None:
    rows = Handover.objects.filter(holding=holding, taken_at__isnull=True, withdrawn_at__isnull=True)
    return rows.first()


def _withdraw(waiting: Handover | None, at: datetime) -> None:
    if waiting is None:
        return
    rows = Handover.objects.filter(pk=waiting.pk, taken_at__isnull=True, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=at):
        raise Conflict("moved-meanwhile", WRONG)


def _end(holding: Holding, to: HoldingState, at: datetime, **changes: Any) -> None:
    move(holding, to, table=HOLDING_MOVES, holder=None, ended_at=at, **changes)
    cancel(DUE_BACK, subject_id=holding.pk)


def _tell_books(holding: Holding, at: datetime) -> None:
    """Cash whose books are kept above this room: whoever keeps them hears of it."""
    if holding.kind == HoldingKind.CASH and holding.subject_id is not None:
        cash_changed_hands.send(sender=Holding, holding_id=holding.pk, subject_id=holding.subject_id, at=at)


def _shrink(holding: Holding, quantity: int) -> None:
    rows = Holding.objects.filter(pk=holding.pk, quantity=holding.quantity, state__in=OUT)
    if not rows.update(quantity=holding.quantity - quantity):
        raise Conflict("moved-meanwhile", WRONG)
    holding.refresh_from_db()


def _write_handover(holding: Holding, *, photo: Any, at: datetime, **sides: Any) -> Handover:
    said = {"quantity": holding.quantity, **sides}
    return Handover.objects.create(holding=holding, at=at, photo=_kept(photo, holding, at), **said)


def _user(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def _kept(photo: Any, holding: Holding, at: datetime) -> StoredFile | None:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(
        raw, kind="file.proof", subject_id=holding.pk, at=at, expires_at=at + PHOTO_LIVES,
        community_id=holding.community_id,
    )  # fmt: skip
