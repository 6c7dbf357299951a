"""A group purchase is opened, changed, closed by hand or by the clock, opened again, called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.help.models import GroupItem, GroupPurchase
from shouwang.help.selectors.groups import reach_of
from shouwang.help.selectors.groups_money import has_money
from shouwang.help.states import GROUP_MOVES, GroupMinimum, GroupRule, GroupState
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency
from shouwang.places.models import Place

CLOSES = "help.group_closes"
MOST_ITEMS = 8
LETTERS = "ABCDEFGH"
# A group purchase is a matter of days; a date further off is a slip of the finger.
LONGEST = timedelta(days=60)


@dataclass(frozen=True)
class Thing:
    """One thing to be bought together: its price in fen for one `unit`, its weight in grams."""

    name: str
    unit: str
    price_fen: int
    weight_g: int = 1000


@transaction.atomic
def open_group(
    *, place: Place, title: str, things: Sequence[Thing], closes_at: datetime, organiser: User, payer: User,
    by: Actor, at: datetime | None = None, supplier: str = "", minimum_kind: str = GroupMinimum.QUANTITY,
    minimum: int = 0, rule: str = GroupRule.BY_ORDER,
) -> GroupPurchase:  # fmt: skip
    """Opens a purchase for the doors of `place`; it closes by itself at `closes_at`. `minimum` in pieces or fen.

    Refusal: nothing to buy, a thing twice, a closing time that is past or too far off.
    """
    at = at or clock.now()
    _check_things(things)
    _check_closing(closes_at, at)
    group = GroupPurchase(
        **place.stamp(), place=place, title=title.strip()[:80], supplier=supplier.strip()[:120], organiser=organiser,
        payer=payer, minimum_kind=minimum_kind, minimum=minimum, rule=rule, opened_at=at, closes_at=closes_at,
    )  # fmt: skip
    _number(group)
    GroupItem.objects.bulk_create(
        GroupItem(
            group=group, order=order, letter=LETTERS[order], name=thing.name.strip()[:60], unit=thing.unit.strip()[:12],
            price_fen=thing.price_fen, weight_g=thing.weight_g,
        )
        for order, thing in enumerate(things)
    )  # fmt: skip
    schedule(CLOSES, at=closes_at, subject_id=group.pk)
    write_audit("help.group.opened", by=by, at=at, subject=group, number=group.number, things=len(things))
    return group


def _check_things(things: Sequence[Thing]) -> None:
    if not things:
        raise Refusal("nothing-to-buy", _("Write at least one thing with its price."), field="name0")
    if len(things) > MOST_ITEMS:
        raise Refusal("too-many-things", _("At most eight things fit into one purchase."), field="name0")
    if len({thing.name.strip() for thing in things}) < len(things):
        raise Refusal("thing-twice", _("One thing is written twice."), field="name1")


def _check_closing(closes_at: datetime, at: datetime) -> None:
    if closes_at <= at:
        raise Refusal("closing-past", _("This time is past. Choose when signing up ends."), field="closes_at")
    if closes_at > at + LONGEST:
        raise Refusal("closing-far", _("That is more than two months off. Please check."), field="closes_at")


def _number(group: GroupPurchase) -> None:
    """The community's next number; two that are opened at one moment don't get the same."""
    for _again in range(5):
        last = GroupPurchase.objects.filter(community_id=group.community_id).aggregate(n=Max("number"))["n"]
        group.number = (last or 0) + 1
        try:
            with transaction.atomic():
                group.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise Conflict("number-taken", _("Somebody opened one at the same moment. Please send it again."))


@transaction.atomic
def change_group(
    *, group: GroupPurchase, by: Actor, at: datetime | None = None, **values: Any
) -> GroupPurchase:
    """Changes title, supplier, closing time, minimum, rule or payer while it isn't ordered.

    Refusal: the payer, once money has moved; a closing time that is past.
    """
    at = at or clock.now()
    locked = lock_group(group)
    require_state(locked, GroupState.OPEN, GroupState.CLOSED, GroupState.NOT_REACHED)
    payer = values.get("payer")
    if payer is not None and payer != locked.payer and has_money(locked):
        raise Refusal(
            "payer-has-money", _("Money is with the payer already. Settle it before somebody else pays."),
            field="payer",
        )  # fmt: skip
    closes_at = values.get("closes_at")
    if locked.state == GroupState.OPEN and closes_at and closes_at != locked.closes_at:
        _check_closing(closes_at, at)
        schedule(CLOSES, at=closes_at, subject_id=locked.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    write_audit("help.group.changed", by=by, at=at, subject=locked, fields=sorted(values))
    return locked


@transaction.atomic
def close_group(*, group: GroupPurchase, by: Actor, at: datetime | None = None) -> GroupPurchase:
    """Ends signing up: the minimum is reached or it is not, by what is signed up at this moment."""
    at = at or clock.now()
    locked = lock_group(group)
    reached = reach_of([locked])[locked.pk].reached
    to = GroupState.CLOSED if reached else GroupState.NOT_REACHED
    moved = move(locked, to, table=GROUP_MOVES, closed_at=at)
    cancel(CLOSES, subject_id=moved.pk)
    write_audit("help.group.closed" if reached else "help.group.not_reached", by=by, at=at, subject=moved)
    return moved


@transaction.atomic
def close_due_group(*, group_id: UUID, at: datetime) -> None:
    """The closing time has come: closes it if it is still open, and tells its organiser how it stands."""
    group = GroupPurchase.objects.filter(pk=group_id).select_related("organiser").first()
    if group is None or group.state != GroupState.OPEN:
        return
    closed = close_group(group=group, by=CLOCK, at=at)
    template = "help.group_reached" if closed.state == GroupState.CLOSED else "help.group_not_reached"
    tell(
        to=closed.organiser, template=template, urgency=Urgency.SOON, by=CLOCK, at=at, subject_id=closed.pk,
        values={"number": closed.spoken_number, "title": closed.title},
        page=("help.group", {"group_id": str(closed.pk)}), community_id=closed.community_id,
    )  # fmt: skip


@transaction.atomic
def reopen_group(
    *, group: GroupPurchase, closes_at: datetime, by: Actor, at: datetime | None = None
) -> GroupPurchase:
    """Signing up goes on until a later time; also when the minimum was not reached."""
    at = at or clock.now()
    _check_closing(closes_at, at)
    moved = move(lock_group(group), GroupState.OPEN, table=GROUP_MOVES, closes_at=closes_at, closed_at=None)
    schedule(CLOSES, at=closes_at, subject_id=moved.pk)
    write_audit("help.group.reopened", by=by, at=at, subject=moved)
    return moved


@transaction.atomic
def withdraw_group(
    *, group: GroupPurchase, reason: str, by: Actor, at: datetime | None = None
) -> GroupPurchase:
    """Calls it off, with the reason: what was paid in goes back to everybody. Refusal without a reason."""
    at = at or clock.now()
    reason = reason.strip()
    if not reason:
        raise Refusal("reason-missing", _("Write why it is called off."), field="reason")
    moved = move(lock_group(group), GroupState.WITHDRAWN, table=GROUP_MOVES, closed_at=at)
    moved.reason = reason[:200]
    moved.save(update_fields=["reason"])
    cancel(CLOSES, subject_id=moved.pk)
    write_audit("help.group.withdrawn", by=by, at=at, subject=moved)
    return moved


def lock_group(group: GroupPurchase) -> GroupPurchase:
    """The row as it is now, locked where the database locks rows: everything about a purchase waits for it."""
    rows = GroupPurchase.objects.select_for_update(of=("self",)).select_related("payer", "organiser", "place")
    return rows.get(pk=group.pk)


def require_state(group: GroupPurchase, *states: str) -> None:
    """Conflict unless the purchase is in one of these states."""
    if group.state not in states:
        raise Conflict(
            "group-moved-on", _("The purchase has moved on since this page was opened. Look again.")
        )
