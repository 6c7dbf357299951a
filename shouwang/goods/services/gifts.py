"""Lists of who gets what: made, handed over door by door, each once, undone for a while, closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.files import keep_photo
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.core.moves import move
from shouwang.core.scope import Scope
from shouwang.goods.models import GiftLine, GiftList, Item, Shelf
from shouwang.goods.rules import PHOTO_LIVES, TAKE_BACK_WITHIN
from shouwang.goods.selectors.gifts import KIND, households_meant
from shouwang.goods.services.gifts_telling import tell_named
from shouwang.goods.services.store import correct, take_out
from shouwang.goods.states import MovementKind
from shouwang.goods.states.gifts import GIFT_MOVES, LIST_MOVES, GiftState, ListState
from shouwang.people.models import Household
from shouwang.places.models import STAMP, Place
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import commitment_for, commitments_to
from shouwang.volunteers.services import close_commitment, commit

MOST_HOUSEHOLDS = 3000


@transaction.atomic
def make_list(
    *,
    community: Place,
    name: str,
    what: str,
    why: str,
    scope: Scope,
    by: User,
    at: datetime | None = None,
    occasion: str = "",
    quantity: int = 1,
    item: Item | None = None,
    shelf: Shelf | None = None,
    kinds: Collection[str] = (),
    buildings: Collection[UUID] = (),
) -> GiftList:
    """A list of the households with one of the care flags `kinds`, in these buildings (everywhere, if none is named);
    without kinds of everybody in these buildings; with neither it is empty, to be filled by hand.

    Only flags that `scope` may read count. That flags were read is on record, which ones is not on the list.
    """
    at = at or clock.now()
    if item is not None and shelf is None:
        raise Refusal("shelf-missing", _("Say from where in the store it is taken."), field="shelf")
    if quantity < 1:
        raise Refusal("quantity-missing", _("Say how many there are."), field="quantity")
    found = households_meant(scope, community.pk, kinds, buildings, at)
    if len(found) > MOST_HOUSEHOLDS:
        raise Refusal(
            "too-many", _("That is too many for one list. Choose fewer buildings."), field="buildings"
        )
    made = GiftList.objects.create(
        name=name.strip(), what=what.strip(), why=why.strip(), occasion=occasion.strip(), quantity=quantity, item=item,
        shelf=shelf if item is not None else None, made_at=at, made_by=by, **community.stamp(),
    )  # fmt: skip
    _add(made, found)
    if kinds:
        write_audit(
            "goods.gifts.flags_read", by=by, at=at, subject=made, kinds=sorted(kinds), households=len(found)
        )
    write_audit("goods.gifts.made", by=by, at=at, subject=made, households=len(found))
    return made


def _add(gift_list: GiftList, households: Iterable[Household]) -> int:
    rows = [
        GiftLine(gift_list=gift_list, household=home, **{name: getattr(home, name) for name in STAMP})
        for home in households
    ]
    GiftLine.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def add_household(
    *, gift_list: GiftList, household: Household, by: User, at: datetime | None = None
) -> GiftLine:
    """One household more; one that is on the list already stays as it is."""
    at = at or clock.now()
    locked = _lock_list(gift_list)
    if household.community_id != locked.community_id:
        raise Refusal("other-community", _("This household lives in another community."), field="door")
    known = GiftLine.objects.filter(gift_list=locked, household=household).first()
    if known is not None:
        return known
    _add(locked, [household])
    write_audit("goods.gifts.added", by=by, at=at, subject=locked, households=1)
    return GiftLine.objects.get(gift_list=locked, household=household)


@transaction.atomic
def drop_line(*, line: GiftLine, by: User, at: datetime | None = None) -> None:
    """Takes a household off again that is there by mistake and has had nothing."""
    at = at or clock.now()
    _lock_list(line.gift_list)
    if not GiftLine.objects.filter(pk=line.pk, state=GiftState.TO_GIVE).delete()[0]:
        raise Conflict("gift-settled", _("This is settled already. Take that back first."))
    write_audit("goods.gifts.dropped", by=by, at=at, subject=line.gift_list)


# At the door


@transaction.atomic
def hand_over_gift(
    *, line: GiftLine, by: User, at: datetime | None = None, to_words: str = "", photo: Any = None
) -> GiftLine:
    """It is handed over, and taken from the store. Again it changes nothing, however many bring it.

    Refusal("not-enough") of the store when it has no more.
    """
    at = at or clock.now()
    locked = _lock_line(line)
    if locked.state == GiftState.HANDED_OVER:
        return locked
    gift_list, act = locked.gift_list, uuid7()
    kept = _kept(photo, locked, at)
    move(
        locked, GiftState.HANDED_OVER, table=GIFT_MOVES, settled_at=at, settled_by=by, to_words=to_words.strip()[:60],
        photo=kept, act=act if gift_list.item_id else None,
    )  # fmt: skip
    if gift_list.item is not None and gift_list.shelf is not None:
        take_out(
            item=gift_list.item, shelf=gift_list.shelf, quantity=gift_list.quantity, kind=MovementKind.HANDED_OUT, by=by,
            at=at, household=locked.household, act=act,
        )  # fmt: skip
    write_audit("goods.gift.handed_over", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def settle_gift(*, line: GiftLine, to: GiftState, by: User, at: datetime | None = None) -> GiftLine:
    """They don't want it, or live here no more. Again it changes nothing."""
    at = at or clock.now()
    if to not in (GiftState.NOT_WANTED, GiftState.MOVED):
        raise Refusal("not-an-outcome", _("Choose how it stands."))
    locked = _lock_line(line)
    if locked.state == to:
        return locked
    move(locked, to, table=GIFT_MOVES, settled_at=at, settled_by=by)
    write_audit("goods.gift.settled", by=by, at=at, subject=locked, state=to)
    return locked


@transaction.atomic
def take_back_gift(*, line: GiftLine, by: User, at: datetime | None = None) -> GiftLine:
    """What was settled is to be given again; what was handed over goes back into the store's books, for two hours."""
    at = at or clock.now()
    locked = _lock_line(line)
    if locked.state == GiftState.TO_GIVE:
        return locked
    handed = locked.state == GiftState.HANDED_OVER
    if handed and locked.settled_at is not None and at - locked.settled_at > TAKE_BACK_WITHIN:
        raise Refusal(
            "too-late", _("This was handed over too long ago to be taken back. Ask the store to correct it.")
        )
    act = locked.act
    move(
        locked,
        GiftState.TO_GIVE,
        table=GIFT_MOVES,
        settled_at=None,
        settled_by=None,
        to_words="",
        photo=None,
        act=None,
    )
    if act is not None:
        correct(act=act, reason=str(_("taken back at the door")), by=by, at=at)
    write_audit("goods.gift.taken_back", by=by, at=at, subject=locked)
    return locked


# Who goes, and the end


@transaction.atomic
def name_giver(*, gift_list: GiftList, volunteer: Volunteer, by: User, at: datetime | None = None) -> None:
    """A volunteer sees the doors of the list and what to hand over, while it goes on; never why. Named twice is once."""
    at = at or clock.now()
    locked = _lock_list(gift_list)
    if commitment_for(locked.pk, volunteer, KIND) is not None:
        return
    commit(volunteer=volunteer, kind=KIND, subject_id=locked.pk, placed=locked, by=by, at=at)
    tell_named(locked, to=volunteer.user, by=by, at=at)
    write_audit("goods.gifts.giver_named", by=by, at=at, subject=locked, volunteer=volunteer.pk)


@transaction.atomic
def release_giver(*, gift_list: GiftList, volunteer: Volunteer, by: Any, at: datetime | None = None) -> bool:
    """The volunteer sees the list no more; whether they had."""
    at = at or clock.now()
    commitment = commitment_for(gift_list.pk, volunteer, KIND)
    if commitment is None:
        return False
    close_commitment(commitment=commitment, by=by, at=at)
    write_audit("goods.gifts.giver_released", by=by, at=at, subject=gift_list, volunteer=volunteer.pk)
    return True


@transaction.atomic
def close_list(*, gift_list: GiftList, by: User, at: datetime | None = None) -> GiftList:
    """Nothing more is given from it; whoever went sees it no more. Again it changes nothing."""
    at = at or clock.now()
    locked = GiftList.objects.select_for_update().get(pk=gift_list.pk)
    if locked.state == ListState.CLOSED:
        return locked
    handed = GiftLine.objects.filter(gift_list=locked, state=GiftState.HANDED_OVER).count()
    for commitment in commitments_to(locked.pk, KIND):
        close_commitment(commitment=commitment, by=by, at=at)
    move(locked, ListState.CLOSED, table=LIST_MOVES, closed_at=at, handed_count=handed)
    left = GiftLine.objects.filter(gift_list=locked, state=GiftState.TO_GIVE).count()
    write_audit("goods.gifts.closed", by=by, at=at, subject=locked, handed=handed, left=left)
    return locked


@transaction.atomic
def reopen_list(*, gift_list: GiftList, by: User, at: datetime | None = None) -> GiftList:
    """It goes on after all. Again it changes nothing."""
    at = at or clock.now()
    locked = GiftList.objects.select_for_update().get(pk=gift_list.pk)
    if locked.state == ListState.OPEN:
        return locked
    move(locked, ListState.OPEN, table=LIST_MOVES, closed_at=None, handed_count=None)
    write_audit("goods.gifts.reopened", by=by, at=at, subject=locked)
    return locked


@transaction.atomic
def record_doors_read(*, gift_list: GiftList, by: User, at: datetime) -> None:
    """That somebody opened the doors of a list."""
    write_audit("goods.gifts.read", by=by, at=at, subject=gift_list)


def _lock_list(gift_list: GiftList) -> GiftList:
    locked = GiftList.objects.select_for_update().get(pk=gift_list.pk)
    if locked.state != ListState.OPEN:
        raise Conflict("gifts-closed", _("This list is closed. Open it again first."))
    return locked


def _lock_line(line: GiftLine) -> GiftLine:
    rows = GiftLine.objects.select_for_update(of=("self",))
    locked = rows.select_related("gift_list__item", "gift_list__shelf", "household").get(pk=line.pk)
    if locked.gift_list.state != ListState.OPEN:
        raise Conflict("gifts-closed", _("This list is closed. Open it again first."))
    return locked


def _kept(photo: Any, line: GiftLine, at: datetime) -> StoredFile | None:
    if not photo:
        return None
    raw = photo.read() if hasattr(photo, "read") else photo
    return keep_photo(
        raw,
        kind="file.proof",
        subject_id=line.pk,
        at=at,
        expires_at=at + PHOTO_LIVES,
        community_id=line.community_id,
    )
