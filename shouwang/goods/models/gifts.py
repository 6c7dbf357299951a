"""What is given to households from a list, once each, with proof; and what is posted of it for everybody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import personal
from shouwang.core.models import Record, StoredFile
from shouwang.core.personal import Personal
from shouwang.goods.models.store import Item, Shelf
from shouwang.goods.states.gifts import GiftState, ListState
from shouwang.people.models import Household
from shouwang.places.models import Placed


class GiftList(Record, Placed):
    """Who gets what, once each. The scope columns are the community's.

    `what` in words; with `item` and `shelf` every handing over takes `quantity` units from the store. `occasion` is the
    same on lists of one occasion, by which somebody on two of them is seen. `why` is said to everybody, so it names
    nobody; by which care flags a list was made is not kept on it, since then every line would say why.
    """

    name = models.CharField(_("name"), max_length=60)
    occasion = models.CharField(_("occasion"), max_length=60, blank=True, default="")
    what = models.CharField(_("what"), max_length=60)
    quantity = models.PositiveIntegerField(default=1)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=ListState, default=ListState.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    handed_count = models.PositiveIntegerField(
        null=True, help_text=_("how many had been handed over when it was closed; stays when the lines go")
    )

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"name", "occasion", "what", "why", "state"})

    class Meta:
        indexes = [models.Index(fields=["community_id", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, shelf__isnull=True)
                | Q(item__isnull=False, shelf__isnull=False),
                name="gift_item_and_shelf",
                violation_error_message=_("Say from where in the store it is taken."),
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="gift_gives_something"),
        ]


class GiftLine(Record, Placed):
    """One household on a list, once. The scope columns are the household's of that day. `act` is the store's movement."""

    gift_list = models.ForeignKey(GiftList, on_delete=models.PROTECT, related_name="lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="gifts")
    state = models.CharField(max_length=12, choices=GiftState, default=GiftState.TO_GIVE)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_words = models.CharField(max_length=60, blank=True, default="")
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    act = models.UUIDField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {"to_words": Personal(personal.NAME, "goods.gifts")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    class Meta:
        indexes = [models.Index(fields=["household", "state"]), models.Index(fields=["gift_list", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["gift_list", "household"],
                name="gift_once",
                violation_error_message=_("This household is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(state=GiftState.TO_GIVE, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state=GiftState.TO_GIVE) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="gift_settled_by_somebody",
                violation_error_message=_("Say who settled it, and when."),
            ),
        ]


class GiftPosting(Record):
    """That the counts of a list are posted for everybody, by a named person; taken back likewise."""

    gift_list = models.ForeignKey(GiftList, on_delete=models.PROTECT, related_name="postings")
    community_id = models.UUIDField(null=True, db_index=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gift_list"],
                condition=Q(taken_back_at__isnull=True),
                name="posted_once",
                violation_error_message=_("This is posted already."),
            )
        ]
