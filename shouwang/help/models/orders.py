"""Orders: what a household wants bought or fetched, line by line, and the runs to the shop that carry them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedTextField
from shouwang.goods.models import Parcel
from shouwang.help.models.requests import HelpRequest, RequestLine
from shouwang.help.states import (
    SETTLED_LINES,
    AskedHow,
    LineKind,
    LineState,
    OrderState,
    RunState,
    ShopShelf,
)
from shouwang.people.models import Household
from shouwang.places.models import Placed
from shouwang.volunteers.models import Commitment, Volunteer

NOTHING = Decimal(0)


def summed(*names: str, less: tuple[str, ...] = ()) -> Round:
    """The sum of amounts, to the third place: SQLite adds in binary fractions, where 0.1 and 0.2 are not 0.3."""
    total: Any = F(names[0])
    for name in names[1:]:
        total += F(name)
    for name in less:
        total -= F(name)
    return Round(total, precision=3)


class ShoppingRun(Record, Placed):
    """One walk to one shop for many households. The scope columns are the community's.

    `commitment` is the row that lets the volunteer see these lists while the run lasts; the cash that they carry stands
    in MoneyEntry with this row as its subject. `receipt_fen` is what the shop's receipt says.
    """

    shop = models.CharField(_("which shop"), max_length=60)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.GATHERING)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="+")
    local_day = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    bought_at = models.DateTimeField(null=True)
    receipt_fen = models.PositiveBigIntegerField(null=True)
    receipt_photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    counted_at = models.DateTimeField(null=True)
    counted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = SealedTextField(_("why the money differs"), blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {"reason": Personal(personal.NOTE, "help.order")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"shop", "state"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "state"])]


class Order(Record, Placed):
    """What one household wants: one order a request. The scope columns are the request's."""

    request = models.OneToOneField(HelpRequest, on_delete=models.PROTECT, related_name="order")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="orders")
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.OPEN)
    run = models.ForeignKey(ShoppingRun, on_delete=models.PROTECT, null=True, related_name="orders")
    bag = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    charged_fen = models.BigIntegerField(null=True, help_text=_("what the delivered lines cost, to the fen"))
    settled_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "state"]),
            models.Index(fields=["run", "state"]),
            models.Index(fields=["household", "state"]),
        ]


class OrderLine(Record):
    """One thing of an order. Its figures reconcile at every step, and the database holds them to it:

    `quantity` + `over` = `bought` + `replaced` + `left_out` once the shop is through with it (`over`: scales said a
    little more than was asked); `bought` = `received` + `difference` once it was counted a second time (the difference
    is signed by name); `received` = `delivered` + `taken_back` once the resident has checked it at the door.

    What is bought instead is a line of its own (`instead_of`). `said` is the resident's own words, for the shelf;
    `price_fen` what the shop charges for what was bought, `charged_fen` what the household pays for what was delivered.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    request_line = models.ForeignKey(RequestLine, on_delete=models.SET_NULL, null=True, related_name="+")
    instead_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="substitutes")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=LineKind, default=LineKind.GOODS)
    state = models.CharField(max_length=12, choices=LineState, default=LineState.OPEN)
    name = models.CharField(_("what"), max_length=80)
    said = models.CharField(_("in their words"), max_length=160, blank=True, default="")
    quantity = models.DecimalField(_("how much"), max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True, default="")
    brand = models.CharField(_("brand"), max_length=40, blank=True, default="")
    origin = models.CharField(_("from where"), max_length=40, blank=True, default="")
    size = models.CharField(_("size"), max_length=20, blank=True, default="")
    note = models.CharField(_("note"), max_length=120, blank=True, default="")
    may_substitute = models.BooleanField(_("something similar will do without asking"), default=False)
    ceiling_fen = models.PositiveIntegerField(_("at most (yuan)"), null=True)
    shelf = models.CharField(max_length=12, choices=ShopShelf, default=ShopShelf.OTHER)
    over = models.DecimalField(max_digits=9, decimal_places=3, default=NOTHING)
    bought = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    replaced = models.DecimalField(max_digits=9, decimal_places=3, default=NOTHING)
    left_out = models.DecimalField(max_digits=9, decimal_places=3, default=NOTHING)
    received = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    difference = models.DecimalField(max_digits=9, decimal_places=3, default=NOTHING)
    difference_words = models.CharField(max_length=120, blank=True, default="")
    difference_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    delivered = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    taken_back = models.DecimalField(max_digits=9, decimal_places=3, default=NOTHING)
    price_fen = models.PositiveBigIntegerField(null=True)
    charged_fen = models.PositiveBigIntegerField(null=True)
    bought_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    question = models.CharField(max_length=120, blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_how = models.CharField(max_length=8, choices=AskedHow, blank=True, default="")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        name: Personal(personal.WISH, "help.order")
        for name in ("name", "said", "brand", "origin", "size", "note", "question")
    } | {"difference_words": Personal(personal.NOTE, "help.order")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "state", "unit", "shelf", "answered_how"})

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=SETTLED_LINES)
                | Q(quantity__isnull=True)
                | Q(bought=summed("quantity", "over", less=("replaced", "left_out"))),
                name="ordered_reconciles",
                violation_error_message=_("What was bought, replaced and left out is not what was ordered."),
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(bought=summed("received", "difference")),
                name="bought_reconciles",
                violation_error_message=_("What was counted again is not what was bought."),
            ),
            models.CheckConstraint(
                condition=Q(delivered__isnull=True) | Q(received=summed("delivered", "taken_back")),
                name="received_reconciles",
                violation_error_message=_("What was delivered and taken back is not what was there."),
            ),
            models.CheckConstraint(
                condition=Q(difference=0) | Q(difference_by__isnull=False), name="difference_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(over__gte=0, replaced__gte=0, left_out__gte=0, taken_back__gte=0)
                & (Q(bought__isnull=True) | Q(bought__gte=0))
                & (Q(received__isnull=True) | Q(received__gte=0))
                & (Q(delivered__isnull=True) | Q(delivered__gte=0)),
                name="order_figures_not_below_zero",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "position"]),
            models.Index(fields=["state", "answer_due_at"]),
        ]

    def is_late(self, at: datetime) -> bool:
        """Whether the household was to be asked, and has not answered in time."""
        return self.answer_due_at is not None and self.answer_due_at <= at
