"""Kinds of rounds, kept as rows and not as code; and what answers have proposed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.accounts.models import User
from shouwang.core.models import Record
from shouwang.core.personal import HEALTH, NOTE, Personal
from shouwang.core.sealing import SealedJSONField, SealedTextField
from shouwang.rounds.engines.texts import either
from shouwang.rounds.models.roster import Entry
from shouwang.rounds.states import ProposalState, Proposed, Whom


class Kind(Record):
    """What a round of this kind is over, asks and proposes. Without a community: it came with the product, for all.

    Texts are {"en", "zh"}; `questions` and `rules` as engines.questions and engines.proposals have them. `tube_sizes`
    empty: no tubes. `at_point`: people come to a point, else somebody rings or goes to them. `states` what may be said of
    an entry. A round keeps a copy of its own, so a change here changes no round that goes on. `version` counts the
    changes.
    """

    community_id = models.UUIDField(null=True, db_index=True)
    code = models.CharField(max_length=40)
    name = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    guidance = models.JSONField(default=dict)
    whom = models.CharField(max_length=12, choices=Whom)
    by_phone = models.BooleanField(default=False)
    at_point = models.BooleanField(default=False)
    tube_sizes = models.JSONField(default=list)
    states = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    place_in_list = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset(
        {"code", "name", "about", "guidance", "whom", "tube_sizes", "states", "questions", "rules"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "code"], name="kind_code_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(community_id__isnull=True), name="shipped_kind_code_once"
            ),
        ]

    def __str__(self) -> str:
        return either(self.name)


class Proposal(Record):
    """What one rule of a round proposed for one entry; its id follows from both, so that nothing is proposed twice.

    `answers` those that called for it. `result_id`: the request or the care flag that a person has made of it.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="proposals")
    rule = models.CharField(max_length=32)
    what = models.CharField(max_length=12, choices=Proposed)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    answers = SealedJSONField(blank=True, default=dict)
    note = SealedTextField(blank=True, default="")
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    result_id = models.UUIDField(null=True)

    PERSONAL: ClassVar[dict[str, Personal]] = {
        "answers": Personal(HEALTH, "round"),
        "note": Personal(NOTE, "round"),
    }
    NOT_PERSONAL: ClassVar[frozenset[str]] = frozenset({"rule", "what", "state"})

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="proposed"), name="proposal_waiting"),
        ]
