"""What every room's part of the API shares: commands sent once, lists by cursor, words that can be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime

from shouwang.core.commands import run_once
from shouwang.core.forms import actor_of, plain_body

KEY = "Idempotency-Key"
M = TypeVar("M", bound=Model)


def _keepable(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t\r" for sign in text):
        raise ValueError("holds a control character")
    return text.strip()


def _plausible(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("is not between 2000 and 2100")
    return at


Words = Annotated[str, AfterValidator(_keepable)]
Instant = Annotated[AwareDatetime, AfterValidator(_plausible)]


class Window(Schema):
    """Which part of a list: what follows the row `after`, at most `limit` rows."""

    after: UUID | None = Field(None, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=200)


class Page(Schema):
    """A part of a list; `next` is null on the last one. The order is stable and means nothing."""

    next: UUID | None = None


class Written(Schema):
    """What a write answers: the id of what was written and, where it has one, its state after this command.

    `status` is `duplicate` when the same command came before: then the answer is the first one's.
    """

    id: UUID
    state: str | None = None
    status: str = Field("accepted", description="accepted or duplicate")


class Nothing(Schema):
    """A command that says all by its address."""


def once(
    request: HttpRequest, key: UUID, kind: str, body: Schema, do: Callable[[], Model], **about: Any
) -> Written:
    """Applies the command `key` once. `about` is what its address says; `do` answers the row that was written.

    Receipts are kept for good, so they hold the id and the state of that row and nothing else.
    """

    def write() -> dict[str, str | None]:
        row = do()
        return {"id": str(row.pk), "state": getattr(row, "state", None)}

    receipt = run_once(
        command_id=key,
        kind=kind,
        by=actor_of(request),
        body=plain_body({**body.model_dump(mode="json"), **about}),
        do=write,
        at=request.at,  # type: ignore[attr-defined]
    )
    return Written(**receipt.answer, status=receipt.status)


def page_of(rows: QuerySet[M], window: Window) -> tuple[Sequence[M], UUID | None]:
    """The rows of the window in the order of their ids, and the cursor of the next one, if there is one."""
    found = rows.order_by("pk")
    if window.after is not None:
        found = found.filter(pk__gt=window.after)
    page = list(found[: window.limit + 1])
    more = len(page) > window.limit
    page = page[: window.limit]
    return page, page[-1].pk if more else None
