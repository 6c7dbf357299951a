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


class Still(TextChoices):
    """How an entry that waits is told where nobody comes to a point."""

    RING = "ring", pgettext_lazy("round", "not rung up yet")
    ASK = "ask", pgettext_lazy("round", "not asked yet")
    DO = "do", pgettext_lazy("round", "not done yet")


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
    WALK_IN = "walk_in", _("came to the table without an entry")
    TUBE = "tube", _("to be sampled singly")
    ADDED = "added", _("added since")


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


class Proposed(TextChoices):
    """What answers may propose."""

    REQUEST = "request", pgettext_lazy("proposal", "a request")
    FLAG = "flag", pgettext_lazy("proposal", "a care flag")
    OBSERVATION = "observation", pgettext_lazy("proposal", "an observation")


class ProposalState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("proposal", "waiting for somebody")
    BEGUN = "begun", pgettext_lazy("proposal", "begun")
    DECLINED = "declined", pgettext_lazy("proposal", "not taken up")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "the answer was taken back")


PROPOSAL_MOVES = {
    ProposalState.PROPOSED: frozenset({ProposalState.BEGUN, ProposalState.DECLINED, ProposalState.WITHDRAWN}),
    ProposalState.WITHDRAWN: frozenset({ProposalState.PROPOSED}),
}


class QuestionType(TextChoices):
    YES_NO = "yes_no", pgettext_lazy("question", "yes or no")
    CHOICE = "choice", pgettext_lazy("question", "one of several")
    CHOICES = "choices", pgettext_lazy("question", "any of several")
    NUMBER = "number", pgettext_lazy("question", "a number")
    TEMPERATURE = "temperature", pgettext_lazy("question", "a temperature")
    TEXT = "text", pgettext_lazy("question", "in words")


class AnswerWrong(TextChoices):
    """What may be wrong with an answer; engines.questions names them, the labels are for people."""

    MISSING = "missing", _("Please answer this one too.")
    NOT_YES_NO = "not-yes-no", _("Answer with yes or no.")
    NOT_A_CHOICE = "not-a-choice", _("Choose one of the answers.")
    NOT_A_NUMBER = "not-a-number", _("Write a number, for example 36.5.")
    TOO_SMALL = "too-small", _("That is too low: at least %(limit)s. Please look again.")
    TOO_LARGE = "too-large", _("That is too high: at most %(limit)s. Please look again.")
    NOT_A_TEXT = "not-a-text", _("Write it in words.")
    TOO_LONG = "too-long", _("That is too long: at most %(limit)s characters.")
    NOT_ASKED = "not-asked", _("This question is not part of the round. Open the page anew.")


class KindWrong(TextChoices):
    """What may be wrong with a kind of round; engines.definitions names them."""

    TOO_MANY = "too-many", _("That is too many: at most %(value)s.")
    BAD_CODE = "bad-code", _("The short name “%(value)s” is not possible: small letters, digits and _.")
    CODE_TWICE = "code-twice", _("The short name “%(value)s” is there twice.")
    TEXT_MISSING = "text-missing", _("Write it down in at least one of the two languages.")
    TEXT_TOO_LONG = "text-too-long", _("That is too long: at most %(value)s characters.")
    BAD_TYPE = "bad-type", _("Choose how it is answered.")
    CHOICES_FEW = "choices-few", _("Write at least two answers to choose from, one a line.")
    CHOICE_TWICE = "choice-twice", _("The answer “%(value)s” is there twice.")
    BAD_LIMIT = "bad-limit", _("“%(value)s” is not a limit here: a number, and only where a number is asked.")
    LIMITS_CROSSED = "limits-crossed", _("The highest is below the lowest.")
    WHEN_UNKNOWN = (
        "when-unknown",
        _("Choose a question above this one that is answered with yes or no or a choice."),
    )
    WHEN_EMPTY = "when-empty", _("Say with which answers.")
    WHEN_NO_CHOICE = "when-no-choice", _("“%(value)s” is not one of the answers of that question.")
    WHEN_NO_NUMBER = (
        "when-no-number",
        _("“At least” needs a question that is answered with a number, and no other answer."),
    )
    BAD_PROPOSAL = "bad-proposal", _("Choose what is proposed.")
    BAD_CATEGORY = "bad-category", _("Choose what sort of request it is.")
    BAD_URGENCY = "bad-urgency", _("Choose how pressing it is.")
    BAD_FLAG = "bad-flag", _("Choose which care flag.")


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
