"""What a volunteer's phone may do while it has no signal."""

from shouwang.help.commands.requests import (
    Attempt,
    Body,
    Finish,
    attempt,
    describe,
    finish,
    found_for,
    start,
    take,
)

__all__ = [
    "Attempt",
    "Body",
    "Finish",
    "attempt",
    "describe",
    "finish",
    "found_for",
    "start",
    "take",
]
