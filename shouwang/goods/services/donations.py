"""What neighbours and firms give: taken in as lots, with a receipt that has a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.goods.models import Donation, DonationNumber
from shouwang.goods.services.store import In, bring_in_lines
from shouwang.goods.states import MovementKind


@transaction.atomic
def receive_donation(
    *,
    lines: Sequence[In],
    donor_name: str,
    by: Actor,
    at: datetime | None = None,
    donor_phone: str = "",
    may_be_named: bool = False,
    act: UUID | None = None,
) -> Donation:
    """Takes what somebody gave into the store and numbers the receipt; the same act again answers the same one.

    Refusals as of `bring_in_lines`, and for somebody who may be named but has no name.
    """
    at, act = at or clock.now(), act or uuid7()
    if may_be_named and not donor_name.strip():
        raise Refusal("no-donor", _("Say who gave it, or leave it unnamed."), field="donor_name")
    rows = bring_in_lines(lines=lines, kind=MovementKind.DONATED, by=by, at=at, act=act)
    known = Donation.objects.filter(act=act).first()
    if known is not None:
        return known
    community_id, year = rows[0].lot.community_id, rows[0].local_day.year
    donation = Donation.objects.create(
        community_id=community_id, year=year, number=_next_number(community_id, year), act=act,
        donor_name=donor_name.strip(), donor_phone=donor_phone.strip(), may_be_named=may_be_named, at=at,
        by_id=by.pk if by.actor_kind == "user" else None,
    )  # fmt: skip
    write_audit("goods.donation.received", by=by, at=at, subject=donation, number=donation.spoken_number)
    return donation


def _next_number(community_id: UUID, year: int) -> int:
    DonationNumber.objects.get_or_create(community_id=community_id, year=year)
    rows = DonationNumber.objects.filter(community_id=community_id, year=year)
    number = rows.select_for_update().get().next_number
    rows.update(next_number=F("next_number") + 1)
    return number


@transaction.atomic
def record_donor_read(*, donation: Donation, by: Actor, at: datetime | None = None) -> None:
    """The receipt of a donation, with the donor's name, was opened."""
    write_audit(
        "goods.donation.read", by=by, at=at or clock.now(), subject=donation, number=donation.spoken_number
    )
