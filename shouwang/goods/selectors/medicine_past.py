"""What the bank has kept for as many days as its purpose says."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.core.registry import purposes
from shouwang.goods.models import MedicineAsk, MedicineNote, MedicineOffer

_SAYS = (
    ~Q(asker_name="")
    | ~Q(asker_phone="")
    | ~Q(door_said="")
    | ~Q(medicine="")
    | ~Q(words="")
    | ~Q(answers="")
)
_NAMES = (
    ~Q(giver_name="")
    | ~Q(giver_phone="")
    | ~Q(door_said="")
    | ~Q(words="")
    | Q(household__isnull=False)
    | Q(user__isnull=False)
)


def _before(at: datetime) -> datetime:
    return at - timedelta(days=purposes.get("goods.medicine").days)


def asks_past(at: datetime) -> QuerySet[MedicineAsk]:
    """Asks whose days are over and that still say something of somebody; what never ended counts from its asking."""
    old = Q(ended_at__lt=_before(at)) | Q(ended_at__isnull=True, asked_at__lt=_before(at))
    return (
        MedicineAsk.objects.filter(old)
        .filter(
            _SAYS
            | ~Q(findings="")
            | ~Q(doctor_words="")
            | Q(person__isnull=False)
            | Q(household__isnull=False)
        )
        .order_by("pk")
    )


def offers_past(at: datetime) -> QuerySet[MedicineOffer]:
    """The same of offers."""
    old = Q(ended_at__lt=_before(at)) | Q(ended_at__isnull=True, offered_at__lt=_before(at))
    return MedicineOffer.objects.filter(old).filter(_NAMES).order_by("pk")


def notes_past(at: datetime) -> QuerySet[MedicineNote]:
    """Allergies of people for whom nothing was asked since; they are asked again anyway before anything is given."""
    lately = MedicineAsk.objects.filter(person=OuterRef("person"), asked_at__gte=_before(at))
    old = Q(ended_at__lt=_before(at)) | Q(ended_at__isnull=True, noted_at__lt=_before(at))
    return MedicineNote.objects.filter(old).filter(~Exists(lately)).order_by("pk")


def medicine_past_count(at: datetime) -> int:
    """How many rows are past their days."""
    return asks_past(at).count() + offers_past(at).count() + notes_past(at).count()


def medicine_texts_left(at: datetime) -> int:
    """Counted another way: rows of such an age that still name a person, a household or an account."""
    asks = MedicineAsk.objects.filter(asked_at__lt=_before(at), ended_at__lt=_before(at))
    named = Q(person__isnull=False) | Q(household__isnull=False) | ~Q(asker_name="") | ~Q(answers="")
    offers = MedicineOffer.objects.filter(ended_at__lt=_before(at))
    giving = Q(household__isnull=False) | ~Q(giver_name="") | ~Q(door_said="")
    return asks.filter(named).count() + offers.filter(giving).count()
