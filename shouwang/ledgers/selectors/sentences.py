"""What the readers say, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from shouwang.ledgers.engines.shapes import Issue


def said(message: str, params: Mapping[str, object]) -> str:
    """A reader's sentence translated, with its figures."""
    text = gettext(message)
    return text % params if params else text


def said_of(issue: Issue) -> str:
    """An issue as a sentence."""
    return said(issue.message, issue.params)
