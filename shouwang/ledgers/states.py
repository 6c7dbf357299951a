"""States of a staged register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    STAGED = "staged", _("to be confirmed")
    CONFIRMING = "confirming", _("being taken in")
    CONFIRMED = "confirmed", _("confirmed")
    DROPPED = "dropped", _("dropped")


IMPORT_MOVES = {
    ImportState.STAGED: frozenset({ImportState.CONFIRMING, ImportState.CONFIRMED, ImportState.DROPPED}),
    # Back to staged when somebody stopped it, or when it could not be done.
    ImportState.CONFIRMING: frozenset({ImportState.CONFIRMED, ImportState.STAGED}),
}
