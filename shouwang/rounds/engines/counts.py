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
    of numbers the lowest, the middle and the highest.

    `homes`: in how many households each value was given, in the order of `values`; `any_of`: by how many, and in how many
    households, any choice but "none" was given, where the question has that choice; else None.
    """

    question: Question
    answered: int
    values: Sequence[tuple[Any, int]]
    numbers: tuple[str, str, str] | None = None
    homes: Sequence[int] = ()
    any_of: tuple[int, int] | None = None


# What stands for "none of these" among the choices of a question.
NONE = "none"
# A list behind a number: everybody who gave any choice but "none".
ANY = "*"


def gives(question: Question, answers: Mapping[str, Any], value: Any) -> bool:
    """Whether these answers give the value to a question; ANY: any choice but "none"."""
    if question["code"] not in answers:
        return False
    said = answers[question["code"]]
    given = said if isinstance(said, list) else [said]
    return any(one != NONE for one in given) if value == ANY else value in given


def count_answers(
    questions: Sequence[Question], all_answers: Iterable[tuple[Any, Mapping[str, Any]]]
) -> list[Counted]:
    """Counts (household, answers) in the order of the questions and their choices, those that nobody gave with 0. Whoever
    has no household (None) counts as a person and in none."""
    homes: dict[tuple[str, Any], set[Any]] = {}
    some: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    given: dict[str, Counter[Any]] = {question["code"]: Counter() for question in questions}
    numbers: dict[str, list[Decimal]] = {question["code"]: [] for question in questions}
    counting = {question["code"]: question["type"] in COUNTED_IN_NUMBERS for question in questions}
    by_code = {question["code"]: question for question in questions}
    for home, answers in all_answers:
        for code, value in answers.items():
            if code not in given:
                continue
            answered[code] += 1
            if not counting[code]:
                said = value if isinstance(value, list) else [value]
                given[code].update(said)
                any_of = gives(by_code[code], answers, ANY)
                some[code] += any_of
                for one in {*said, ANY} if any_of else set(said):
                    homes.setdefault((code, one), set()).add(home)
            elif (number := number_in(value)) is not None:
                numbers[code].append(number)
    return [
        Counted(
            question,
            answered[question["code"]],
            [(value, given[question["code"]][value]) for value in values_of(question)],
            _spread(numbers[question["code"]]),
            [_count_homes(homes, question["code"], value) for value in values_of(question)],
            (some[question["code"]], _count_homes(homes, question["code"], ANY))
            if NONE in values_of(question)
            else None,
        )
        for question in questions
    ]


def _count_homes(homes: Mapping[tuple[str, Any], set[Any]], code: str, value: Any) -> int:
    return len(homes.get((code, value), set()) - {None})


def _spread(numbers: list[Decimal]) -> tuple[str, str, str] | None:
    if not numbers:
        return None
    ordered = sorted(numbers)
    low, middle, high = ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1]
    return plain_number(low), plain_number(middle), plain_number(high)
