"""What a phone is given of rounds, and what it may say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import F

from shouwang.core.personal import NAME
from shouwang.core.scope import Scope
from shouwang.people.selectors import heads_of, households_by_ids, instructions_by_household
from shouwang.places.selectors import door_labels
from shouwang.rounds.models import Entry, Round
from shouwang.rounds.selectors import MARK, rounds_for
from shouwang.rounds.states import SAYABLE, RoundState

MOST_ENTRIES = 5000


def entries_markable(scopes: Iterable[Scope], ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Those of these entries of which one of the scopes may say something: entry id to its round's."""
    allowed = reduce(or_, (scope.q(MARK) for scope in scopes))
    return dict(Entry.objects.filter(allowed, pk__in=set(ids)).values_list("pk", "round_id"))


def phone_rounds(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The rounds that go on in my places, as the app needs them."""
    return [
        {
            "id": str(one.pk), "name": one.name, "kind": "", "tube_size": None, "questions": [],
            "states": [state.value for state in SAYABLE],
        }
        for one in _open_rounds(scope)
    ]  # fmt: skip


def _open_rounds(scope: Scope) -> list[Round]:
    return list(rounds_for(scope).filter(state=RoundState.OPEN)) if scope.can(MARK) else []


def phone_entries(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """The entries of these rounds that I may mark: where, who, how it stands, what to do at the door. Never why."""
    rounds = _open_rounds(scope)
    rows = list(
        Entry.objects.filter(scope.q(MARK), round__in=rounds)
        .select_related("person", "household__dwelling__place")
        .order_by("round_id", "household__dwelling__place__sort_key",
                  F("household__dwelling__floor").desc(nulls_last=True), "household__dwelling__sort_key", "id")[:MOST_ENTRIES]
    ) if rounds else []  # fmt: skip
    doors = door_labels([row.household.dwelling for row in rows])
    heads = heads_of([row.household_id for row in rows])
    to_do = _at_the_door(rows)
    return [_given(scope, row, doors, heads, to_do) for row in rows]


def _given(scope: Scope, row: Entry, doors: Any, heads: Any, to_do: Any) -> dict[str, Any]:
    person = row.person or getattr(heads.get(row.household_id), "person", None)
    name = person.name if person is not None and NAME in scope.classes_for(row.household) else ""
    return {
        "id": str(row.pk), "round": str(row.round_id), "building": str(row.building_id or ""),
        "door": str(doors[row.household.dwelling_id]), "floor": row.household.dwelling.floor,
        "name": name, "state": row.state, "last": str(row.last) if row.last else None,
        "tries": row.tries, "disputed": row.disputed, "do": to_do.get(row.household_id, []), "codes": [],
    }  # fmt: skip


def _at_the_door(rows: Sequence[Entry]) -> dict[UUID, list[str]]:
    """Household id to what whoever comes to the door must know, in words."""
    known = instructions_by_household(households_by_ids([row.household_id for row in rows]))
    return {pk: [str(kind.label) for kind in kinds] for pk, kinds in known.items()}
