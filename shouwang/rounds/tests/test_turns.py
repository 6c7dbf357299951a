"""Rounds that come again every day: at the hours on the wall, each turn once, nobody carried over and nobody lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import Neighbourhood, do_due, settle, signed_in
from shouwang.people.services import add_person, close_household
from shouwang.rounds.engines.turns import last_turn, next_turn, read_hours
from shouwang.rounds.models import Entry, Round, Series
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.selectors.series import series_told
from shouwang.rounds.services import Word, add_spots, begin_round, come_again, end_series, hear_words

ZONE = "Asia/Shanghai"
AT = datetime(2026, 2, 20, 1, 30, tzinfo=UTC)  # 09:30 on the wall


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def here(db: Any) -> Neighbourhood:
    here = settle(AT)
    for number, home in enumerate(here.households):
        add_person(household=home, name=f"居民{number}", relation="head", by=OPERATOR, at=AT)  # type: ignore[arg-type]
    return here


def calls(here: Neighbourhood, hours: tuple[str, ...] = ("08:00",), **more: Any) -> tuple[Round, Series]:
    round_ = begin_round(
        community=here.community, name="每日问候", kind=shipped_kind("daily_call"), places=here.buildings,
        by=here.alice, at=AT,
    )  # fmt: skip
    return round_, come_again(round_=round_, hours=hours, by=here.alice, at=AT, **more)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", ()), ("8:00", ("08:00",)), ("20:00 08:00 14:00", ("08:00", "14:00", "20:00")),
        ("８：００、１４点", ("08:00", "14:00")), ("8点和18:30", ("08:00", "18:30")), ("8 8:00", ("08:00",)),
        ("24:00", None), ("8:60", None), ("morning", None), ("1 2 3 4 5 6 7", None),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(said: str, read: tuple[str, ...] | None) -> None:
    assert read_hours(said) == read


@given(
    st.lists(st.integers(0, 1439), min_size=1, max_size=6, unique=True),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
)
def test_the_last_turn_and_the_next_have_none_between(minutes: list[int], now: datetime) -> None:
    hours = tuple(sorted(f"{m // 60:02d}:{m % 60:02d}" for m in minutes))
    at = now.replace(tzinfo=UTC)
    (last, number), (following, after) = last_turn(hours, at, ZONE), next_turn(hours, at, ZONE)
    assert last <= at < following <= last + timedelta(days=1)
    assert after == (number + 1) % len(hours)
    assert next_turn(hours, last, ZONE)[0] == following


@pytest.mark.both
def test_each_morning_the_turn_before_is_closed_and_a_new_one_begins(here: Neighbourhood) -> None:
    first, series = calls(here)
    entry = first.entries.order_by("pk")[0]
    hear_words([Word(id=uuid7(), entry_id=entry.pk, state="done")], by=here.alice, at=AT)
    do_due("clock", wall(21, 7, 59))
    assert Round.objects.filter(series=series).count() == 1
    do_due("clock", wall(21, 8))
    first.refresh_from_db()
    second = Round.objects.get(series=series, state="open")
    assert (first.state, first.signed_off_count, first.closed_by) == ("closed", 5, here.alice)
    assert set(first.entries.values_list("state", flat=True)) == {"done", "not_reached"}
    assert (second.name, second.entries.count(), second.kind) == ("每日问候 02-21 08:00", 6, first.kind)
    assert set(second.entries.values_list("state", flat=True)) == {"waiting"}
    do_due("clock", wall(21, 12))
    assert Round.objects.filter(series=series).count() == 2
    do_due("clock", wall(22, 8, 5))
    assert Round.objects.filter(series=series).count() == 3


@pytest.mark.both
def test_what_was_slept_through_is_not_made_up_for(here: Neighbourhood) -> None:
    _first, series = calls(here, ("08:00", "14:00", "20:00"))
    do_due("clock", wall(23, 15))
    names = Round.objects.filter(series=series).order_by("began_at").values_list("name", "turn")
    assert list(names) == [("每日问候", None), ("每日问候 02-23 14:00", 1)]


@pytest.mark.both
def test_a_spot_has_as_many_turns_as_it_is_looked_after(here: Neighbourhood) -> None:
    add_spots(
        community=here.community, places=here.stairwells[:2], name="电梯", per_day=3, by=here.alice, at=AT
    )
    add_spots(
        community=here.community, places=here.stairwells[:1], name="垃圾桶", per_day=1, by=here.alice, at=AT
    )
    round_ = begin_round(
        community=here.community, name="消杀", kind=shipped_kind("disinfection"), places=here.buildings,
        by=here.alice, at=AT,
    )  # fmt: skip
    come_again(round_=round_, hours=("08:00", "14:00", "20:00"), by=here.alice, at=AT)
    do_due("clock", AT + timedelta(minutes=10))
    assert sorted(round_.entries.values_list("spot__name", "state")) == [
        ("垃圾桶", "waiting"), ("电梯", "waiting"), ("电梯", "waiting"),
    ]  # fmt: skip
    found = []
    for hour in (14, 20, 32):
        do_due("clock", wall(20, 0) + timedelta(hours=hour))
        newest = Round.objects.get(state="open")
        found.append(sorted(Entry.objects.filter(round=newest).values_list("spot__name", flat=True)))
    assert found == [["电梯", "电梯"], ["电梯", "电梯"], ["垃圾桶", "电梯", "电梯"]]
    add_spots(
        community=here.community, places=here.stairwells[2:3], name="把手", per_day=3, by=here.alice, at=AT
    )
    do_due("clock", wall(21, 9))
    assert Entry.objects.filter(round__state="open").count() == 4, "and the roster follows the list"


@pytest.mark.both
def test_it_ends_with_its_last_day_or_by_a_hand(here: Neighbourhood) -> None:
    _first, series = calls(here, until_on=date(2026, 2, 21))
    do_due("clock", wall(21, 9))
    do_due("clock", wall(22, 9))
    series.refresh_from_db()
    assert series.ended_at is not None
    assert Round.objects.filter(series=series).count() == 2
    assert Round.objects.filter(series=series, state="open").count() == 1, (
        "the last turn is closed by a person"
    )
    _other, again = calls(here)
    end_series(series=again, by=here.alice, at=AT)
    with pytest.raises(Conflict):
        end_series(series=again, by=here.alice, at=AT)
    do_due("clock", wall(25, 9))
    assert Round.objects.filter(series=again).count() == 1


@pytest.mark.both
def test_a_turn_with_nobody_on_it_is_on_record_and_the_next_is_waited_for(here: Neighbourhood) -> None:
    _first, series = calls(here)
    for home in here.households:
        close_household(household=home, by=here.alice, at=AT)  # type: ignore[arg-type]
    do_due("clock", wall(21, 9))
    assert Round.objects.filter(series=series).count() == 1
    assert AuditEntry.objects.get(kind="rounds.turn.skipped").payload["why"] == "nobody-on-it"
    assert series_told(Round.objects.get(series=series), wall(21, 9)).next_at == wall(22, 8)  # type: ignore[union-attr]


@pytest.mark.both
def test_only_a_round_that_comes_once_can_be_made_to_come_again(here: Neighbourhood) -> None:
    round_, _series = calls(here)
    with pytest.raises(Refusal):
        come_again(round_=round_, hours=("09:00",), by=here.alice, at=AT)
    with pytest.raises(Refusal):
        calls(here, until_on=date(2026, 2, 19))


def test_it_is_begun_and_ended_on_the_pages(here: Neighbourhood) -> None:
    client, kind = signed_in(here.alice), shipped_kind("daily_call")
    said = {
        "name": "每日问候",
        "community": str(here.community.pk),
        "hours": "8点 25:00",
        "command_id": str(uuid7()),
    }
    page = client.post(f"/rounds/begin/{kind.pk}/", said)
    assert (page.status_code, Round.objects.count()) == (422, 0)
    said |= {"hours": "8点 20:00", "command_id": str(uuid7())}
    assert client.post(f"/rounds/begin/{kind.pk}/", said).status_code == 302
    round_ = Round.objects.get()
    assert round_.series is not None
    assert round_.series.hours == ["08:00", "20:00"]
    page = client.get(f"/rounds/{round_.pk}/")
    assert "20:00" in page.content.decode()
    end = f"/rounds/{round_.pk}/turns/end/"
    assert client.post(end, {"command_id": str(uuid7())}, follow=True).status_code == 200
    round_.series.refresh_from_db()
    assert round_.series.ended_by == here.alice
