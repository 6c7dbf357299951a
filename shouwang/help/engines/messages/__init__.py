"""Reading pasted chat messages: `read_message` gives drafts, never decisions."""

from shouwang.help.engines.messages.flags import asks_not_to_be_rung
from shouwang.help.engines.messages.reader import read_message, read_message_json
from shouwang.help.engines.messages.shape import CATEGORIES, FLAGS, URGENCIES, Household, Line, Message, Part

__all__ = [
    "CATEGORIES",
    "FLAGS",
    "URGENCIES",
    "Household",
    "Line",
    "Message",
    "Part",
    "asks_not_to_be_rung",
    "read_message",
    "read_message_json",
]
