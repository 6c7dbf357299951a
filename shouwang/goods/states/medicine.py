"""The medicine bank: what is offered, asked for and handed on, each with the moves that are allowed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OfferState(TextChoices):
    """`checked`: somebody looked at it (or asked on the phone); it stays with its giver until it is taken in."""

    OFFERED = "offered", pgettext_lazy("medicine", "offered")
    CHECKED = "checked", pgettext_lazy("medicine", "looked at, still with the giver")
    TAKEN_IN = "taken_in", pgettext_lazy("medicine", "in the bank")
    DECLINED = "declined", pgettext_lazy("medicine", "not taken")
    WITHDRAWN = "withdrawn", pgettext_lazy("medicine", "kept by the giver")


OFFER_MOVES = {
    OfferState.OFFERED: frozenset(
        {OfferState.CHECKED, OfferState.TAKEN_IN, OfferState.DECLINED, OfferState.WITHDRAWN}
    ),
    OfferState.CHECKED: frozenset({OfferState.TAKEN_IN, OfferState.DECLINED, OfferState.WITHDRAWN}),
}
OPEN_OFFERS = (OfferState.OFFERED, OfferState.CHECKED)


class OfferFault(TextChoices):
    """Why something is not taken into the bank."""

    EXPIRED = "expired", _("expired, or no date can be read")
    NO_PACK = "no_pack", _("neither pack nor leaflet is there")
    OPEN_LIQUID = "open_liquid", _("a liquid that has been opened")
    NOT_SHARED = "not_shared", _("of a kind that the bank never passes on")
    UNSOUND = "unsound", _("does not look right")


class AskState(TextChoices):
    """`matched`: it is being fetched from a giver; `issued`: counted out and being made ready."""

    ASKED = "asked", pgettext_lazy("medicine", "asked")
    DOCTOR_FIRST = "doctor_first", pgettext_lazy("medicine", "a doctor first")
    MATCHED = "matched", pgettext_lazy("medicine", "found at a neighbour's")
    ISSUED = "issued", pgettext_lazy("medicine", "counted out")
    ON_THE_WAY = "on_the_way", pgettext_lazy("medicine", "on the way")
    AT_THE_DOOR = "at_the_door", pgettext_lazy("medicine", "at the door")
    NOT_AVAILABLE = "not_available", pgettext_lazy("medicine", "not to be had")
    WITHDRAWN = "withdrawn", pgettext_lazy("medicine", "not needed any more")


_ENDS = {AskState.DOCTOR_FIRST, AskState.NOT_AVAILABLE, AskState.WITHDRAWN}
ASK_MOVES = {
    AskState.ASKED: frozenset({AskState.MATCHED, AskState.ISSUED, *_ENDS}),
    # A doctor said yes, or something else is right.
    AskState.DOCTOR_FIRST: frozenset({AskState.ASKED, AskState.NOT_AVAILABLE, AskState.WITHDRAWN}),
    AskState.MATCHED: frozenset({AskState.ASKED, AskState.ISSUED, *_ENDS}),
    AskState.ISSUED: frozenset({AskState.ASKED, AskState.ON_THE_WAY, AskState.AT_THE_DOOR, AskState.WITHDRAWN}),
    AskState.ON_THE_WAY: frozenset({AskState.ISSUED, AskState.ASKED, AskState.AT_THE_DOOR, AskState.WITHDRAWN}),
    AskState.NOT_AVAILABLE: frozenset({AskState.ASKED, AskState.WITHDRAWN}),
    # A run took back what it had said to be handed over.
    AskState.AT_THE_DOOR: frozenset({AskState.ON_THE_WAY}),
}  # fmt: skip
OPEN_ASKS = (
    AskState.ASKED, AskState.DOCTOR_FIRST, AskState.MATCHED, AskState.ISSUED, AskState.ON_THE_WAY,
)  # fmt: skip
# Those whose clock runs: with a doctor first the family has been told whom to ring.
RUNNING_ASKS = (AskState.ASKED, AskState.MATCHED, AskState.ISSUED, AskState.ON_THE_WAY)


class AskUrgency(TextChoices):
    """How soon it should be at the door; the minutes are in rules."""

    NOW = "now", pgettext_lazy("medicine", "now")
    TODAY = "today", pgettext_lazy("medicine", "today")
    DAYS = "days", pgettext_lazy("medicine", "in the next days")


class IssueState(TextChoices):
    """`counted` waits for a second pair of eyes where it needs them."""

    COUNTED = "counted", pgettext_lazy("medicine", "waits for a second pair of eyes")
    READY = "ready", pgettext_lazy("medicine", "ready to go")
    ON_THE_WAY = "on_the_way", pgettext_lazy("medicine", "on the way")
    AT_THE_DOOR = "at_the_door", pgettext_lazy("medicine", "at the door")
    TAKEN_BACK = "taken_back", pgettext_lazy("medicine", "back in the bank")


ISSUE_MOVES = {
    IssueState.COUNTED: frozenset({IssueState.READY, IssueState.TAKEN_BACK}),
    IssueState.READY: frozenset({IssueState.ON_THE_WAY, IssueState.AT_THE_DOOR, IssueState.TAKEN_BACK}),
    IssueState.ON_THE_WAY: frozenset({IssueState.READY, IssueState.AT_THE_DOOR, IssueState.TAKEN_BACK}),
    # A run took back what it had said to be handed over.
    IssueState.AT_THE_DOOR: frozenset({IssueState.ON_THE_WAY}),
}


class ErrandKind(TextChoices):
    FETCH = "fetch", _("fetch a small bag")
    BRING = "bring", _("bring a small bag")


class ErrandState(TextChoices):
    OPEN = "open", pgettext_lazy("errand", "in somebody's hands")
    DONE = "done", pgettext_lazy("errand", "done")
    LEFT = "left", pgettext_lazy("errand", "handed back")


ERRAND_MOVES = {ErrandState.OPEN: frozenset({ErrandState.DONE, ErrandState.LEFT})}


class BodyState(TextChoices):
    """What is asked on the phone before anything is given; the codes are those of the medicine table."""

    PREGNANT = "pregnant", _("pregnant")
    BREASTFEEDING = "breastfeeding", _("breastfeeding")
    LIVER = "liver", _("trouble with the liver")
    KIDNEY = "kidney", _("trouble with the kidneys")
    ULCER = "ulcer", _("stomach ulcer, or bleeds easily")
    ASTHMA = "asthma", _("asthma")
    HIGH_BLOOD_PRESSURE = "high_blood_pressure", _("high blood pressure or a weak heart")
    BLOOD_THINNER = "blood_thinner", _("takes something against clots")
    G6PD = "g6pd", _("favism (G6PD deficiency)")
    DEHYDRATED = "dehydrated", _("dried out: no tears, hardly any urine")
    CHICKENPOX = "chickenpox", _("chickenpox")


class DangerSign(TextChoices):
    """Signs with which an ambulance is rung first (NICE NG143, WHO IMCI). Asked, not judged."""

    BREATHING = "breathing", _("struggles to breathe")
    CONVULSION = "convulsion", _("has or had a fit")
    DROWSY = "drowsy", _("hardly to be woken, or limp")
    NOT_DRINKING = "not_drinking", _("does not drink, or vomits everything")
    RASH = "rash", _("a rash that does not fade when pressed")
    STIFF_NECK = "stiff_neck", _("a stiff neck, or cannot bear light")
