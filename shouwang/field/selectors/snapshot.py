"""What a phone fetches: the least that the work needs, sealed there and kept for 72 hours."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from shouwang.core.audit import position_now
from shouwang.core.live import changed_since
from shouwang.core.registry import WorkItem, phone_parts
from shouwang.core.scope import Scope
from shouwang.field.selectors.work import my_work, standing

KEEP_HOURS = 72


def snapshot_for(scope: Scope, at: datetime, *, after: int, mark: str) -> dict[str, Any]:
    """All that the phone of this user is given, or that nothing has changed since `after` and `mark`.

    The position is taken first: what is committed while the rest is read comes again, and nothing is passed over.
    """
    position = position_now()
    work = [_work_of(item) for item in my_work(scope.user, at)]
    stood_down = standing(scope.user, at)["stood_down"]
    posts = sorted(f"{grant.column}{grant.place_id}{grant.role}" for grant in scope.grants)
    now = _mark_of([work, stood_down, posts])
    if after and mark == now and not changed_since(scope, after):
        return {"unchanged": True, "position": position}
    parts = {part.code: part.give(scope, at) for part in phone_parts}
    return {
        "position": position, "mark": now, "keep_hours": KEEP_HOURS, "stood_down": stood_down, "work": work, **parts,
    }  # fmt: skip


def _mark_of(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _work_of(item: WorkItem) -> dict[str, Any]:
    return {
        "key": item.key, "kind": item.kind, "title": str(item.title), "door": item.door, "small": str(item.small),
        "url": item.url, "rank": item.rank, "tone": item.tone, "tags": [str(tag) for tag in item.tags],
        "due_at": item.due_at.isoformat() if item.due_at else None, "waiting": item.waiting_for_me,
        "subject": str(item.subject) if item.subject else None, "acts": list(item.acts),
        "round": str(item.round) if item.round else None, "entries": [str(pk) for pk in item.entries],
    }  # fmt: skip
