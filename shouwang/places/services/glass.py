"""Looking into somebody else's building in an emergency: with a reason, for a time, told to those who answer for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.places.models import BrokenGlass, Place
from shouwang.places.rules import GLASS_MINUTES, SHORTEST_REASON
from shouwang.places.selectors.glass import live_glass, old_glass
from shouwang.places.signals import glass_broken


@transaction.atomic
def break_glass(
    *, place: Place, reason: str, minutes: int, by: User, at: datetime | None = None
) -> BrokenGlass:
    """`by` sees `place` for `minutes` (one of GLASS_MINUTES), without writing anything. Refusals: reason-missing,
    too-long; Conflict `glass-live` while another building is seen so."""
    at = at or clock.now()
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(
            "reason-missing", _("Write what has happened, in ten characters or more."), field="reason"
        )
    if minutes not in GLASS_MINUTES:
        raise Refusal("too-long", _("Choose how long it will take, four hours at most."), field="minutes")
    if live_glass(by, at).exists():
        raise Conflict("glass-live", _("You look into another building already. End that first."))
    row = BrokenGlass.objects.create(
        user=by,
        place=place,
        reason=reason.strip(),
        began_at=at,
        until_at=at + timedelta(minutes=minutes),
        community_id=place.community_id,
        grid_id=place.grid_id,
        building_id=place.building_id,
        stairwell_id=place.stairwell_id,
    )
    write_audit("places.glass.broken", by=by, at=at, subject=row, minutes=minutes)
    glass_broken.send(sender=BrokenGlass, glass_id=row.pk, at=at)
    return row


@transaction.atomic
def end_glass(*, glass: BrokenGlass, by: User, at: datetime | None = None) -> BrokenGlass:
    """It is over before its time. Conflict when it was."""
    at = at or clock.now()
    if not BrokenGlass.objects.filter(pk=glass.pk, until_at__gt=at).update(until_at=at):
        raise Conflict("glass-over", _("This was over already."))
    write_audit("places.glass.ended", by=by, at=at, subject=glass)
    glass.refresh_from_db()
    return glass


@transaction.atomic
def mark_glass_seen(*, glass: BrokenGlass, by: User, at: datetime | None = None) -> BrokenGlass:
    """Somebody who answers for the place has read of it; the first one counts."""
    at = at or clock.now()
    if BrokenGlass.objects.filter(pk=glass.pk, seen_at__isnull=True).update(seen_at=at, seen_by=by):
        write_audit("places.glass.seen", by=by, at=at, subject=glass)
    glass.refresh_from_db()
    return glass


@transaction.atomic
def erase_glass(at: datetime, limit: int) -> int:
    """Erases at most `limit` rows past their days; that it happened stays in the audit."""
    ids = list(old_glass(at).values_list("pk", flat=True)[:limit])
    BrokenGlass.objects.filter(pk__in=ids).delete()
    return len(ids)
