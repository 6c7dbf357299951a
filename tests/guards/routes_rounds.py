"""What rounds have in the small world: rosters with tubes, answers, calls, walking lists, and what hangs on none of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shouwang.accounts.models import User
from shouwang.core.ids import uuid7
from shouwang.core.scope import scope_for
from shouwang.field.models import SetAside
from shouwang.rounds import services as rounds
from shouwang.rounds.models import Kind, Proposal, Round, Slot, SlotEntry, WalkingEntry, WalkingList

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner


SHARED = (
    "incident", "entry", "staged", "ticket", "groups", "store",
    "round", "roster_entry", "set_aside", "tube", "consignment", "walk_in", "asked_round", "kind", "own_kind", "slot",
    "slot_called", "walking_list", "walk_waiting", "campaign", "spot", "tracing_list", "tracing_line",
)  # fmt: skip


def go_round(corner: Corner, at: datetime) -> None:
    """A round of sampling and one of questions in the corner, with everything that hangs on them."""
    lead = corner.owners["secretary"].user
    _sample(corner, lead, at)
    corner.set_aside = _set_aside(corner, at)
    corner.kind = Kind.objects.get(community_id=None, code="daily_call")
    corner.own_kind = rounds.copy_kind(kind=corner.kind, community=corner.community, by=lead, at=at)
    corner.asked_round = rounds.begin_round(
        community=corner.community, name=f"问候{corner.mark}", places=[corner.building], kind=corner.own_kind, by=lead, at=at
    )  # fmt: skip
    rounds.come_again(round_=corner.asked_round, hours=("08:00", "18:00"), by=lead, at=at)
    answer_round(corner, corner.asked_round, at)
    _call(corner, at)
    _ask_around(corner, at)


def share_all(next_door: Corner, here: Corner, at: datetime) -> None:
    """What belongs to the community is next door's as well, and the rosters; its household has answered too."""
    for name in SHARED:
        setattr(next_door, name, getattr(here, name))
    assert here.asked_round is not None
    answer_round(next_door, here.asked_round, at)


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


def answer_round(corner: Corner, round_: Round, at: datetime) -> None:
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
