"""Money that passes through the neighbours' hands, as double entries in fen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.accounts.models import User
from shouwang.core.models import StoredFile
from shouwang.help.states import MoneyAccount, MoneyKind
from shouwang.people.models import Household


class MoneyEntry(models.Model):
    """One side of one act with money, append-only; the entries of an act add up to nothing, so money is conserved.

    `account` says whose: the committee's cash box, whoever holds cash (`holder`), a shop, what was bought and is not yet
    charged to anybody (of `subject_id`), or what a household owes (`household`; negative: what it is owed).
    `amount_fen` is positive for what the account got. `subject_id` is the shopping run or group purchase it belongs to.
    `part_id` tells parts of a purchase apart whose household is not on file.
    A mistake is taken back by an act that names it (`corrects`), never edited.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.UUIDField()
    line = models.PositiveSmallIntegerField(help_text="its number within the act")
    kind = models.CharField(max_length=12, choices=MoneyKind)
    account = models.CharField(max_length=12, choices=MoneyAccount)
    community_id = models.UUIDField(db_index=True)
    subject_id = models.UUIDField(db_index=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    part_id = models.UUIDField(null=True, db_index=True, help_text="the part of a group purchase it is about")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    corrects_act = models.UUIDField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "account"})

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="money_moves"),
            models.UniqueConstraint(fields=["act", "line"], name="money_entry_once"),
        ]
        indexes = [models.Index(fields=["household", "subject_id"])]
