"""The gate: acts on record, due rows, the eraser, the promise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import AuditKind, DueKind, Eraser, audit_kinds, due_kinds, erasers
from shouwang.goods import jobs
from shouwang.goods.selectors.past import parcel_texts_left, parcels_past
from shouwang.goods.services import erase_parcel_texts

for code, sentence, tone in (
    ("goods.parcel.taken_in", _("took in parcel %(number)s at the gate"), "calm"),
    ("goods.parcel.placed", _("put parcel %(number)s to a door"), "calm"),
    ("goods.parcel.changed", _("put right what parcel %(number)s is"), "calm"),
    ("goods.parcel.noted", _("wrote down what stands on parcel %(number)s"), "calm"),
    ("goods.parcel.voided", _("parcel %(number)s was entered by mistake"), "calm"),
    ("goods.parcels.disinfected", _("disinfected %(parcels)s parcels"), "calm"),
    ("goods.parcels.not_disinfected", _("%(parcels)s parcels were not disinfected after all"), "calm"),
    ("goods.parcels.released", _("%(parcels)s parcels have rested and are released"), "calm"),
    ("goods.parcel.let_go_early", _("let parcel %(number)s go before its hour"), "need"),
    ("goods.parcels.loaded", _("%(parcels)s parcels left the gate"), "calm"),
    ("goods.parcel.brought_back", _("brought parcel %(number)s back to the gate"), "calm"),
    ("goods.parcel.handed_over", _("handed over parcel %(number)s"), "calm"),
    ("goods.parcel.not_handed", _("parcel %(number)s was not handed over after all"), "calm"),
    ("goods.parcel.sent_back", _("sent parcel %(number)s back"), "calm"),
    ("goods.parcel.lost", _("parcel %(number)s is not found"), "need"),
    ("goods.parcel.found", _("found parcel %(number)s again"), "calm"),
):
    audit_kinds.add(AuditKind(code, sentence, tone=tone))

due_kinds.add(DueKind("goods.release", jobs.release_due_parcels))
due_kinds.add(DueKind("goods.door_wish", jobs.mark_due_wish))
erasers.add(
    Eraser(
        "goods.parcels",
        frozenset(
            {
                "goods.Parcel.door_said", "goods.Parcel.carrier_code", "goods.Parcel.note",
                "goods.ParcelStep.reason",
            }
        ),
        count=lambda at: parcels_past(at).count(),
        erase_batch=erase_parcel_texts,
        verify=parcel_texts_left,
    )
)  # fmt: skip
