"""Whatever is in somebody's hands, and every time that it changes them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.goods.models.parcels import Parcel
from shouwang.goods.models.store import Item
from shouwang.goods.states import OUT, HoldingKind, HoldingState
from shouwang.people.models import Household
from shouwang.places.models import Placed


class Holding(Record, Placed):
    """One thing, or so much of one, in somebody's hands from its first handover until it is back or used up.

    `holder` answers for it (nobody when it is over): until whoever it was handed to has said so, that is the giver; where
    the giver has no account, whoever it was handed to. `household` is whose it is or whom it is for, `subject_id` what it
    belongs to above this room: a request, a shopping run. Cash is counted in fen. `why`: how it ended, or went missing.
    """

    kind = models.CharField(max_length=16, choices=HoldingKind)
    state = models.CharField(max_length=10, choices=HoldingState, default=HoldingState.HELD)
    words = models.CharField(_("what"), max_length=80)
    quantity = models.PositiveIntegerField(default=1)
    amount_fen = models.PositiveBigIntegerField(null=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    subject_id = models.UUIDField(null=True, db_index=True)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    due_back_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=120, blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "words": Personal(personal.WISH, "goods.custody"),
        "why": Personal(personal.NOTE, "goods.custody"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "state"})

    class Meta:
        indexes = [models.Index(fields=["holder", "state"]), models.Index(fields=["community_id", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OUT, holder__isnull=False, ended_at__isnull=True)
                | (~Q(state__in=OUT) & Q(holder__isnull=True, ended_at__isnull=False)),
                name="holding_in_one_hand",
                violation_error_message=_("Somebody has it, or it is over: one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=HoldingKind.CASH) | Q(amount_fen__isnull=False),
                name="cash_has_amount",
                violation_error_message=_("Say how much money it is."),
            ),
        ]


class Handover(models.Model):
    """One change of hands, append-only but for the second receipt: who gave, who took, and that each said so.

    A side without an account (a household, a pharmacy) is named by `from_words` or `to_words`, and whoever was there
    says it for them (`said_by`). What was offered and not taken is withdrawn, and changed no hands.
    """

    id = models.BigAutoField(primary_key=True)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="handovers")
    at = models.DateTimeField()
    from_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_words = models.CharField(max_length=60, blank=True, default="")
    to_words = models.CharField(max_length=60, blank=True, default="")
    quantity = models.PositiveIntegerField(default=1)
    part = models.BooleanField(default=False, help_text=_("so many of them only are back; the rest stays"))
    given_at = models.DateTimeField(null=True, help_text=_("when whoever gave it said so"))
    taken_at = models.DateTimeField(null=True, help_text=_("when whoever took it said so"))
    withdrawn_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "from_words": Personal(personal.NAME, "goods.custody"),
        "to_words": Personal(personal.NAME, "goods.custody"),
    }

    class Meta:
        indexes = [models.Index(fields=["holding", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["holding"],
                condition=Q(taken_at__isnull=True, withdrawn_at__isnull=True),
                name="handover_open_once",
                violation_error_message=_("This is on its way to somebody already."),
            )
        ]

    @property
    def is_open(self) -> bool:
        """Whether whoever is to take it has not said so yet."""
        return self.taken_at is None and self.withdrawn_at is None

    @property
    def is_receipted(self) -> bool:
        """Whether both have said so."""
        return self.given_at is not None and self.taken_at is not None
