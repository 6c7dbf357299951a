"""Protocols as a community wants them: editions, its own, and open incidents that keep what they began with."""

from __future__ import annotations

import pytest

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents import selectors, services
from shouwang.incidents.models import Incident, ProtocolEdition
from shouwang.incidents.rules import PRESETS, Preset
from shouwang.incidents.selectors.first import first_kinds
from shouwang.incidents.selectors.presets import preset_in, presets_in
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WATER = Preset({"shopping": (10, 60)}, days=14, first=("infant", "walks_badly"))


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def opened(here: Neighbourhood, protocol: str) -> Incident:
    return services.open_incident(
        community=here.community,
        name="停水",
        protocol=protocol,
        places=here.buildings,
        by=here.alice,
        at=here.at,
    )


def keep(here: Neighbourhood, code: str, preset: Preset, **given: object) -> ProtocolEdition:
    return services.keep_preset(
        community=here.community,
        code=code,
        base="power_out",
        preset=preset,
        by=here.alice,
        at=here.at,
        **given,
    )  # type: ignore[arg-type]


def test_an_incident_keeps_what_it_began_with(here: Neighbourhood) -> None:
    before = opened(here, "power_out")
    keep(here, "power_out", WATER)
    after = opened(here, "power_out")
    assert selectors.targets_for(before, "care") == PRESETS["power_out"].targets["care"]
    assert selectors.targets_for(after, "care") is None
    assert selectors.targets_for(after, "shopping") == (10, 60)
    assert first_kinds(before)[0] == "oxygen" and first_kinds(after) == ("infant", "walks_badly")
    assert (before.edition, after.edition, after.purpose.days) == (None, 1, 14)


def test_another_community_keeps_its_own(here: Neighbourhood) -> None:
    keep(here, "power_out", WATER)
    assert preset_in(here.elsewhere.pk, "power_out").preset == PRESETS["power_out"]


def test_one_of_its_own_is_opened_by_its_name(here: Neighbourhood) -> None:
    edition = keep(here, "own-1", WATER, name="停水")
    incident = opened(here, "own-1")
    assert (incident.protocol, incident.protocol_words) == ("power_out", "停水")
    with pytest.raises(Refusal):
        services.open_incident(
            community=here.elsewhere, name="停水", protocol="own-1",
            places=[building_elsewhere(here)], by=here.charlie, at=here.at,
        )  # fmt: skip
    assert AuditEntry.objects.filter(kind="incidents.protocol.changed", subject_id=edition.pk).count() == 1


def building_elsewhere(here: Neighbourhood) -> object:
    from shouwang.incidents.tests.neighbourhood import add_building

    return add_building(here.elsewhere)


def test_editions_are_numbered_and_none_is_lost(here: Neighbourhood) -> None:
    for minutes in (10, 20, 30):
        keep(here, "heat", Preset({"visit": (minutes, 60)}, days=30))
    assert [row.number for row in ProtocolEdition.objects.order_by("number")] == [1, 2, 3]
    assert preset_in(here.community.pk, "heat").preset.targets == {"visit": (30, 60)}
    with pytest.raises(Refusal, match="nothing-changed"):
        keep(here, "heat", Preset({"visit": (30, 60)}, days=30))


def test_a_name_is_needed_and_taken_once(here: Neighbourhood) -> None:
    keep(here, "own-1", WATER, name="停水")
    for name in ("", "  ", "停水"):
        with pytest.raises(Refusal):
            keep(here, "own-2", WATER, name=name)
    keep(here, "own-1", WATER, name="停水", offered=False)
    assert [one.offered for one in presets_in(here.community.pk) if one.own] == [False]


def test_changed_by_form_and_begun_again_from_an_earlier_edition(here: Neighbourhood) -> None:
    client, url = signed_in(here.alice), f"/incidents/protocols/{here.community.pk}/power_out/"
    said = {
        "command_id": uuid7(), "days": "40", "accept_care": "5", "finish_care": "30", "first_oxygen": "1",
        "first_infant": "2",
    }  # fmt: skip
    assert [client.post(url, said).status_code for _time in range(2)] == [302, 302]
    edition = ProtocolEdition.objects.get()
    assert edition.targets == {"care": {"accept": 5, "finish": 30}} and edition.first == ["oxygen", "infant"]
    assert 'value="40"' in client.get(url).content.decode()
    assert 'value="30"' in client.get(url, {"edition": "0"}).content.decode()
    assert client.get(f"/incidents/protocols/{here.community.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"accept_care": "50"}, "finish_care"),
        ({"accept_care": "50", "finish_care": "20"}, "finish_care"),
        ({"first_oxygen": "1", "first_infant": "1"}, "first_infant"),
        ({"days": "0"}, "days"),
        ({"accept_care": "ten", "finish_care": "20"}, "accept_care"),
        ({"accept_care": "99999999999999999999", "finish_care": "20"}, "accept_care"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(here: Neighbourhood, wrong: dict[str, str], at: str) -> None:
    url = f"/incidents/protocols/{here.community.pk}/power_out/"
    answer = signed_in(here.alice).post(url, {"command_id": uuid7(), "days": "30", **wrong})
    assert answer.status_code == 422
    assert at in answer.context["form"].errors
    assert not ProtocolEdition.objects.exists()


def test_one_of_its_own_is_made_by_form_and_then_offered(here: Neighbourhood) -> None:
    client = signed_in(here.alice)
    url = f"/incidents/protocols/{here.community.pk}/new/?like=power_out"
    said = {"command_id": uuid7(), "name": "停水", "days": "14", "offered": "on", "first_infant": "1"}
    assert client.post(url, said).status_code == 302
    code = ProtocolEdition.objects.get().code
    assert f'value="{code}"' in client.get("/incidents/open/").content.decode()
    asked = {
        "command_id": uuid7(), "name": "停水三栋", "protocol": code, "community": here.community.pk,
        "buildings": [here.buildings[0].pk],
    }  # fmt: skip
    page = client.post("/incidents/open/", asked, follow=True).content.decode()
    assert "停水" in page
    foreign = {**asked, "command_id": uuid7(), "community": here.elsewhere.pk}
    assert client.post("/incidents/open/", foreign).status_code == 422
    assert client.get(f"/incidents/protocols/{here.elsewhere.pk}/").status_code == 404
    assert signed_in(here.bob).get(f"/incidents/protocols/{here.community.pk}/").status_code in (403, 404)
