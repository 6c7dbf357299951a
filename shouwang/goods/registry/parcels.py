"""The gate: acts on record, due rows, the eraser, the promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Cell,
    CopySource,
    DueKind,
    Eraser,
    FigureSource,
    Finding,
    Invariant,
    Lens,
    NavEntry,
    Page,
    SearchSource,
    Section,
    TodaySource,
    audit_kinds,
    copy_sources,
    due_kinds,
    erasers,
    figure_sources,
    household_sections,
    invariants,
    lenses,
    nav_entries,
    pages,
    place_sections,
    search_sources,
    today_sources,
)
from shouwang.goods import jobs
from shouwang.goods.models import Parcel
from shouwang.goods.selectors.faces import (
    LENS_LOOKS,
    copy_parts,
    delivery_cells,
    gate_figure,
    household_section,
    place_section,
    search_hits,
    today_items,
)
from shouwang.goods.selectors.past import parcel_texts_left, parcels_past
from shouwang.goods.selectors.promise import left_early, on_no_list, resting_unwatched, without_holder
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


def _resting_watched(at: datetime, community: UUID | None) -> Finding:
    return Finding(*resting_unwatched(community))


def _none_left_early(at: datetime, community: UUID | None) -> Finding:
    return Finding(*left_early(community))


def _held_on_the_way(at: datetime, community: UUID | None) -> Finding:
    return Finding(*without_holder(community))


def _known_to_a_list(at: datetime, community: UUID | None) -> Finding:
    return Finding(*on_no_list(at, community))


def describe_parcels(parcel_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Numbers and pages of what breaks a promise."""
    found = Parcel.objects.filter(pk__in=list(parcel_ids)).order_by("number")
    return [(row.spoken_number, reverse("goods:parcel", args=[row.pk])) for row in found]


for code, sentence, run in (
    ("goods.parcel.released-by-clock", _("Every parcel that rests is looked at in its hour"), _resting_watched),
    ("goods.parcel.none-early", _("Nothing has left the gate before its hour, unless somebody let it go by name"),
     _none_left_early),
    ("goods.parcel.held", _("Every parcel on the way is in somebody's hands, as its last step says"), _held_on_the_way),
    ("goods.parcel.on-a-list", _("Every parcel in house stands on one of the gate's lists"), _known_to_a_list),
):  # fmt: skip
    invariants.add(Invariant(code, sentence, run, order=45, describe=describe_parcels))

nav_entries.add(NavEntry("goods", _("Goods"), "goods:gate", "package", "goods.gate", order=40))
nav_entries.add(
    NavEntry(
        "goods.take_in",
        _("Take parcels in"),
        "goods:take_in",
        "package-plus",
        "goods.gate",
        order=41,
        under="goods",
    )
)
pages.add(Page("goods.gate", "goods:gate", _("The gate"), "goods.gate"))
pages.add(Page("goods.parcel", "goods:parcel", _("Parcel"), "goods.gate"))
today_sources.add(TodaySource("goods.gate", today_items, order=40))
figure_sources.add(FigureSource("goods.gate", gate_figure, order=45))
lenses.add(
    Lens(
        "deliveries", _("At the gate"), delivery_cells,
        legend=[Cell(tone, mark, words) for tone, mark, words in LENS_LOOKS.values()],
        capability="goods.gate", order=45,
    )
)  # fmt: skip
household_sections.add(
    Section("goods.parcels", _("What is at the gate for them"), "goods/gate_section_household.html",
            household_section, order=35)
)  # fmt: skip
place_sections.add(
    Section("goods.parcels", _("Parcels in house"), "goods/gate_section_place.html", place_section, order=35)
)
search_sources.add(SearchSource("goods.parcels", search_hits, order=60))
copy_sources.add(CopySource("goods.parcels", copy_parts, order=40))
