"""The point: its steps are ticked off in order, its waste bags counted out and away, and what is met on the way is asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.help.models import HelpRequest
from shouwang.help.services import add_photo, take_in_request
from shouwang.help.states import Category, Source, Urgency
from shouwang.rounds.models import Entry, PointStep, Round, WasteBag
from shouwang.rounds.selectors.point import place_of, point_disinfected, point_steps
from shouwang.rounds.states import RoundState, Step

MOST_BAGS = 500
# What can wait until there is time; anything else met on the way is for today.
NO_HURRY = (Category.QUESTION, Category.THANKS, Category.SUGGESTION)


def _lock_open(round_: Round) -> Round:
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.state != RoundState.OPEN:
        raise Conflict("round-closed", _("This round is closed. Nothing on it changes any more."))
    return locked


@transaction.atomic
def take_point_step(*, round_: Round, step: str, by: User, at: datetime | None = None) -> PointStep:
    """Ticks a step off. Refusals: nobody goes upstairs before the point was disinfected, nothing before it was opened."""
    at = at or clock.now()
    _lock_open(round_)
    if step not in Step.values:
        raise Refusal("step-unknown", _("Choose a step."))
    done = point_steps(round_)
    if step != Step.OPENED and Step.OPENED not in done:
        raise Refusal("point-not-open", _("The point has not been opened yet. Tick that first."))
    if step == Step.UPSTAIRS and point_disinfected(round_) is None:
        raise Refusal("point-not-disinfected", _("First disinfect the point and tick it, then go upstairs."))
    made = PointStep(round=round_, step=step, by=by, at=at)
    made.save(force_insert=True)
    write_audit("rounds.point.stepped", by=by, at=at, subject=round_, step=step)
    return made


@transaction.atomic
def issue_bags(*, round_: Round, number: int, by: User, at: datetime | None = None) -> list[WasteBag]:
    """Counts so many waste bags out, numbered on from the last. Refusal for none or more than a point uses."""
    at = at or clock.now()
    _lock_open(round_)
    if not 1 <= number <= MOST_BAGS:
        raise Refusal("bags-number", _("Between 1 and 500 bags at a time."), field="number")
    last = WasteBag.objects.filter(round=round_).aggregate(last=Max("number"))["last"] or 0
    bags = [WasteBag(round=round_, number=last + n, issued_at=at, issued_by=by) for n in range(1, number + 1)]
    WasteBag.objects.bulk_create(bags)
    write_audit("rounds.bags.issued", by=by, at=at, subject=round_, bags=number)
    return bags


@transaction.atomic
def take_bags_away(
    *, round_: Round, numbers: Collection[int], collected_by: str, by: User, at: datetime | None = None
) -> int:
    """Counts bags away, by their numbers, and who collected them; also after the round was closed.

    Refusal when one is not out, or nobody is named.
    """
    at, wanted = at or clock.now(), set(numbers)
    if not collected_by.strip():
        raise Refusal("collector-missing", _("Write who collected them."), field="collected_by")
    rows = WasteBag.objects.filter(round=round_, number__in=wanted, away_at__isnull=True)
    taken = rows.update(away_at=at, away_by=by, collected_by=collected_by.strip()[:60])
    if not wanted or taken != len(wanted):
        raise Refusal(
            "bags-not-out",
            _("Not all of these bags are out. Look at the numbers that are left."),
            field="numbers",
        )
    write_audit("rounds.bags.collected", by=by, at=at, subject=round_, bags=taken)
    return taken


def report_trouble(
    *, round_: Round, entry: Entry | None, category: str, words: str, command_id: UUID, by: User,
    at: datetime | None = None, photo: bytes | None = None,
) -> HelpRequest:  # fmt: skip
    """Makes a request of a trouble met on the way, for the entry's household, or where its spot or stairwell is; the same
    command again answers the same request. Refusal for an unknown category. A photo that is none is left out: the
    trouble counts."""
    if category not in Category.values:
        raise Refusal("category-unknown", _("Choose what it is about."), field="category")
    household = entry.household if entry else None
    request, _token = take_in_request(
        request_id=uuid5(command_id, "trouble"), community_id=round_.community_id, place=place_of(entry), dwelling=None,
        household=household, person=entry.person if entry else None, category=category,
        urgency=Urgency.NORMAL if category in NO_HURRY else Urgency.TODAY, source=Source.VISIT, title="",
        words=words.strip() or str(Category(category).label), by=by, at=at,
    )  # fmt: skip
    if photo:
        _add_photo(request, photo, by=by, at=at)
    return request


def _add_photo(request: HelpRequest, photo: bytes, *, by: User, at: datetime | None) -> None:
    try:
        with transaction.atomic():
            add_photo(request=request, photo=photo, by=by, at=at)
    except Refusal:
        return
