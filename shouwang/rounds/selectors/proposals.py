"""What answers have proposed, for those who may take it up; what was answered only for those who may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext, override, pgettext

from shouwang.core.personal import HEALTH, NAME
from shouwang.core.scope import NOTHING, Scope
from shouwang.help.states import Urgency
from shouwang.people.selectors import flag_words
from shouwang.people.states import Care
from shouwang.rounds.engines.questions import NUMBER, TEMPERATURE, TEXT, YES_NO, Question, asked_in
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Entry, Proposal
from shouwang.rounds.selectors import doors_of
from shouwang.rounds.states import ProposalState, Proposed

TAKE_IN = "help.take_in"
PROPOSALS_PAGE = 100
# Beyond this many nobody needs the exact figure.
COUNTED = 999


@dataclass(frozen=True)
class ToldProposal:
    """A proposal as a page tells it. `heading` and `answers` say nothing where health may not be read."""

    proposal: Proposal
    door: str
    name: str
    heading: str
    answers: Sequence[tuple[str, str]]
    readable: bool


def readable_in(scope: Scope, prefix: str = "") -> Q:
    """The filter for placed rows whose health the scope may read."""
    found = NOTHING
    for grant in scope.grants:
        if HEALTH in grant.classes:
            found |= Q(**{f"{prefix}{grant.column}": grant.place_id})
    return found


def proposals_for(scope: Scope) -> QuerySet[Proposal]:
    """Those that wait for somebody, the urgent first. What is urgent is told to everybody who may take in a request
    there; the others to those who may read what was answered."""
    rows = Proposal.objects.filter(scope.q(TAKE_IN, "entry__"), state=ProposalState.PROPOSED)
    rows = rows.filter(Q(urgent=True) | readable_in(scope, "entry__"))
    return rows.order_by("-urgent", "made_at", "id")


def proposal_for(scope: Scope, proposal_id: UUID) -> Proposal:
    """One that waits, or 404; also one that somebody has decided, so that whoever comes second is told so."""
    rows = Proposal.objects.filter(scope.q(TAKE_IN, "entry__"), pk=proposal_id)
    rows = rows.filter(Q(urgent=True) | readable_in(scope, "entry__"))
    found = _with_doors(rows).first()
    if found is None:
        raise Http404
    return found


def _with_doors(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related(
        "entry__round__kind", "entry__household__dwelling", "entry__person", "entry__spot"
    )


def waiting_by_urgency(scope: Scope) -> Mapping[bool, list[Proposal]]:
    """Those that wait by whether they are urgent, asked once a request."""

    def ask() -> Mapping[bool, list[Proposal]]:
        rows = (
            list(proposals_for(scope).only("urgent", "made_at", "entry_id")[:COUNTED])
            if scope.can(TAKE_IN)
            else []
        )
        return {urgent: [row for row in rows if row.urgent == urgent] for urgent in (True, False)}

    return scope.once("rounds.proposals", ask)


def told_proposals(scope: Scope, language: str) -> list[ToldProposal]:
    """The first PROPOSALS_PAGE of those that wait, as a page tells them."""
    return _told(scope, _with_doors(proposals_for(scope))[:PROPOSALS_PAGE], language)


def told_urgent(scope: Scope, language: str, limit: int) -> list[ToldProposal]:
    """The first `limit` urgent ones."""
    return _told(scope, _with_doors(proposals_for(scope).filter(urgent=True))[:limit], language)


def told_one(scope: Scope, proposal: Proposal, language: str) -> ToldProposal:
    """One as the page tells it."""
    return _told(scope, [proposal], language)[0]


def _told(scope: Scope, found: Any, language: str) -> list[ToldProposal]:
    rows: list[Proposal] = list(found)
    doors = doors_of(row.entry for row in rows)
    told = []
    for row in rows:
        classes = scope.classes_for(row.entry)
        person, readable = row.entry.person, HEALTH in classes
        told.append(
            ToldProposal(
                proposal=row,
                door=doors[row.entry_id],
                name=person.name if person is not None and NAME in classes else "",
                heading=heading_of(row, language) if readable else gettext("Danger to life, by an answer"),
                answers=spoken_answers(row, language) if readable else (),
                readable=readable,
            )
        )
    return told


def rule_of(proposal: Proposal) -> Mapping[str, Any]:
    """The rule that proposed it, from the round's own copy."""
    return next(rule for rule in proposal.entry.round.rules if rule["code"] == proposal.rule)


def heading_of(proposal: Proposal, language: str) -> str:
    """What is proposed, in words."""
    propose = rule_of(proposal)["propose"]
    if proposal.what == Proposed.REQUEST:
        return said(propose["title"], language)
    if proposal.what == Proposed.FLAG:
        return str(flag_words(Care(propose["flag"])))
    return said(propose.get("note"), language) or gettext("To be watched")


def spoken_answers(proposal: Proposal, language: str) -> list[tuple[str, str]]:
    """(question, answer) in words, those that called for the proposal."""
    return answers_in_words(proposal.entry.round.questions, proposal.answers, language)


def answers_in_words(
    questions: Sequence[Question], answers: Mapping[str, Any], language: str
) -> list[tuple[str, str]]:
    """(question, answer) in words, in the order of the questions; what was not answered is left out."""
    return [
        (question["text"], _in_words(question, answers[question["code"]], language))
        for question in asked_in(questions, language)
        if question["code"] in answers
    ]


def _in_words(question: Question, value: Any, language: str) -> str:
    if question["type"] == YES_NO:
        with override(language):
            return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if question["type"] == TEXT:
        return str(value)
    if question["type"] in (NUMBER, TEMPERATURE):
        return f"{value} {question['unit']}".strip()
    named = {choice["code"]: choice["text"] for choice in question["choices"]}
    comma = ", " if language.startswith("en") else "、"
    return comma.join(
        named.get(code) or str(code) for code in (value if isinstance(value, list) else [value])
    )


def urgent_waiting(entry: Entry) -> bool:
    """Whether an answer for this entry speaks of danger to life and nobody has taken it up."""
    return Proposal.objects.filter(entry=entry, urgent=True, state=ProposalState.PROPOSED).exists()


def rules_in_words(
    questions: Sequence[Question], rules: Sequence[Mapping[str, Any]], language: str
) -> list[tuple[str, str, str]]:
    """(when, what, urgency or "") of each rule, in words."""
    by_code = {question["code"]: question for question in questions}
    told = []
    for rule in rules:
        question, when = by_code[rule["when"]["code"]], rule["when"]
        if "at_least" in when:
            unit = said(question.get("unit"), language)
            answer = gettext("at least %(number)s") % {"number": f"{when['at_least']} {unit}".strip()}
        else:
            answer = either_of(question, when["is"], language)
        words = gettext("%(question)s – %(answer)s") % {
            "question": said(question["text"], language), "answer": answer,
        }  # fmt: skip
        told.append((words, what_in_words(rule["propose"], language), _urgency(rule["propose"])))
    return told


def either_of(question: Question, values: Sequence[Any], language: str) -> str:
    """The answers of a condition in words, with “or” between them."""
    together = [answers_in_words([question], {question["code"]: value}, language)[0][1] for value in values]
    return gettext(" or ").join(together)


def what_in_words(propose: Mapping[str, Any], language: str) -> str:
    """What a rule proposes: “a request: shopping”."""
    if propose["what"] == Proposed.REQUEST:
        words = said(propose["title"], language)
    elif propose["what"] == Proposed.FLAG:
        words = str(flag_words(Care(propose["flag"])))
    else:
        words = said(propose.get("note"), language)
    label = str(Proposed(propose["what"]).label)
    return pgettext("proposal", "%(label)s: %(words)s") % {"label": label, "words": words} if words else label


def _urgency(propose: Mapping[str, Any]) -> str:
    return str(Urgency(propose["urgency"]).label) if propose["what"] == Proposed.REQUEST else ""
