"""The life of a group purchase, how its minimum is counted, and who gets how much when less came."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GroupState(TextChoices):
    """The life of a group purchase."""

    OPEN = "open", pgettext_lazy("group purchase", "signing up")
    CLOSED = "closed", pgettext_lazy("group purchase", "minimum reached, to be ordered")
    NOT_REACHED = "not_reached", pgettext_lazy("group purchase", "minimum not reached")
    ORDERED = "ordered", pgettext_lazy("group purchase", "ordered, not here yet")
    ARRIVED = "arrived", pgettext_lazy("group purchase", "here, to be split")
    SPLIT = "split", pgettext_lazy("group purchase", "split, money to be settled")
    SETTLED = "settled", pgettext_lazy("group purchase", "settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("group purchase", "called off")


GROUP_MOVES = {
    GroupState.OPEN: frozenset({GroupState.CLOSED, GroupState.NOT_REACHED, GroupState.WITHDRAWN}),
    GroupState.CLOSED: frozenset({GroupState.OPEN, GroupState.ORDERED, GroupState.WITHDRAWN}),
    GroupState.NOT_REACHED: frozenset({GroupState.OPEN, GroupState.SETTLED, GroupState.WITHDRAWN}),
    GroupState.ORDERED: frozenset({GroupState.ARRIVED, GroupState.WITHDRAWN}),
    GroupState.ARRIVED: frozenset({GroupState.SPLIT}),
    GroupState.SPLIT: frozenset({GroupState.SETTLED}),
    GroupState.WITHDRAWN: frozenset({GroupState.SETTLED}),
}
# Who signed up may still change or take it back; afterwards the order stands.
GROUP_GATHERING = (GroupState.OPEN, GroupState.CLOSED)
# Nothing is charged: what was paid in goes back.
GROUP_OFF = (GroupState.NOT_REACHED, GroupState.WITHDRAWN)


class GroupMinimum(TextChoices):
    """What the supplier's minimum lot is counted in."""

    QUANTITY = "quantity", _("pieces")
    AMOUNT = "amount", _("yuan")


class GroupRule(TextChoices):
    """Who gets how much when less came."""

    BY_ORDER = "by_order", _("who signed up first, first")
    IN_PROPORTION = "in_proportion", _("everybody the same part, in whole pieces")


class GroupPartState(TextChoices):
    JOINED = "joined", _("joined")
    TAKEN_BACK = "taken_back", _("taken back")
