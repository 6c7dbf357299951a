"""Whether a kind of round is well defined: each fault with the place at which it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouwang.rounds.engines.questions import (
    COUNTED_IN_NUMBERS,
    DECIDING,
    TYPES,
    WITH_CHOICES,
    number_in,
    values_of,
)
from shouwang.rounds.engines.texts import LANGUAGES, either, said

CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
MOST_QUESTIONS, MOST_CHOICES, MOST_RULES = 40, 30, 20
LONGEST_TEXT, LONGEST_TITLE, LONGEST_UNIT = 200, 60, 12
REQUEST, FLAG, OBSERVATION = "request", "flag", "observation"
PROPOSABLE = (REQUEST, FLAG, OBSERVATION)


@dataclass(frozen=True)
class Fault:
    """`where` as ("questions", 2, "text"); `code` one of states.KindWrong; `value` what stands there."""

    where: tuple[str | int, ...]
    code: str
    value: str = ""

    def __str__(self) -> str:
        return f"{'/'.join(str(step) for step in self.where)}: {self.code} {self.value}".strip()


@dataclass(frozen=True)
class Known:
    """What other rooms know: codes of categories, urgencies and care flags that a rule may name."""

    categories: Collection[str]
    urgencies: Collection[str]
    flags: Collection[str]


Note = Callable[..., None]


def faults_of(
    questions: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]], known: Known
) -> list[Fault]:
    """Everything that is wrong with the questions and rules of a kind; empty when it may be used."""
    found: list[Fault] = []
    earlier: dict[str, Mapping[str, Any]] = {}
    if len(questions) > MOST_QUESTIONS:
        found.append(Fault(("questions",), "too-many", str(MOST_QUESTIONS)))
    if len(rules) > MOST_RULES:
        found.append(Fault(("rules",), "too-many", str(MOST_RULES)))
    for number, question in enumerate(questions):
        _look_at_question(question, earlier, _noting(found, "questions", number))
        earlier.setdefault(str(question.get("code")), question)
    codes: set[str] = set()
    for number, rule in enumerate(rules):
        note = _noting(found, "rules", number)
        _look_at_code(rule.get("code"), codes, note)
        codes.add(str(rule.get("code")))
        _look_at_trigger(rule.get("when") or {}, earlier, note)
        _look_at_proposal(rule.get("propose") or {}, known, note)
    return found


def _noting(found: list[Fault], part: str, number: int) -> Note:
    def note(field: str, code: str, value: object = "") -> None:
        found.append(Fault((part, number, field), code, str(value)))

    return note


def _look_at_code(code: Any, taken: Collection[str], note: Note) -> None:
    if not isinstance(code, str) or not CODE.fullmatch(code):
        note("code", "bad-code", code)
    elif code in taken:
        note("code", "code-twice", code)


def _look_at_text(text: Any, field: str, longest: int, note: Note) -> None:
    if not either(text):
        note(field, "text-missing")
    elif any(len(said(text, language)) > longest for language in LANGUAGES):
        note(field, "text-too-long", longest)


def _look_at_question(
    question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]], note: Note
) -> None:
    _look_at_code(question.get("code"), earlier, note)
    _look_at_text(question.get("text"), "text", LONGEST_TEXT, note)
    if question.get("type") not in TYPES:
        note("type", "bad-type", question.get("type"))
        return
    _look_at_choices(question, note)
    _look_at_limits(question, note)
    if len(said(question.get("unit"), "zh")) > LONGEST_UNIT:
        note("unit", "text-too-long", LONGEST_UNIT)
    when = question.get("when")
    if when:
        _look_at_values(when, earlier, note)


def _look_at_choices(question: Mapping[str, Any], note: Note) -> None:
    choices = question.get("choices") or []
    if question["type"] not in WITH_CHOICES:
        return
    if len(choices) < 2:
        note("choices", "choices-few")
    if len(choices) > MOST_CHOICES:
        note("choices", "too-many", MOST_CHOICES)
    taken: set[str] = set()
    for choice in choices:
        code = choice.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            note("choices", "bad-code", code)
        elif code in taken:
            note("choices", "choice-twice", either(choice.get("text")))
        taken.add(str(code))
        _look_at_text(choice.get("text"), "choices", LONGEST_TITLE, note)


def _look_at_limits(question: Mapping[str, Any], note: Note) -> None:
    limits: dict[str, Decimal] = {}
    for name in ("min", "max"):
        value = question.get(name)
        if value is None:
            continue
        number = number_in(value)
        if number is None or question["type"] not in COUNTED_IN_NUMBERS:
            note(name, "bad-limit", value)
        else:
            limits[name] = number
    if len(limits) == 2 and limits["min"] > limits["max"]:
        note("max", "limits-crossed")


def _look_at_values(when: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]], note: Note) -> None:
    """A condition on an answer: an earlier question, and answers that it has."""
    question = earlier.get(str(when.get("code")))
    if question is None or question.get("type") not in DECIDING:
        note("when", "when-unknown", when.get("code"))
        return
    wanted = when.get("is")
    if not isinstance(wanted, list) or not wanted:
        note("when", "when-empty")
        return
    known = values_of(question)
    for value in wanted:
        if not any(value == one and type(value) is type(one) for one in known):
            note("when", "when-no-choice", value)


def _look_at_trigger(when: Mapping[str, Any], questions: Mapping[str, Mapping[str, Any]], note: Note) -> None:
    if "at_least" not in when:
        _look_at_values(when, questions, note)
        return
    question = questions.get(str(when.get("code")))
    if question is None or question.get("type") not in COUNTED_IN_NUMBERS or "is" in when:
        note("when", "when-no-number", when.get("code"))
    elif number_in(when["at_least"]) is None:
        note("when", "bad-limit", when["at_least"])


def _look_at_proposal(propose: Mapping[str, Any], known: Known, note: Note) -> None:
    what = propose.get("what")
    if what not in PROPOSABLE:
        note("what", "bad-proposal", what)
    elif what == REQUEST:
        if propose.get("category") not in known.categories:
            note("category", "bad-category", propose.get("category"))
        if propose.get("urgency") not in known.urgencies:
            note("urgency", "bad-urgency", propose.get("urgency"))
        _look_at_text(propose.get("title"), "title", LONGEST_TITLE, note)
    elif what == FLAG and propose.get("flag") not in known.flags:
        note("flag", "bad-flag", propose.get("flag"))
    if what != REQUEST and any(len(said(propose.get("note"), one)) > LONGEST_TITLE for one in LANGUAGES):
        note("title", "text-too-long", LONGEST_TITLE)
