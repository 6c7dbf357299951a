"""A round comes again: the turn before is closed in the name of whoever set it so, and the next begins."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import CLOCK
from shouwang.core.audit import write_audit
from shouwang.core.clock import local_day
from shouwang.core.due import schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.places.selectors import community_by_id
from shouwang.rounds.engines.turns import last_turn, next_turn
from shouwang.rounds.models import Round, Series
from shouwang.rounds.services.beginning import begin_round
from shouwang.rounds.services.closing import close_round
from shouwang.rounds.states import RoundState

DUE = "rounds.turn"


@transaction.atomic
def come_again(
    *,
    round_: Round,
    hours: tuple[str, ...],
    until_on: date | None = None,
    by: User,
    at: datetime | None = None,
) -> Series:
    """Makes a round the first of a series. Refusal without hours, with a last day that is past, or when it is one
    already; a round that follows up tubes comes once."""
    at = at or clock.now()
    if not hours:
        raise Refusal("no-hours", _("Say at which hours, for example 08:00 14:00."), field="hours")
    if until_on is not None and until_on < _today(at):
        raise Refusal("until-past", _("The last day is past."), field="until_on")
    if round_.series_id is not None or round_.follows_id is not None:
        raise Refusal("series-there", _("This round can't be made to come again."), field="hours")
    series = Series.objects.create(
        community_id=round_.community_id, name=round_.name[:48], hours=list(hours), until_on=until_on, began_at=at,
        began_by=by,
    )  # fmt: skip
    # Begun by a hand, at whatever hour: everything is on it, so it is none of the day's turns.
    Round.objects.filter(pk=round_.pk).update(series=series)
    round_.refresh_from_db()
    write_audit("rounds.series.begun", by=by, at=at, subject=round_, name=series.name, hours=" ".join(hours))
    _wait_for_next(series, at)
    return series


@transaction.atomic
def end_series(*, series: Series, by: User, at: datetime | None = None) -> None:
    """No more turns; the one that goes on goes on. Conflict when it has ended."""
    at = at or clock.now()
    if not Series.objects.filter(pk=series.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        raise Conflict("series-ended", _("This had ended already."))
    newest = _newest(series)
    write_audit("rounds.series.ended", by=by, at=at, subject=newest, name=series.name)


@transaction.atomic
def take_turn(*, series_id: UUID, at: datetime) -> datetime | None:
    """Closes the turn before, begins the one that is due, and answers when the next falls; None when there is none.

    What was slept through is not made up for: only the newest turn begins. When nobody would be on it, that is on
    record and the next turn is waited for.
    """
    series = Series.objects.select_for_update().filter(pk=series_id, ended_at__isnull=True).first()
    if series is None:
        return None
    before = _newest(series)
    over = (series.until_on is not None and _today(at) > series.until_on) or (
        before.incident is not None and before.incident.closed_at is not None
    )
    if over:
        Series.objects.filter(pk=series.pk).update(ended_at=at)
        write_audit("rounds.series.ended", by=CLOCK, at=at, subject=before, name=series.name)
        return None
    due, turn = last_turn(series.hours, at, settings.TIME_ZONE)
    if before.began_at < due:
        if before.state == RoundState.OPEN:
            close_round(round_=before, reason=_now("The next turn has begun."), by=series.began_by, at=at)
        _begin_turn(series, before, due, turn, at)
    return next_turn(series.hours, at, settings.TIME_ZONE)[0]


def _begin_turn(series: Series, before: Round, due: datetime, turn: int, at: datetime) -> None:
    here = due.astimezone(ZoneInfo(settings.TIME_ZONE))
    try:
        with transaction.atomic():
            begin_round(
                round_id=uuid5(series.pk, due.isoformat()), community=community_by_id(series.community_id),
                name=f"{series.name} {here:%m-%d %H:%M}", whom=before.whom, kind=before.kind, flag=before.flag,
                from_age=before.from_age, stay=before.stay, post=before.post, incident=before.incident,
                places=[row.place for row in before.places.select_related("place")], tube_size=before.tube_size,
                series=series, turn=turn, by=series.began_by, at=at,
            )  # fmt: skip
    except Refusal as refusal:
        write_audit(
            "rounds.turn.skipped", by=CLOCK, at=at, subject=before, name=series.name, why=refusal.code
        )


def _newest(series: Series) -> Round:
    return series.rounds.select_related("incident", "kind").order_by("-began_at", "-pk")[0]


def _wait_for_next(series: Series, at: datetime) -> None:
    schedule(DUE, at=next_turn(series.hours, at, settings.TIME_ZONE)[0], subject_id=series.pk)


def _today(at: datetime) -> date:
    return local_day(at, settings.TIME_ZONE)
