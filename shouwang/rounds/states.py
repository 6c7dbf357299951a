"""How an entry of a roster stands, and how it came onto it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundState(TextChoices):
    OPEN = "open", pgettext_lazy("round", "going on")
    CLOSED = "closed", pgettext_lazy("round", "closed")


ROUND_MOVES = {RoundState.OPEN: frozenset({RoundState.CLOSED})}


class EntryState(TextChoices):
    """Exactly one for each entry. What is open is come back to; the rest is settled."""

    WAITING = "waiting", pgettext_lazy("round", "still to come")
    DONE = "done", pgettext_lazy("round", "done")
    REFUSED = "refused", pgettext_lazy("round", "not this time")
    AWAY = "away", pgettext_lazy("round", "nobody there")
    MOVED = "moved", pgettext_lazy("round", "lives elsewhere now")
    EXEMPT = "exempt", pgettext_lazy("round", "exempt")
    DEFERRED = "deferred", pgettext_lazy("round", "later")
    NOT_REACHED = "not_reached", pgettext_lazy("round", "not reached")


OPEN_STATES = (EntryState.WAITING, EntryState.AWAY, EntryState.DEFERRED)
# What a person may say of an entry. Nobody is "not reached" before somebody signs the round off.
SAYABLE = (
    EntryState.DONE,
    EntryState.AWAY,
    EntryState.DEFERRED,
    EntryState.REFUSED,
    EntryState.EXEMPT,
    EntryState.MOVED,
    EntryState.WAITING,
)
WITH_REASON = (EntryState.DEFERRED, EntryState.REFUSED, EntryState.EXEMPT, EntryState.MOVED)


class Whom(TextChoices):
    PEOPLE = "people", _("every person")
    HOUSEHOLDS = "households", _("every household")


class Why(TextChoices):
    """Why an entry stands on the roster."""

    BEGAN = "began", _("on it from the beginning")
    CAME = "came", _("came to live here")
    CAME_BACK = "came_back", _("came back")


class Lane(TextChoices):
    """In which of the two queues somebody stands; the green one is called before the usual one."""

    GREEN = "green", pgettext_lazy("queue", "green lane")
    USUAL = "usual", pgettext_lazy("queue", "usual lane")


class SlotState(TextChoices):
    """Households of one building that are called together: planned, out, and done with."""

    PLANNED = "planned", pgettext_lazy("slot", "planned")
    CALLED = "called", pgettext_lazy("slot", "called")
    PASSED = "passed", pgettext_lazy("slot", "through")


SLOT_MOVES = {
    SlotState.PLANNED: frozenset({SlotState.CALLED}),
    SlotState.CALLED: frozenset({SlotState.PASSED}),
}


class PlanFault(TextChoices):
    """Why the plan is not the best one."""

    NO_SOLVER = "no-solver", _("the planner is not installed")


class WalksBadly(TextChoices):
    """What is done for those who walk badly."""

    GREEN = "green", _("they come down, in the green lane")
    DOOR = "door", _("somebody goes up to them")


class ForWhom(TextChoices):
    """Why somebody goes up instead of calling them down. Volunteers are not told which it is."""

    CANNOT_WALK = "cannot_walk", _("who cannot come down")
    HIGH_RISK = "high_risk", _("high-risk building")
    NOT_COME = "not_come", _("who has not come")


class WalkState(TextChoices):
    WAITING = "waiting", pgettext_lazy("walking list", "waits for somebody")
    GIVEN = "given", pgettext_lazy("walking list", "somebody has it")
    ENDED = "ended", pgettext_lazy("walking list", "ended")


WALK_MOVES = {
    WalkState.WAITING: frozenset({WalkState.GIVEN, WalkState.ENDED}),
    WalkState.GIVEN: frozenset({WalkState.WAITING, WalkState.ENDED}),
}
