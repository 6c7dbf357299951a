"""What answers propose, by the rules of a round. Nothing begins by itself: a person takes a proposal up or not.

A rule: {"code", "when": {"code": question, "is": [..]} or {"code", "at_least": number}, "propose": {"what": "request",
"category", "urgency", "title"} or {"what": "flag", "flag", "note"} or {"what": "observation", "note"}}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from shouwang.rounds.engines.questions import Answers, Question, asked, holds, number_in

LIFE = "life"


@dataclass(frozen=True)
class Draft:
    """What one rule proposes: `answers` those that called for it and what was said with them; `urgent` danger to life."""

    rule: str
    what: str
    urgent: bool
    answers: Answers


def proposal_id(entry_id: UUID, rule: str) -> UUID:
    """One rule proposes once for one entry: a replay or a corrected answer finds what is there already."""
    return uuid5(entry_id, f"proposal {rule}")


def result_id(proposal: UUID) -> UUID:
    """The id of what is made of a proposal, so that beginning it twice makes it once."""
    return uuid5(proposal, "begun")


def drafts_of(
    questions: Sequence[Question], rules: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]
) -> list[Draft]:
    """What these answers propose. An answer to a question that was not to be asked proposes nothing."""
    counted = {
        one["code"]: answers[one["code"]] for one in asked(questions, answers) if one["code"] in answers
    }
    return [
        Draft(
            rule=rule["code"],
            what=rule["propose"]["what"],
            urgent=is_urgent(rule),
            answers={
                code: counted[code]
                for code in going_along(questions, rule["when"]["code"])
                if code in counted
            },
        )
        for rule in rules
        if called_for(rule["when"], counted)
    ]


def is_urgent(rule: Mapping[str, Any]) -> bool:
    """Whether what a rule proposes is about danger to life."""
    return rule["propose"].get("urgency") == LIFE or rule["propose"].get("category") == "emergency"


def life_by_question(rules: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Question code to the answers by which a rule sees danger to life: `life` the values, `life_from` the number from
    which on it does, or None. Whoever asks must know at once, with or without a signal."""
    found: dict[str, dict[str, Any]] = {}
    for rule in filter(is_urgent, rules):
        when = rule["when"]
        known = found.setdefault(when["code"], {"life": [], "life_from": None})
        if "at_least" in when:
            number = float(when["at_least"])
            before = known["life_from"]
            known["life_from"] = number if before is None else min(number, before)
        else:
            known["life"] += [value for value in when["is"] if value not in known["life"]]
    return found


def called_for(when: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether the answers call for what a rule proposes."""
    if when["code"] not in answers:
        return False
    if "at_least" not in when:
        return holds(when, answers)
    number = number_in(answers[when["code"]])
    return number is not None and number >= Decimal(str(when["at_least"]))


def going_along(questions: Sequence[Question], code: str) -> list[str]:
    """The question that a rule looks at, what is asked because of it, and so on, in their order."""
    found = [code]
    for question in questions:
        if (question.get("when") or {}).get("code") in found and question["code"] not in found:
            found.append(question["code"])
    return found
