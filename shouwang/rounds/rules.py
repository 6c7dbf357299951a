"""What holds for every round, and who may end one."""

from __future__ import annotations

from shouwang.core.scope import Scope
from shouwang.places.models import Place
from shouwang.rounds.models import Round
from shouwang.rounds.states import RoundState

# How often a person who does not want to is asked in one round: the first time, and twice more after an explanation.
MOST_REFUSALS = 3


def may_close(scope: Scope, round_: Round) -> bool:
    """Whether the scope may close this round: it leads the whole community, and the round still goes on."""
    return round_.state == RoundState.OPEN and round_.community_id in scope.ids("round.lead", "community_id")


def is_below(place: Place, above: Place) -> bool:
    """Whether a place is the other one or lies below it."""
    return str(place.path).startswith(above.path)
