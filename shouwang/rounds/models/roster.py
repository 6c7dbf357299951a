"""Rounds, their rosters, every try, and counters that are kept with the writes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import HEALTH, NOTE, Personal
from shouwang.core.sealing import SealedJSONField, SealedTextField
from shouwang.incidents.models import Incident
from shouwang.people.models import Household, Person
from shouwang.people.states import Care, StayKind
from shouwang.places.models import Place, Placed
from shouwang.places.states import Role
from shouwang.rounds.models.campaigns import Campaign
from shouwang.rounds.models.series import Series
from shouwang.rounds.models.spots import Spot
from shouwang.rounds.states import OF_PEOPLE, EntryState, RoundState, Still, Whom, Why


class Round(Record):
    """One sweep over a roster. `flag`, `from_age`, `stay` and `post` narrow it; whoever's age is not known is on it all
    the same. `incident`: its places follow the incident's line, as far as that grows. `campaign`: asked for from above.

    `tube_size`: for how many people a tube is; none: no tubes. `follows`: the round whose tubes were not negative; such
    a round of single samples says who was in one, so it is for those who lead rounds alone.
    `series`: it comes again every day; `turn` is which of its day's it is, 0 the
    first; none for the one that was begun by hand.
    `states`, `questions` and `rules` are its kind's as they were when it began; without a kind none.
    """

    community_id = models.UUIDField(db_index=True)
    name = models.CharField(pgettext_lazy("round", "name"), max_length=60)
    whom = models.CharField(_("who is on it"), max_length=12, choices=Whom)
    flag = models.CharField(max_length=18, choices=Care, blank=True, default="")
    from_age = models.PositiveSmallIntegerField(null=True)
    stay = models.CharField(max_length=18, choices=StayKind, blank=True, default="")
    post = models.CharField(max_length=20, choices=Role, blank=True, default="")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="rounds")
    tube_size = models.PositiveSmallIntegerField(null=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="rounds")
    turn = models.PositiveSmallIntegerField(null=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="follow_ups")
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.OPEN)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    frozen_count = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    signed_off_count = models.PositiveIntegerField(default=0)
    signed_off_why = SealedTextField(_("why"), blank=True, default="")
    kind = models.ForeignKey("rounds.Kind", on_delete=models.PROTECT, null=True, related_name="+")
    states = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    rules = models.JSONField(default=list)

    PERSONAL: ClassVar[dict[str, Personal]] = {"signed_off_why": Personal(NOTE, "round")}
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset(
        {"name", "whom", "flag", "stay", "post", "state", "states", "questions", "rules"}
    )

    class Meta:
        indexes = [models.Index(fields=["community_id", "state"])]

    def __str__(self) -> str:
        return self.name

    @property
    def at_point(self) -> bool:
        """Whether people come to a point: as its kind says; without a kind, when it is over people or households."""
        return self.whom in OF_PEOPLE and (self.kind is None or self.kind.at_point)

    @property
    def by_phone(self) -> bool:
        """Whether people are rung up, as its kind says."""
        return self.kind is not None and self.kind.by_phone

    @property
    def waiting_words(self) -> str:
        """How an entry that still waits is told: to come, to be rung up, to be asked, or to be done."""
        if self.at_point:
            return str(EntryState.WAITING.label)
        how = Still.RING if self.by_phone else Still.ASK if self.questions else Still.DO
        return str(how.label)


class RoundPlace(models.Model):
    """A building or single stairwell that the round goes over."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="places")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="round_place_once")]


class Entry(Record, Placed):
    """One person, household, spot or stairwell of a roster: always in exactly one state. Where is where they lived at
    the time.

    `last` is the attempt that says how it stands; `disputed`: two attempts with evidence say different things, so it
    waits for a person to decide. `sort_key` is its place in a list of those still missing (engines.order).

    What is said of an entry changes no index: a morning's scans would write a dozen of them for each.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=EntryState, default=EntryState.WAITING)
    why = models.CharField(max_length=10, choices=Why, default=Why.BEGAN)
    sort_key = models.CharField(max_length=110, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    last = models.UUIDField(null=True)
    disputed = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state", "why", "sort_key"})

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """How it stands, in the words of its round; a list loads the round with its kind first."""
        waits = self.state == EntryState.WAITING
        return self.round.waiting_words if waits else str(EntryState(self.state).label)

    class Meta:
        indexes = [models.Index(fields=["round", "sort_key"], name="entry_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"], condition=Q(person__isnull=False), name="entry_person_once"
            ),
            models.UniqueConstraint(
                fields=["round", "household"],
                condition=Q(person__isnull=True, household__isnull=False),
                name="entry_household_once",
            ),
            models.UniqueConstraint(
                fields=["round", "spot"], condition=Q(spot__isnull=False), name="entry_spot_once"
            ),
            models.UniqueConstraint(
                fields=["round", "place"], condition=Q(place__isnull=False), name="entry_place_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(household__isnull=False, spot__isnull=True, place__isnull=True)
                    | Q(household__isnull=True, person__isnull=True, spot__isnull=False, place__isnull=True)
                    | Q(household__isnull=True, person__isnull=True, spot__isnull=True, place__isnull=False)
                ),
                name="entry_of_one_thing",
                violation_error_message=_("An entry is of one person, household, spot or place."),
            ),
        ]


class JoinedEntry(models.Model):
    """That two entries of a round were of one person entered twice: what is still said of the one that is gone is said
    of the other."""

    gone_id = models.UUIDField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="joined")


class Attempt(Record):
    """One try, append-only: what was found or said, by whom, when. By nobody: the clock, from the register.

    Its id is the id of the command that brought it. `at` is when the server had it; `claimed_at` what the author's own
    clock said, shown as claimed. `counts` is false for one that changed nothing because a better one was there.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attempts")
    state = models.CharField(max_length=12, choices=EntryState)
    note = SealedTextField(_("note"), blank=True, default="")
    answers = SealedJSONField(_("answers"), blank=True, default=dict)
    tube = models.CharField(_("tube"), max_length=40, blank=True, default="")
    counts = models.BooleanField(default=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "note": Personal(NOTE, "round"),
        "answers": Personal(HEALTH, "round"),
        "tube": Personal(NOTE, "round"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"state"})

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """What was said, in the words of its round."""
        words = self.entry.round.waiting_words if self.state == EntryState.WAITING else ""
        return words or str(EntryState(self.state).label)

    class Meta:
        indexes = [models.Index(fields=["tube"], condition=~Q(tube=""), name="attempt_tube")]


class Tally(models.Model):
    """How many entries of a round stand how, at one leaf place; changed in the transaction that changes the entry.

    `community_id` and `campaign_id` are the round's, so that counts up the tree read one table.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tallies", db_index=False)
    campaign_id = models.UUIDField(null=True)
    community_id = models.UUIDField()
    leaf_id = models.UUIDField()
    building_id = models.UUIDField()
    waiting = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    away = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    exempt = models.PositiveIntegerField(default=0)
    deferred = models.PositiveIntegerField(default=0)
    not_reached = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "leaf_id"], name="tally_once")]
        indexes = [
            models.Index(
                fields=["campaign_id"], condition=Q(campaign_id__isnull=False), name="tally_of_campaign"
            )
        ]
