"""How far a stock-take is, and how far each of its lines."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StockTakeState(TextChoices):
    COUNTING = "counting", _("being counted")
    CLOSED = "closed", pgettext_lazy("stock-take", "closed")
    CALLED_OFF = "called_off", pgettext_lazy("stock-take", "called off")


STOCK_TAKE_MOVES = {
    StockTakeState.COUNTING: frozenset({StockTakeState.CLOSED, StockTakeState.CALLED_OFF}),
}


class CountState(TextChoices):
    """`again`: somebody else counts it, because the first count differs. `differs`: so does the second."""

    OPEN = "open", _("to be counted")
    AGAIN = "again", _("to be counted by somebody else")
    AGREES = "agrees", _("agrees")
    DIFFERS = "differs", _("differs")


COUNT_MOVES = {
    CountState.OPEN: frozenset({CountState.AGREES, CountState.AGAIN}),
    CountState.AGAIN: frozenset({CountState.AGREES, CountState.DIFFERS}),
    CountState.DIFFERS: frozenset({CountState.AGAIN}),
}
