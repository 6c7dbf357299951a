"""Refusals: errors meant for people, with a stable code for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(Exception):
    """Something was asked that can't be done; `message` says what to do next, in the user's language.

    `field` names the form field or JSON pointer at fault, if one is. `status` is the HTTP answer.
    """

    status = 422

    def __init__(
        self,
        code: str,
        message: str | _StrPromise,
        *,
        field: str | None = None,
        status: int | None = None,
        **values: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.values = values
        if status is not None:
            self.status = status

    def sentence(self) -> str:
        """The message with its values, translated now."""
        text = str(self.message)
        return text % self.values if self.values else text


class NotAllowed(Refusal):
    """The actor's posts and commitments don't reach this."""

    status = 403


class Conflict(Refusal):
    """Somebody else was quicker, or one id came with two bodies."""

    status = 409
