"""The store: items, lots, shelves, and the movements whose sum is the stock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.goods.engines.medicines import table
from shouwang.goods.engines.packs import Packing
from shouwang.goods.states import MovementKind
from shouwang.goods.states.medicine_names import amount_said, medicine_name
from shouwang.people.models import Household


class Shelf(Record):
    """A place where stock is kept: the store room, the gate, the medicine cupboard."""

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(_("name"), max_length=40)
    until_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "name"],
                condition=Q(until_at__isnull=True),
                name="shelf_once",
                violation_error_message=_("There is a place of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Item(Record):
    """Something that the store keeps. Quantities are whole numbers of `unit`, the smallest that is ever handed out.

    `packs` name larger amounts, the largest first: [["盒", 120], ["板", 12]] for a box of 10 strips of 12 tablets.
    `medicine` is the code of a medicine of the medicine table, "" for everything else. `moved_at` is the time of its
    last movement: no later movement is written with an earlier time, so that the stock was never below zero.
    """

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(pgettext_lazy("store", "unit"), max_length=12)
    packs = models.JSONField(default=list, blank=True)
    category = models.CharField(max_length=16, blank=True, default="")
    medicine = models.CharField(max_length=40, blank=True, default="")
    unit_weight_g = models.PositiveIntegerField(null=True, help_text=_("grams of one unit"))
    warn_below = models.PositiveIntegerField(null=True)
    comes_back = models.BooleanField(
        default=False, help_text=_("whoever it is issued to gives it back: flags, thermometers")
    )
    moved_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "unit", "packs", "category", "medicine"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "name"],
                condition=Q(until_at__isnull=True),
                name="item_once",
                violation_error_message=_("There is an item of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def packing(self) -> Packing:
        """Its unit and packs, for reading and saying quantities."""
        return Packing(self.unit, tuple((str(name), int(size)) for name, size in self.packs))

    @property
    def called(self) -> str:
        """Its name in the reader's language, where it is a medicine of the table; else as the store calls it."""
        known = table().medicines.get(self.medicine)
        return medicine_name(known) if known else self.name

    def amount(self, quantity: int) -> str:
        """A quantity of base units, in the reader's language where it is a medicine of the table."""
        return amount_said(quantity, self.unit) if self.medicine else f"{quantity}{self.unit}"

    def said(self, quantity: int) -> str:
        """A quantity of base units as people say it: 3盒2板5粒."""
        return self.packing.said(quantity)


class Lot(Record):
    """So much of an item as came together: one expiry, one origin. `parent` is the lot that it was split from."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    community_id = models.UUIDField(db_index=True)
    code = models.CharField(_("lot number"), max_length=40, blank=True, default="")
    expires_on = models.DateField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    leaflet = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"code"})

    class Meta:
        indexes = [models.Index(fields=["item", "expires_on"])]


class Balance(models.Model):
    """How much of a lot is on a shelf: kept with the movements in one transaction, and equal to their sum."""

    id = models.BigAutoField(primary_key=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="balances")
    quantity = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "shelf"], name="balance_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="stock_not_below_zero",
                violation_error_message=_("There is not so much left."),
            ),
        ]

    @property
    def said(self) -> str:
        """How much it is, as people say it."""
        return self.lot.item.said(self.quantity)

    @property
    def amount(self) -> str:
        """How much it is in base units, in the reader's language where it is a medicine of the table."""
        return self.lot.item.amount(self.quantity)


class Act(models.Model):
    """One act in the store, whose movements carry its id. Written first, so that the same act is done once.

    `digest` is the hash of what was asked: the same id with another content is a mistake of whoever sends it.
    """

    id = models.UUIDField(primary_key=True)
    community_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12, choices=MovementKind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "digest"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "at"])]


class Movement(models.Model):
    """One change of the stock of a lot on a shelf, append-only. A correction is a movement that names what it corrects.

    `act` is the same for the rows that one act wrote (a transfer has two, an issue from three lots three). `to_user`
    or `to_words` is who took it from the store, `household` whom it was handed out to, `origin` who gave or sold it,
    `returns` the movement by which it had gone out.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.UUIDField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=MovementKind)
    quantity = models.IntegerField()
    at = models.DateTimeField()
    local_day = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_words = models.CharField(max_length=60, blank=True, default="")
    household = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True, related_name="+")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    returns = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="returned")
    origin = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=120, blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "to_words": Personal(personal.NAME, "goods.store"),
        "origin": Personal(personal.NAME, "goods.store"),
        "reason": Personal(personal.NOTE, "goods.store"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind"})

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves"),
            models.UniqueConstraint(fields=["act", "lot", "shelf"], name="movement_once"),
            # Every movement of an act is corrected together, so each act is corrected at most once.
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="corrected_once"
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "shelf"]),
            models.Index(fields=["at"]),
            models.Index(fields=["shelf", "local_day"]),
            models.Index(
                fields=["household"], condition=Q(household__isnull=False), name="movement_household"
            ),
        ]
