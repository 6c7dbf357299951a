"""Power out: who needs oxygen is found at once, each household stands in exactly one state, and why is told to few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry
from shouwang.incidents import services
from shouwang.incidents.models import FirstCheck, Incident
from shouwang.incidents.registry import to_reach
from shouwang.incidents.selectors.first import first_rows, left_to_reach
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, settle, signed_in
from shouwang.people.services import add_flag, add_person, decide_flag

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def flagged(here: Neighbourhood, number: int, kind: str, name: str = "李秀英") -> object:
    home = here.households[number]
    person = add_person(household=home, name=name, relation="head", phone="19900001111", by=OPERATOR, at=AT)
    flag = add_flag(household=home, person=person, kind=kind, source="登记", by=OPERATOR, at=AT)
    if flag.state == "proposed":
        decide_flag(flag=flag, accept=True, by=OPERATOR, at=AT)
    return home


def power_out(here: Neighbourhood, buildings: int = 3, protocol: str = "power_out") -> Incident:
    return services.open_incident(
        community=here.community, name="停电", protocol=protocol, places=here.buildings[:buildings], by=here.alice,
        at=AT,
    )  # fmt: skip


def test_oxygen_comes_first_then_dialysis_and_what_lies_outside_is_not_there(here: Neighbourhood) -> None:
    stairs, dialysis, oxygen = (
        flagged(here, 0, "walks_badly"), flagged(here, 1, "dialysis"), flagged(here, 2, "oxygen")
    )  # fmt: skip
    flagged(here, 3, "dibao")
    outside = flagged(here, 5, "oxygen")
    rows = first_rows(here.scope(here.alice), power_out(here, buildings=2))
    assert [row.household for row in rows] == [oxygen, dialysis, stairs]
    assert outside not in [row.household for row in rows]
    assert rows[0].phone == "19900001111" and rows[0].why == ["家中吸氧"]


def test_each_household_is_in_one_state_and_every_try_is_on_record(here: Neighbourhood) -> None:
    home, incident = flagged(here, 0, "oxygen"), power_out(here)
    for state in ("no_answer", "no_answer", "needs_help", "well"):
        services.record_reached(incident=incident, household=home, state=state, by=here.bob, at=AT)
    check = FirstCheck.objects.get()
    assert (check.state, check.tries) == ("well", 4)
    assert AuditEntry.objects.filter(kind="incidents.first.checked").count() == 4
    with pytest.raises(Refusal):
        services.record_reached(incident=incident, household=home, state="fine", by=here.bob, at=AT)


def test_who_needs_help_stands_on_top_and_who_is_well_at_the_end(here: Neighbourhood) -> None:
    well, calls, waits = (
        flagged(here, 0, "oxygen"),
        flagged(here, 1, "walks_badly"),
        flagged(here, 2, "dialysis"),
    )
    incident = power_out(here)
    services.record_reached(incident=incident, household=well, state="well", by=here.alice, at=AT)
    services.record_reached(incident=incident, household=calls, state="needs_help", by=here.alice, at=AT)
    rows = first_rows(here.scope(here.alice), incident)
    assert [row.household for row in rows] == [calls, waits, well]
    assert [(left, whole) for _i, left, whole in left_to_reach(here.scope(here.alice), AT)] == [(1, 3)]


def test_today_names_them_until_all_are_reached(here: Neighbourhood) -> None:
    home = flagged(here, 0, "oxygen")
    assert to_reach(here.scope(here.alice), AT) == []
    incident = power_out(here)
    (item,) = to_reach(here.scope(here.alice), AT)
    assert item.rank == 1 and "1" in item.title
    services.record_reached(incident=incident, household=home, state="no_answer", by=here.alice, at=AT)
    assert len(to_reach(here.scope(here.alice), AT)) == 1, "no answer is no answer"
    services.record_reached(incident=incident, household=home, state="well", by=here.alice, at=AT)
    assert to_reach(here.scope(here.alice), AT) == []


def test_a_stairwell_head_sees_their_own_and_not_why(here: Neighbourhood) -> None:
    flagged(here, 0, "oxygen"), flagged(here, 2, "oxygen")
    incident = power_out(here)
    (row,) = first_rows(here.scope(here.bob), incident)
    assert row.household == here.households[0] and row.phone and row.why == []
    page = signed_in(here.bob).get(reverse("incidents:first", args=[incident.pk])).content.decode()
    assert "李秀英" in page and "吸氧" not in page and "oxygen" not in page


def test_the_page_keeps_a_word_and_a_foreign_household_is_not_found(here: Neighbourhood) -> None:
    home, other = flagged(here, 0, "oxygen"), flagged(here, 1, "dibao")
    incident = power_out(here)
    client = signed_in(here.alice)
    word = {"state": "well", "command_id": "01a21b95-808d-72b0-a8e8-1d333e0e14f6"}
    for _twice in range(2):
        assert client.post(reverse("incidents:reached", args=[incident.pk, home.pk]), word).status_code == 302
    assert FirstCheck.objects.get().tries == 1, "sent twice is done once"
    assert client.post(reverse("incidents:reached", args=[incident.pk, other.pk]), word).status_code == 404
    assert signed_in(here.charlie).get(reverse("incidents:first", args=[incident.pk])).status_code == 404
    assert AuditEntry.objects.filter(kind="incidents.first.read").count() == 0
    assert client.get(reverse("incidents:first", args=[incident.pk])).status_code == 200
    assert AuditEntry.objects.filter(kind="incidents.first.read").count() == 1


def test_a_sealed_zone_has_no_such_list_and_a_closed_incident_takes_no_word(here: Neighbourhood) -> None:
    home = flagged(here, 0, "oxygen")
    sealed = power_out(here, protocol="sealed_zone")
    assert signed_in(here.alice).get(reverse("incidents:first", args=[sealed.pk])).status_code == 404
    incident = power_out(here)
    Incident.objects.filter(pk=incident.pk).update(state="closed", closed_at=AT + timedelta(hours=1))
    with pytest.raises(Conflict):
        services.record_reached(incident=incident, household=home, state="well", by=here.alice, at=AT)
