"""Allergies that were said: noted one by one, never merged away, ended only by somebody by name; and their reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.goods.engines.medicines import OTHER, table
from shouwang.goods.models import MedicineAsk, MedicineNote
from shouwang.goods.selectors.medicine import notes_of
from shouwang.people.models import Household, Person


@transaction.atomic
def note_allergies(
    *, person: Person, substances: Iterable[str], by: Actor, at: datetime | None = None, source: str = ""
) -> list[MedicineNote]:
    """Notes what is not on record yet; what is there stays, whatever is left out now. Refusal for an unknown code."""
    at = at or clock.now()
    wanted = list(dict.fromkeys(substances))
    if any(code != OTHER and code not in table().allergies for code in wanted):
        raise Refusal("allergy-unknown", _("Choose from the list, or 'something else'."), field="allergies")
    there = {row.substance for row in notes_of(person)}
    who = by.pk if by.actor_kind == "user" else None
    fresh = []
    for code in wanted:
        if code in there:
            continue
        row = MedicineNote(
            person=person, substance=code, source=source[:60], noted_at=at, noted_by_id=who, **person.stamp()
        )
        row.save(force_insert=True)
        fresh.append(row)
    if fresh:
        write_audit(
            "goods.medicine.allergy_noted",
            by=by,
            at=at,
            subject=person,
            person_id=person.pk,
            notes=len(fresh),
        )
    return fresh


@transaction.atomic
def end_allergy(*, note: MedicineNote, why: str, by: User, at: datetime | None = None) -> MedicineNote:
    """It is not so (any more): somebody answers for that by name, with a reason. Conflict when it was ended before."""
    at = at or clock.now()
    if not why.strip():
        raise Refusal("no-reason", _("Say why."), field="why")
    locked = MedicineNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    rows = MedicineNote.objects.filter(pk=locked.pk, ended_at__isnull=True)
    if not rows.update(ended_at=at, ended_by=by):
        raise Conflict("note-ended", _("This was ended already."))
    locked.refresh_from_db()
    locked.why_ended = why.strip()[:200]
    locked.save(update_fields=["why_ended"])
    write_audit("goods.medicine.allergy_ended", by=by, at=at, subject=locked, person_id=locked.person_id)
    return locked


@transaction.atomic
def record_ask_read(*, ask: MedicineAsk, by: Actor, at: datetime | None = None) -> None:
    """The page of an ask, with age, allergies and what was taken, was opened."""
    write_audit(
        "goods.medicine.ask_read",
        by=by,
        at=at or clock.now(),
        subject=ask,
        person_id=ask.person_id,
        number=ask.spoken_number,
    )


@transaction.atomic
def record_notes_read(*, household: Household, by: Actor, at: datetime | None = None) -> None:
    """What is known of a household for giving medicine was opened."""
    write_audit("goods.medicine.notes_read", by=by, at=at or clock.now(), subject=household)
