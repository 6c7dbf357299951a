"""Orders, their lines, and the shopping runs that fetch them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderState(TextChoices):
    """Of one household's list, from the words to the money."""

    OPEN = "open", pgettext_lazy("order", "to be gathered into a run")
    IN_RUN = "in_run", pgettext_lazy("order", "in a shopping run")
    DELIVERED = "delivered", pgettext_lazy("order", "at the door, to be paid")
    SETTLED = "settled", pgettext_lazy("order", "settled")
    DROPPED = "dropped", pgettext_lazy("order", "not needed any more")


ORDER_MOVES = {
    OrderState.OPEN: frozenset({OrderState.IN_RUN, OrderState.DROPPED}),
    OrderState.IN_RUN: frozenset({OrderState.OPEN, OrderState.DELIVERED, OrderState.DROPPED}),
    OrderState.DELIVERED: frozenset({OrderState.SETTLED}),
}
UNDELIVERED_ORDERS = (OrderState.OPEN, OrderState.IN_RUN)


class LineKind(TextChoices):
    GOODS = "goods", _("to be bought")
    PARCEL = "parcel", _("parcel to be fetched")


class LineState(TextChoices):
    """What became of one line in the shop. How much of it was bought, received and delivered is said by its figures."""

    TO_ASK = "to_ask", pgettext_lazy("order line", "unclear, to be asked")
    OPEN = "open", pgettext_lazy("order line", "to be got")
    FOUND = "found", pgettext_lazy("order line", "got")
    NOT_FOUND = "not_found", pgettext_lazy("order line", "not found, to be asked")
    ASKED = "asked", pgettext_lazy("order line", "asked, waiting for an answer")
    SUBSTITUTED = "substituted", pgettext_lazy("order line", "something else instead")
    LEFT_OUT = "left_out", pgettext_lazy("order line", "left out")


LINE_MOVES = {
    LineState.TO_ASK: frozenset({LineState.OPEN, LineState.LEFT_OUT}),
    LineState.OPEN: frozenset(
        {LineState.FOUND, LineState.NOT_FOUND, LineState.ASKED, LineState.SUBSTITUTED, LineState.LEFT_OUT, LineState.TO_ASK}
    ),
    LineState.NOT_FOUND: frozenset(
        {LineState.FOUND, LineState.ASKED, LineState.SUBSTITUTED, LineState.LEFT_OUT, LineState.OPEN}
    ),
    LineState.ASKED: frozenset(
        {LineState.FOUND, LineState.NOT_FOUND, LineState.SUBSTITUTED, LineState.LEFT_OUT, LineState.OPEN}
    ),
    # A tick is taken back while the run is in the shop.
    LineState.FOUND: frozenset({LineState.OPEN}),
    LineState.SUBSTITUTED: frozenset({LineState.OPEN}),
    LineState.LEFT_OUT: frozenset({LineState.OPEN}),
}  # fmt: skip
# Nothing more is to be done about these in the shop.
SETTLED_LINES = (LineState.FOUND, LineState.SUBSTITUTED, LineState.LEFT_OUT)
# The household is to be asked, or was and has not answered.
UNANSWERED_LINES = (LineState.TO_ASK, LineState.NOT_FOUND, LineState.ASKED)


class RunState(TextChoices):
    """Of one walk to one shop for many households."""

    GATHERING = "gathering", pgettext_lazy("shopping run", "being gathered")
    SHOPPING = "shopping", pgettext_lazy("shopping run", "in the shop")
    BOUGHT = "bought", pgettext_lazy("shopping run", "bought, to be counted again")
    COUNTED = "counted", pgettext_lazy("shopping run", "packed, to the doors")
    DELIVERED = "delivered", pgettext_lazy("shopping run", "delivered, to be settled")
    SETTLED = "settled", pgettext_lazy("shopping run", "settled")
    CANCELLED = "cancelled", pgettext_lazy("shopping run", "called off")


RUN_MOVES = {
    RunState.GATHERING: frozenset({RunState.SHOPPING, RunState.CANCELLED}),
    RunState.SHOPPING: frozenset({RunState.BOUGHT}),
    RunState.BOUGHT: frozenset({RunState.COUNTED, RunState.SHOPPING}),
    RunState.COUNTED: frozenset({RunState.DELIVERED}),
    RunState.DELIVERED: frozenset({RunState.SETTLED}),
}
LIVE_RUNS = (RunState.GATHERING, RunState.SHOPPING, RunState.BOUGHT, RunState.COUNTED, RunState.DELIVERED)


class ShopShelf(TextChoices):
    """Where in a shop a thing stands, in the order in which a shop is walked: cold things last."""

    VEGETABLES = "vegetables", _("Vegetables")
    FRUIT = "fruit", _("Fruit")
    STAPLES = "staples", _("Rice, flour, oil")
    SEASONING = "seasoning", _("Seasoning and tins")
    SNACKS = "snacks", _("Snacks and drinks")
    INFANTS = "infants", _("For infants")
    CLEANING = "cleaning", _("Washing and cleaning")
    HOUSEHOLD = "household", _("Household goods")
    PHARMACY = "pharmacy", _("Pharmacy")
    OTHER = "other", _("Somewhere else")
    EGGS_MILK = "eggs_milk", _("Eggs, milk, bean curd")
    MEAT = "meat", _("Meat and fish")
    FROZEN = "frozen", _("Frozen")


SHELF_ORDER = {code: place for place, code in enumerate(ShopShelf.values)}


class AskedHow(TextChoices):
    """By which way the household answered."""

    RANG = "rang", _("by ringing")
    LINK = "link", _("on the private link")
    PROXY = "proxy", _("through whoever speaks for them")
    DOOR = "door", _("at their door")


class PaidHow(TextChoices):
    """Into which hands a household's money went."""

    CASH = "cash", _("cash, to whoever is at the door")
    COMMITTEE = "committee", _("by phone, to the committee")
