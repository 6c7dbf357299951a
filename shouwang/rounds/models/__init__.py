"""The tables of rounds, one file a subject."""

from shouwang.rounds.models.calling import Point, PointBuilding, PointPath, Slot, SlotEntry
from shouwang.rounds.models.roster import Attempt, Entry, Round, RoundPlace, Tally
from shouwang.rounds.models.walking import WalkingEntry, WalkingList

__all__ = [
    "Attempt",
    "Entry",
    "Point",
    "PointBuilding",
    "PointPath",
    "Round",
    "RoundPlace",
    "Slot",
    "SlotEntry",
    "Tally",
    "WalkingEntry",
    "WalkingList",
]
