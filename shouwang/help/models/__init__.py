"""What help keeps, one file a subject."""

from shouwang.help.models.groups import GroupArrival, GroupItem, GroupLine, GroupPart, GroupPurchase
from shouwang.help.models.money import MoneyEntry
from shouwang.help.models.orders import Order, OrderLine, ShoppingRun
from shouwang.help.models.requests import (
    Assignment,
    Attempt,
    Confidant,
    DirectoryEntry,
    EveningSignOff,
    GreenChannelStep,
    HelpRequest,
    HotlineTicket,
    RequestEvent,
    RequestLine,
    RequestNumber,
    RequestQuerySet,
    Told,
)

__all__ = [
    "Assignment",
    "Attempt",
    "Confidant",
    "DirectoryEntry",
    "EveningSignOff",
    "GreenChannelStep",
    "GroupArrival",
    "GroupItem",
    "GroupLine",
    "GroupPart",
    "GroupPurchase",
    "HelpRequest",
    "HotlineTicket",
    "MoneyEntry",
    "Order",
    "OrderLine",
    "RequestEvent",
    "RequestLine",
    "RequestNumber",
    "RequestQuerySet",
    "ShoppingRun",
    "Told",
]
