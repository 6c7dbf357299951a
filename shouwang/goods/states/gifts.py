"""What is given to households from a list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GiftState(TextChoices):
    """How a household on a list stands. That somebody wants nothing is an outcome, not a gap."""

    TO_GIVE = "to_give", _("still to be given")
    HANDED_OVER = "handed_over", pgettext_lazy("gift", "handed over")
    NOT_WANTED = "not_wanted", _("not wanted")
    MOVED = "moved", _("lives here no more")


GIFT_MOVES = {
    GiftState.TO_GIVE: frozenset({GiftState.HANDED_OVER, GiftState.NOT_WANTED, GiftState.MOVED}),
    # Taken back: a slip of the finger, or they want it after all.
    GiftState.HANDED_OVER: frozenset({GiftState.TO_GIVE}),
    GiftState.NOT_WANTED: frozenset({GiftState.TO_GIVE}),
    GiftState.MOVED: frozenset({GiftState.TO_GIVE}),
}


class ListState(TextChoices):
    OPEN = "open", pgettext_lazy("gift list", "going on")
    CLOSED = "closed", pgettext_lazy("gift list", "closed")


LIST_MOVES = {ListState.OPEN: frozenset({ListState.CLOSED}), ListState.CLOSED: frozenset({ListState.OPEN})}
