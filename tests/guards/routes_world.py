"""A small world for the tests of who may enter where: two communities, and everybody who can sign in.

A corner is a stairwell with a household, its requests and its volunteer. `here` is everybody's own; `next_door` is
another stairwell of the same building; `away` is in another community. Each text of a corner carries its mark, so
that one look at an answer says whose secrets are in it. All of it is made up, written by the services alone.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from shouwang.accounts.models import ApiToken, Device, OwnSession, User
from shouwang.accounts.services import create_token, create_user
from shouwang.accounts.services.devices import enrol_device
from shouwang.core import clock
from shouwang.core.actors import OPERATOR, RESIDENT
from shouwang.core.ids import uuid7
from shouwang.field.models import SetAside
from shouwang.help import services as help_services
from shouwang.help.models import (
    Assignment,
    DirectoryEntry,
    GroupPurchase,
    HelpRequest,
    HotlineTicket,
    Order,
    ShoppingRun,
)
from shouwang.incidents.models import Incident
from shouwang.incidents.services import open_incident
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.services import stage_register
from shouwang.notices.models import Channel, Message
from shouwang.notices.services import add_channel, tell
from shouwang.people.models import (
    CareFlag,
    Contact,
    Contradiction,
    Household,
    Person,
    PersonMerge,
    Proxy,
    ResidentCode,
)
from shouwang.places import services as places
from shouwang.places.models import BrokenGlass, Dwelling, Place, Post
from shouwang.places.states import Role
from shouwang.rounds.models import (
    Campaign,
    Consignment,
    Entry,
    Kind,
    Proposal,
    Round,
    Slot,
    Spot,
    TracingLine,
    TracingList,
    Tube,
    WalkIn,
    WalkingList,
)
from shouwang.volunteers import services as volunteers
from shouwang.volunteers.models import Volunteer
from tests.guards.routes_goods_custody import hand_around
from tests.guards.routes_goods_gate import stock_gate
from tests.guards.routes_goods_groups import open_purchases
from tests.guards.routes_goods_medicine import share_medicine
from tests.guards.routes_goods_runs import carry_runs
from tests.guards.routes_goods_shopping import go_shopping
from tests.guards.routes_goods_store import keep_store
from tests.guards.routes_homes import household_of, id_number
from tests.guards.routes_rounds import go_round, share_all

POSTS = tuple(Role.values)
WITHOUT_POST = ("volunteer", "volunteer_free", "technician", "newcomer")
SIGNED_IN = (*POSTS, *WITHOUT_POST)
ANONYMOUS = "anonymous"
ROLES = (*SIGNED_IN, ANONYMOUS)
# Whose posts end at one stairwell, or who has none: the next stairwell is as foreign to them as another town.
STAIRWELL_ONLY = ("stairwell_head", *WITHOUT_POST)


@dataclass
class Belongings:
    """What is one user's own."""

    user: User
    channel: Channel
    message: Message
    token: ApiToken
    session: OwnSession
    device: Device
    read_secret: str
    write_secret: str
    glass: BrokenGlass | None = None


@dataclass
class Corner:
    """One stairwell with all that hangs on it. `mark` stands in every text of it."""

    mark: str
    number: int
    office: Place
    community: Place
    grid: Place
    building: Place
    stairwell: Place
    dwelling: Dwelling
    empty: Dwelling
    household: Household
    person: Person
    relative: Person
    merge: PersonMerge
    contradiction: Contradiction
    flag: CareFlag
    proposed: CareFlag
    contact: Contact
    proxy: Proxy
    code: ResidentCode
    phone_link: str
    post: Post | None = None
    incident: Incident | None = None
    ticket: HotlineTicket | None = None
    round: Round | None = None
    roster_entry: Entry | None = None
    set_aside: SetAside | None = None
    tube: Tube | None = None
    consignment: Consignment | None = None
    walk_in: WalkIn | None = None
    asked_round: Round | None = None
    kind: Kind | None = None
    own_kind: Kind | None = None
    proposal: Proposal | None = None
    slot: Slot | None = None
    slot_called: Slot | None = None
    walking_list: WalkingList | None = None
    walk_waiting: WalkingList | None = None
    campaign: Campaign | None = None
    spot: Spot | None = None
    tracing_list: TracingList | None = None
    tracing_line: TracingLine | None = None
    parcel: Any = None
    store: Any = None
    entry: DirectoryEntry | None = None
    staged: RegisterImport | None = None
    volunteer: Volunteer | None = None
    glass: BrokenGlass | None = None
    custody: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, HelpRequest] = field(default_factory=dict)
    groups: dict[str, GroupPurchase] = field(default_factory=dict)
    medicine: dict[str, Any] = field(default_factory=dict)
    runs: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    shopping_runs: dict[str, ShoppingRun] = field(default_factory=dict)
    assignment: Assignment | None = None
    offer: Assignment | None = None
    link: str = ""
    owners: dict[str, Belongings] = field(default_factory=dict)

    @property
    def phone(self) -> str:
        return f"1990007{self.number:04d}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody who is foreign here may read, in any form it could take."""
        numbers = (id_number(self.number), id_number(self.number + 50))
        return (self.mark, self.phone, f"1990008{self.number:04d}", *numbers)


# What is sealed, or shown to few: told apart by the word before the mark.
WORDS, ATTEMPT_NOTE = "难言之隐", "上门备注"


@dataclass
class World:
    """Both communities; `users` are those of here, by role."""

    at: datetime
    here: Corner
    next_door: Corner
    away: Corner

    @property
    def users(self) -> dict[str, Belongings]:
        return self.here.owners


@contextmanager
def files_taken_back() -> Iterator[Path]:
    """Files on disk know no transaction: those that are kept meanwhile go afterwards."""
    folder = Path(settings.SHOUWANG_HOME) / "files"
    before = set(folder.glob("*/*"))
    yield folder
    for path in set(folder.glob("*/*")) - before:
        path.unlink()


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#2f6b4f").save(out, "JPEG")
    return out.getvalue()


def ledger(corner: Corner) -> bytes:
    """A register of one line, as an office would send it."""
    title = "楼栋,单元,门牌号,姓名,与户主关系,身份证号码,联系电话"
    line = f"3,1,901,钱{corner.mark},户主,{id_number(corner.number + 50)},{corner.phone}"
    return f"{title}\n{line}\n".encode()


def _owner(name: str, role: str, number: int, at: datetime) -> Belongings:
    mark = name[-2:]
    user = create_user(
        username=f"{role}-{number}",
        name=name,
        password=None,
        by=OPERATOR,
        at=at,
        phone=f"1990008{number:04d}",
    )
    address = f"ntfys://ntfy.example.org/{role}-{number}-secret"
    token, write_secret = create_token(name=f"表{mark}", user=user, reach="write", by=OPERATOR, at=at)
    _read, read_secret = create_token(name=f"读{mark}", user=user, reach="read", by=OPERATOR, at=at)
    channel = add_channel(user=user, label=f"群{mark}", address=address, by=user, at=at)
    message = tell(
        to=user, template="notices.test", urgency="calm", values={"channel": f"群{mark}"}, by=OPERATOR, at=at
    )
    session = OwnSession.objects.create(
        user=user, session_key=f"{role}{number}{mark}"[:40], device=f"机{mark}", began_at=at, seen_at=at
    )
    key = base64.b64encode(number.to_bytes(32, "big")).decode()
    device = enrol_device(user=user, device_id=uuid7(), key=key, name=f"手机{mark}", at=at)
    return Belongings(user, channel, message, token, session, device, read_secret, write_secret)


def _corner(above: dict[str, Place], stairwell: str, mark: str, number: int, at: datetime) -> Corner:
    leaf = places.ensure_stairwell(building=above["building"], code=stairwell, by=OPERATOR, at=at)
    doors = {
        "dwelling": places.ensure_dwelling(leaf=leaf, door="501", floor=5, by=OPERATOR, at=at),
        "empty": places.ensure_dwelling(leaf=leaf, door="502", floor=5, by=OPERATOR, at=at),
    }
    return Corner(
        mark=mark, number=number, **above, stairwell=leaf, **doors, **household_of(doors, mark, number, at)
    )


def _above(code: str, mark: str, at: datetime) -> dict[str, Place]:
    office = places.add_office(
        level="subdistrict", code=f"{code}-above", name=f"街道{mark}", by=OPERATOR, at=at
    )
    community = places.create_community(code=code, name=f"社区{mark}", parent=office, by=OPERATOR, at=at)
    grid = places.add_grid(community=community, code="1", name=f"网格{mark}", by=OPERATOR, at=at)
    building = places.ensure_building(
        community=community, code="8", grid=grid, x_m=0, y_m=0, by=OPERATOR, at=at
    )
    return {"office": office, "community": community, "grid": grid, "building": building}


def _request(corner: Corner, what: str, at: datetime, **more: Any) -> HelpRequest:
    given: dict[str, Any] = {
        "place": None, "dwelling": corner.dwelling, "household": corner.household, "category": "medicine",
        "urgency": "normal", "source": "phone", "title": f"{what}{corner.mark}", "words": WORDS + corner.mark,
        "lines": [{"name": f"药{corner.mark}", "quantity": "2", "unit": "盒", "note": ""}],
        "asker_name": f"来人{corner.mark}", "asker_phone": corner.phone, "by": corner.owners["secretary"].user,
    } | more  # fmt: skip
    made, token = help_services.take_in_request(community_id=corner.community.pk, at=at, **given)
    corner.link = token or corner.link
    corner.requests[what] = made
    return made


def _requests(corner: Corner, at: datetime) -> None:
    """One in each state that a page may meet; the corner's volunteer has `in_hand` and was asked for `asked`."""
    desk, serving = corner.owners["secretary"].user, corner.volunteer
    acting: dict[str, Any] = {"by": desk, "at": at}
    _request(corner, "new", at)
    _request(corner, "portal", at, source="portal", by=RESIDENT, dwelling=None, household=None, place=corner.stairwell,
             door_said="501")  # fmt: skip
    _request(corner, "life", at, category="emergency", urgency="life")
    _request(corner, "confidential", at, confidential=True, source="visit")
    for what in ("in_hand", "done", "closed"):
        made = _request(corner, what, at)
        offered = help_services.offer_request(request=made, volunteer=serving, **acting)
        taken = help_services.accept_offer(assignment=offered, **acting)
        if what == "in_hand":
            corner.assignment = taken
            help_services.record_attempt(
                request=made, outcome="not_in", note=ATTEMPT_NOTE + corner.mark, **acting
            )
        else:
            help_services.finish_request(request=made, note=f"放门口{corner.mark}", photo=photo(), **acting)
    help_services.confirm_request(request=corner.requests["closed"], **acting)
    corner.offer = help_services.offer_request(
        request=_request(corner, "asked", at), volunteer=serving, **acting
    )


def _furnish(corner: Corner, at: datetime) -> None:
    """What belongs to the community: an incident, a directory entry, a register that waits."""
    lead = corner.owners["secretary"].user
    corner.incident = open_incident(
        community=corner.community, name=f"封控{corner.mark}", protocol="power_out", places=[corner.building],
        by=lead, at=at,
    )  # fmt: skip
    corner.entry = help_services.add_directory_entry(
        community_id=corner.community.pk, name=f"医院{corner.mark}", phone="01990000", by=lead, at=at
    )
    corner.ticket = help_services.take_in_ticket(
        community=corner.community, number=f"NO{corner.mark}", source="12345", due_at=at + timedelta(days=2),
        words=WORDS + corner.mark, caller_name=f"赵{corner.mark}", by=lead, at=at,
    )  # fmt: skip
    open_purchases(corner, photo(), at)
    go_round(corner, at)
    keep_store(corner, at)
    corner.staged = stage_register(
        community=corner.community, content=ledger(corner), name=f"台账{corner.mark}.csv", by=lead, at=at
    )


def _serve(corner: Corner, role: str, at: datetime) -> Volunteer:
    user = corner.owners[role].user
    serving = volunteers.enrol(user=user, home=corner.stairwell, at_most=9, by=OPERATOR, at=at)
    day = at + timedelta(days=1)
    volunteers.set_availability(
        volunteer=serving, periods=[(at - timedelta(hours=1), day)], by=OPERATOR, at=at
    )
    return serving


def _place_of(corner: Corner, role: str) -> Place:
    return {
        "grid_head": corner.grid, "grid_worker": corner.grid, "seconded_officer": corner.grid,
        "building_head": corner.building, "stairwell_head": corner.stairwell, "subdistrict_officer": corner.office,
    }.get(role, corner.community)  # fmt: skip


def _people_of(corner: Corner, roles: tuple[str, ...], at: datetime) -> None:
    for index, role in enumerate(roles):
        corner.owners[role] = _owner(f"{role[:6]}{corner.mark}", role, corner.number + index, at)
        if role in POSTS:
            post = places.appoint(
                place=_place_of(corner, role), role=role, holder=corner.owners[role].user, by=OPERATOR, at=at
            )
            corner.post = post if role == "stairwell_head" else corner.post
    corner.volunteer = _serve(corner, "volunteer", at)
    _look_in(corner, at)


def _look_in(corner: Corner, at: datetime) -> None:
    """Everybody looked into the stairwell once, and it is over; `glass` is that of somebody without a post."""
    for role, owner in corner.owners.items():
        if owner.glass is None:
            owner.glass = places.break_glass(
                place=corner.stairwell, reason=f"联系不上{corner.mark}，楼道有烟", minutes=15, by=owner.user,
                at=at - timedelta(days=1),
            )  # fmt: skip
        if role == "volunteer":
            corner.glass = owner.glass


def build_world() -> World:
    """Everything, as of two hours ago; the requests came in an hour ago."""
    at = clock.now()
    then, since = at - timedelta(hours=2), at - timedelta(hours=1)
    above = _above("here", "甲鹊", then)
    here = _corner(above, "1", "甲鹊", 300, then)
    next_door = _corner(above, "2", "邻鹊", 400, then)
    away = _corner(_above("away", "乙鹊", then), "1", "乙鹊", 500, then)
    _people_of(here, SIGNED_IN, then)
    _serve(here, "volunteer_free", then)
    User.objects.filter(pk=here.owners["technician"].user.pk).update(is_technician=True)
    next_door.owners["secretary"] = here.owners["secretary"]
    _people_of(next_door, ("stairwell_head", "volunteer"), then)
    _people_of(away, ("secretary", "stairwell_head", "volunteer"), then)
    for corner in (here, away):
        _furnish(corner, since)
    for corner in (here, next_door, away):
        _requests(corner, since)
        go_shopping(corner, photo(), since)
        stock_gate(corner, since, photo())
        share_medicine(corner, photo(), since)
        hand_around(corner, photo(), since)
    for corner in (here, away):
        carry_runs(corner, since)
    next_door.runs = here.runs
    share_all(next_door, here, since)
    return World(at, here, next_door, away)
