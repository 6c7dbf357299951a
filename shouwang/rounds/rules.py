"""What holds for every round, who may end one, and what may be wrong with an answer, in words."""

from __future__ import annotations

from shouwang.core.scope import Scope
from shouwang.help.states import Category, Urgency
from shouwang.people.states import Care
from shouwang.rounds.engines.definitions import Fault, Known
from shouwang.rounds.engines.questions import AnswerFault
from shouwang.rounds.models import Kind, Proposal, Round
from shouwang.rounds.states import AnswerWrong, KindWrong, Proposed, RoundState

# How often a person who does not want to is asked in one round: the first time, and twice more after an explanation.
MOST_REFUSALS = 3
# What a rule of a kind may name.
KNOWN = Known(frozenset(Category.values), frozenset(Urgency.values), frozenset(Care.values))
# What it takes to make something of a proposal. Nobody can begin an observation yet.
TO_BEGIN = {Proposed.REQUEST: "help.take_in", Proposed.FLAG: "care.edit"}


def may_close(scope: Scope, round_: Round) -> bool:
    """Whether the scope may close this round: it leads the whole community, and the round still goes on."""
    return round_.state == RoundState.OPEN and round_.community_id in scope.ids("round.lead", "community_id")


def may_change(scope: Scope, kind: Kind) -> bool:
    """Whether the scope may change this kind: it is a community's own, which the scope leads, and still in use."""
    return kind.ended_at is None and kind.community_id in scope.ids("round.lead", "community_id")


def may_begin(scope: Scope, proposal: Proposal) -> bool:
    """Whether the scope may make of this proposal what it proposes."""
    needed = TO_BEGIN.get(Proposed(proposal.what))
    return needed is not None and scope.covers(needed, proposal.entry)


def wrong_answer(fault: AnswerFault) -> str:
    """What is wrong with an answer, for whoever gave it."""
    return str(AnswerWrong(fault.code).label) % {"limit": fault.limit}


def wrong_kind(fault: Fault) -> str:
    """What is wrong with a kind, for whoever defines it."""
    return str(KindWrong(fault.code).label) % {"value": fault.value}
