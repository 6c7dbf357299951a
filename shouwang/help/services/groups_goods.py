"""The goods of a group purchase: ordered, counted when they come, split, and put right at the door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import derived_id, uuid7
from shouwang.core.moves import move
from shouwang.help.models import GroupArrival, GroupItem, GroupLine, GroupPart, GroupPurchase
from shouwang.help.selectors.groups import counts_of, items_of, part_rows, reach_of
from shouwang.help.selectors.groups_split import shares_by
from shouwang.help.services.groups import lock_group, require_state
from shouwang.help.services.groups_money import keep_receipt, pay_supplier
from shouwang.help.services.money import Side, write_money
from shouwang.help.states import GROUP_MOVES, GroupPartState, GroupState, MoneyAccount, MoneyKind


@transaction.atomic
def order_group(
    *, group: GroupPurchase, by: Actor, at: datetime | None = None, paid_fen: int = 0, receipt: bytes | None = None,
    anyway: bool = False,
) -> GroupPurchase:  # fmt: skip
    """It is ordered, and `paid_fen` paid to the supplier with it; from now on nobody signs up or steps back.

    Refusal when the minimum is no longer reached, unless the supplier takes it `anyway`.
    """
    at = at or clock.now()
    locked = lock_group(group)
    reach = reach_of([locked])[locked.pk]
    if not reach.pieces:
        raise Refusal("nothing-wanted", _("Nobody has signed up for anything."))
    if not reach.reached and not anyway:
        raise Refusal(
            "minimum-not-reached",
            _("The minimum is no longer reached. Tick below if the supplier takes the order all the same."),
            field="anyway",
        )
    moved = move(locked, GroupState.ORDERED, table=GROUP_MOVES, ordered_at=at)
    write_audit("help.group.ordered", by=by, at=at, subject=moved, pieces=reach.pieces)
    if paid_fen:
        pay_supplier(group=moved, fen=paid_fen, by=by, at=at, receipt=receipt)
    return moved


@transaction.atomic
def count_arrival(
    *, group: GroupPurchase, counted: Mapping[UUID, tuple[int, int]], by: User, at: datetime | None = None,
    receipt: bytes | None = None, act: UUID | None = None,
) -> GroupPurchase:  # fmt: skip
    """What came of each thing and how much of it is damaged, counted as a whole; counting again replaces.

    `act` is the id of this counting, where it is known beforehand. Refusal: a thing not counted, more damaged than came.
    """
    at = at or clock.now()
    locked = lock_group(group)
    require_state(locked, GroupState.ORDERED, GroupState.ARRIVED)
    items = items_of(locked)
    for item in items:
        if item.pk not in counted:
            raise Refusal(
                "not-counted",
                _("Count every thing; write 0 for what did not come."),
                field=f"came{item.order}",
            )
        came, damaged = counted[item.pk]
        if damaged > came:
            raise Refusal("damaged-over", _("More is damaged than came."), field=f"damaged{item.order}")
    act, kept = act or uuid7(), keep_receipt(locked, receipt, at)
    GroupArrival.objects.bulk_create(
        GroupArrival(
            act=act, group=locked, item=item, came=counted[item.pk][0], damaged=counted[item.pk][1], at=at, by=by,
            receipt=kept,
        )
        for item in items
    )  # fmt: skip
    if locked.state == GroupState.ORDERED:
        locked = move(locked, GroupState.ARRIVED, table=GROUP_MOVES, arrived_at=at)
    came = sum(one for one, _damaged in counted.values())
    write_audit(
        "help.group.counted",
        by=by,
        at=at,
        subject=locked,
        came=came,
        damaged=sum(d for _c, d in counted.values()),
    )
    return locked


@transaction.atomic
def split_group(*, group: GroupPurchase, rule: str, by: Actor, at: datetime | None = None) -> GroupPurchase:
    """Everybody gets their share by the rule and is charged for it, to the fen; what did not come is not charged."""
    at = at or clock.now()
    locked = lock_group(group)
    moved = move(locked, GroupState.SPLIT, table=GROUP_MOVES, split_at=at, rule=rule)
    rows = [row for row in part_rows(moved) if row.joined]
    shares_by(moved, rows, items_of(moved), rule)
    given = {row.part.pk: row.given for row in rows}
    lines = list(
        GroupLine.objects.filter(part__group=moved, part__state=GroupPartState.JOINED)
        .select_related("item", "part__household")
        .order_by("part__order", "item__order")
    )
    for line in lines:
        line.given = given[line.part_id][line.item_id]
    GroupLine.objects.bulk_update(lines, ["given"])
    _charge(moved, lines, by, at)
    write_audit(
        "help.group.split",
        by=by,
        at=at,
        subject=moved,
        rule=rule,
        given=sum(line.given or 0 for line in lines),
    )
    return moved


def _charge(group: GroupPurchase, lines: list[GroupLine], by: Actor, at: datetime) -> None:
    charged: dict[UUID, tuple[GroupPart, int]] = {}
    for line in lines:
        _part, before = charged.get(line.part_id, (line.part, 0))
        charged[line.part_id] = (line.part, before + (line.given or 0) * line.item.price_fen)
    sides = [
        Side(MoneyAccount.HOUSEHOLD, fen, household=part.household, part_id=part.pk)
        for part, fen in charged.values()
        if fen
    ]
    if not sides:
        return
    total = sum(side.amount_fen for side in sides)
    write_money(
        kind=MoneyKind.CHARGED, subject_id=group.pk, community_id=_community(group), by=by, at=at,
        sides=[Side(MoneyAccount.SHOP, -total), *sides], act=derived_id(group.pk, "split"),
    )  # fmt: skip


def _community(group: GroupPurchase) -> UUID:
    assert group.community_id is not None, "a purchase goes to a place within a community"
    return group.community_id


@transaction.atomic
def change_given(
    *, part: GroupPart, item: GroupItem, given: int, by: Actor, at: datetime | None = None
) -> GroupLine:
    """Puts right what a door got: one broken at the door, one more out of what is left over. The charge follows.

    Refusal: more than was wanted, or than is left over.
    """
    at = at or clock.now()
    locked = lock_group(part.group)
    require_state(locked, GroupState.SPLIT)
    line = GroupLine.objects.select_related("part__household", "item").get(part=part, item=item)
    more = given - (line.given or 0)
    left = next(count.left_over for count in counts_of(locked) if count.item == item)
    if given < 0 or given > line.quantity:
        raise Refusal(
            "more-than-wanted",
            _("Write a number from 0 to what they signed up for."),
            field=f"given{item.order}",
        )
    if more > left:
        raise Refusal("not-left", _("So much is not left over."), field=f"given{item.order}")
    if more:
        fen = more * item.price_fen
        GroupLine.objects.filter(pk=line.pk).update(given=given)
        line.given = given
        if fen:
            write_money(
                kind=MoneyKind.CHARGED, subject_id=locked.pk, community_id=_community(locked), by=by, at=at,
                sides=[
                    Side(MoneyAccount.SHOP, -fen),
                    Side(MoneyAccount.HOUSEHOLD, fen, household=line.part.household, part_id=part.pk),
                ],
            )  # fmt: skip
        write_audit("help.group.given_changed", by=by, at=at, subject=locked, part=str(part.pk), more=more)
    return line
