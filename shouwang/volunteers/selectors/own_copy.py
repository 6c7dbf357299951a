"""A person's own copy: what somebody who serves is on file for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.core.registry import CopyPart
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import skills_in_words


def copy_parts(person_id: UUID, at: datetime) -> list[CopyPart]:
    """One part; none for who does not serve."""
    volunteer = Volunteer.objects.filter(person_id=person_id).first()
    if volunteer is None:
        return []
    said = [
        (_("Serves since"), _day(volunteer.enrolled_at)),
        (_("Can"), ", ".join(skills_in_words(volunteer))),
        (_("Carries (kg)"), str(volunteer.carries_kg)),
        *((_("Took on"), _day(row.from_at)) for row in volunteer.commitments.order_by("from_at")),
        *(
            (_("Off duty"), f"{_day(row.from_at)} {row.why}".strip())
            for row in volunteer.stand_downs.order_by("from_at")
        ),
    ]
    return [CopyPart(_("As one who serves"), [(what, value) for what, value in said if value])]


def _day(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d")
