"""What was answered in a round: of one entry for those who may read health there, of all of them as counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from shouwang.core.personal import HEALTH
from shouwang.core.scope import Scope
from shouwang.rounds.engines.counts import Counted, count_answers
from shouwang.rounds.engines.questions import asked_in
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors import LEAD
from shouwang.rounds.selectors.proposals import answers_in_words, readable_in

# How many sealed answers are opened for one page; some 70 microseconds each.
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class AnswersCounted:
    """`opened` answers were opened of the `there` that stand; the questions counted from those."""

    there: int
    opened: int
    questions: Sequence[Counted]


def standing_answers(scope: Scope, entry: Entry) -> Mapping[str, Any]:
    """What the word that stands has answered; nothing where health may not be read."""
    if HEALTH not in scope.classes_for(entry) or entry.last is None:
        return {}
    found = Attempt.objects.filter(pk=entry.last, entry=entry).only("answers").first()
    return found.answers if found is not None else {}


def counted_answers(scope: Scope, round_: Round, building_id: UUID | None = None) -> AnswersCounted:
    """The answers of the words that stand, counted, within what the scope leads; at most COUNT_LIMIT are opened.

    Where there are more, a building is to be chosen.
    """
    rows = _standing(scope, round_, building_id)
    there = rows.count()
    opened = list(_opened(rows.order_by("pk")[:COUNT_LIMIT]))
    return AnswersCounted(there, len(opened), count_answers(round_.questions, opened))


def _standing(scope: Scope, round_: Round, building_id: UUID | None) -> QuerySet[Attempt]:
    """The attempts by which entries stand and which answer something."""
    entries = Entry.objects.filter(scope.q(LEAD), readable_in(scope), round=round_)
    if building_id is not None:
        entries = entries.filter(building_id=building_id)
    rows = Attempt.objects.filter(entry__in=entries, pk=F("entry__last"))
    return rows.exclude(answers="")


def _opened(rows: QuerySet[Attempt]) -> Iterator[Mapping[str, Any]]:
    for row in rows.only("answers").iterator(chunk_size=2000):
        yield row.answers


@dataclass(frozen=True)
class CountedInWords:
    """One question as the page tells it: (answer, how many) for each; `spread` of numbers, in words."""

    text: str
    answered: int
    answers: Sequence[tuple[str, int]]
    spread: str


def counts_in_words(counted: AnswersCounted, language: str) -> list[CountedInWords]:
    """The counts in one language."""
    return [_counted_in_words(one, language) for one in counted.questions]


def _counted_in_words(one: Counted, language: str) -> CountedInWords:
    question, code = asked_in([one.question], language)[0], one.question["code"]
    spread = ""
    if one.numbers is not None:
        low, middle, high = (f"{number} {question['unit']}".strip() for number in one.numbers)
        spread = gettext("lowest %(low)s, middle %(middle)s, highest %(high)s") % {
            "low": low, "middle": middle, "high": high,
        }  # fmt: skip
    answers = [
        (answers_in_words([one.question], {code: value}, language)[0][1], n) for value, n in one.values
    ]
    return CountedInWords(question["text"], one.answered, answers, spread)
