"""Why goods keeps what is personal, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import PurposeKind, purposes

# 30 days after it is over: long enough for 'mine never came', and for the month's count. As for requests.
purposes.add(
    PurposeKind(
        "goods.parcel", _("So that what is at the gate reaches its door"), 30, after=_("it is handed over")
    )
)
purposes.add(
    PurposeKind(
        "goods.custody", _("So that what is in somebody's hands comes back"), 30, after=_("it is given back")
    )
)
# A year: a donor may ask for the receipt, and the year's accounts are read after its end.
purposes.add(
    PurposeKind(
        "goods.store", _("So that the store can account for what came and went"), 365, after=_("the movement")
    )
)
# 90 days: a course of medicine is asked about within a season, and limits look back a week; allergies of people who ask
# for nothing any more are not kept for ever either. Our own figure.
purposes.add(
    PurposeKind(
        "goods.medicine",
        _("So that medicine goes only to whom it does no harm"),
        90,
        after=_("it is at the door"),
    )
)
purposes.add(
    PurposeKind(
        "file.leaflet",
        _("Photos of leaflets, so that whoever takes a medicine can read them"),
        365,
        after=_("they are taken"),
    )
)
# As the store's: the year's accounts are read after its end, and 'have they had one?' is asked at the next occasion.
purposes.add(
    PurposeKind(
        "goods.gifts",
        _("So that everybody gets it once and nobody is left out"),
        365,
        after=_("the list is closed"),
    )
)
