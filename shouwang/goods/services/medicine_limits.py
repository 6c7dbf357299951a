"""A community's own limits: how much of a medicine the bank gives out to one person, one household, in how many days."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.goods.engines.medicines import table
from shouwang.goods.models import MedicineLimit
from shouwang.places.models import Place


@transaction.atomic
def set_limit(
    *,
    community: Place,
    medicine: str,
    units: int,
    household_units: int,
    days: int,
    by: Actor,
    at: datetime | None = None,
) -> MedicineLimit:
    """Sets the most for one person and for one household in so many days. Refusal for figures that make no sense, and for
    more than twice what the table says: then the table's figure is in question, not the community's."""
    at = at or clock.now()
    known = table().medicines.get(medicine)
    if known is None:
        raise Refusal("medicine-unknown", _("Choose which medicine it is."), field="medicine")
    if not (1 <= units <= household_units and 1 <= days <= 30):
        raise Refusal(
            "limit-figures",
            _("At least 1 for a person, no fewer for a household, in 1 to 30 days."),
            field="units",
        )
    if units > 2 * known.most[0]:
        raise Refusal(
            "limit-high", _("At most %(units)s for one person."), field="units", units=2 * known.most[0]
        )
    row, _fresh = MedicineLimit.objects.update_or_create(
        community_id=community.pk, medicine=medicine,
        defaults={
            "units": units, "household_units": household_units, "days": days, "set_at": at,
            "set_by_id": by.pk if by.actor_kind == "user" else None,
        },
    )  # fmt: skip
    write_audit("goods.medicine.limit_set", by=by, at=at, subject=community, medicine=known.name, units=units)
    return row
