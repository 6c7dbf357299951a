"""Words of several about one field: the later stands, none is lost, and what keeps somebody alive ends by a person only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.people.models import CareFlag, Contradiction, FieldWord, Membership, Person
from shouwang.people.selectors.care import FROM_DOOR
from shouwang.people.selectors.contradictions import MERGED, live_safety_flag, mark_of
from shouwang.people.services.care import add_flag
from shouwang.people.states import SAFETY, CareState, MergedField

# How a phone names its own earlier word instead of a mark: nobody contradicts themselves.
OWN = "own:"


def left_as_shown(person: Person, seen: Mapping[str, str], columns: Mapping[str, object]) -> set[str]:
    """Fields that a form sent back as it had shown them: nothing was said of these."""
    return {
        field
        for field in MERGED
        if field in columns
        and field in seen
        and seen[field] == mark_of(person.pk, field, str(columns[field]))
    }


def hear_field(
    *, person: Person, field: str, new: str, seen: str | None, word: UUID | None, by: Actor, at: datetime
) -> None:
    """Before `new` goes over what the register says: notes whose word it is, and keeps the other one if its author and
    this one did not know of each other. `seen` None: the writer looked at the register in this very moment."""
    current = getattr(person, field)
    mark = mark_of(person.pk, field, current)
    last = FieldWord.objects.filter(person=person, field=field, mark=mark).first()
    knew = seen is None or seen == (f"{OWN}{last.word}" if last and seen.startswith(OWN) else mark)
    if not knew:
        # Without a word of its own, what stood came from a sheet and is nobody's.
        other_by = last.by_id if last else None
        _contradict(person, field, stands=new, other=current, other_by=other_by, by=by, at=at)
    FieldWord.objects.update_or_create(
        person=person, field=field,
        defaults={
            "word": word or uuid7(), "by_id": user_id(by), "at": at, "mark": mark_of(person.pk, field, new),
        },
    )  # fmt: skip


def user_id(by: Actor) -> UUID | None:
    return by.pk if by.actor_kind == "user" else None


def _home_of(person: Person) -> Membership | None:
    rows = Membership.objects.filter(person=person).select_related("household")
    return (
        rows.order_by("-until_on").filter(until_on__isnull=True).first() or rows.order_by("-until_on").first()
    )


def _contradict(
    person: Person, field: str, *, stands: str, other: str, other_by: UUID | None, by: Actor, at: datetime,
    flag: CareFlag | None = None,
) -> None:  # fmt: skip
    home = _home_of(person)
    if home is None:
        return
    row = Contradiction.objects.create(
        household=home.household, person=person, field=field, flag=flag, stands=stands, other=other,
        stands_by_id=user_id(by) if flag is None else None,
        other_by_id=other_by, found_at=at, **home.household.stamp(),
    )  # fmt: skip
    record_contradiction("people.contradiction.found", row, by=by, at=at)


def record_contradiction(kind: str, row: Contradiction, *, by: Actor, at: datetime) -> None:
    """Audit of the field, never of what was said."""
    write_audit(
        kind, by=by, at=at, subject=row.household_id, placed=row, person_id=row.person_id, field=row.field,
        contradiction=row.pk,
    )  # fmt: skip


@transaction.atomic
def hear_safety(*, person: Person, kind: str, holds: bool, by: Actor, at: datetime | None = None) -> None:
    """What was said at a door of oxygen, dialysis, pregnancy or injections.

    That it holds proposes a flag, which counts until a person decides. That it holds no longer ends nothing: the flag
    stands, and a contradiction waits for a person; where no flag is, there is nothing to contradict.
    Refusal `not-safety` for another kind, `no-home` for somebody who lives behind no door.
    """
    at = at or clock.now()
    if kind not in SAFETY:
        raise Refusal("not-safety", _("This is not one of the things that can be said here."), field="safety")
    person.refresh_from_db(from_queryset=Person.objects.select_for_update(no_key=True))
    home = _home_of(person)
    if home is None or home.until_on is not None:
        raise Refusal("no-home", _("The register knows no door of this person. Enter one first."))
    flag = live_safety_flag(person, home.household_id, kind)
    if holds:
        if flag is None:
            add_flag(
                household=home.household, person=person, kind=kind, source=FROM_DOOR, by=by, at=at,
                state=CareState.PROPOSED,
            )  # fmt: skip
    elif flag is not None and not flag.contradictions.filter(decided_at__isnull=True).exists():
        _contradict(
            person,
            MergedField.SAFETY,
            stands="yes",
            other="no",
            other_by=user_id(by),
            by=by,
            at=at,
            flag=flag,
        )
