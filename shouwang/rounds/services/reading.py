"""That somebody has read what was answered goes on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwang.accounts.models import User
from shouwang.core.audit import write_audit
from shouwang.rounds.models import Entry, Round


@transaction.atomic
def record_answers_read(*, entry: Entry, by: User, at: datetime) -> None:
    """That somebody opened what was answered for one entry."""
    write_audit("rounds.answers.read", by=by, at=at, subject=entry, person_id=entry.person_id)


@transaction.atomic
def record_answers_named(*, round_: Round, named: int, by: User, at: datetime) -> None:
    """That it was looked up who is behind a number among the answers."""
    write_audit("rounds.answers.named", by=by, at=at, subject=round_, entries=named)


@transaction.atomic
def record_answers_counted(*, round_: Round, opened: int, by: User, at: datetime) -> None:
    """That so many sealed answers were opened to count them."""
    write_audit("rounds.answers.counted", by=by, at=at, subject=round_, entries=opened)
