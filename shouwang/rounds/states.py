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
    PLACES = "places", _("every stairwell")
    SPOTS = "spots", _("every spot")


# Whose entries are of people: they follow the register of homes. The others follow the places and the list of spots.
OF_PEOPLE = (Whom.PEOPLE, Whom.HOUSEHOLDS)


class Why(TextChoices):
    """Why an entry stands on the roster."""

    BEGAN = "began", _("on it from the beginning")
    CAME = "came", _("came to live here")
    CAME_BACK = "came_back", _("came back")
    ADDED = "added", _("added since")


class TracingState(TextChoices):
    OPEN = "open", pgettext_lazy("tracing list", "being answered")
    CLOSED = "closed", pgettext_lazy("tracing list", "closed")


TRACING_MOVES = {TracingState.OPEN: frozenset({TracingState.CLOSED})}


class Found(TextChoices):
    """Whether the register knows a line of a tracing list."""

    MATCHED = "matched", _("found in the register")
    PROPOSED = "proposed", _("perhaps found: look")
    NONE = "none", _("not in the register")


class Outcome(TextChoices):
    """What is answered of a line. An empty one is still open."""

    REACHED = "reached", pgettext_lazy("tracing list", "reached")
    NOT_REACHED = "not_reached", pgettext_lazy("tracing list", "not reached")
    ELSEWHERE = "elsewhere", pgettext_lazy("tracing list", "lives elsewhere, passed on")
    NOT_KNOWN = "not_known", pgettext_lazy("tracing list", "not known here")
