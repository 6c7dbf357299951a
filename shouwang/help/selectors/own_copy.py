"""A person's own copy: what was asked for, and what came of it. What was told in confidence is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.core.registry import CopyPart
from shouwang.help.models import HelpRequest, Order
from shouwang.help.selectors.accounts import statement_of
from shouwang.help.selectors.timeline import timeline_of
from shouwang.people.selectors import person_homes


def _asked_for(person_id: UUID) -> Q:
    """Requests about the person, and those of the household while the person belonged to it."""
    here = Q(person_id=person_id)
    for household_id, from_on, until_on in person_homes(person_id):
        span = Q(household_id=household_id, person__isnull=True, local_day__gte=from_on)
        here |= span & Q(local_day__lte=until_on) if until_on else span
    return here


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part a request: those about the person, and those of the household while the person belonged to it."""
    rows = HelpRequest.objects.filter(_asked_for(person_id), confidential=False).order_by("received_at")
    return [_part(row) for row in rows]


def order_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """One part a list that was shopped for such a request: what was wanted, what came of it, what it cost."""
    requests = HelpRequest.objects.filter(_asked_for(person_id), confidential=False)
    rows = Order.objects.filter(request__in=requests).select_related("request", "run").order_by("made_at")
    return [_order_part(row) for row in rows]


def _order_part(order: Order) -> CopyPart:
    told = statement_of(order)
    said = [
        (
            one.line.name,
            " · ".join(filter(None, (one.ordered, one.exact, one.became, one.delivered, one.price))),
        )
        for one in told.lines
    ]
    said += [(_moment(at), f"{what} {yuan}") for at, what, yuan in told.payments]
    title = f"{order.request.spoken_number} · {_('Shopping list')} · {order.get_state_display()}"
    return CopyPart(
        title, [(what, value) for what, value in [*said, (_("Together (yuan)"), told.total)] if value]
    )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _part(row: HelpRequest) -> CopyPart:
    said = [
        (_("Asked"), f"{_moment(row.received_at)} · {row.get_source_display()}"),
        (_("What is needed"), row.title),
        (_("In their words"), row.words),
        (
            _("Who asked"),
            " · ".join(part for part in (row.asker_name, row.asker_phone, row.door_said) if part),
        ),
        *(
            (line.name, " ".join(str(part) for part in (line.quantity or "", line.unit, line.note) if part))
            for line in row.lines.order_by("order")
        ),
        *(
            (_moment(attempt.at), f"{attempt.get_outcome_display()} {attempt.note}".strip())
            for attempt in row.attempts.order_by("at")
        ),
        *(
            (_moment(moment.at), f"{moment.sentence} {moment.text}".strip())
            for moment in timeline_of(row, for_resident=True)
        ),
    ]
    title = f"{row.spoken_number} · {row.get_category_display()} · {row.get_state_display()}"
    return CopyPart(title, [(what, value) for what, value in said if value])
