"""What the bank knows of people goes when its days are over; how much came and went stays counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.core.erasure import leave_tombstone
from shouwang.goods.models import MedicineAsk, MedicineIssue, MedicineNote, MedicineOffer
from shouwang.goods.selectors.medicine_past import asks_past, notes_past, offers_past


@transaction.atomic
def erase_medicine_texts(at: datetime, limit: int) -> int:
    """Erases of at most `limit` asks, offers and notes what they say of people; how many."""
    asks = list(asks_past(at).values_list("pk", flat=True)[:limit])
    _erase_asks(asks, at)
    left = limit - len(asks)
    offers = list(offers_past(at).values_list("pk", flat=True)[:left])
    MedicineOffer.objects.filter(pk__in=offers).update(
        giver_name="", giver_phone="", door_said="", words="", household=None, user=None, may_be_named=False
    )
    left -= len(offers)
    notes = list(notes_past(at).values_list("pk", flat=True)[:left])
    MedicineNote.objects.filter(pk__in=notes).delete()
    for note_id in notes:
        leave_tombstone("goods.medicine_note", note_id, at)
    return len(asks) + len(offers) + len(notes)


def _erase_asks(ids: Sequence[UUID], at: datetime) -> None:
    MedicineIssue.objects.filter(ask_id__in=ids).update(checks="", medicine="", person=None, household=None)
    MedicineAsk.objects.filter(pk__in=ids).update(
        door_said="", asker_name="", asker_phone="", medicine="", words="", answers="", findings="", doctor_words="",
        person=None, household=None, may_be_named=False,
    )  # fmt: skip
    for row in MedicineAsk.objects.filter(pk__in=ids):
        leave_tombstone("goods.medicine_ask", row.pk, at)
