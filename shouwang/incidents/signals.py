"""What incidents announces, inside the transaction that does it."""

from django.dispatch import Signal

incident_opened = Signal()
"""An incident was opened. Keywords: incident_id, community_id, at."""

line_moved = Signal()
"""The line moved. Keywords: incident_id, community_id, added and removed (lists of place ids), at."""

incident_moved = Signal()
"""An incident was suspended, resumed or closed. Keywords: incident_id, community_id, state, at."""
