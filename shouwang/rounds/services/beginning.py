"""A round begins: its roster is frozen with date and author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.due import schedule
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.incidents.models import Incident
from shouwang.incidents.selectors import inside_line
from shouwang.people.models import Membership
from shouwang.people.selectors import stays_of
from shouwang.places.models import STAMP, Place
from shouwang.rounds.engines.order import place_in_list
from shouwang.rounds.models import Campaign, Entry, Kind, Round, RoundPlace, Series, Spot
from shouwang.rounds.rules import is_below
from shouwang.rounds.selectors.roster import expected_in, is_elsewhere, leaf_keys, objects_in
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.states import OF_PEOPLE, TUBE_SIZES, EntryState, RoundState, Whom, Why


@transaction.atomic
def begin_round(
    *,
    community: Place,
    name: str,
    whom: str = "",
    places: Sequence[Place] = (),
    kind: Kind | None = None,
    flag: str = "",
    from_age: int | None = None,
    stay: str = "",
    post: str = "",
    incident: Incident | None = None,
    campaign: Campaign | None = None,
    tube_size: int | None = None,
    series: Series | None = None,
    turn: int | None = None,
    round_id: UUID | None = None,
    by: User,
    at: datetime | None = None,
) -> Round:
    """Begins a round over buildings or stairwells of one community, or over those inside an incident's line; its roster
    is frozen with date and author.

    `series`, `turn` and `round_id` are for a round that comes again by itself (services.turning).
    Of a `kind` it keeps its own copy of what is asked and proposed, and whom it is over. Whoever stays elsewhere (hospital,
    hotel) is on the roster, exempt, unless just those are meant. `tube_size`: for how many people a tube is, one of
    TUBE_SIZES; None: there are no tubes. Refusal without a name or places, when nobody would be on it, or when the
    campaign is over or of another place.
    """
    at = at or clock.now()
    if incident is not None:
        places = inside_line(incident, at)
    round_ = Round(
        pk=round_id or uuid7(), series=series, turn=turn, community_id=community.pk, name=name.strip()[:60],
        whom=kind.whom if kind is not None else whom, flag=flag, from_age=from_age, stay=stay, post=post,
        incident=incident, campaign=campaign, tube_size=tube_size, began_at=at, began_by=by, kind=kind,
        **_copied(kind),
    )  # fmt: skip
    _refuse_unfit(round_, community, places)
    round_.save(force_insert=True)
    RoundPlace.objects.bulk_create([RoundPlace(round=round_, place=place) for place in places])
    if round_.whom in OF_PEOPLE:
        entries = add_entries(round_, expected_in(round_, at), Why.BEGAN, at)
    else:
        entries = add_objects(round_, objects_in(round_), Why.BEGAN, at)
    if not entries:
        raise _nothing_on_it(round_)
    round_.frozen_count = len(entries)
    round_.save(update_fields=["frozen_count"])
    write_audit("rounds.round.begun", by=by, at=at, subject=round_, name=round_.name, entries=len(entries))
    schedule("rounds.keep_true", at=at + timedelta(minutes=10), subject_id=round_.pk)
    return round_


def _copied(kind: Kind | None) -> dict[str, Any]:
    """What a round keeps of its kind as it is now."""
    if kind is None:
        return {}
    return {"states": kind.states, "questions": kind.questions, "rules": kind.rules}


def _refuse_unfit(round_: Round, community: Place, places: Sequence[Place]) -> None:
    if round_.whom not in Whom.values:
        raise Refusal("whom-missing", _("Choose who is on the roster."), field="whom")
    if not round_.name:
        raise Refusal("name-missing", _("Please give it a name, for example “Third sampling”."), field="name")
    if not places or any(place.community_id != community.pk for place in places):
        raise Refusal("no-places", _("Choose at least one building of this community."), field="buildings")
    if round_.tube_size is not None and (round_.tube_size not in TUBE_SIZES or round_.whom not in OF_PEOPLE):
        raise Refusal("tube-size", _("A tube is for 1, 5, 10 or 20 people."), field="tube_size")
    campaign = round_.campaign
    if campaign is None:
        return
    if campaign.state != RoundState.OPEN or not is_below(community, campaign.place):
        raise Refusal(
            "campaign-over", _("This campaign is over, or not for this community. Begin without it."),
            field="campaign",
        )  # fmt: skip


def _nothing_on_it(round_: Round) -> Refusal:
    if round_.whom == Whom.SPOTS:
        return Refusal(
            "no-spots",
            _("No spots are on the list there yet. Put them on the list of spots first, then begin."),
        )
    return Refusal("nobody-on-it", _("Nobody would be on this roster. Look at what you chose."))


def add_entries(round_: Round, rows: Iterable[Membership], why: str, at: datetime) -> list[Entry]:
    """Puts these homes (of a round of people: persons) on the roster; `why` one of Why. Answers the new entries."""
    rows = list(rows)
    if not rows:
        return []
    by_person = round_.whom == Whom.PEOPLE
    stays = stays_of([row.person_id for row in rows]) if by_person else {}
    keys = leaf_keys(round_.community_id)
    entries = []
    for row in rows:
        stay, dwelling = stays.get(row.person_id), row.household.dwelling
        exempt = is_elsewhere(stay) and not (stay and stay.kind == round_.stay)
        entry = _entry(round_, row.household, why, at)
        entry.household_id = row.household_id
        entry.person_id = row.person_id if by_person else None
        entry.state = EntryState.EXEMPT if exempt else EntryState.WAITING
        entry.sort_key = place_in_list(keys.get(dwelling.place_id, ""), dwelling.floor, dwelling.sort_key)
        entries.append(entry)
    return _enter(entries)


def add_objects(round_: Round, rows: Iterable[Spot | Place], why: str, at: datetime) -> list[Entry]:
    """Puts these spots or stairwells on the roster; `why` one of Why. Answers the new entries."""
    entries = []
    for row in rows:
        entry = _entry(round_, row, why, at)
        if isinstance(row, Spot):
            entry.spot_id = row.pk
            entry.sort_key = place_in_list(row.place.sort_key, None, row.name)
        else:
            entry.place_id = row.pk
            entry.sort_key = place_in_list(row.sort_key, None, "")
        entries.append(entry)
    return _enter(entries)


def _entry(round_: Round, placed: Any, why: str, at: datetime) -> Entry:
    return Entry(round=round_, why=why, at=at, **{name: getattr(placed, name) for name in STAMP})


def _enter(entries: list[Entry]) -> list[Entry]:
    insert_many(entries)
    changes: Changes = Counter()
    for entry in entries:
        note_change(changes, entry, 1)
    count_changes(changes)
    return entries
