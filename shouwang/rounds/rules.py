"""What holds for every round, who may end one, and what may be wrong with an answer, in words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from shouwang.core.personal import HEALTH
from shouwang.core.scope import Scope
from shouwang.help.states import Category, Urgency
from shouwang.people.states import Care
from shouwang.places.models import Place
from shouwang.rounds.engines.definitions import Fault, Known
from shouwang.rounds.engines.questions import AnswerFault
from shouwang.rounds.models import Kind, Proposal, Round
from shouwang.rounds.states import AnswerWrong, KindWrong, Lane, Proposed, RoundState, WalksBadly

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


def may_decline(scope: Scope, proposal: Proposal) -> bool:
    """Whether the scope may put this proposal aside: only whoever may read what was answered can tell that nothing is to
    be done."""
    return scope.covers("help.take_in", proposal.entry) and HEALTH in scope.classes_for(proposal.entry)


def wrong_answer(fault: AnswerFault) -> str:
    """What is wrong with an answer, for whoever gave it."""
    return str(AnswerWrong(fault.code).label) % {"limit": fault.limit}


def wrong_kind(fault: Fault) -> str:
    """What is wrong with a kind, for whoever defines it."""
    return str(KindWrong(fault.code).label) % {"value": fault.value}


# Who is visited at the door instead of being called down, and who is called down in the green lane.
VISITED = (Care.NEEDS_CARE, Care.OXYGEN, Care.POSITIVE, Care.TO_DOOR)
GREEN = (Care.DISABLED, Care.PREGNANT, Care.POSTPARTUM, Care.INFANT)
GREEN_FROM_AGE = 80
# A plan is made anew at most this often; and the pace is looked at no less often while a point is open.
REPLAN_AFTER = timedelta(minutes=3)
# The pace is what was done in so long; a phone that was silent for so long is named.
PACE_WINDOW = timedelta(minutes=15)
SILENT_AFTER = timedelta(minutes=10)
# A caller who is this far behind the plan gets a new one.
BEHIND = timedelta(minutes=5)
MOST_TABLES = 20


def is_visited(kinds: Collection[str], walks_badly: str) -> bool:
    """Whether somebody with these care flags is visited at the door; `walks_badly` as the point says."""
    if walks_badly == WalksBadly.DOOR and Care.WALKS_BADLY in kinds:
        return True
    return any(kind in kinds for kind in VISITED)


def lane_of(kinds: Collection[str], age: int | None) -> Lane:
    """The lane of somebody who comes down, by care flags and age in years if it is known."""
    soft = Care.WALKS_BADLY in kinds or any(kind in kinds for kind in GREEN)
    return Lane.GREEN if soft or (age is not None and age >= GREEN_FROM_AGE) else Lane.USUAL


def may_call(round_: Round) -> bool:
    """Whether people can be called to a point at all: the round goes on, and they come to one."""
    return round_.state == RoundState.OPEN and round_.at_point


def is_below(place: Place, above: Place) -> bool:
    """Whether a place is the other one or lies below it."""
    return str(place.path).startswith(above.path)
