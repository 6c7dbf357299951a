"""Not there: the household is asked what to do, and its answer is noted with who heard it and how."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.moves import move
from shouwang.help.engines.wishes import read_list
from shouwang.help.models import OrderLine
from shouwang.help.services.intake import quantity_of
from shouwang.help.services.orders import ANSWER, answered, lock_in_shop, lock_line, require_goods
from shouwang.help.services.record import actor_id, add_event
from shouwang.help.states import LINE_MOVES, AskedHow, EventKind, LineState, RunState

# Somebody stands before the shelf and waits: a quarter of an hour, then whoever asked is told to ring again.
ANSWER_WITHIN = timedelta(minutes=15)
NOTHING = Decimal(0)


@transaction.atomic
def miss_line(*, line: OrderLine, by: Actor, at: datetime | None = None) -> OrderLine:
    """It is not to be had here: the household is to be asked within a quarter of an hour."""
    at = at or clock.now()
    locked = lock_in_shop(line)
    _wait_for_answer(locked, LineState.NOT_FOUND, by=by, at=at)
    write_audit("help.order.line_missed", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def ask_line(*, line: OrderLine, question: str, by: Actor, at: datetime | None = None) -> OrderLine:
    """Asks the household whether `question` ("立白洗衣液 1瓶 25元") will do instead: it stands on their private link at once;
    whoever rings notes the answer. Refusal when nothing is offered."""
    at = at or clock.now()
    locked = lock_in_shop(line)
    if not question.strip():
        raise Refusal("question-empty", _("Write what there is instead."), field="question")
    _wait_for_answer(locked, LineState.ASKED, by=by, at=at, question=question.strip()[:120], asked_at=at)
    add_event(locked.order.request, EventKind.ASKED, by=by, at=at)
    write_audit("help.order.line_asked", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


def _wait_for_answer(line: OrderLine, to: LineState, *, by: Actor, at: datetime, **changes: Any) -> None:
    order, due = line.order, at + ANSWER_WITHIN
    move(line, to, table=LINE_MOVES, answer_due_at=due, asked_by_id=actor_id(by), **changes)
    line.order = order
    schedule(ANSWER, at=due, subject_id=line.pk)


@transaction.atomic
def agree_to(
    *, line: OrderLine, by: Actor, at: datetime | None = None, how: str = AskedHow.RANG, instead: str = ""
) -> OrderLine:
    """The household takes something else: a line of its own, to be got. `instead` as said, else what was asked about.

    Answers the new line. Refusal when the household was not asked and did not say that something similar will do.
    """
    at = at or clock.now()
    locked = lock_in_shop(line)
    words = (instead or locked.question).strip()
    if locked.state != LineState.ASKED and not locked.may_substitute and how not in AskedHow.values:
        raise Refusal("ask-first", _("Ask the household first whether something else will do."))
    if not words:
        raise Refusal("question-empty", _("Write what there is instead."), field="question")
    answered(
        locked,
        LineState.SUBSTITUTED,
        by=by,
        at=at,
        how=how,
        bought=NOTHING,
        replaced=locked.quantity or NOTHING,
    )
    new = _instead(locked, words)
    new.save(force_insert=True)
    add_event(locked.order.request, EventKind.ANSWERED, by=by, at=at)
    write_audit("help.order.line_substituted", by=by, at=at, subject=locked.order, line=locked.pk)
    return new


def _instead(line: OrderLine, words: str) -> OrderLine:
    """The line for what is got instead: as much as is said, else as much as was wanted."""
    read = next(iter(read_list(words)), None)
    said = read is not None and not read.unclear
    return OrderLine(
        order=line.order, position=line.position, instead_of=line, shelf=line.shelf,
        name=read.name if read and said else words[:80], said=words,
        quantity=quantity_of(read.quantity) if read and said else line.quantity,
        unit=read.unit if read and said else line.unit, brand=read.brand if read else "", size=read.size if read else "",
    )  # fmt: skip


@transaction.atomic
def leave_out(
    *, line: OrderLine, by: Actor, at: datetime | None = None, how: str = AskedHow.RANG
) -> OrderLine:
    """The household goes without it, or nobody answered in time."""
    at = at or clock.now()
    locked = lock_line(line)
    require_goods(locked)
    if locked.order.run is not None and locked.order.run.state not in (RunState.GATHERING, RunState.SHOPPING):
        raise Conflict("shop-left", _("The shop is left. What is missing goes onto a new list."))
    answered(
        locked, LineState.LEFT_OUT, by=by, at=at, how=how, bought=NOTHING, left_out=locked.quantity or NOTHING
    )
    add_event(locked.order.request, EventKind.ANSWERED, by=by, at=at)
    write_audit("help.order.line_left_out", by=by, at=at, subject=locked.order, line=locked.pk)
    return locked


@transaction.atomic
def answer_on_link(*, line: OrderLine, yes: bool, by: Actor, at: datetime | None = None) -> OrderLine:
    """The household answers what it was asked, on its private link. Conflict when nothing is asked any more."""
    at = at or clock.now()
    locked = lock_line(line)
    if locked.state != LineState.ASKED:
        raise Conflict("nothing-asked-now", _("This is settled already. Thank you."))
    if yes:
        return agree_to(line=locked, by=by, at=at, how=AskedHow.LINK)
    return leave_out(line=locked, by=by, at=at, how=AskedHow.LINK)
