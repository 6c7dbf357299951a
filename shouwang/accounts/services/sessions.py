"""The browsers in which a user is signed in: kept at sign-in, seen to five minutes, ended one by one or all at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import Http404

from shouwang.accounts.models import OwnSession, User
from shouwang.core.audit import write_audit

SEEN_EVERY = timedelta(minutes=5)
MARK = "seen"
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """ "Chrome · Android": what somebody knows their own phone by, and no more of what the browser says."""
    found = [next((word for sign, word in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word)


def keep_session(request: Any, user: User) -> None:
    """Enters the browser that has just signed in."""
    if not request.session.session_key:
        request.session.save()
    OwnSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user, "device": device_words(request.headers.get("User-Agent", "")),
            "began_at": request.at, "seen_at": request.at,
        },
    )  # fmt: skip
    request.session[MARK] = int(request.at.timestamp())


def note_seen(request: Any) -> None:
    """Writes that the browser is still used, at most once in five minutes; asks the database nothing otherwise."""
    seen = request.session.get(MARK)
    if seen is None or request.at.timestamp() - seen < SEEN_EVERY.total_seconds():
        return
    request.session[MARK] = int(request.at.timestamp())
    OwnSession.objects.filter(session_key=request.session.session_key).update(seen_at=request.at)


def sessions_of(user: User, at: datetime) -> list[OwnSession]:
    """The user's live ones, last seen first."""
    live = set(Session.objects.filter(expire_date__gt=at).values_list("session_key", flat=True)
               .filter(session_key__in=user.sessions.values("session_key")))  # fmt: skip
    return [row for row in user.sessions.order_by("-seen_at", "-pk") if row.session_key in live]


def end_session(*, user: User, session_id: UUID, at: datetime) -> None:
    """Signs one of the user's own browsers out; anybody else's does not exist (404)."""
    row = user.sessions.filter(pk=session_id).first()
    if row is None:
        raise Http404
    _end(user, [row], at)


def end_other_sessions(*, user: User, but: str, at: datetime) -> int:
    """Signs every other browser of the user out; how many."""
    rows = list(user.sessions.exclude(session_key=but))
    _end(user, rows, at)
    return len(rows)


def _end(user: User, rows: list[OwnSession], at: datetime) -> None:
    with transaction.atomic():
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
        OwnSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
        if rows:
            write_audit("accounts.session.ended", by=user, at=at, subject=user, sessions=len(rows))


def moved_session(request: Any, before: str | None) -> None:
    """A new password gives the browser a new key; its line goes with it."""
    if before and request.session.session_key != before:
        OwnSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
