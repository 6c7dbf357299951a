"""What an import may do, and what its refusals are called."""

from __future__ import annotations

from django.utils.translation import gettext_noop

LARGEST_FILE = 20 * 1024 * 1024
DAYS_STAGED = 7

# What the register itself has to say, beside what the reader of the sheet says.
EXTRA_ISSUES = {
    "person.elsewhere": gettext_noop("The register has this person behind another door; nothing was moved."),
    "person.perhaps": gettext_noop(
        "Somebody of this name is on file; taken as another person until somebody decides."
    ),
    "edited.later": gettext_noop("Edited in the register after the sheet's day; the register's stands."),
}
