"""Every write of goods, one file a subject."""

from shouwang.goods.services.erasing_parcels import erase_parcel_texts
from shouwang.goods.services.parcels import (
    bring_back,
    change_parcel,
    disinfect,
    found,
    hand_over,
    hand_over_many,
    let_go_early,
    load_parcels,
    mark_door_wish,
    mark_lost,
    note_parcel,
    place_parcel,
    release_rested,
    send_back,
    take_back_disinfecting,
    take_in,
    void_parcel,
)
from shouwang.goods.services.run_stops import take_back_handing

__all__ = [
    "bring_back",
    "change_parcel",
    "disinfect",
    "erase_parcel_texts",
    "found",
    "hand_over",
    "hand_over_many",
    "let_go_early",
    "load_parcels",
    "mark_door_wish",
    "mark_lost",
    "note_parcel",
    "place_parcel",
    "release_rested",
    "send_back",
    "take_back_disinfecting",
    "take_back_handing",
    "take_in",
    "void_parcel",
]
