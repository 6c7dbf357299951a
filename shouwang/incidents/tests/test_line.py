"""Opening an incident and moving its line: the past stays, what is asked twice happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry, Purpose
from shouwang.core.registry import chips, today_sources
from shouwang.incidents import selectors, services
from shouwang.incidents.models import Incident, IncidentPlace
from shouwang.incidents.rules import PRESETS
from shouwang.incidents.signals import line_moved
from shouwang.incidents.states import IncidentState, Protocol
from shouwang.incidents.tests.neighbourhood import Neighbourhood, add_building, settle

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def sealed(here: Neighbourhood, *places: object) -> Incident:
    return services.open_incident(
        community=here.community, name="C区封控", protocol=Protocol.SEALED_ZONE, places=places or here.buildings[:2],
        by=here.alice, at=here.at,
    )  # fmt: skip


def test_everyone_inside_falls_under_the_incident(here: Neighbourhood) -> None:
    incident = sealed(here)
    assert selectors.incident_of_place(here.stairwells[0], here.at) == incident
    assert selectors.incident_of_place(here.buildings[1], here.at) == incident
    assert selectors.incident_of_place(here.stairwells[4], here.at) is None
    assert selectors.counts_inside(incident, here.at) == {"buildings": 2, "doors": 8, "households": 4}
    assert {h.pk for h in selectors.households_inside(incident)} == {h.pk for h in here.households[:4]}


def test_a_grid_stands_for_its_buildings(here: Neighbourhood) -> None:
    incident = sealed(here, here.grid)
    assert selectors.inside_line(incident, here.at) == here.buildings


def test_the_preset_is_copied_and_kept(here: Neighbourhood) -> None:
    incident = sealed(here)
    assert selectors.targets_for(incident, "medicine") == PRESETS[Protocol.SEALED_ZONE].targets["medicine"]
    assert selectors.targets_for(incident, "thanks") is None
    assert selectors.targets_for(None, "medicine") is None
    purpose = incident.purpose
    assert (purpose.subject_id, purpose.ended_at, purpose.days) == (incident.pk, None, 30)


def test_the_line_moves_and_the_past_stays(here: Neighbourhood) -> None:
    incident, later = sealed(here), here.later(60)
    added, removed = services.move_line(
        incident=incident, add=[here.buildings[2]], remove=[here.buildings[0]], by=here.alice, at=later
    )
    assert (added, removed) == ([here.buildings[2].pk], [here.buildings[0].pk])
    assert selectors.inside_line(incident, here.later(59)) == here.buildings[:2]
    assert selectors.inside_line(incident, later) == here.buildings[1:]
    moves = selectors.moves_of(incident)
    assert [(move.at, len(move.added), len(move.removed)) for move in moves] == [
        (later, 1, 1),
        (here.at, 2, 0),
    ]
    assert moves[0].added == ("3号楼",)


def test_what_is_so_already_is_left_alone(here: Neighbourhood) -> None:
    incident = sealed(here)
    before = AuditEntry.objects.count()
    answer = services.move_line(
        incident=incident, add=[here.buildings[0], here.stairwells[0]], remove=[here.buildings[2]], by=here.alice,
        at=here.later(1),
    )  # fmt: skip
    assert answer == ([], [])
    assert (AuditEntry.objects.count(), IncidentPlace.objects.count()) == (before, 2)


def test_single_stairwells_and_their_building(here: Neighbourhood) -> None:
    incident = sealed(here, here.stairwells[0])
    states = {line.place.name: line.state for line in selectors.line_buildings(incident, here.at)}
    assert states == {"1号楼": "part", "2号楼": "out", "3号楼": "out"}
    assert selectors.incident_of_place(here.stairwells[1], here.at) is None
    services.move_line(incident=incident, add=[here.buildings[0]], by=here.alice, at=here.later(1))
    assert selectors.inside_line(incident, here.later(1)) == [here.buildings[0]]
    services.move_line(incident=incident, remove=[here.buildings[0]], by=here.alice, at=here.later(2))
    assert selectors.inside_line(incident, here.later(2)) == []


def test_a_move_is_announced_with_its_places(here: Neighbourhood) -> None:
    heard: list[dict[str, object]] = []

    def listen(**news: object) -> None:
        heard.append(news)

    incident = sealed(here)
    line_moved.connect(listen)
    try:
        services.move_line(incident=incident, add=[here.buildings[2]], by=here.alice, at=here.at)
    finally:
        line_moved.disconnect(listen)
    assert [(n["incident_id"], n["added"]) for n in heard] == [(incident.pk, [here.buildings[2].pk])]


def test_nothing_is_half_written_for_a_wrong_place(here: Neighbourhood) -> None:
    far = add_building(here.elsewhere)
    with pytest.raises(Refusal, match="foreign-place"):
        sealed(here, here.buildings[0], far)
    with pytest.raises(Refusal, match="no-places"):
        services.open_incident(
            community=here.community, name="x", protocol="heat", places=[], by=here.alice, at=here.at
        )
    assert (Incident.objects.count(), Purpose.objects.count()) == (0, 0)


def test_suspending_rests_it_and_resuming_brings_it_back(here: Neighbourhood) -> None:
    incident = sealed(here)
    services.suspend_incident(incident=incident, by=here.alice, at=here.later(5))
    assert incident.suspended_at == here.later(5)
    assert selectors.open_incidents(here.community.pk) == []
    assert selectors.incident_of_place(here.stairwells[0], here.later(5)) is None
    with pytest.raises(Conflict):
        services.suspend_incident(incident=incident, by=here.alice, at=here.later(6))
    services.resume_incident(incident=incident, by=here.alice, at=here.later(7))
    assert (incident.state, incident.suspended_at) == (IncidentState.OPEN, None)
    assert selectors.open_incidents(here.community.pk) == [incident]


def test_a_stale_page_cannot_suspend_twice(here: Neighbourhood) -> None:
    incident = sealed(here)
    stale = Incident.objects.get(pk=incident.pk)
    services.suspend_incident(incident=incident, by=here.alice, at=here.at)
    with pytest.raises(Conflict, match="moved-meanwhile"):
        services.suspend_incident(incident=stale, by=here.alice, at=here.at)


def test_who_sees_it_and_who_leads_it(here: Neighbourhood) -> None:
    incident = sealed(here)
    assert selectors.incident_for(here.scope(here.bob), incident.pk) == incident
    for user in (here.bob, here.charlie):
        with pytest.raises(Http404):
            selectors.incident_for(here.scope(user), incident.pk, "incident.lead")
    with pytest.raises(Http404):
        selectors.incident_for(here.scope(here.charlie), incident.pk)
    assert selectors.incident_for(here.scope(here.alice), incident.pk, "incident.lead") == incident


def test_the_chip_says_what_and_since_when(here: Neighbourhood) -> None:
    incident = sealed(here)
    chip = chips.get("incidents.now").chip
    shown = chip(here.scope(here.bob, 24 * 60), here.later(24 * 60))
    assert shown is not None
    assert shown.tone == "need"
    assert all(word in str(shown.label) for word in ("C区封控", "2", "4"))
    assert chip(here.scope(here.charlie), here.at) is None
    services.suspend_incident(incident=incident, by=here.alice, at=here.at)
    rested = chip(here.scope(here.alice), here.at)
    assert rested is not None
    assert rested.tone == "mute"


def test_today_tells_of_a_line_that_moved(here: Neighbourhood) -> None:
    items = today_sources.get("incidents.moved").items
    incident = sealed(here)
    assert list(items(here.scope(here.alice), here.at)) == []
    services.move_line(incident=incident, remove=[here.buildings[0]], by=here.alice, at=here.later(10))
    found = items(here.scope(here.alice, 11), here.later(11))
    assert [item.key for item in found] == [f"line:{incident.pk}:{here.later(10).isoformat()}"]
    assert "1号楼" in str(found[0].small)
    day_after = here.at + timedelta(days=2)
    assert list(items(here.scope(here.alice, 2 * 24 * 60), day_after)) == []


def test_the_page_asks_few_questions(here: Neighbourhood, django_assert_max_num_queries: object) -> None:
    incident = sealed(here)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(selectors.line_buildings(incident, here.at)) == 3
