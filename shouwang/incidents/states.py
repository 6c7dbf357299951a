"""An incident's states and kinds of protocol."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IncidentState(TextChoices):
    OPEN = "open", pgettext_lazy("incident", "open")
    SUSPENDED = "suspended", pgettext_lazy("incident", "suspended")
    CLOSED = "closed", pgettext_lazy("incident", "closed")


INCIDENT_MOVES = {
    IncidentState.OPEN: frozenset({IncidentState.SUSPENDED, IncidentState.CLOSED}),
    IncidentState.SUSPENDED: frozenset({IncidentState.OPEN, IncidentState.CLOSED}),
}


class Protocol(TextChoices):
    SEALED_ZONE = "sealed_zone", _("sealed zone")
    CONTROLLED_ZONE = "controlled_zone", _("controlled zone")
    EVERYDAY_CARE = "everyday_care", _("everyday care")
    HEAT = "heat", _("heat")
    COLD = "cold", _("cold")
    POWER_OUT = "power_out", _("power or lift out")


class RestRule(TextChoices):
    """What arrives at the gate and how it is counted there: cold food and medicine may have minutes of their own."""

    USUAL = "usual", _("everything else")
    COLD = "cold", _("cold food")
    MEDICINE = "medicine", pgettext_lazy("parcel", "medicine")


class Reached(TextChoices):
    """How somebody was found who depends on what is out. No row yet: to be reached."""

    WELL = "well", _("reached, all right")
    NEEDS_HELP = "needs_help", _("needs help")
    NO_ANSWER = "no_answer", _("no answer yet")
