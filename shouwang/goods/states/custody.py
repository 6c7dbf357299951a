"""What is in somebody's hands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoldingKind(TextChoices):
    GOODS = "goods", _("goods")
    KIT = "kit", _("kit")
    CASH = "cash", _("cash")
    INSURANCE_CARD = "insurance_card", _("insurance card")
    KEYS = "keys", _("keys")
    PRESCRIPTION = "prescription", _("prescription")
    OTHER = "other", _("something else")


class HoldingState(TextChoices):
    """`offered`: given, and whoever was to take it has not said so yet."""

    OFFERED = "offered", _("handed over, not yet confirmed")
    HELD = "held", _("in somebody's hands")
    RETURNED = "returned", _("given back")
    USED_UP = "used_up", _("used for what it was meant for")
    MISSING = "missing", _("not found")


# Somewhere in somebody's hands, or not found: what is still to be accounted for.
OUT = (HoldingState.OFFERED, HoldingState.HELD, HoldingState.MISSING)

HOLDING_MOVES = {
    # Offered to somebody else instead: offered still.
    HoldingState.OFFERED: frozenset(
        {HoldingState.OFFERED, HoldingState.HELD, HoldingState.RETURNED, HoldingState.MISSING}
    ),
    HoldingState.HELD: frozenset(
        {
            HoldingState.OFFERED,
            HoldingState.HELD,
            HoldingState.RETURNED,
            HoldingState.USED_UP,
            HoldingState.MISSING,
        }
    ),
    HoldingState.MISSING: frozenset(
        {HoldingState.OFFERED, HoldingState.HELD, HoldingState.RETURNED, HoldingState.USED_UP}
    ),
}
