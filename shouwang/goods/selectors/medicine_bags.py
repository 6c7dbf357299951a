"""What the code on a little bag opens, and the lot that was counted from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from shouwang.goods.engines.medicines import Medicine, table
from shouwang.goods.models import Lot, MedicineIssue
from shouwang.goods.states.medicine_names import medicine_name


def bag_lot(lot_id: UUID) -> Lot:
    """A lot that was split off for somebody, by the id on its bag; every other lot is a 404."""
    issue = (
        MedicineIssue.objects.filter(lot_id=lot_id, lot__parent__isnull=False)
        .select_related("lot__item", "lot__leaflet")
        .first()
    )
    if issue is None or issue.lot is None or not issue.lot.item.medicine:
        raise Http404
    return issue.lot


def leaflet_lines(lot: Lot) -> dict[str, Any]:
    """What the table says of the medicine in a bag: ingredients, so that nothing is taken twice under two names."""
    medicine: Medicine | None = table().medicines.get(lot.item.medicine)
    same = [
        medicine_name(one)
        for one in table().medicines.values()
        if medicine is not None
        and one.code != medicine.code
        and {sub.code for sub in one.substances} & {sub.code for sub in medicine.substances}
    ]
    inside = [medicine_name(one) for one in medicine.substances] if medicine else []
    return {"medicine": medicine, "inside": inside, "same": same[:8]}
