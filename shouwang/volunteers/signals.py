"""What volunteers announces, inside the transaction that does it."""

from django.dispatch import Signal

stood_down = Signal()
"""Somebody stood down. Keywords: volunteer_id, commitment_ids (now `to_reoffer`), at.

Receivers write a due row each; the room that owns the commitment's kind offers the job anew and then closes the
commitment by `services.close_commitment`.
"""

came_back = Signal()
"""Somebody serves again. Keywords: volunteer_id, at."""
