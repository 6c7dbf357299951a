"""Looking into somebody else's building: with a reason, for a time, told to those who answer for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.services import create_user
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, DueRow
from shouwang.core.personal import CARE, HEALTH, ID_NUMBER
from shouwang.core.scope import scope_for
from shouwang.places import selectors, services
from shouwang.places.models import BrokenGlass, Place
from shouwang.places.registry import glass_items
from shouwang.places.states import Role

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
REASON = "5号楼楼长联系不上，楼道里有浓烟"
pytestmark = pytest.mark.django_db


class Town:
    """Two buildings of one community, each with a head, a secretary above, and another community."""

    def __init__(self, at: datetime = AT) -> None:
        self.community = services.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at)
        self.five, self.six = (
            services.ensure_building(community=self.community, code=code, by=OPERATOR, at=at)
            for code in ("5", "6")
        )
        self.other = services.create_community(code="biantai", name="边台村", by=OPERATOR, at=at)
        self.far = services.ensure_building(community=self.other, code="5", by=OPERATOR, at=at)
        self.secretary = self._post("secretary", self.community, Role.SECRETARY, at)
        self.head_of_five = self._post("five", self.five, Role.BUILDING_HEAD, at)
        self.head_of_six = self._post("six", self.six, Role.BUILDING_HEAD, at)

    @staticmethod
    def _post(name: str, place: Place, role: str, at: datetime) -> Any:
        user = create_user(username=name, name=f"人{name}", password=None, by=OPERATOR, at=at)
        services.appoint(place=place, role=role, holder=user, by=OPERATOR, at=at)
        return user


def broken(town: Town, at: datetime = AT, minutes: int = 60) -> BrokenGlass:
    return services.break_glass(place=town.five, reason=REASON, minutes=minutes, by=town.head_of_six, at=at)


def sees(town: Town, user: Any, at: datetime) -> set[str]:
    return {place.code for place in selectors.places_for(scope_for(user, at), "register.see")}


def test_it_opens_one_building_for_looking_and_ends_by_itself() -> None:
    town = Town()
    assert sees(town, town.head_of_six, AT) == {"6"}
    broken(town)
    scope = scope_for(town.head_of_six, AT + timedelta(minutes=59))
    assert sees(town, town.head_of_six, AT + timedelta(minutes=59)) == {"5", "6"}
    assert {CARE, HEALTH} <= scope.classes_for(town.five) and ID_NUMBER not in scope.classes_for(town.five)
    assert not any(
        scope.covers(capability, town.five)
        for capability in ("today.see", "register.edit", "care.edit", "post.fill", "help.close", "audit.see")
    )
    assert sees(town, town.head_of_six, AT + timedelta(minutes=60)) == {"6"}


def test_it_can_be_ended_earlier_and_is_one_at_a_time() -> None:
    town = Town()
    row = broken(town)
    with pytest.raises(Conflict, match="glass-live"):
        broken(town, AT + timedelta(minutes=5))
    services.end_glass(glass=row, by=town.head_of_six, at=AT + timedelta(minutes=10))
    assert sees(town, town.head_of_six, AT + timedelta(minutes=10)) == {"6"}
    with pytest.raises(Conflict, match="glass-over"):
        services.end_glass(glass=row, by=town.head_of_six, at=AT + timedelta(minutes=11))
    broken(town, AT + timedelta(minutes=12))


@pytest.mark.parametrize(
    ("said", "code"),
    [({"reason": "看看"}, "reason-missing"), ({"minutes": 600}, "too-long"), ({"minutes": 0}, "too-long")],
)
def test_without_a_reason_or_an_end_it_is_refused(said: dict[str, Any], code: str) -> None:
    town = Town()
    usual: dict[str, Any] = {"place": town.five, "reason": REASON, "minutes": 15, "by": town.head_of_six}
    with pytest.raises(Refusal, match=code):
        services.break_glass(**{**usual, **said}, at=AT)


def test_those_who_answer_for_the_building_are_told_and_say_that_they_know() -> None:
    town = Town()
    row = broken(town)
    assert DueRow.objects.filter(kind="notices.tell_glass", subject_id=row.pk, due_at=AT).exists()
    for user in (town.secretary, town.head_of_five):
        (item,) = glass_items(scope_for(user, AT), AT)
        assert item.small == REASON and town.head_of_six.name in str(item.title)
    assert glass_items(scope_for(town.head_of_six, AT), AT) == []
    services.mark_glass_seen(glass=row, by=town.head_of_five, at=AT + timedelta(minutes=3))
    services.mark_glass_seen(glass=row, by=town.secretary, at=AT + timedelta(minutes=9))
    assert glass_items(scope_for(town.secretary, AT), AT) == []
    row.refresh_from_db()
    assert row.seen_by == town.head_of_five
    kinds = list(AuditEntry.objects.filter(subject_id=row.pk).order_by("id").values_list("kind", flat=True))
    assert kinds == ["places.glass.broken", "places.glass.seen"]
    assert REASON not in str(
        list(AuditEntry.objects.filter(subject_id=row.pk).values_list("payload", flat=True))
    )


def test_who_looks_cannot_say_that_it_was_read() -> None:
    """Two who look into one building do not answer for it, and so do not read of each other."""
    town = Town()
    row = broken(town)
    third = Town._post("third", services.ensure_building(community=town.community, code="7", by=OPERATOR, at=AT),
                       Role.BUILDING_HEAD, AT)  # fmt: skip
    services.break_glass(place=town.five, reason=REASON, minutes=15, by=third, at=AT)
    assert not selectors.unseen_glass(scope_for(third, AT)).exists()
    assert selectors.unseen_glass(scope_for(town.secretary, AT)).filter(pk=row.pk).exists()


def test_only_buildings_of_ones_own_community_can_be_chosen() -> None:
    town = Town()
    assert [place.code for place in selectors.glass_places(scope_for(town.head_of_six, AT))] == ["5"]
    assert not selectors.glass_places(scope_for(town.secretary, AT)).exists()


def test_the_reason_goes_after_its_days() -> None:
    town = Town()
    broken(town)
    late = AT + timedelta(days=181)
    assert services.erase_glass(AT + timedelta(days=100), 10) == 0
    assert services.erase_glass(late, 10) == 1 and not selectors.old_glass(late).exists()


def test_the_page(client: Client) -> None:
    town = Town(clock.now())
    client.force_login(town.head_of_six, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("places:glass")
    said = {"command_id": str(uuid7()), "place": str(town.five.pk), "reason": REASON, "minutes": "15"}
    assert client.post(address, {**said, "reason": "看看"}).status_code == 422
    assert client.post(address, {**said, "place": str(town.far.pk)}).status_code == 422
    assert client.post(address, said).status_code == 302
    row = BrokenGlass.objects.get()
    mine = client.get(address).content.decode()
    assert REASON in mine and reverse("places:end_glass", args=[row.pk]) in mine
    assert (
        client.post(reverse("places:see_glass", args=[row.pk]), {"command_id": str(uuid7())}).status_code
        == 404
    )
    owner = Client()
    owner.force_login(town.secretary, backend="django.contrib.auth.backends.ModelBackend")
    assert REASON in owner.get(address).content.decode()
    assert (
        owner.post(reverse("places:see_glass", args=[row.pk]), {"command_id": str(uuid7())}).status_code
        == 302
    )
    assert (
        client.post(reverse("places:end_glass", args=[row.pk]), {"command_id": str(uuid7())}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.seen_by == town.secretary and not row.is_live(clock.now())
