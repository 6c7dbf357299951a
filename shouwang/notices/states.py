"""States of a delivery of a message over one channel."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeliveryState(TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")


DELIVERY_MOVES = {
    DeliveryState.WAITING: frozenset({DeliveryState.SENT, DeliveryState.FAILED}),
}


class Urgency(TextChoices):
    """How a message interrupts: danger to life does, everything else waits to be read.

    Danger to life goes out over every channel at once, soon over the first that works, calm over none.
    """

    LIFE = "life", _("danger to life")
    SOON = "soon", _("soon")
    CALM = "calm", _("calm")
