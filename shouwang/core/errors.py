"""Refusals: errors meant for people, with a stable code for programs."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from django.db.utils import InternalError, OperationalError

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


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_out_of_order(fault: BaseException | None) -> bool:
    """Whether the machine failed and not the program: a full disk, a database that is away or locked too long.

    Nothing was kept then, and the same sent again later goes through: an answer of 503, never of 500.
    """
    if isinstance(fault, OSError):
        return fault.errno in FULL
    if isinstance(
        fault, InternalError
    ):  # PostgreSQL does not count a file that may not grow among full disks
        return "could not extend" in str(fault) or "could not write" in str(fault)
    return isinstance(fault, OperationalError)
