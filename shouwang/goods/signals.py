"""What goods announces, inside the transaction that changes it. Receivers write nothing but their own due rows."""

from __future__ import annotations

from django.dispatch import Signal

# Parcels are further on their way, or back: parcel_ids, state (all have it now), community_id, at.
parcels_moved = Signal()
# Cash of something above this room is in other hands, or over, by somebody's word: holding_id, subject_id, at.
cash_changed_hands = Signal()
# To whose doors things are brought has changed, and they have parcels in house: household_ids, community_id, at.
door_wish_changed = Signal()
