"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.kinds import Kind, Proposal
from shouwang.rounds.models.point import PointStep, WasteBag
from shouwang.rounds.models.roster import Attempt, Entry, Round, RoundPlace, Tally
from shouwang.rounds.models.table import Consignment, Tube, WalkIn

__all__ = [
    "Attempt",
    "Consignment",
    "Entry",
    "Kind",
    "PointStep",
    "Proposal",
    "Round",
    "RoundPlace",
    "Tally",
    "Tube",
    "WalkIn",
    "WasteBag",
]
