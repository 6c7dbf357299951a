"""What stands at the gate, and how far it is on its way to the door."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ParcelState(TextChoices):
    """One state at a time. `resting`: disinfected, and waiting for its hour."""

    RECEIVED = "received", _("received at the gate")
    RESTING = "resting", _("resting")
    RELEASED = "released", pgettext_lazy("parcel", "released")
    ON_THE_WAY = "on_the_way", pgettext_lazy("parcel", "on the way")
    HANDED_OVER = "handed_over", _("handed over")
    SENT_BACK = "sent_back", _("sent back")
    LOST = "lost", _("not found")
    VOIDED = "voided", _("entered by mistake")


PARCEL_MOVES = {
    # Released at once: where nothing has to rest, and where somebody lets it go by name.
    ParcelState.RECEIVED: frozenset(
        {
            ParcelState.RESTING,
            ParcelState.RELEASED,
            ParcelState.SENT_BACK,
            ParcelState.LOST,
            ParcelState.VOIDED,
        }
    ),
    # Disinfecting taken back: it waits at the gate again.
    ParcelState.RESTING: frozenset(
        {ParcelState.RELEASED, ParcelState.RECEIVED, ParcelState.SENT_BACK, ParcelState.LOST}
    ),
    # Received again: it was put to a door inside the line, where it has to rest first.
    ParcelState.RELEASED: frozenset(
        {
            ParcelState.ON_THE_WAY,
            ParcelState.HANDED_OVER,
            ParcelState.RECEIVED,
            ParcelState.SENT_BACK,
            ParcelState.LOST,
            ParcelState.VOIDED,
        }
    ),
    # Brought back because nobody was there: released again, for the next run.
    ParcelState.ON_THE_WAY: frozenset({ParcelState.HANDED_OVER, ParcelState.RELEASED, ParcelState.LOST}),
    # A slip of the finger: it is where it was before.
    ParcelState.HANDED_OVER: frozenset({ParcelState.RELEASED, ParcelState.ON_THE_WAY}),
    # Found again, as far on its way as it was.
    ParcelState.LOST: frozenset({ParcelState.RECEIVED, ParcelState.RESTING, ParcelState.RELEASED}),
}
# Somewhere inside the line and not yet at its door.
IN_HOUSE = (
    ParcelState.RECEIVED,
    ParcelState.RESTING,
    ParcelState.RELEASED,
    ParcelState.ON_THE_WAY,
)
# Still in the gate's hands.
AT_GATE = (ParcelState.RECEIVED, ParcelState.RESTING, ParcelState.RELEASED)


class ParcelKind(TextChoices):
    PARCEL = "parcel", _("parcel")
    GROCERIES = "groceries", _("groceries")
    VEGETABLE_BAG = "vegetable_bag", _("vegetable bag")
    MEDICINE = "medicine", pgettext_lazy("parcel", "medicine")
    INFANT_GOODS = "infant_goods", _("infant goods")
    MEAL = "meal", _("meal")
    MAIL = "mail", _("letters and papers")
    OTHER = "other", _("something else")


class WeightClass(IntegerChoices):
    """What a hand tells without scales, with the kilograms that a plan counts."""

    LIGHT = 2, _("light")
    MEDIUM = 8, _("medium")
    HEAVY = 20, _("heavy")


class StepKind(TextChoices):
    """One line of a parcel's way, append-only."""

    RECEIVED = "received", _("received at the gate")
    DISINFECTED = "disinfected", _("disinfected")
    NOT_DISINFECTED = "not_yet", _("not disinfected after all")
    RELEASED = "released", pgettext_lazy("parcel", "released")
    LET_GO_EARLY = "let_go_early", _("let go before its hour")
    LOADED = "loaded", _("loaded")
    BROUGHT_BACK = "brought_back", _("brought back")
    HANDED_OVER = "handed_over", _("handed over")
    NOT_HANDED = "not_handed", _("not handed over after all")
    SENT_BACK = "sent_back", _("sent back")
    LOST = "lost", _("not found")
    VOIDED = "voided", _("entered by mistake")
    FOUND = "found", _("found again")
    CORRECTED = "corrected", _("corrected")
