"""The small community with something going on: for tests that look at every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import RESIDENT
from shouwang.core.due import do_until
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine, take_in_offer
from shouwang.help import services as help_services
from shouwang.help.models import HelpRequest
from shouwang.incidents.models import Incident
from shouwang.incidents.services import open_incident
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.services import stage_register
from shouwang.people.selectors import current_household
from shouwang.places.models import Place
from shouwang.volunteers.services import stand_down
from tests.journeys.ledger_sheet import supplement
from tests.journeys.world import World, small_community, volunteer

TYPED = (
    "土豆5斤、鸡蛋2盒",
    "土豆5斤",
    "土豆",
    "斤",
    "喘不上气",
    "降压药一盒",
    "许安然",
    "高远",
    "租住",
    "子 男",
)
KNOWN = ("8号楼", "2", "501", "李秀英", "户主", "女", "", "", "19900001111", "", "")


@dataclass
class Busy:
    """The small community with something going on, and the ids the pages need."""

    world: World
    waiting: HelpRequest
    danger: HelpRequest
    in_hand: HelpRequest
    incident: Incident
    staged: RegisterImport
    link: str

    @property
    def household(self) -> Any:
        return current_household(self.world.doors["8-2-501"])

    def chinese(self) -> list[str]:
        """Everything Chinese that people have typed or that a place is called, the longest first."""
        typed = [self.incident.name, "补充.xlsx", "区人民医院 透析室", "透析", "李秀英", *TYPED]
        names = [user.name for user in User.objects.all()]
        return sorted([*typed, *names, *Place.objects.values_list("name", flat=True)], key=len, reverse=True)


def busy_community() -> Busy:
    """Requests in several states (one nobody answered), an incident, a sheet to confirm, somebody stood down."""
    world = small_community()
    at, clerk = clock.now() - timedelta(hours=3), world.people["clerk"]
    incident = open_incident(
        community=world.community, name="8号楼封控", protocol="sealed_zone",
        places=[world.building("8")], by=world.people["alice"], at=at,
    )  # fmt: skip
    waiting, link = asked(world, at, "shopping", "土豆5斤、鸡蛋2盒", "8-2-501")
    danger, _link = asked(world, at, "emergency", "喘不上气", "8-2-502")
    in_hand, _link = asked(world, clock.now(), "medicine", "降压药一盒", "9-1-501")
    help_services.offer_request(request=in_hand, volunteer=world.volunteers["vera"], by=clerk)
    help_services.accept_offer(assignment=in_hand.assignments.get(), by=world.people["vera"])
    stood_down = volunteer(world, "ill", "吴敏", world.leaf("8", "1"), phone="19900000007")
    stand_down(volunteer=stood_down, reason="ill", by=clerk)
    staged = stage_register(
        community=world.community, content=supplement(KNOWN), name="补充.xlsx", by=world.people["alice"]
    )
    do_until(clock.now())
    return Busy(world, waiting, danger, in_hand, incident, staged, link)


def share_medicine(world: World) -> None:
    """A bank with a little in it, so that its pages behind the door's code are there."""
    giver, pack = Giver(dwelling=world.doors["8-2-501"]), Pack("paracetamol_tablet", 10, date(2099, 1, 1))
    act = {"by": world.people["clerk"], "at": clock.now()}
    take_in_offer(offer=offer_medicine(community=world.community, giver=giver, pack=pack, **act), **act)


def asked(world: World, at: Any, category: str, words: str, door: str) -> tuple[HelpRequest, str]:
    dwelling = world.doors[door]
    made, link = help_services.take_in_request(
        community_id=world.community.pk, place=None, dwelling=dwelling, household=current_household(dwelling),
        category=category, urgency="today", source="portal", title="", words=words,
        lines=[{"name": "土豆", "quantity": "5", "unit": "斤", "note": ""}] if category == "shopping" else [],
        by=RESIDENT, at=at, asker_phone="19900770001",
    )  # fmt: skip
    return made, link or ""
