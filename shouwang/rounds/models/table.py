"""The table of a round: tubes with their results, what was sent away, and those who came without an entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import DOOR, ID_NUMBER, NAME, NOTE, PHONE, Personal
from shouwang.core.sealing import SealedTextField
from shouwang.people.models import Person
from shouwang.rounds.models.roster import Entry, Round
from shouwang.rounds.states import SENDABLE, Document, TubeResult, TubeState


class Consignment(Record):
    """Tubes that left together for the laboratory; its page is the sheet that goes with them."""

    community_id = models.UUIDField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="consignments")
    handed_to = models.CharField(_("handed to"), max_length=60)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {"handed_to": Personal(NAME, "round")}


class Tube(Record):
    """A tube with the samples of up to `size` people. Who is in it is said by the attempts that count and name its barcode.

    Made by the first word that names it, or by its scan at the table. More may be in it than it is for: two phones
    without a signal used one tube, and the samples are in it.
    """

    community_id = models.UUIDField()
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tubes")
    barcode = models.CharField(_("barcode"), max_length=40)
    size = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=TubeState, default=TubeState.FILLING)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, null=True, related_name="tubes")
    sent_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=8, choices=TubeResult, blank=True, default="")
    result_at = models.DateTimeField(null=True)
    result_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {"barcode": Personal(NOTE, "round")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "result"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "barcode"], name="tube_barcode_once"),
        ]

    @property
    def ending(self) -> str:
        """The last characters of the barcode, by which people tell tubes apart."""
        return self.barcode[-4:]

    @property
    def takes_more(self) -> bool:
        """Whether it is still at the point and may be labelled, filled, closed or sent."""
        return self.state in SENDABLE


class WalkIn(Record):
    """Somebody at the table who is not in the register, or not found in it. Counted beside the roster until a person
    says who it is.

    `tube` is the barcode of the tube with the sample. When it is known who it is, `person` and `entry` say so, and
    number, door and phone are not needed any more.
    """

    community_id = models.UUIDField()
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="walk_ins")
    name = models.CharField(_("name"), max_length=60)
    document = models.CharField(max_length=8, choices=Document)
    number = SealedTextField(blank=True, default="")
    number_index = models.CharField(max_length=64, blank=True, default="")
    door = models.CharField(_("door as said"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    tube = models.CharField(_("tube"), max_length=40, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(NAME, "round"),
        "number": Personal(ID_NUMBER, "round"),
        "number_index": Personal(ID_NUMBER, "round"),
        "door": Personal(DOOR, "round"),
        "phone": Personal(PHONE, "round"),
        "tube": Personal(NOTE, "round"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"document"})

    class Meta:
        indexes = [
            models.Index(
                fields=["community_id"],
                condition=Q(placed_at__isnull=True, taken_back_at__isnull=True),
                name="walk_in_unplaced",
            )
        ]
