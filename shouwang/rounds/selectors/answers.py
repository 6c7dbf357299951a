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
from shouwang.people.selectors import heads_of
from shouwang.rounds.engines.counts import ANY, Counted, count_answers, gives
from shouwang.rounds.engines.questions import Question, asked_in, values_of
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors import LEAD, doors_of
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


def _opened(rows: QuerySet[Attempt]) -> Iterator[tuple[UUID | None, Mapping[str, Any]]]:
    with_home = rows.select_related("entry").only("answers", "entry__household_id")
    for row in with_home.iterator(chunk_size=2000):
        yield row.entry.household_id, row.answers


@dataclass(frozen=True)
class Behind:
    """Those behind one number: the question and the answer in words; (door, name, entry) of each; in how many homes."""

    question: str
    answer: str
    rows: Sequence[tuple[str, str, Entry]]
    homes: int


def behind_number(
    scope: Scope, round_: Round, said: str, building_id: UUID | None, language: str
) -> Behind | None:
    """Who gave an answer; `said` "code:value" as in the page's links. None when the round asks no such thing."""
    code, _colon, value = said.partition(":")
    question = next((one for one in round_.questions if one["code"] == code), None)
    known = {str(one): one for one in values_of(question)} | {ANY: ANY} if question else {}
    if question is None or value not in known:
        return None
    rows = _standing(scope, round_, building_id).order_by("pk")[:COUNT_LIMIT]
    ids = [
        row.entry_id for row in rows.only("answers", "entry_id") if gives(question, row.answers, known[value])
    ]
    entries = Entry.objects.filter(pk__in=ids).select_related(
        "person", "household__dwelling", "spot", "place"
    )
    found = sorted(entries, key=lambda row: (row.sort_key, str(row.pk)))
    doors = doors_of(found)
    heads = heads_of(row.household_id for row in found if row.household_id)
    names = {row.pk: row.person or _head_of(row, heads) for row in found}
    told = [(doors[row.pk], str(names[row.pk] or ""), row) for row in found]
    homes = {row.household_id for row in found} - {None}
    asked = asked_in([question], language)[0]["text"]
    words = gettext("any of these") if value == ANY else _value_in_words(question, known[value], language)
    return Behind(asked, words, told, len(homes))


def _head_of(entry: Entry, heads: Mapping[UUID, Any]) -> Any:
    head = heads.get(entry.household_id) if entry.household_id else None
    return head.person if head is not None else None


def _value_in_words(question: Question, value: Any, language: str) -> str:
    given = [value] if question["type"] == "choices" else value
    return answers_in_words([question], {question["code"]: given}, language)[0][1]


@dataclass(frozen=True)
class CountedInWords:
    """One question as the page tells it: (answer, how many, in how many households, what to ask for the list behind the
    number) for each; `spread` of numbers, in words; `any_of` as (how many, households, what to ask), or None."""

    text: str
    answered: int
    answers: Sequence[tuple[str, int, int, str]]
    spread: str
    any_of: tuple[int, int, str] | None = None


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
        (_value_in_words(one.question, value, language), n, homes, f"{code}:{value}")
        for (value, n), homes in zip(one.values, one.homes, strict=True)
    ]
    any_of = (*one.any_of, f"{code}:{ANY}") if one.any_of else None
    return CountedInWords(question["text"], one.answered, answers, spread, any_of)
