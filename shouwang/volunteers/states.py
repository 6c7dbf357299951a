"""What volunteers can do, what they have taken on, and how that ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Skill(TextChoices):
    NURSE = "nurse", _("nurse")
    DOCTOR = "doctor", _("doctor")
    DRIVER = "driver", _("drives")
    REPAIRS = "repairs", _("repairs")
    SAMPLING = "sampling", _("trained to sample")
    COMFORT = "comfort", _("listens and comforts")
    CHILDCARE = "childcare", _("looks after children")
    COOKING = "cooking", _("cooks")
    PHONE = "phone", _("works by phone")
    COMPUTER = "computer", _("good with computers")


class CommitmentState(TextChoices):
    OPEN = "open", pgettext_lazy("commitment", "open")
    TO_REOFFER = "to_reoffer", _("to be offered again")
    CLOSED = "closed", pgettext_lazy("commitment", "closed")


COMMITMENT_MOVES = {
    CommitmentState.OPEN: frozenset({CommitmentState.TO_REOFFER, CommitmentState.CLOSED}),
    CommitmentState.TO_REOFFER: frozenset({CommitmentState.CLOSED}),
}


class StandDownReason(TextChoices):
    """Seen by those who answer for the community; everybody else sees 'stood down', not why."""

    ILL = "ill", _("ill")
    CONTACT = "contact", _("close contact")
    REST = "rest", _("rest")
    PRIVATE = "private", _("private reasons")
    OTHER = "other", _("other")
