"""What the residents' pages ask of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.help.models import HelpRequest, Order, OrderLine
from shouwang.help.selectors.accounts import Statement, statement_of
from shouwang.help.states import LineState, OrderState, Source


def asked_lately(place_id: UUID, since: datetime) -> int:
    """How many requests came in through this place's door code since then."""
    return HelpRequest.objects.filter(place_id=place_id, source=Source.PORTAL, received_at__gte=since).count()


@dataclass(frozen=True)
class ResidentList:
    """A household's list as it sees it behind its private link: what is asked of it, and what became of every line."""

    order: Order
    questions: list[OrderLine]
    statement: Statement


def list_behind(request: HelpRequest) -> ResidentList | None:
    """The list of a request, for whoever holds its private link; None where there is none."""
    order = Order.objects.select_related("request", "run", "household").filter(request=request).first()
    if order is None or order.state == OrderState.DROPPED:
        return None
    told = statement_of(order)
    questions = [row.line for row in told.lines if row.line.state == LineState.ASKED]
    return ResidentList(order, questions, told)


def question_behind(request: HelpRequest, line_id: UUID) -> OrderLine | None:
    """A line of the request's own list."""
    return OrderLine.objects.filter(pk=line_id, order__request=request).first()
