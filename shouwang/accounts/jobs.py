"""What accounts erases when days run out: ended users, tries at signing in, sessions that are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from shouwang.accounts.models import ApiToken, Device, OwnSession, SecondFactor, User
from shouwang.core.erasure import leave_tombstone
from shouwang.core.registry import purposes

TRIES_KEPT = timedelta(days=1)
ERASED = "erased-"


def users_past_days(at: datetime) -> QuerySet[User]:
    """Ended users whose days are over and whose names are still there."""
    limit = at - timedelta(days=purposes.get("account").days)
    return User.objects.filter(is_active=False, ended_at__lte=limit).exclude(name="")


def count_users(at: datetime) -> int:
    return users_past_days(at).count()


def erase_users(at: datetime, limit: int) -> int:
    """Takes the person out of the row: posts and records refer to it, so the empty row remains."""
    erased = 0
    for user in users_past_days(at)[:limit]:
        with transaction.atomic():
            for theirs in (ApiToken, Device, OwnSession, SecondFactor):
                theirs._default_manager.filter(user=user).delete()
            User.objects.filter(pk=user.pk).update(
                username=f"{ERASED}{user.pk.hex}", name="", phone="", password="", language=""
            )
            leave_tombstone("accounts.user", user.pk, at)
        erased += 1
    return erased


def count_users_left(at: datetime) -> int:
    """Counted anew by what must not be there: a name, phone or sign-in name of a user past the days."""
    limit = at - timedelta(days=purposes.get("account").days)
    over = User.objects.exclude(ended_at__isnull=True).filter(ended_at__lte=limit)
    return over.filter(~Q(name="") | ~Q(phone="") | ~Q(username__startswith=ERASED)).count()


def old_tries(at: datetime) -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(attempt_time__lte=at - TRIES_KEPT)


def erase_tries(at: datetime, limit: int) -> int:
    """Deletes tries at signing in that no longer count for a lockout."""
    ids = list(old_tries(at).values_list("pk", flat=True)[:limit])
    AccessAttempt.objects.filter(pk__in=ids).delete()
    return len(ids)


def count_tries_left(at: datetime) -> int:
    times = AccessAttempt.objects.values_list("attempt_time", flat=True)
    return sum(1 for time in times if time <= at - TRIES_KEPT)


def over_sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=at)


def erase_sessions(at: datetime, limit: int) -> int:
    """Deletes sessions that are over."""
    ids = list(over_sessions(at).values_list("pk", flat=True)[:limit])
    Session.objects.filter(pk__in=ids).delete()
    return len(ids)


def count_sessions_left(at: datetime) -> int:
    return sum(1 for until in Session.objects.values_list("expire_date", flat=True) if until <= at)


def unused_sessions(at: datetime) -> QuerySet[OwnSession]:
    return OwnSession.objects.filter(seen_at__lte=at - timedelta(days=purposes.get("account.session").days))


def erase_unused_sessions(at: datetime, limit: int) -> int:
    """Deletes what is known of browsers that were not used for as long as a session lives."""
    ids = list(unused_sessions(at).values_list("pk", flat=True)[:limit])
    OwnSession.objects.filter(pk__in=ids).delete()
    return len(ids)


def count_unused_left(at: datetime) -> int:
    limit = at - timedelta(days=purposes.get("account.session").days)
    return sum(1 for seen in OwnSession.objects.values_list("seen_at", flat=True) if seen <= limit)


def unused_devices(at: datetime) -> QuerySet[Device]:
    return Device.objects.filter(seen_at__lte=at - timedelta(days=purposes.get("account.device").days))


def erase_unused_devices(at: datetime, limit: int) -> int:
    """Deletes phones that were not heard of for so long that nothing they still hold could be wanted."""
    ids = list(unused_devices(at).values_list("pk", flat=True)[:limit])
    Device.objects.filter(pk__in=ids).delete()
    return len(ids)


def count_devices_left(at: datetime) -> int:
    limit = at - timedelta(days=purposes.get("account.device").days)
    return sum(1 for seen in Device.objects.values_list("seen_at", flat=True) if seen <= limit)
