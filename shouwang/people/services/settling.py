"""A person says which of two words holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.errors import Conflict
from shouwang.people.models import CareFlag, Contradiction
from shouwang.people.services.care import LIVE, decide_flag, end_flag
from shouwang.people.services.contradictions import record_contradiction, user_id
from shouwang.people.services.persons import change_person
from shouwang.people.states import CareState


@transaction.atomic
def decide_contradiction(
    *, contradiction: Contradiction, take_other: bool, by: Actor, at: datetime | None = None
) -> Contradiction:
    """A person says which of the two holds. Conflict `contradiction-decided` when somebody has."""
    at = at or clock.now()
    open_ = Contradiction.objects.filter(pk=contradiction.pk, decided_at__isnull=True)
    if not open_.update(decided_at=at, decided_by_id=user_id(by)):
        raise Conflict("contradiction-decided", _("Somebody has decided this already."))
    contradiction.refresh_from_db()
    if contradiction.flag is not None:
        _decide_safety(contradiction.flag, holds=not take_other, by=by, at=at)
    elif take_other:
        change_person(person=contradiction.person, by=by, at=at, **{contradiction.field: contradiction.other})
    record_contradiction("people.contradiction.decided", contradiction, by=by, at=at)
    return contradiction


def _decide_safety(flag: CareFlag, *, holds: bool, by: Actor, at: datetime) -> None:
    flag.refresh_from_db()
    if flag.state not in LIVE:
        return
    if flag.state == CareState.PROPOSED:
        decide_flag(flag=flag, accept=holds, by=by, at=at)
    elif not holds:
        end_flag(flag=flag, by=by, at=at)
