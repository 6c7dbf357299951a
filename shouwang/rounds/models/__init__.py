"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.campaigns import Campaign
from shouwang.rounds.models.roster import Attempt, Entry, JoinedEntry, Round, RoundPlace, Tally
from shouwang.rounds.models.spots import Spot
from shouwang.rounds.models.tracing import TracingLine, TracingList

__all__ = [
    "Attempt",
    "Campaign",
    "Entry",
    "JoinedEntry",
    "Round",
    "RoundPlace",
    "Spot",
    "Tally",
    "TracingLine",
    "TracingList",
]
