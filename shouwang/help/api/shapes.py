"""What goes in and comes out. What your posts or commitments do not show is null."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from shouwang.core.api import Page, Window, Words
from shouwang.help.states import AssignmentState, Category, Outcome, RequestState, Source, Urgency, Verified

Quantity = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=3)]


class TakenInBy(StrEnum):
    """Ways by which a program may take in a request; the door's code and proxies have their own pages."""

    PHONE = "phone"
    CHAT = "chat"
    VISIT = "visit"


class LineIn(Schema):
    name: Words = Field(min_length=1, max_length=80)
    quantity: Quantity | None = None
    unit: Words = Field("", max_length=12)
    note: Words = Field("", max_length=120)


class LineOut(Schema):
    name: str
    quantity: str | None = Field(description="a decimal as text")
    unit: str
    note: str


class DoorIn(Schema):
    """A door as people say it: 3号楼2单元501 is building 3, stairwell 2, door 501."""

    building: Words = Field(min_length=1, max_length=40)
    stairwell: Words | None = Field(None, max_length=40)
    door: Words = Field(min_length=1, max_length=20)


class RequestIn(Schema):
    """Where it is asked from: one of household_id, dwelling_id, door, place_id, or the community alone."""

    community_id: UUID
    household_id: UUID | None = None
    dwelling_id: UUID | None = None
    door: DoorIn | None = None
    place_id: UUID | None = None
    category: Category
    urgency: Urgency = Urgency.NORMAL
    source: TakenInBy = TakenInBy.PHONE
    title: Words = Field("", max_length=120)
    words: Words = Field("", max_length=4000)
    lines: list[LineIn] = Field(default_factory=list, max_length=60)
    asker_name: Words = Field("", max_length=60)
    asker_phone: Words = Field("", max_length=20)
    confidential: bool = Field(False, description="reaches no board, no wall and no group")
    no_ring_back: bool = Field(
        False, description="nobody rings: whoever hears the phone at home must not know of it"
    )
    needs_skills: list[Words] = Field(default_factory=list, max_length=10)
    weight_kg: int = Field(0, ge=0, le=1000)


class OfferIn(Schema):
    volunteer_id: UUID
    why: list[Annotated[Words, Field(max_length=60)]] = Field(default_factory=list, max_length=10)


class Answer(Schema):
    """An answer to an offer: one's own, or noted by the desk for `volunteer_id`."""

    volunteer_id: UUID | None = None
    words: Words = Field("", max_length=400)


class AttemptIn(Schema):
    outcome: Outcome
    note: Words = Field("", max_length=400)


class Noted(Schema):
    note: Words = Field("", max_length=400)


class ConfirmIn(Schema):
    right: bool = Field(description="whether the resident says that it is right; if not, it opens again")
    words: Words = Field("", max_length=400)


class CloseIn(Schema):
    reason: Words = Field("", max_length=400, description="needed when it is not done yet")


class RequestWindow(Window):
    community_id: UUID | None = None
    household_id: UUID | None = None
    state: RequestState | None = None
    urgency: Urgency | None = None
    category: Category | None = None


class RequestOut(Schema):
    id: UUID
    number: str = Field(description="as said on the phone")
    community_id: UUID | None
    place_id: UUID | None
    household_id: UUID | None
    door: str | None
    category: Category
    urgency: Urgency
    source: Source
    state: RequestState
    verified: Verified
    title: str | None
    asker_name: str | None
    asker_phone: str | None
    confidential: bool
    no_ring_back: bool
    received_at: datetime
    accept_due_at: datetime | None
    finish_due_at: datetime | None
    seen_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None


class RequestPage(Page):
    items: list[RequestOut]


class AssignmentOut(Schema):
    id: UUID
    volunteer_id: UUID
    name: str
    state: AssignmentState
    offered_at: datetime
    accepted_at: datetime | None


class MomentOut(Schema):
    at: datetime
    kind: str
    sentence: str
    who: str


class RequestDetail(RequestOut):
    words: str | None
    lines: list[LineOut]
    assignments: list[AssignmentOut]
    timeline: list[MomentOut]


class SuggestionOut(Schema):
    volunteer_id: UUID
    name: str
    possible: bool
    score: float = Field(description="metres, less is better")
    why: list[str]
    reasons: list[str] = Field(description="the same in words")
