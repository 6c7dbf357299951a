"""Answers counted, question by question; no person is in what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.rounds.engines.questions import COUNTED_IN_NUMBERS, Question, number_in, plain_number, values_of


@dataclass(frozen=True)
class Counted:
    """One question: how many answered; how often each of its values was given (a list counts for each of its choices);
    of numbers the lowest, the middle and the highest."""

    question: Question
    answered: int
    values: Sequence[tuple[Any, int]]
    numbers: tuple[str, str, str] | None = None


def count_answers(questions: Sequence[Question], all_answers: Iterable[Mapping[str, Any]]) -> list[Counted]:
    """Counts in the order of the questions and their choices, those that nobody gave with 0."""
    answered: Counter[str] = Counter()
    given: dict[str, Counter[Any]] = {question["code"]: Counter() for question in questions}
    numbers: dict[str, list[Decimal]] = {question["code"]: [] for question in questions}
    counting = {question["code"]: question["type"] in COUNTED_IN_NUMBERS for question in questions}
    for answers in all_answers:
        for code, value in answers.items():
            if code not in given:
                continue
            answered[code] += 1
            if not counting[code]:
                given[code].update(value if isinstance(value, list) else [value])
            elif (number := number_in(value)) is not None:
                numbers[code].append(number)
    return [
        Counted(
            question,
            answered[question["code"]],
            [(value, given[question["code"]][value]) for value in values_of(question)],
            _spread(numbers[question["code"]]),
        )
        for question in questions
    ]


def _spread(numbers: list[Decimal]) -> tuple[str, str, str] | None:
    if not numbers:
        return None
    ordered = sorted(numbers)
    low, middle, high = ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1]
    return plain_number(low), plain_number(middle), plain_number(high)
