"""The spine of places, areas across it, dwellings (doors), posts and the coverage they give."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import DOOR, NOTE, Personal
from shouwang.core.sealing import SealedTextField
from shouwang.places.states import AreaKind, BuildingKind, Cover, Level, Role


class Placed(models.Model):
    """The scope columns of a row: the ids of the places above it, as of now. Re-stamped when a place moves."""

    community_id = models.UUIDField(null=True, db_index=True)
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True, db_index=True)
    stairwell_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        abstract = True

    def stamp(self) -> dict[str, object]:
        """The scope columns as keywords for another row of the same place."""
        return {name: getattr(self, name) for name in STAMP}


STAMP = ("community_id", "grid_id", "building_id", "stairwell_id")


class Place(Record, MP_Node):
    """A node of the one spine. `community_id` ... are stamped on the node too (its own id at its own level)."""

    level = models.CharField(max_length=12, choices=Level)
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(
        max_length=40, blank=True, help_text=_("number within the place above, as people say it")
    )
    kind = models.CharField(max_length=12, choices=BuildingKind, blank=True, default="")
    sort_key = models.CharField(max_length=60, default="")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    has_lift = models.BooleanField(default=False)
    x_m = models.FloatField(null=True, help_text=_("metres east of the community's origin"))
    y_m = models.FloatField(null=True, help_text=_("metres north of the community's origin"))
    door_code = models.CharField(
        max_length=16, unique=True, null=True, help_text=_("what the QR code at the door says")
    )
    community_id = models.UUIDField(null=True, db_index=True)
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True, db_index=True)
    stairwell_id = models.UUIDField(null=True)
    until = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset(
        {"path", "level", "name", "code", "kind", "sort_key", "time_zone", "door_code"}
    )
    node_order_by: ClassVar[list[str]] = []

    class Meta:
        indexes = [models.Index(fields=["community_id", "level"])]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(level=Level.COMMUNITY),
                name="community_code_once",
                violation_error_message=_("A community with this code exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def stamp(self) -> dict[str, object]:
        """The scope columns as keywords for a row at this place."""
        return {name: getattr(self, name) for name in STAMP}


class Area(Record):
    """A named set of places: a compound, a patch, a zone. Places of any level may belong."""

    community_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10, choices=AreaKind)
    name = models.CharField(max_length=80)
    until = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind", "name"})

    def __str__(self) -> str:
        return self.name


class AreaPlace(Record):
    """That a place belongs to an area, from/until."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "place"], condition=Q(until_at__isnull=True), name="area_place_once"
            )
        ]


class Dwelling(Record, Placed):
    """A door. `place` is the leaf: a stairwell, or a building or yard without stairwells."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="dwellings")
    door = models.CharField(_("door"), max_length=20)
    floor = models.SmallIntegerField(null=True)
    sort_key = models.CharField(max_length=40, default="")
    lift = models.BooleanField(null=True)
    until = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"door": Personal(DOOR, "register")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"sort_key"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "door"],
                condition=Q(until__isnull=True),
                name="door_once",
                violation_error_message=_("This door exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.door


class Post(Record, Placed):
    """That somebody answers for a place or an area, from/until. The scope columns are the place's."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="posts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    order = models.PositiveSmallIntegerField(default=1, help_text=_("1 is rung first, then the deputies"))
    online_only = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    stands_in_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="substitutes")

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"role"})

    class Meta:
        indexes = [models.Index(fields=["holder", "until_at"]), models.Index(fields=["place", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) ^ Q(area__isnull=False),
                name="post_place_or_area",
                violation_error_message=_("A post answers for one place or one area."),
            ),
            models.UniqueConstraint(
                fields=["place", "role", "holder"],
                condition=Q(until_at__isnull=True),
                name="post_once",
                violation_error_message=_("This person holds this post already."),
            ),
        ]

    def is_live(self, at: datetime) -> bool:
        """Whether the holder answers for the place at `at`."""
        return (
            self.from_at <= at and (self.until_at is None or self.until_at > at) and self.suspended_at is None
        )


class Coverage(models.Model):
    """How each leaf place is covered now; kept by the services that write posts."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="coverage")
    community_id = models.UUIDField(db_index=True)
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True)
    stairwell_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=Cover, default=Cover.NONE)
    online_only = models.BooleanField(default=False)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text=_("when somebody above was told of the gap"))

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})


class BrokenGlass(Record, Placed):
    """That somebody saw a place that is not theirs, in an emergency, for a reason and for a time. It ends by itself."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(_("reason"))
    began_at = models.DateTimeField()
    until_at = models.DateTimeField()
    seen_at = models.DateTimeField(
        null=True, help_text=_("when somebody who answers for the place had read of it")
    )
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {"reason": Personal(NOTE, "glass")}

    class Meta:
        indexes = [
            models.Index(fields=["user", "until_at"]),
            models.Index(fields=["community_id", "seen_at"]),
        ]

    def is_live(self, at: datetime) -> bool:
        """Whether the place is still seen because of it."""
        return self.began_at <= at < self.until_at
