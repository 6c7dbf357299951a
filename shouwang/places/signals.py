"""What places announces, inside the transaction that does it."""

from django.dispatch import Signal

coverage_changed = Signal()
"""A leaf place's coverage changed. Keywords: place_id, community_id, before, after (Cover codes), at."""
