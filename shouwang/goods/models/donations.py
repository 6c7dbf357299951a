"""Who gave something to the store, with the number of the receipt."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal


class DonationNumber(models.Model):
    """The next number of a receipt in a community's year. Locked last, for the shortest time."""

    id = models.BigAutoField(primary_key=True)
    community_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "year"], name="donation_year_once")]


class Donation(Record):
    """What came from one donor at one time; the movements of `act` say what it was.

    The donor is named in public only where they agreed to it (`may_be_named`).
    """

    community_id = models.UUIDField(db_index=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    act = models.UUIDField(unique=True)
    donor_name = models.CharField(max_length=60, blank=True, default="")
    donor_phone = models.CharField(max_length=20, blank=True, default="")
    may_be_named = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "donor_name": Personal(personal.NAME, "goods.store"),
        "donor_phone": Personal(personal.PHONE, "goods.store"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "year", "number"], name="donation_number_once")
        ]

    @property
    def spoken_number(self) -> str:
        """The number of the receipt as it is printed: 2022-0007."""
        return f"{self.year}-{self.number:04d}"
