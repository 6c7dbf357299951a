"""A small world for the tests of who may enter where: two communities, and everybody who can sign in.

A corner is a stairwell with a household, its requests and its volunteer. `here` is everybody's own; `next_door` is
another stairwell of the same building; `away` is in another community. Each text of a corner carries its mark, so
that one look at an answer says whose secrets are in it. All of it is made up, written by the services alone.
"""

from __future__ import annotations

import base64
import io
import json
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
from shouwang.core.scope import scope_for
from shouwang.field.models import SetAside
from shouwang.help import services as help_services
from shouwang.help.models import Assignment, DirectoryEntry, HelpRequest, HotlineTicket
from shouwang.incidents.models import Incident
from shouwang.incidents.services import open_incident
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.services import stage_register
from shouwang.notices.models import Channel, Message
from shouwang.notices.services import add_channel, tell
from shouwang.people import services as people
from shouwang.people.models import CareFlag, Contact, Household, Person, PersonMerge, Proxy, ResidentCode
from shouwang.places import services as places
from shouwang.places.models import BrokenGlass, Dwelling, Place, Post
from shouwang.places.states import Role
from shouwang.rounds import services as rounds
from shouwang.rounds.models import (
    Campaign,
    Consignment,
    Entry,
    Kind,
    Proposal,
    Round,
    Slot,
    SlotEntry,
    Spot,
    TracingLine,
    TracingList,
    Tube,
    WalkIn,
    WalkingEntry,
    WalkingList,
)
from shouwang.volunteers import services as volunteers
from shouwang.volunteers.models import Volunteer

POSTS = tuple(Role.values)
WITHOUT_POST = ("volunteer", "volunteer_free", "technician", "newcomer")
SIGNED_IN = (*POSTS, *WITHOUT_POST)
ANONYMOUS = "anonymous"
ROLES = (*SIGNED_IN, ANONYMOUS)
# Whose posts end at one stairwell, or who has none: the next stairwell is as foreign to them as another town.
STAIRWELL_ONLY = ("stairwell_head", *WITHOUT_POST)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int) -> str:
    """A made-up ID number (a region that is not assigned) with the right check digit."""
    body = f"15019919410305{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


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
    entry: DirectoryEntry | None = None
    staged: RegisterImport | None = None
    volunteer: Volunteer | None = None
    glass: BrokenGlass | None = None
    requests: dict[str, HelpRequest] = field(default_factory=dict)
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
CARE_NOTE, WORDS, ATTEMPT_NOTE, HOUSEHOLD_NOTE = "护理备注", "难言之隐", "上门备注", "家庭备注"


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


def _household(corner: dict[str, Any], mark: str, number: int, at: datetime) -> dict[str, Any]:
    home = people.open_household(dwelling=corner["dwelling"], by=OPERATOR, at=at)
    people.note_household(household=home, note=HOUSEHOLD_NOTE + mark, by=OPERATOR, at=at)
    head = people.add_person(
        household=home, name=f"李{mark}", relation="head", phone=f"1990007{number:04d}", id_kind="resident_id",
        id_number=id_number(number), by=OPERATOR, at=at,
    )  # fmt: skip
    relative = people.add_person(household=home, name=f"李小{mark}", relation="child", by=OPERATOR, at=at)
    twice = people.add_person(household=home, name=f"李双{mark}", by=OPERATOR, at=at)
    _code, phone_link = people.give_phone_code(person=head, by=OPERATOR, at=at)
    about = {"household": home, "person": head, "by": OPERATOR, "at": at, "note": CARE_NOTE + mark}
    return {
        "merge": people.merge_persons(survivor=relative, alias=twice, by=OPERATOR, at=at),
        "household": home,
        "code": people.issue_codes(persons=[head], by=OPERATOR, at=at)[0],
        "phone_link": phone_link,
        "person": head,
        "relative": relative,
        "flag": people.add_flag(kind="dialysis", source="来电", **about),
        "proposed": people.add_flag(kind="oxygen", source="来电", state="proposed", **about),
        "contact": people.add_contact(
            person=head, name=f"女儿{mark}", phone=f"1990008{number:04d}", by=OPERATOR, at=at
        ),
        "proxy": people.add_proxy(
            household=home,
            kind="neighbour",
            name=f"邻居{mark}",
            phone=f"1990008{number:04d}",
            by=OPERATOR,
            at=at,
        ),
    }


def _corner(above: dict[str, Place], stairwell: str, mark: str, number: int, at: datetime) -> Corner:
    leaf = places.ensure_stairwell(building=above["building"], code=stairwell, by=OPERATOR, at=at)
    doors = {
        "dwelling": places.ensure_dwelling(leaf=leaf, door="501", floor=5, by=OPERATOR, at=at),
        "empty": places.ensure_dwelling(leaf=leaf, door="502", floor=5, by=OPERATOR, at=at),
    }
    return Corner(
        mark=mark, number=number, **above, stairwell=leaf, **doors, **_household(doors, mark, number, at)
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
    _sample(corner, lead, at)
    corner.set_aside = _set_aside(corner, at)
    corner.kind = Kind.objects.get(community_id=None, code="daily_call")
    corner.own_kind = rounds.copy_kind(kind=corner.kind, community=corner.community, by=lead, at=at)
    corner.asked_round = rounds.begin_round(
        community=corner.community, name=f"问候{corner.mark}", places=[corner.building], kind=corner.own_kind, by=lead, at=at
    )  # fmt: skip
    _answer(corner, corner.asked_round, at)
    _call(corner, at)
    _ask_around(corner, at)
    corner.staged = stage_register(
        community=corner.community, content=ledger(corner), name=f"台账{corner.mark}.csv", by=lead, at=at
    )


def _set_aside(corner: Corner, at: datetime) -> SetAside:
    """A mark that a closed account's phone has sent."""
    body = {"round": str(corner.round.pk), "who": {"entry": str(corner.roster_entry.pk)}, "state": "away",
            "note": f"没人{corner.mark}"}  # fmt: skip
    return SetAside.objects.create(
        command_id=uuid7(), body_hash="0" * 64, author=corner.owners["secretary"].user, kind="rounds.mark", schema=1,
        community_id=corner.community.pk, body=json.dumps({"base": None, "body": body}), reason="author-revoked",
        arrived_at=at,
    )  # fmt: skip


def _sample(corner: Corner, lead: User, at: datetime) -> None:
    """A round of sampling: a tube that is being filled, one that was sent, and somebody without an entry."""
    acting: dict[str, Any] = {"by": lead, "at": at}
    corner.round = rounds.begin_round(
        community=corner.community, name=f"采样{corner.mark}", whom="people", places=[corner.building], tube_size=10,
        **acting,
    )  # fmt: skip
    corner.roster_entry = corner.round.entries.get(person=corner.person)
    other = corner.round.entries.get(person=corner.relative)
    sent = rounds.open_tube(round_=corner.round, barcode=f"S-{corner.mark}-{corner.number}", **acting)
    rounds.take_sample(entry=other, tube=sent, word_id=uuid7(), **acting)
    corner.consignment = rounds.send_tubes(
        round_=corner.round, tube_ids=[sent.pk], handed_to=f"司机{corner.mark}", **acting
    )
    corner.tube = rounds.open_tube(round_=corner.round, barcode=f"T-{corner.mark}-{corner.number}", **acting)
    shown = rounds.Shown(
        f"访客{corner.mark}",
        "passport",
        f"E{corner.number}0000",
        phone=corner.phone,
        tube=corner.tube.barcode,
    )
    corner.walk_in = rounds.add_walk_in(
        round_=corner.round, shown=shown, walk_in_id=uuid7(), scope=scope_for(lead, at), **acting
    ).walk_in


def _answer(corner: Corner, round_: Round, at: datetime) -> None:
    """The corner's household has said what is to be bought for it."""
    entry = round_.entries.get(household=corner.household)
    answers = {"to_buy": True, "shopping": f"土豆{corner.mark}", "family_well": True, "unwell": False}
    lead = corner.owners["secretary"].user
    rounds.mark_entry(entry=entry, state="done", answers=answers, by=lead, at=at)
    corner.proposal = Proposal.objects.get(entry=entry)


def _call(corner: Corner, at: datetime) -> None:
    """A point whose calls are planned, one of them out; walking lists of the corner, one in the volunteer's hands."""
    lead = corner.owners["secretary"].user
    rounds.set_point(round_=corner.round, agreed=rounds.Agreed(at, 2, 30, 20, 4), by=lead, at=at)
    place = corner.building.stamp()
    corner.slot, corner.slot_called = (
        Slot.objects.create(
            round=corner.round, lane="usual", starts_at=at, people=2, households=1, **state, **place
        )
        for state in ({}, {"state": "called", "called_at": at, "called_by": lead})
    )
    SlotEntry.objects.create(slot=corner.slot, entry=corner.roster_entry)
    corner.walking_list, corner.walk_waiting = (
        WalkingList.objects.create(round=corner.round, for_whom="not_come", made_at=at, made_by=lead, **place)
        for _number in range(2)
    )
    for walk in (corner.walking_list, corner.walk_waiting):
        WalkingEntry.objects.create(walking_list=walk, entry=corner.roster_entry)
    rounds.give_list(walking_list=corner.walking_list, volunteer=corner.volunteer, by=lead, at=at)


def _ask_around(corner: Corner, at: datetime) -> None:
    """What rounds have beside rosters: something asked for from above, a spot, a list of people to be found."""
    lead = {"by": corner.owners["secretary"].user, "at": at}
    corner.campaign = rounds.begin_campaign(place=corner.office, name=f"全街道{corner.mark}", **lead)
    [corner.spot] = rounds.add_spots(
        community=corner.community, places=[corner.stairwell], name=f"电梯{corner.mark}", per_day=2, **lead
    )
    corner.tracing_list = rounds.take_in_list(
        community=corner.community, name=f"协查{corner.mark}", sender="区疾控", due_at=at + timedelta(hours=4),
        text=f"姓名\t电话\n李{corner.mark}\t{corner.phone}", **lead,
    )  # fmt: skip
    corner.tracing_line = corner.tracing_list.lines.get()


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
    next_door.incident, next_door.entry, next_door.staged = here.incident, here.entry, here.staged
    next_door.ticket, next_door.round, next_door.roster_entry = here.ticket, here.round, here.roster_entry
    next_door.set_aside = here.set_aside
    next_door.tube, next_door.consignment, next_door.walk_in = here.tube, here.consignment, here.walk_in
    next_door.asked_round, next_door.kind, next_door.own_kind = here.asked_round, here.kind, here.own_kind
    assert here.asked_round is not None
    _answer(next_door, here.asked_round, since)
    next_door.slot, next_door.slot_called = here.slot, here.slot_called
    next_door.walking_list, next_door.walk_waiting = here.walking_list, here.walk_waiting
    for name in ("campaign", "spot", "tracing_list", "tracing_line"):
        setattr(next_door, name, getattr(here, name))
    return World(at, here, next_door, away)
