"""Building the demo: the place, those who serve, the ledger, the incident, the requests."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from shouwang.core import clock
from shouwang.core.actors import OPERATOR, acting_from
from shouwang.core.due import do_until
from shouwang.help import services as help_services
from shouwang.incidents import services as incidents
from shouwang.ledgers.services import import_at_once
from shouwang.places import selectors as places
from shouwang.places import services as places_services
from shouwang.places.models import Place
from shouwang.places.states import AreaKind
from shouwang.site.demo.crew import Crew, gather_crew
from shouwang.site.demo.goods_custody import hands_this_morning, vegetables_for_hardship
from shouwang.site.demo.goods_gate import gate_this_morning
from shouwang.site.demo.goods_groups import milk_together, vegetables_together
from shouwang.site.demo.goods_medicine import medicine_shared, medicine_this_morning
from shouwang.site.demo.goods_runs import runs_this_morning
from shouwang.site.demo.goods_shopping import shop_this_morning
from shouwang.site.demo.goods_store import keep_store
from shouwang.site.demo.morning import asked_from_above
from shouwang.site.demo.story import tell_story

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
BUILDINGS, IN_A_GRID, ACROSS, APART_M = 24, 8, 6, 62.0
LIFTS = frozenset({"8", "9", "10", "17", "18", "23", "24"})
DIRECTORY = (
    ("区人民医院 透析室", "0471-5550 120", "透析"),
    ("社区卫生服务中心", "0471-5550 103", "医生"),
    ("C区大门岗亭", "0471-5550 001", "大门"),
    ("锦绣物业值班室", "0471-5550 002", "水电维修"),
    ("供热公司", "0471-5550 060", "暖气"),
    ("街道应急办", "0471-5550 110", "街道"),
)


def build_demo(at: datetime | None = None) -> Place:
    """The whole demo as of `at`: about 10 s. The database must be empty of communities."""
    at = at or clock.now()
    # Whole or not at all: a demo whose building was interrupted must not be taken for one. And one write to the
    # disk instead of nine hundred.
    with acting_from("demo"), transaction.atomic():
        founded = at - timedelta(days=60)
        office = places_services.add_office(
            level="subdistrict", code="xincheng", name="新城街道", by=OPERATOR, at=founded
        )
        community = places_services.create_community(
            code="jinxiu", name="锦绣社区", parent=office, by=OPERATOR, at=founded
        )
        _lay_out(community, founded)
        _import_ledger(community, at)
        crew = gather_crew(community, office, founded)
        do_until(at - timedelta(days=2))
        _directory(community, crew, founded)
        _seal_zone(community, crew, at)
        asked_from_above(office, crew, at)
        keep_store(community, crew, at)
        medicine_shared(community, crew, at)
        tell_story(community, crew, at)
        medicine_this_morning(community, crew, at)
        milk_together(community, crew, at - timedelta(minutes=25))
        vegetables_together(community, crew, at - timedelta(minutes=20))
        gate_this_morning(community, crew, at)
        hands_this_morning(community, crew, at)
        vegetables_for_hardship(community, crew, at)
        runs_this_morning(community, crew, at)
        shop_this_morning(community, crew, at)
        do_until(at)
    return community


def _lay_out(community: Place, at: datetime) -> None:
    """Three grids of eight buildings as in the ledger, on a street grid, so that nearness means something."""
    for number in range(BUILDINGS):
        name = f"第{'一二三'[number // IN_A_GRID]}网格"
        grid = places_services.add_grid(community=community, code=name, name=name, by=OPERATOR, at=at)
        code = str(number + 1)
        places_services.ensure_building(
            community=community,
            grid=grid,
            code=code,
            by=OPERATOR,
            at=at,
            has_lift=code in LIFTS,
            x_m=(number % ACROSS) * APART_M,
            y_m=(number // ACROSS) * APART_M,
        )


def _import_ledger(community: Place, at: datetime) -> None:
    name = "zone-c.xlsx"
    # One instant for both: the sheet's day is that of the hour in which it is read, also shortly after midnight.
    read_at = at - timedelta(days=1, hours=1)
    import_at_once(
        community=community,
        content=(SAMPLES / name).read_bytes(),
        name=name,
        by=OPERATOR,
        as_of=clock.local_day(read_at, community.time_zone),
        at=read_at,
    )


def _night_before_last(at: datetime, zone: str) -> datetime:
    """Forty minutes into yesterday: this morning is then the second one inside the line."""
    yesterday = clock.local_day(at, zone) - timedelta(days=1)
    return datetime.combine(yesterday, time(0, 40), ZoneInfo(zone)).astimezone(UTC)


def _directory(community: Place, crew: Crew, at: datetime) -> None:
    for order, (name, phone, kind) in enumerate(DIRECTORY, start=1):
        help_services.add_directory_entry(
            community_id=community.pk,
            name=name,
            phone=phone,
            kind=kind,
            order=order,
            by=crew.secretary,
            at=at,
        )


def _seal_zone(community: Place, crew: Crew, at: datetime) -> None:
    """Scene A1: sealed overnight; twenty buildings first, the line moved to all 24 in the morning."""
    buildings = places.buildings_in(community.pk)
    sealed_at = _night_before_last(at, community.time_zone)
    places_services.make_area(
        community=community,
        kind=AreaKind.COMPOUND,
        name="C区",
        places=buildings,
        by=crew.secretary,
        at=sealed_at,
    )
    incident = incidents.open_incident(
        community=community,
        name="C区封控",
        protocol="sealed_zone",
        places=buildings[:20],
        by=crew.secretary,
        at=sealed_at,
    )
    incidents.move_line(
        incident=incident, add=buildings[20:], remove=[], by=crew.secretary, at=sealed_at + timedelta(hours=8)
    )
