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
    WALK_IN = "walk_in", _("came to the table without an entry")
    TUBE = "tube", _("to be sampled singly")


class TubeState(TextChoices):
    """What people have done with a tube. One that holds as many as it is for counts as full before anybody closes it."""

    FILLING = "filling", pgettext_lazy("tube", "being filled")
    FULL = "full", pgettext_lazy("tube", "closed")
    AWAY = "away", pgettext_lazy("tube", "sent to the laboratory")
    RESULT = "result", pgettext_lazy("tube", "result is in")


TUBE_MOVES = {
    TubeState.FILLING: frozenset({TubeState.FULL}),
    TubeState.FULL: frozenset({TubeState.FILLING}),
}
SENDABLE = (TubeState.FILLING, TubeState.FULL)
# How many people's samples a tube is for.
TUBE_SIZES = (1, 5, 10, 20)


class TubeResult(TextChoices):
    NEGATIVE = "negative", pgettext_lazy("tube", "negative")
    POSITIVE = "positive", pgettext_lazy("tube", "positive")
    UNCLEAR = "unclear", pgettext_lazy("tube", "unclear")


# After these, everybody in the tube is sampled once more, singly.
FOLLOWED = (TubeResult.POSITIVE, TubeResult.UNCLEAR)


class Document(TextChoices):
    """What somebody without an entry showed at the table."""

    ID = "id", _("ID card")
    PASSPORT = "passport", _("passport or other document")
    NEWBORN = "newborn", _("newborn, no document yet")
    NONE = "none", _("nothing with them")


class Step(TextChoices):
    """What is ticked off at the point, in this order."""

    OPENED = "opened", pgettext_lazy("point", "opened")
    DISINFECTED = "disinfected", pgettext_lazy("point", "disinfected")
    UPSTAIRS = "upstairs", pgettext_lazy("point", "gone upstairs")
