"""Waiting for what a test means, instead of for a while."""

from __future__ import annotations

import time

from django.db import connection
from django.db.models import Max

from shouwang.core.models import AuditEntry


def horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def wait_for_the_others() -> None:
    """Until every transaction that is older than the last row has ended, in other databases of the server too:
    readers stop at the oldest one that runs (xmin), and the tests of another worker keep theirs open."""
    newest = AuditEntry.objects.aggregate(newest=Max("xact"))["newest"] or 0
    for _turn in range(1200):
        if connection.vendor != "postgresql" or horizon() > newest:
            return
        time.sleep(0.05)
    raise AssertionError("an older transaction has been open for a minute")
