"""The evening's count: every request that was open on a day stands in exactly one place, and who is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet

from shouwang.core.audit import count_acts
from shouwang.core.clock import local_day
from shouwang.core.scope import Scope
from shouwang.help.models import EveningSignOff, HelpRequest
from shouwang.help.selectors.board import BoardRow, rows_of
from shouwang.help.selectors.requests import requests_for
from shouwang.help.states import IN_HAND_STATES, OPEN_STATES, UNTAKEN_STATES, RequestState
from shouwang.places.models import Place

SIGNED_SHOWN = 14


@dataclass(frozen=True)
class Evening:
    """A day's requests counted twice over: where they came from (`came_in`, `carried`), and where they stand.

    Both sides make the same sum, `whole`. `first` and `last` are the numbers given out today, 0 when none, and
    `numbered` how many requests bear a number from one to the other; `on_record` how many takings-in the record of
    acts holds for the day; `hidden` how many of the unanswered are confidential and not the reader's to see.
    """

    day: date
    came_in: int
    carried: int
    closed: int
    withdrawn: int
    to_confirm: int
    in_hand: int
    waiting: int
    first: int
    last: int
    numbered: int
    on_record: int
    left: Sequence[BoardRow]
    hidden: int

    @property
    def whole(self) -> int:
        return self.came_in + self.carried

    @property
    def standing(self) -> int:
        return self.closed + self.withdrawn + self.to_confirm + self.in_hand + self.waiting

    @property
    def reconciles(self) -> bool:
        """Whether both sides agree, the numbers run without a gap, and the record holds as many."""
        gapless = not self.came_in or self.last - self.first + 1 == self.numbered
        return self.whole == self.standing and gapless and self.on_record == self.came_in

    @property
    def unanswered(self) -> int:
        return len(self.left) + self.hidden

    def as_counts(self) -> dict[str, int]:
        """What a sign-off keeps: figures without names."""
        names = (
            "came_in",
            "carried",
            "closed",
            "withdrawn",
            "to_confirm",
            "in_hand",
            "waiting",
            "unanswered",
        )
        return {name: getattr(self, name) for name in names}


def beginning_of(day: date, zone: str) -> datetime:
    """The first moment of the day there."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def evening_of(scope: Scope, community: Place, at: datetime) -> Evening:
    """The count of the day that `at` falls on, as of `at`, for a whole community."""
    day = local_day(at, community.time_zone)
    begins = beginning_of(day, community.time_zone)
    found = _of_the_day(community.pk, begins, at)
    came = Q(received_at__gte=begins)
    sums = found.aggregate(
        came_in=Count("pk", filter=came),
        carried=Count("pk", filter=~came),
        closed=Count("pk", filter=Q(state=RequestState.CLOSED)),
        withdrawn=Count("pk", filter=Q(state=RequestState.WITHDRAWN)),
        to_confirm=Count("pk", filter=Q(state=RequestState.DONE)),
        in_hand=Count("pk", filter=Q(state__in=IN_HAND_STATES)),
        waiting=Count("pk", filter=Q(state__in=UNTAKEN_STATES)),
        first=Min("number", filter=came),
        last=Max("number", filter=came),
    )
    unanswered = _unanswered(found, at)
    left = rows_of(requests_for(scope).filter(pk__in=unanswered.values("pk")), at)
    named = {name: value or 0 for name, value in sums.items()}
    between = HelpRequest.objects.filter(
        community_id=community.pk, number__gte=named["first"], number__lte=named["last"]
    )
    return Evening(
        day=day,
        numbered=between.count(),
        on_record=count_acts("help.request.taken_in", community.pk, begins, at),
        left=left,
        hidden=unanswered.count() - len(left),
        **named,
    )


def _of_the_day(community_id: UUID, begins: datetime, at: datetime) -> QuerySet[HelpRequest]:
    """Open now, or ended on the day; whatever was merged into another one is counted there."""
    open_or_ended = Q(state__in=OPEN_STATES) | Q(closed_at__gte=begins)
    return HelpRequest.objects.filter(open_or_ended, community_id=community_id, received_at__lte=at)


def _unanswered(found: QuerySet[HelpRequest], at: datetime) -> QuerySet[HelpRequest]:
    """Nobody has it; or it is late in somebody's hands; or it is done and nobody has asked the resident for a day."""
    late = Q(state__in=IN_HAND_STATES, finish_due_at__lte=at)
    unasked = Q(state=RequestState.DONE, done_at__lte=at - timedelta(days=1))
    return found.filter(Q(state__in=UNTAKEN_STATES) | late | unasked)


def last_sign_off(community_id: UUID, day: date) -> EveningSignOff | None:
    """The one that stands for the day, or None."""
    return (
        EveningSignOff.objects.filter(community_id=community_id, day=day)
        .select_related("signed_by")
        .order_by("-signed_at", "-pk")
        .first()
    )


def signed_communities(community_ids: Collection[UUID], day: date) -> set[UUID]:
    """Those of the communities whose day is signed off."""
    signed = EveningSignOff.objects.filter(community_id__in=community_ids, day=day)
    return set(signed.values_list("community_id", flat=True))


def past_evenings(community_id: UUID, before: date) -> list[EveningSignOff]:
    """The sign-offs that stand for the last days, newest first."""
    found = EveningSignOff.objects.filter(community_id=community_id, day__lt=before).select_related(
        "signed_by"
    )
    newest: dict[date, EveningSignOff] = {}
    for row in found.order_by("-day", "-signed_at", "-pk")[: 4 * SIGNED_SHOWN]:
        newest.setdefault(row.day, row)
    return list(newest.values())[:SIGNED_SHOWN]


def evenings_past(at: datetime, days: int) -> QuerySet[EveningSignOff]:
    """Sign-offs whose remark is past its days."""
    return EveningSignOff.objects.filter(signed_at__lt=at - timedelta(days=days)).exclude(remark="")
