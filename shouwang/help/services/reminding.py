"""Nobody is left standing before a shelf: whoever asked is told when the household has not answered in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shouwang.core.actors import CLOCK
from shouwang.help.models import OrderLine
from shouwang.help.services.orders import lock_line
from shouwang.help.states import UNANSWERED_LINES, UNDELIVERED_ORDERS
from shouwang.notices.services import tell
from shouwang.notices.states import Urgency

AGAIN = timedelta(minutes=30)


def remind_of_answer(*, line_id: UUID, at: datetime) -> datetime | None:
    """One turn of the clock for one line without an answer: tells whoever shops, else whoever made the list. Answers when
    to look again; None once it is answered or not needed any more."""
    with transaction.atomic():
        row = OrderLine.objects.filter(pk=line_id).first()
        if row is None:
            return None
        line = lock_line(row)
        if line.state not in UNANSWERED_LINES or line.order.state not in UNDELIVERED_ORDERS:
            return None
        run = line.order.run
        shopper = run.volunteer.user if run is not None and run.volunteer is not None else None
        user = shopper or line.asked_by or line.order.made_by
        if user is not None:
            tell(
                to=user, template="help.answer_waits", urgency=Urgency.SOON,
                values={"number": line.order.request.spoken_number}, by=CLOCK, at=at, subject_id=line.order.pk,
                page=("help.order", {"order_id": str(line.order.pk)}), community_id=line.order.community_id,
            )  # fmt: skip
        return at + AGAIN
