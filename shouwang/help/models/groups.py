"""Group purchases: neighbours reach a supplier's minimum together, one of them pays, and what comes is split."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.accounts.models import User
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import DOOR, NAME, NOTE, Personal
from shouwang.help.engines.yuan import in_yuan
from shouwang.help.states import GroupMinimum, GroupPartState, GroupRule, GroupState
from shouwang.people.models import Household
from shouwang.places.models import Dwelling, Place, Placed


class GroupPurchase(Record, Placed):
    """One purchase together. `place` is where it goes to: a community, a grid, a building; the scope columns are its.

    `minimum` counts pieces or fen, by `minimum_kind`. `payer` holds what households pay in and pays the supplier. The
    money stands in MoneyEntry with this row as its subject.
    """

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    supplier = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    minimum_kind = models.CharField(max_length=10, choices=GroupMinimum, default=GroupMinimum.QUANTITY)
    minimum = models.PositiveIntegerField(default=0)
    rule = models.CharField(max_length=14, choices=GroupRule, default=GroupRule.BY_ORDER)
    state = models.CharField(max_length=12, choices=GroupState, default=GroupState.OPEN)
    organiser = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    split_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    difference_fen = models.IntegerField(
        default=0, help_text="what was over at the end, signed with the reason"
    )
    reason = models.CharField(
        max_length=200, blank=True, help_text="why it was called off, or what the difference is"
    )

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "supplier": Personal(NOTE, "help.group"),
        "reason": Personal(NOTE, "help.group"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"title", "minimum_kind", "rule", "state"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "number"], name="group_number_once")]
        indexes = [models.Index(fields=["community_id", "state"])]

    @property
    def spoken_number(self) -> str:
        """T12, as it is said in the chat group."""
        return f"T{self.number}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether signing up should have ended."""
        return self.state == GroupState.OPEN and self.closes_at <= at


class GroupItem(Record):
    """One thing that is bought together, at its price in fen. `letter` is how the chain names it: A套餐."""

    group = models.ForeignKey(GroupPurchase, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=2)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=12)
    price_fen = models.PositiveIntegerField()
    weight_g = models.PositiveIntegerField(default=1000)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"letter", "name", "unit"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "letter"], name="group_letter_once")]

    @property
    def label(self) -> str:
        """Its letter and name; a name that begins with the letter says it already."""
        return self.name if self.name.startswith(self.letter) else f"{self.letter} {self.name}"

    @property
    def price_yuan(self) -> str:
        """The price as people read it."""
        return in_yuan(self.price_fen)


class GroupPart(Record):
    """What one door has signed up for. `order` is its turn in the chain; `door_key` the door once a purchase.

    Without a door on file `door_said` and `name_said` are all there is: somebody looks before the split.
    """

    group = models.ForeignKey(GroupPurchase, on_delete=models.PROTECT, related_name="parts")
    order = models.PositiveIntegerField()
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    door_key = models.CharField(max_length=80)
    door_said = models.CharField(max_length=60, blank=True)
    name_said = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=GroupPartState, default=GroupPartState.JOINED)
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "door_key": Personal(DOOR, "help.group"),
        "door_said": Personal(DOOR, "help.group"),
        "name_said": Personal(NAME, "help.group"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "door_key"], name="group_door_once"),
            models.UniqueConstraint(fields=["group", "order"], name="group_turn_once"),
        ]
        indexes = [models.Index(fields=["household"])]


class GroupLine(models.Model):
    """How much of one thing a part is: signed up for, and after the split what it got."""

    part = models.ForeignKey(GroupPart, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(GroupItem, on_delete=models.PROTECT, related_name="lines")
    quantity = models.PositiveIntegerField()
    given = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "item"], name="group_line_once"),
            models.CheckConstraint(
                condition=Q(given__isnull=True) | Q(given__lte=F("quantity")), name="group_given_not_over"
            ),
        ]


class GroupArrival(models.Model):
    """What came of one thing at one counting, append-only; the latest counting (`act`) holds. Damaged is part of came."""

    act = models.UUIDField()
    group = models.ForeignKey(GroupPurchase, on_delete=models.PROTECT, related_name="arrivals")
    item = models.ForeignKey(GroupItem, on_delete=models.PROTECT, related_name="arrivals")
    came = models.PositiveIntegerField()
    damaged = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "item"], name="group_arrival_once"),
            models.CheckConstraint(condition=Q(damaged__lte=F("came")), name="group_damaged_of_came"),
        ]
