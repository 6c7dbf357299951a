"""Households at doors, the people in them, where they are, what care they need, whom to ring."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record
from shouwang.core.personal import Personal
from shouwang.core.sealing import SealedJSONField, SealedTextField
from shouwang.people.states import (
    Care,
    CareState,
    IdKind,
    MergedField,
    Occupancy,
    ProxyKind,
    Relation,
    Sex,
    StayKind,
)
from shouwang.places.models import Dwelling, Placed


class DoorState(Placed):
    """What a door is: lived in, empty, unknown, refused ... with source and date."""

    dwelling = models.OneToOneField(
        Dwelling, on_delete=models.PROTECT, primary_key=True, related_name="door_state"
    )
    occupancy = models.CharField(max_length=16, choices=Occupancy, default=Occupancy.UNKNOWN)
    as_of = models.DateField()
    source = models.CharField(max_length=40)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"occupancy", "source"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "occupancy"])]


class Household(Record, Placed):
    """Those who live behind one door, from/until."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="households")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    note = SealedTextField(_("note"), blank=True, default="")

    PERSONAL: ClassVar[dict[str, Personal]] = {"note": Personal(personal.NOTE, "register")}

    class Meta:
        indexes = [models.Index(fields=["dwelling", "until_on"])]


class Person(Record, Placed):
    """A resident. `place` columns are where the person lives now. Birth dates may be partial."""

    name = models.CharField(_("name"), max_length=60)
    name_letters = models.CharField(
        max_length=40, blank=True, default="", help_text="initials of the pinyin, lower case"
    )
    name_pinyin = models.CharField(max_length=160, blank=True, default="")
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default="")
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    phone_reversed = models.CharField(max_length=20, blank=True, default="")
    id_kind = models.CharField(max_length=12, choices=IdKind, blank=True, default="")
    id_number = SealedTextField(blank=True, default="")
    id_number_index = models.CharField(max_length=64, blank=True, default="")
    extra = SealedJSONField(
        default=dict, blank=True, help_text="columns of a ledger that have no field of their own"
    )
    register_as_of = models.DateField(null=True, help_text="the date of the sheet that last changed this row")
    edited_at = models.DateTimeField(
        null=True, help_text="the last edit by hand; later than a sheet, it wins"
    )
    voided_at = models.DateTimeField(null=True)
    died_on = models.DateField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(personal.NAME, "register"),
        "name_letters": Personal(personal.NAME, "register"),
        "name_pinyin": Personal(personal.NAME, "register"),
        "phone": Personal(personal.PHONE, "register"),
        "phone_reversed": Personal(personal.PHONE, "register"),
        "id_number": Personal(personal.ID_NUMBER, "register"),
        "id_number_index": Personal(personal.ID_NUMBER, "register"),
        "extra": Personal(personal.NOTE, "register"),
        "birth_year": Personal(personal.BIRTH, "register"),
        "birth_month": Personal(personal.BIRTH, "register"),
        "birth_day": Personal(personal.BIRTH, "register"),
        "sex": Personal(personal.BIRTH, "register"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"id_kind"})

    class Meta:
        indexes = [
            models.Index(fields=["name"]),
            models.Index(fields=["phone"]),
            models.Index(fields=["phone_reversed"]),
            models.Index(fields=["name_letters"]),
            models.Index(
                fields=["id_number_index"], condition=~Q(id_number_index=""), name="person_id_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def age_at(self, day: date) -> int | None:
        """Full years on `day`; with a partial birth date the smaller possible age; None without a year."""
        if self.birth_year is None:
            return None
        had_birthday = (self.birth_month or 12, self.birth_day or 31) <= (day.month, day.day)
        return day.year - self.birth_year - (0 if had_birthday else 1)


class Membership(Record):
    """That a person belongs to a household, from/until."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.OTHER)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"relation"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until_on__isnull=True),
                name="one_home",
                violation_error_message=_("This person belongs to another household."),
            )
        ]
        indexes = [models.Index(fields=["household", "until_on"])]


class Stay(Record, Placed):
    """Where a person is now, when that is not at home (or was not)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    kind = models.CharField(max_length=18, choices=StayKind)
    where = models.CharField(_("where"), max_length=120, blank=True, default="")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"where": Personal(personal.NOTE, "stay")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until_at__isnull=True),
                name="one_stay",
                violation_error_message=_("This person is already recorded as staying somewhere."),
            )
        ]


class CareFlag(Record, Placed):
    """A reason to think of somebody, with source, date and the day it is looked at again."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="flags")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="flags")
    kind = models.CharField(max_length=18, choices=Care)
    state = models.CharField(max_length=10, choices=CareState, default=CareState.ACCEPTED)
    source = models.CharField(max_length=60)
    noted_on = models.DateField()
    review_on = models.DateField(null=True)
    note = SealedTextField(blank=True, default="")
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    purpose_id = models.UUIDField(null=True, help_text="the incident's purpose if only an incident needs it")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "kind": Personal(personal.CARE, "care"),
        "note": Personal(personal.HEALTH, "care"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "source"})

    class Meta:
        indexes = [
            models.Index(fields=["household", "state"]),
            models.Index(fields=["community_id", "kind", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person", "kind"],
                condition=Q(state__in=["proposed", "accepted"], person__isnull=False),
                name="flag_once_person",
                violation_error_message=_("This care flag is already there."),
            ),
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=Q(state__in=["proposed", "accepted"], person__isnull=True),
                name="flag_once_household",
                violation_error_message=_("This care flag is already there."),
            ),
        ]


class Contact(Record):
    """Whom to ring about a person, in order."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    order = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    relation = models.CharField(_("relation"), max_length=40, blank=True, default="")
    until_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(personal.NAME, "contact"),
        "phone": Personal(personal.PHONE, "contact"),
        "relation": Personal(personal.NOTE, "contact"),
    }


class Proxy(Record):
    """Somebody who may speak for a household: a child elsewhere, a neighbour."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="proxies")
    kind = models.CharField(max_length=16, choices=ProxyKind)
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="proxies")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "name": Personal(personal.NAME, "contact"),
        "phone": Personal(personal.PHONE, "contact"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"kind"})


class PersonMerge(Record, Placed):
    """That one person had been entered twice: `alias` is gone and stands for `survivor`. Can be undone for 30 days.

    `before` is what undoing needs: columns of the survivor before and after, and which rows were handed over.
    """

    survivor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    alias = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_away")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    before = SealedJSONField(default=dict, blank=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"before": Personal(personal.ID_NUMBER, "merge")}

    class Meta:
        indexes = [models.Index(fields=["community_id", "merged_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["alias"],
                condition=Q(undone_at__isnull=True),
                name="merged_once",
                violation_error_message=_("This person was put together with another one already."),
            )
        ]


class KnownApart(Record, Placed):
    """That somebody looked at two alike and found that they are two people; they are not asked about again."""

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="apart_once",
                violation_error_message=_("These two are known to be different people."),
            )
        ]


class ResidentCode(Record):
    """A code by which a resident is known when it is scanned: printed, or on the phone if it has a private link.

    The text of it is signed anew whenever it is drawn and stands nowhere; `short` is the ten random bytes in it, as hex.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="codes")
    short = models.CharField(max_length=20, unique=True)
    valid_until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    link_digest = models.CharField(max_length=64, unique=True, null=True)

    # It says nothing of the person, and stands for the person as a name does.
    PERSONAL: ClassVar[dict[str, Personal]] = {"short": Personal(personal.NAME, "code")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"link_digest"})

    class Meta:
        indexes = [models.Index(fields=["valid_until"])]

    @property
    def on_phone(self) -> bool:
        """Whether it is shown on a phone; else it is printed."""
        return self.link_digest is not None

    def is_live(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.revoked_at is None and day <= self.valid_until


class FieldWord(Record):
    """Whose word the name or number of a person is, where a person wrote it; the newest one for each field.

    `word` is the id of what brought it: a phone's command, or made here. `mark` is that of the value, which itself
    stands with the person only: once a sheet has gone over it, the mark fits no more.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="words")
    field = models.CharField(max_length=8, choices=MergedField)
    word = models.UUIDField()
    mark = models.CharField(max_length=16)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"field", "mark"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "field"], name="word_once")]


class Contradiction(Record, Placed):
    """Two who did not know of each other said different things of one field; a person says which holds.

    `stands` is in the register meanwhile: the later word, or for what keeps somebody alive the more careful one, with
    its flag. `other` is kept so that nothing is lost. `other_by` None: it came from a sheet.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="contradictions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contradictions")
    field = models.CharField(max_length=8, choices=MergedField)
    flag = models.ForeignKey(CareFlag, on_delete=models.CASCADE, null=True, related_name="contradictions")
    stands = SealedTextField()
    other = SealedTextField()
    stands_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    other_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "stands": Personal(personal.PHONE, "contradiction"),
        "other": Personal(personal.PHONE, "contradiction"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"field"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "decided_at"])]
