"""States of a staged register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    STAGED = "staged", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    DROPPED = "dropped", _("dropped")


IMPORT_MOVES = {ImportState.STAGED: frozenset({ImportState.CONFIRMED, ImportState.DROPPED})}
