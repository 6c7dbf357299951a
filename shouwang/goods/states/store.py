"""How stock changes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MovementKind(TextChoices):
    """Why the stock of a lot at a place changed. What came in is positive, what went out negative."""

    BOUGHT = "bought", pgettext_lazy("store", "bought")
    DONATED = "donated", _("donated")
    ALLOCATED = "allocated", _("allocated from above")
    ISSUED = "issued", _("issued")
    GIVEN_BACK = "given_back", _("given back")
    HANDED_OUT = "handed_out", _("handed out")
    TRANSFERRED = "transferred", _("transferred")
    SPLIT = "split", _("split from a pack")
    COUNTED = "counted", _("difference of a stock-take")
    CORRECTED = "corrected", _("corrected")
    DISCARDED = "discarded", _("discarded")


CAME_IN = (MovementKind.BOUGHT, MovementKind.DONATED, MovementKind.ALLOCATED)
WENT_TO_PEOPLE = (MovementKind.ISSUED, MovementKind.HANDED_OUT)
# A stock-take is counted again, a correction entered anew: neither is taken back.
MAY_BE_CORRECTED = (
    *CAME_IN,
    *WENT_TO_PEOPLE,
    MovementKind.GIVEN_BACK,
    MovementKind.TRANSFERRED,
    MovementKind.DISCARDED,
)
