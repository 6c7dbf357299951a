"""Identity: UUIDv7, and ids derived by rule so that a replay makes nothing twice."""

from __future__ import annotations

import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """A new UUIDv7. It is identity only: never sort by it."""
    return compat.uuid7()


def derived_id(source: uuid.UUID, rule: str) -> uuid.UUID:
    """The id of what `rule` makes out of `source`: the same pair gives the same id."""
    return uuid.uuid5(source, rule)
