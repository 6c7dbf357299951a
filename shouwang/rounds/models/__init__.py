"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.kinds import Kind, Proposal
from shouwang.rounds.models.roster import Attempt, Entry, Round, RoundPlace, Tally

__all__ = ["Attempt", "Entry", "Kind", "Proposal", "Round", "RoundPlace", "Tally"]
