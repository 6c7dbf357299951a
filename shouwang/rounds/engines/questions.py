"""The questions of a round: which are asked, what an answer may be, and how they are said in one language.

A question: {"code", "text", "type", "choices": [{"code", "text"}], "required", "when": {"code", "is": [..]} or None,
"unit", "min", "max"}; texts as {"en", "zh"}. Answers: {code: value}; yes_no a boolean, choice a code, choices a list
of codes, number and temperature a decimal string, text a string. docs/offline.md has the form that phones are sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.rounds.engines.texts import said

Question = Mapping[str, Any]
Answers = dict[str, Any]

YES_NO, CHOICE, CHOICES, NUMBER, TEXT, TEMPERATURE = (
    "yes_no", "choice", "choices", "number", "text", "temperature",
)  # fmt: skip
TYPES = (YES_NO, CHOICE, CHOICES, NUMBER, TEXT, TEMPERATURE)
WITH_CHOICES = frozenset({CHOICE, CHOICES})
COUNTED_IN_NUMBERS = frozenset({NUMBER, TEMPERATURE})
# What may decide whether another question is asked.
DECIDING = frozenset({YES_NO, CHOICE, CHOICES})
LONGEST_ANSWER = 500
A_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?")


@dataclass(frozen=True)
class AnswerFault:
    """What is wrong with the answer to one question: `code` one of states.AnswerWrong, `limit` the limit that it breaks."""

    question: str
    code: str
    limit: str = ""


def holds(when: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds, given the answers so far. A list of choices: whether any of them is meant."""
    if not when:
        return True
    answer = answers.get(when["code"])
    given = answer if isinstance(answer, list) else [answer]
    return any(one == wanted and type(one) is type(wanted) for one in given for wanted in when["is"])


def asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> Iterator[Question]:
    """The questions to be asked, given these answers, in their order. One that hangs on a question which is not asked
    is not asked either."""
    counted: Answers = {}
    for question in questions:
        if holds(question.get("when"), counted):
            yield question
            if question["code"] in answers:
                counted[question["code"]] = answers[question["code"]]


def clean(
    questions: Sequence[Question], given: Mapping[str, Any], *, required: bool = True
) -> tuple[Answers, list[AnswerFault]]:
    """(what is kept, what is wrong). What is not asked, given the other answers, is left out without a word; `required`
    False where the visit did not come so far that everything could be asked."""
    known = {question["code"] for question in questions}
    faults = [AnswerFault(str(code), "not-asked") for code in given if code not in known]
    kept: Answers = {}
    for question in questions:
        if not holds(question.get("when"), kept):
            continue
        value = given.get(question["code"])
        if _empty(value):
            if required and question.get("required"):
                faults.append(AnswerFault(question["code"], "missing"))
            continue
        value, fault = READ[question["type"]](question, value)
        if fault is None:
            kept[question["code"]] = value
        else:
            faults.append(fault)
    return kept, faults


def _empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


Read = tuple[Any, AnswerFault | None]


def _yes_no(question: Question, value: Any) -> Read:
    return (value, None) if isinstance(value, bool) else (None, AnswerFault(question["code"], "not-yes-no"))


def _choice(question: Question, value: Any) -> Read:
    fits = isinstance(value, str) and value in choice_codes(question)
    return (value, None) if fits else (None, AnswerFault(question["code"], "not-a-choice"))


def _choices(question: Question, value: Any) -> Read:
    codes = choice_codes(question)
    if not isinstance(value, list) or any(not isinstance(one, str) or one not in codes for one in value):
        return None, AnswerFault(question["code"], "not-a-choice")
    return [code for code in codes if code in value], None


def _number(question: Question, value: Any) -> Read:
    """A decimal string without superfluous digits; full-width digits are read as well."""
    number = number_in(value)
    if number is None:
        return None, AnswerFault(question["code"], "not-a-number")
    least, most = question.get("min"), question.get("max")
    if least is not None and number < Decimal(str(least)):
        return None, AnswerFault(question["code"], "too-small", str(least))
    if most is not None and number > Decimal(str(most)):
        return None, AnswerFault(question["code"], "too-large", str(most))
    return plain_number(number), None


def _text(question: Question, value: Any) -> Read:
    if not isinstance(value, str):
        return None, AnswerFault(question["code"], "not-a-text")
    words = "".join(sign for sign in value.strip() if sign.isprintable() or sign == "\n")
    if len(words) > LONGEST_ANSWER:
        return None, AnswerFault(question["code"], "too-long", str(LONGEST_ANSWER))
    return words, None


READ = {
    YES_NO: _yes_no, CHOICE: _choice, CHOICES: _choices, NUMBER: _number, TEMPERATURE: _number, TEXT: _text,
}  # fmt: skip


def number_in(value: Any) -> Decimal | None:
    """The number that a value says, or None. Booleans say none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    words = unicodedata.normalize("NFKC", str(value)).strip()
    return Decimal(words) if A_NUMBER.fullmatch(words) else None


def plain_number(number: Decimal) -> str:
    """36.50 as "36.5", 400 as "400"."""
    words = f"{number:f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return "0" if words == "-0" else words


def choice_codes(question: Question) -> list[str]:
    """The codes of a question's choices in their order."""
    return [choice["code"] for choice in question.get("choices") or []]


def values_of(question: Question) -> list[Any]:
    """What may decide on a further question: yes and no, or the choices' codes; nothing for the other types."""
    if question["type"] == YES_NO:
        return [True, False]
    return choice_codes(question) if question["type"] in WITH_CHOICES else []


def asked_in(questions: Sequence[Question], language: str) -> list[dict[str, Any]]:
    """The questions with every text in one language: the form that docs/offline.md describes."""
    return [
        {
            "code": question["code"],
            "text": said(question["text"], language),
            "type": question["type"],
            "choices": [
                {"code": choice["code"], "text": said(choice["text"], language)}
                for choice in question.get("choices") or []
            ],
            "required": bool(question.get("required")),
            "when": question.get("when") or None,
            "unit": said(question.get("unit"), language),
            "min": question.get("min"),
            "max": question.get("max"),
        }
        for question in questions
    ]
