"""Answers are checked before anything is said of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.core.errors import Refusal
from shouwang.rounds.engines.questions import Answers, clean
from shouwang.rounds.models import Round
from shouwang.rounds.rules import wrong_answer
from shouwang.rounds.states import EntryState


def clean_answers(*, round_: Round, answers: Mapping[str, Any], state: str) -> Answers:
    """The answers as they are kept: of the right type, within limits, without what was not to be asked.

    Only `done` needs every required answer. Refusal at the first one that is wrong, its `field` the question's code.
    """
    kept, faults = clean(round_.questions, answers, required=state == EntryState.DONE)
    if faults:
        raise Refusal("answer-wrong", wrong_answer(faults[0]), field=faults[0].question)
    return kept
