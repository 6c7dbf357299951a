"""Rounds asked for from above: communities begin their own, and above only numbers are seen, in the order of places."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.scope import scope_for
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, signed_in
from shouwang.places import services as places
from shouwang.places.models import Place
from shouwang.places.selectors import office_by_code
from shouwang.rounds import services
from shouwang.rounds.models import Campaign, Tally
from shouwang.rounds.registry.coverage import rounds_asked_for
from shouwang.rounds.selectors.campaigns import (
    Sums,
    buildings_counted,
    campaigns_for,
    counted_by_building,
    overview_of,
)
from shouwang.rounds.selectors.kinds import shipped_kind
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@dataclass
class Above:
    """A district with two subdistricts, the community of `here` under the first; officers of the district and of both."""

    district: Place
    offices: list[Place]
    all: User
    officers: list[User]


@pytest.fixture
def above(here: Neighbourhood) -> Above:
    district = places.add_office(level="district", code="bt", name="北塔区", by=OPERATOR, at=AT)
    offices = [
        places.add_office(level="subdistrict", code=code, name=name, parent=district, by=OPERATOR, at=AT)
        for code, name in (("s1", "东街道"), ("s2", "西街道"))
    ]
    places.place_under(community=here.community, office=offices[0], by=OPERATOR, at=AT)
    here.community.refresh_from_db()
    users = [add_user(name) for name in ("Above", "East", "West")]
    for place, user in zip((district, *offices), users, strict=True):
        places.appoint(place=place, role="subdistrict_officer", holder=user, by=OPERATOR, at=AT)
    for row in (district, *offices):
        row.refresh_from_db()
    return Above(district, offices, users[0], users[1:])


def asked(above: Above, place: Place | None = None) -> Campaign:
    return services.begin_campaign(
        place=place or above.district, name="全区采样", words="请大家帮忙", by=above.all, at=AT
    )


def test_a_community_is_put_under_an_office_with_all_below_it(here: Neighbourhood, above: Above) -> None:
    for row in (here.community, here.stairwells[0]):
        row.refresh_from_db()
    assert here.stairwells[0].path.startswith(here.community.path)
    assert here.community.path.startswith(above.offices[0].path)
    with pytest.raises(Refusal):
        places.place_under(community=here.stairwells[0], office=above.district, by=OPERATOR, at=AT)
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_counts_come_up_the_tree_and_agree_with_the_rosters(here: Neighbourhood, above: Above) -> None:
    campaign = asked(above)
    round_ = begun(here, campaign=campaign)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    services.mark_entry(
        entry=entry_of(round_, "居民1head"), state="refused", note="已解释", by=here.alice, at=AT
    )
    shown = overview_of(here.scope(above.all), campaign)
    assert shown.sums == Sums(12, 1, 10)
    assert (shown.sums.otherwise, shown.waiting) == (1, 0)
    assert [(office.place, [row.place for row in office.rows]) for office in shown.offices] == [
        (above.offices[0], [here.community])
    ]
    by_building = {row.place.pk: row.sums for row in buildings_counted(campaign, here.community)}
    assert by_building == counted_by_building(campaign.pk)
    assert by_building[here.buildings[0].pk] == Sums(4, 1, 2)
    assert set(Tally.objects.values_list("community_id", flat=True)) == {here.community.pk}


def test_each_office_sees_its_own_communities_and_no_other(here: Neighbourhood, above: Above) -> None:
    places.place_under(community=here.elsewhere, office=above.offices[1], by=OPERATOR, at=AT)
    campaign, east_only = asked(above), asked(above, above.offices[0])
    begun(here, campaign=campaign)
    east, west = (here.scope(user) for user in above.officers)
    assert overview_of(east, campaign).sums.total == 12
    assert (overview_of(west, campaign).sums.total, overview_of(west, campaign).waiting) == (0, 1)
    assert overview_of(here.scope(above.all), campaign).waiting == 1
    assert set(campaigns_for(east)) == {campaign, east_only}
    assert set(campaigns_for(west)) == {campaign}
    assert set(campaigns_for(here.scope(here.alice))) == {campaign, east_only}
    assert not campaigns_for(here.scope(here.bob)).exists()
    west_page = signed_in(above.officers[1])
    assert west_page.get(reverse("rounds:campaign", args=[east_only.pk])).status_code == 404
    mine = reverse("rounds:campaign_community", args=[campaign.pk, here.community.pk])
    assert (west_page.get(mine).status_code, signed_in(above.officers[0]).get(mine).status_code) == (404, 200)


def test_a_round_belongs_to_what_is_asked_of_its_own_community(here: Neighbourhood, above: Above) -> None:
    west, over = asked(above, above.offices[1]), asked(above)
    services.close_campaign(campaign=over, by=above.all, at=AT)
    for campaign in (west, over):
        with pytest.raises(Refusal, match="campaign-over"):
            begun(here, campaign=campaign)
    with pytest.raises(Conflict):
        services.close_campaign(campaign=over, by=above.all, at=AT)
    with pytest.raises(Refusal, match="not-above"):
        asked(above, here.community)


def test_a_community_is_asked_until_it_has_begun(here: Neighbourhood, above: Above) -> None:
    campaign, scope = asked(above), here.scope(here.alice)
    [item] = rounds_asked_for(scope, AT)
    assert item.url.endswith(f"?campaign={campaign.pk}")
    assert not rounds_asked_for(here.scope(here.charlie), AT)
    assert not rounds_asked_for(here.scope(here.bob), AT)
    client, kind = signed_in(here.alice), shipped_kind("sampling")
    page = client.get(item.url).content.decode()
    onwards = f"{reverse('rounds:begin', args=[kind.pk])}?campaign={campaign.pk}"
    assert campaign.name in page and f'href="{onwards}"' in page
    assert f'<option value="{campaign.pk}" selected>' in client.get(onwards).content.decode()
    for strange in ("", "nonsense", str(kind.pk)):
        page = client.get(reverse("rounds:choose_kind"), {"campaign": strange}).content.decode()
        assert campaign.name not in page and f'href="{reverse("rounds:begin", args=[kind.pk])}"' in page
    begun(here, campaign=campaign)
    assert not rounds_asked_for(here.scope(here.alice), AT)


def test_an_officer_asks_by_the_page_sees_numbers_only_and_the_page_renews_itself(
    here: Neighbourhood, above: Above
) -> None:
    client = signed_in(above.all)
    assert client.get("/").headers["Location"] == reverse("rounds:coverage")
    form = {
        "command_id": "018f2a3c-0000-7000-8000-000000000001", "name": "第二轮", "words": "", "place": str(above.district.pk),
    }  # fmt: skip
    for _turn in range(2):
        assert client.post(reverse("rounds:coverage"), form).status_code == 302
    [campaign] = Campaign.objects.all()
    round_ = begun(here, campaign=campaign)
    url = reverse("rounds:campaign", args=[campaign.pk])
    page = client.get(url)
    words = page.content.decode()
    assert "锦绣社区" in words and "居民0head" not in words and "19900000000" not in words
    assert client.get(url, {"after": page.headers["X-After"]}).status_code == 204
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    renewed = client.get(url, {"after": page.headers["X-After"]})
    assert (renewed.status_code, "<html" in renewed.content.decode()) == (200, False)
    for name in ("rounds:round", "rounds:missing"):
        assert client.get(reverse(name, args=[round_.pk])).status_code == 404


def test_only_who_asked_or_is_above_ends_it(here: Neighbourhood, above: Above) -> None:
    campaign = asked(above)
    url = reverse("rounds:close_campaign", args=[campaign.pk])
    press = {"command_id": "018f2a3c-0000-7000-8000-000000000003"}
    for user in (here.alice, above.officers[0]):
        assert signed_in(user).post(url, press).status_code == 404
    client = signed_in(above.all)
    assert client.get(url).status_code == 200
    assert client.post(url, press).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "closed"


def test_offices_are_entered_on_the_command_line(here: Neighbourhood) -> None:
    def run(*words: str) -> None:
        call_command("community", *words, stdout=StringIO())

    run("office", "bt", "--level", "district", "--name", "北塔区", "--officer", "charlie")
    run("office", "s1", "--level", "subdistrict", "--name", "东街道", "--under", "bt")
    run("under", "jx", "s1")
    here.community.refresh_from_db()
    office = office_by_code("s1")
    assert office is not None and here.community.path.startswith(office.path)
    assert scope_for(here.charlie, clock.now()).can("campaign.begin")
