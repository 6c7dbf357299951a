"""Figures of the gate, each with where it comes from."""

from __future__ import annotations

from datetime import timedelta

# As for breaking the glass: a reason of a few words, not a full stop.
SHORTEST_REASON = 6
# As long as the purpose says; counted from the taking, so never longer than promised.
PHOTO_LIVES = timedelta(days=30)
# A slip of the finger is noticed at once; what comes up the next day is a question, not a slip.
TAKE_BACK_WITHIN = timedelta(hours=2)
# Our own beginning: by then a cart should have taken it, or somebody should have come for it.
WAITS_TOO_LONG = timedelta(hours=4)
# Medicine that is released and still stands there.
MEDICINE_WAITS_TOO_LONG = timedelta(minutes=30)
# Labels in one file: about two seconds, and two sheets of a roll.
MOST_LABELS = 60
MOST_PIECES = 99
MOST_KG = 500
