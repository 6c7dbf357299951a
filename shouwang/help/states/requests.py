"""The states of a request and of an assignment, with one table of moves each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    NEW = "new", _("waiting for somebody")
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("taken on")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done, to be confirmed")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = (
    RequestState.NEW,
    RequestState.OFFERED,
    RequestState.ACCEPTED,
    RequestState.UNDER_WAY,
    RequestState.DONE,
)
UNTAKEN_STATES = (RequestState.NEW, RequestState.OFFERED)
IN_HAND_STATES = (RequestState.ACCEPTED, RequestState.UNDER_WAY)

REQUEST_MOVES = {
    RequestState.NEW: frozenset(
        {RequestState.OFFERED, RequestState.ACCEPTED, RequestState.CLOSED, RequestState.WITHDRAWN}
    ),
    RequestState.OFFERED: frozenset(
        {RequestState.NEW, RequestState.ACCEPTED, RequestState.CLOSED, RequestState.WITHDRAWN}
    ),
    RequestState.ACCEPTED: frozenset(
        {
            RequestState.NEW,
            RequestState.UNDER_WAY,
            RequestState.DONE,
            RequestState.CLOSED,
            RequestState.WITHDRAWN,
        }
    ),
    RequestState.UNDER_WAY: frozenset(
        {RequestState.NEW, RequestState.DONE, RequestState.CLOSED, RequestState.WITHDRAWN}
    ),
    RequestState.DONE: frozenset({RequestState.NEW, RequestState.UNDER_WAY, RequestState.CLOSED}),
    RequestState.CLOSED: frozenset({RequestState.NEW}),
}


class AssignmentState(TextChoices):
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("taken on")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    RELEASED = "released", _("released")


LIVE_ASSIGNMENTS = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
ASSIGNMENT_MOVES = {
    AssignmentState.OFFERED: frozenset(
        {AssignmentState.ACCEPTED, AssignmentState.DECLINED, AssignmentState.RELEASED}
    ),
    AssignmentState.ACCEPTED: frozenset({AssignmentState.DONE, AssignmentState.RELEASED}),
}


class Category(TextChoices):
    EMERGENCY = "emergency", _("emergency")
    MEDICINE = "medicine", _("medicine")
    SHOPPING = "shopping", _("shopping")
    PARCEL = "parcel", _("parcel")
    REPAIR = "repair", _("repair")
    DISPUTE = "dispute", _("dispute")
    VISIT = "visit", _("visit")
    CARE = "care", _("care")
    QUESTION = "question", _("question")
    THANKS = "thanks", _("thanks")
    SUGGESTION = "suggestion", _("suggestion")
    OTHER = "other", _("other")


class Urgency(TextChoices):
    LIFE = "life", _("danger to life")
    TODAY = "today", _("today")
    NORMAL = "normal", _("when there is time")


URGENCY_RANK = {Urgency.LIFE: 0, Urgency.TODAY: 1, Urgency.NORMAL: 2}


class Source(TextChoices):
    PORTAL = "portal", _("door code")
    PHONE = "phone", _("phone call")
    CHAT = "chat", _("chat message")
    VISIT = "visit", _("visit")
    PROXY = "proxy", _("somebody speaking for them")


class Verified(TextChoices):
    NO = "no", _("not verified yet")
    CALL = "call", _("verified by call")
    VISIT = "visit", _("verified by visit")
    KNOWN = "known", _("known number")


class Outcome(TextChoices):
    """How an attempt went. A refusal is an outcome, not a mark."""

    DONE = "done", _("done")
    NOT_IN = "not_in", _("nobody opened")
    REFUSED = "refused", _("did not want it now")
    NOT_FOUND = "not_found", _("could not be had")
    WRONG_DOOR = "wrong_door", _("wrong door")
    NEED_A_HAND = "need_a_hand", _("needs another pair of hands")
    RANG = "rang", _("rang")
    NO_ANSWER = "no_answer", _("rang, no answer")


class EventKind(TextChoices):
    """Lines of a request's timeline."""

    RECEIVED = "received", _("received")
    VERIFIED = "verified", _("verified")
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("taken on")
    DECLINED = "declined", _("declined")
    RELEASED = "released", _("released")
    STARTED = "started", _("set out")
    ATTEMPT = "attempt", _("attempt")
    NOTE = "note", _("note")
    TOLD = "told", _("told")
    SEEN = "seen", _("seen")
    ESCALATED = "escalated", _("risen one level")
    STEP = "step", _("green channel step")
    RANG = "rang", _("rang")
    DONE = "done", _("done")
    CONFIRMED = "confirmed", _("confirmed by the resident")
    NOT_RIGHT = "not_right", _("something is not right")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("opened again")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CHANGED = "changed", _("changed")
    ASKED = "asked", _("the household was asked about its list")
    ANSWERED = "answered", _("the household has answered about its list")
    PAID = "paid", _("paid what was bought")


class GreenStep(TextChoices):
    """The green channel's checklist: who is with the person and what has been reached (scene A6)."""

    CALLED_120 = "called_120", _("120 called")
    SOMEBODY_WITH_PERSON = "with_person", _("somebody is with the person")
    FAMILY_TOLD = "family_told", _("family told")
    HOSPITAL_TOLD = "hospital_told", _("hospital told")
    PASSAGE_OPEN = "passage_open", _("gate and lift kept free")
    HANDED_OVER = "handed_over", _("handed over to the ambulance")


# What can be done from one's own flat: orders, answers, calming words (scene F5).
BY_PHONE = frozenset(
    {Category.SHOPPING, Category.QUESTION, Category.DISPUTE, Category.THANKS, Category.SUGGESTION}
)


class TicketState(TextChoices):
    OPEN = "open", _("to be answered")
    REPLIED = "replied", _("answered, to be rung back")
    CLOSED = "closed", _("rung back, over")


TICKET_MOVES = {
    TicketState.OPEN: frozenset({TicketState.REPLIED}),
    TicketState.REPLIED: frozenset({TicketState.CLOSED, TicketState.OPEN}),
}


class TicketSource(TextChoices):
    """Who sends complaints and calls down with a number and a deadline."""

    HOTLINE = "12345", _("hotline 12345")
    DISTRICT = "district", _("the district")
    SUBDISTRICT = "subdistrict", _("the subdistrict")
    OTHER = "other", _("somebody else")


class CallBack(TextChoices):
    """How the call back to whoever had rung the hotline went."""

    CONTENT = "content", _("content with the answer")
    NOT_CONTENT = "not_content", _("not content")
    NOT_WANTED = "not_wanted", _("does not want to be rung back")
    NOT_REACHED = "not_reached", _("not reached after three tries")
