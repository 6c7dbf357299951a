"""A round begins: its roster is frozen with date and author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.due import schedule
from shouwang.core.errors import Refusal
from shouwang.people.models import Membership
from shouwang.people.selectors import stays_of
from shouwang.people.states import StayKind
from shouwang.places.models import STAMP, Place
from shouwang.rounds.models import Entry, Kind, Round, RoundPlace
from shouwang.rounds.selectors.roster import expected_in
from shouwang.rounds.services.counting import Changes, count_changes, note_change
from shouwang.rounds.states import ROSTERED, TUBE_SIZES, EntryState, Whom, Why


@transaction.atomic
def begin_round(
    *,
    community: Place,
    name: str,
    whom: str = "",
    places: Sequence[Place],
    kind: Kind | None = None,
    flag: str = "",
    from_age: int | None = None,
    tube_size: int | None = None,
    by: User,
    at: datetime | None = None,
) -> Round:
    """Begins a round over buildings or stairwells of one community; its roster is frozen with date and author.

    Of a `kind` it keeps its own copy of what is asked and proposed, and whom it is over. Whoever stays elsewhere (hospital,
    hotel) is on the roster, exempt. `tube_size`: for how many people a tube is, one of TUBE_SIZES; None: there are no tubes.
    Refusal without a name or places, or when nobody would be on it.
    """
    at = at or clock.now()
    whom = kind.whom if kind is not None else whom
    if whom not in ROSTERED:
        raise Refusal(
            "no-roster", _("No roster can be made of these yet. Choose another kind of round."), field="whom"
        )
    if not name.strip():
        raise Refusal("name-missing", _("Please give it a name, for example “Third sampling”."), field="name")
    if not places or any(place.community_id != community.pk for place in places):
        raise Refusal("no-places", _("Choose at least one building of this community."), field="buildings")
    if tube_size is not None and tube_size not in TUBE_SIZES:
        raise Refusal("tube-size", _("A tube is for 1, 5, 10 or 20 people."), field="tube_size")
    round_ = Round(
        community_id=community.pk, name=name.strip()[:60], whom=whom, flag=flag, from_age=from_age,
        tube_size=tube_size, began_at=at, began_by=by, kind=kind, **_copied(kind),
    )  # fmt: skip
    round_.save(force_insert=True)
    RoundPlace.objects.bulk_create([RoundPlace(round=round_, place=place) for place in places])
    entries = add_entries(round_, expected_in(round_, at), Why.BEGAN, at)
    if not entries:
        raise Refusal("nobody-on-it", _("Nobody would be on this roster. Look at what you chose."))
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


def add_entries(round_: Round, rows: Iterable[Membership], why: str, at: datetime) -> list[Entry]:
    """Puts these homes (of a round of people: persons) on the roster; `why` one of Why. Answers the new entries."""
    rows = list(rows)
    by_person = round_.whom == Whom.PEOPLE
    stays = stays_of([row.person_id for row in rows]) if by_person else {}
    entries = []
    for row in rows:
        stay = stays.get(row.person_id)
        elsewhere = stay is not None and stay.kind != StayKind.HOME
        entries.append(
            Entry(
                round=round_,
                household_id=row.household_id,
                person_id=row.person_id if by_person else None,
                state=EntryState.EXEMPT if elsewhere else EntryState.WAITING,
                why=why,
                at=at,
                **{name: getattr(row.household, name) for name in STAMP},
            )
        )
    insert_many(entries)
    changes: Changes = Counter()
    for entry in entries:
        note_change(changes, entry, 1)
    count_changes(changes)
    return entries
