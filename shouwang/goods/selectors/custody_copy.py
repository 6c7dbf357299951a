"""A person's own copy: what of their household was in others' hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.core.registry import CopyPart
from shouwang.goods.models import Holding
from shouwang.goods.selectors.custody_lines import Change, amount_words, changes_of
from shouwang.people.selectors import person_homes


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part a thing that was taken over from the household while the person belonged to it."""
    found: list[Holding] = []
    for household_id, from_on, until_on in person_homes(person_id):
        rows = Holding.objects.filter(household_id=household_id).order_by("began_at")
        found += [
            row
            for row in rows
            if from_on <= _day(row.began_at) and (until_on is None or _day(row.began_at) <= until_on)
        ]
    return [_part(row) for row in found]


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _part(row: Holding) -> CopyPart:
    lines = [
        (_moment(one.row.at), f"{one.from_words} → {one.to_words}{_open(one)}") for one in changes_of(row)
    ]
    said = [(_("How it stands"), row.get_state_display()), (_("Why"), row.why)]
    title = f"{row.words} {amount_words(row)}".strip()
    return CopyPart(title, [(what, value) for what, value in [*said, *lines] if value])


def _open(one: Change) -> str:
    if one.row.withdrawn_at is not None:
        return f" ({_('not taken')})"
    return "" if one.row.taken_at is not None else f" ({_('not yet confirmed')})"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
