"""Signing an evening off: by name, with the figures as they are at that moment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.registry import purposes
from shouwang.core.scope import Scope
from shouwang.help.models import EveningSignOff
from shouwang.help.selectors.evening import evening_of, evenings_past
from shouwang.help.selectors.past import PURPOSE
from shouwang.places.models import Place


def sign_off_evening(
    *, scope: Scope, community: Place, remark: str, by: User, at: datetime | None = None
) -> EveningSignOff:
    """Keeps the day's figures with the name of whoever signs. Refusal: somebody is unanswered and nothing is said."""
    at = at or clock.now()
    remark = remark.strip()
    with transaction.atomic():
        evening = evening_of(scope, community, at)
        if evening.unanswered and not remark:
            raise Refusal(
                "remark-missing",
                _("Somebody is still unanswered. Write what happens with them tonight, and who sees to it."),
                field="remark",
            )
        signed = EveningSignOff.objects.create(
            community_id=community.pk, day=evening.day, counts=evening.as_counts(), remark=remark,
            signed_by=by, signed_at=at,
        )  # fmt: skip
        write_audit(
            "help.evening.signed",
            by=by,
            at=at,
            subject=signed,
            placed=community,
            unanswered=evening.unanswered,
        )
    return signed


def erase_evening_remarks(at: datetime, limit: int) -> int:
    """Erases the remarks of at most `limit` sign-offs past their days; how many. The figures stay."""
    with transaction.atomic():
        ids = list(evenings_past(at, purposes.get(PURPOSE).days).values_list("pk", flat=True)[:limit])
        EveningSignOff.objects.filter(pk__in=ids).update(remark="")
    return len(ids)


def evening_remarks_left(at: datetime) -> int:
    """The same counted otherwise: by reading each remark."""
    days = purposes.get(PURPOSE).days
    return sum(
        1 for row in EveningSignOff.objects.iterator() if row.remark and (at - row.signed_at).days > days
    )
