"""What places announces, inside the transaction that does it."""

from django.dispatch import Signal

coverage_changed = Signal()
"""The coverage of leaf places changed alike. Keywords: place_ids, community_id, before, after (Cover codes), at."""

glass_broken = Signal()
"""Somebody sees a place that is not theirs, in an emergency. Keywords: glass_id, at."""
