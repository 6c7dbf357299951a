"""A person decides what becomes of a command that was set aside. Its effect belongs to its author."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.audit import write_audit
from shouwang.core.commands import mark_receipts
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import CommandReceipt
from shouwang.core.registry import Author, offline_kinds, purposes
from shouwang.core.scope import scope_for
from shouwang.field.models import Decision, SetAside
from shouwang.field.selectors import command_of


@transaction.atomic
def apply_set_aside(*, row: SetAside, by: User, at: datetime) -> None:
    """Applies it now, within what the decider may do, as its author's. Raises the refusal when it still can't be."""
    _decide(row, Decision.APPLIED, by=by, at=at)
    command, author = command_of(row), row.author
    if command is None or author is None:
        raise Refusal(
            "not-applicable", _("This can't be applied. Note by hand what it says, then leave it out.")
        )
    kind = offline_kinds.get(row.kind)
    refusal = kind.apply([command], Author(author, (scope_for(by, at),)), at)[0]
    if refusal is not None:
        raise refusal
    if row.reason != "two-bodies":
        mark_receipts([row.command_id], status=CommandReceipt.Status.ACCEPTED, reason="")
    write_audit("field.command.applied", by=by, at=at, subject=row, placed=row, command=row.kind)


@transaction.atomic
def leave_out(*, row: SetAside, by: User, at: datetime) -> None:
    """Somebody has looked at it and leaves it out; it stays readable until its days are over."""
    _decide(row, Decision.LEFT_OUT, by=by, at=at)
    write_audit("field.command.left_out", by=by, at=at, subject=row, placed=row, command=row.kind)


def _decide(row: SetAside, decision: str, *, by: User, at: datetime) -> None:
    waiting = SetAside.objects.filter(pk=row.pk, decision=Decision.WAITING)
    if not waiting.update(decision=decision, decided_by=by, decided_at=at):
        raise Conflict("decided-already", _("Somebody has decided this already."))


@transaction.atomic
def record_read(*, row: SetAside, by: User, at: datetime) -> None:
    """That somebody has read it."""
    write_audit("field.set_aside.read", by=by, at=at, subject=row, placed=row, command=row.kind)


def count_past(at: datetime) -> int:
    """What was set aside and is past its days."""
    return SetAside.objects.filter(arrived_at__lt=at - _days()).count()


@transaction.atomic
def erase_past(at: datetime, limit: int) -> int:
    """Erases at most `limit` of these; their receipts remain, with a keyed hash and the reason."""
    ids = list(SetAside.objects.filter(arrived_at__lt=at - _days()).values_list("pk", flat=True)[:limit])
    SetAside.objects.filter(pk__in=ids).delete()
    return len(ids)


def verify_past(at: datetime) -> int:
    """The same counted row by row."""
    return sum(
        1 for arrived in SetAside.objects.values_list("arrived_at", flat=True) if arrived < at - _days()
    )


def _days() -> timedelta:
    return timedelta(days=purposes.get("field.set_aside").days)
