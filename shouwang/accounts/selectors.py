"""Reads of accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet
from django.http import Http404

from shouwang.accounts.models import ApiToken, Device, User
from shouwang.accounts.rules import DEMO_ROLES, DemoRole, clean_username

DEMO_KEY = "demo sign-in"


def user_by_username(username: str) -> User | None:
    """The user who signs in by this name, ended ones too."""
    return User.objects.filter(username=clean_username(username)).first()


def user_named(user_id: UUID | None) -> User | None:
    """The user with this id; None when there is none (any more)."""
    return User.objects.filter(pk=user_id).first() if user_id else None


def active_users() -> QuerySet[User]:
    """Everybody who may sign in, by name; for choosing who takes a post."""
    return User.objects.filter(is_active=True).order_by("name")


def active_user(user_id: str) -> User | None:
    """Who may sign in by this id."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """User id to name, for showing who did something."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))


def tokens_of(user: User, at: datetime) -> QuerySet[ApiToken]:
    """The user's live tokens, newest first."""
    return user.tokens.exclude(ended_at__lte=at).order_by("-made_at")


def token_of(user: User, token_id: UUID, at: datetime) -> ApiToken:
    """One of the user's own live tokens; anybody else's does not exist (404)."""
    found = tokens_of(user, at).filter(pk=token_id).first()
    if found is None:
        raise Http404
    return found


def token_for(secret: str, at: datetime) -> ApiToken | None:
    """The live token with this secret whose user is active, with its user."""
    token = ApiToken.objects.select_related("user").filter(digest=ApiToken.digest_of(secret)).first()
    if token is None or not token.is_live(at) or not token.user.is_active:
        return None
    return token


def user_for_token(secret: str, at: datetime) -> User | None:
    """The user for whom this secret speaks."""
    token = token_for(secret, at)
    return token.user if token else None


def demo_people() -> list[tuple[DemoRole, User]]:
    """The demo's roles that somebody plays, in the order of the list."""
    users = User.objects.filter(username__in=[role.username for role in DEMO_ROLES], is_active=True)
    by_name = {user.username: user for user in users}
    return [(role, by_name[role.username]) for role in DEMO_ROLES if role.username in by_name]


def demo_person(code: str) -> User:
    """Who plays this role; 404 when nobody does."""
    for role, user in demo_people():
        if role.code == code:
            return user
    raise Http404


def demo_key(code: str) -> str:
    """What makes a demo link sign in by itself: the role, signed by this machine."""
    return signing.Signer(salt=DEMO_KEY).signature(code)


def is_demo_key(code: str, key: str) -> bool:
    """Whether `key` was made here for this role."""
    try:
        return signing.Signer(salt=DEMO_KEY).unsign(f"{code}:{key}") == code
    except signing.BadSignature:
        return False


def devices_of(user: User) -> QuerySet[Device]:
    """The user's live phones, last seen first."""
    return user.devices.filter(ended_at__isnull=True).order_by("-seen_at", "-pk")


def devices_by_ids(device_ids: set[UUID]) -> dict[UUID, Device]:
    """Phones by id, ended ones too, each with its user."""
    rows = Device.objects.filter(pk__in=device_ids).select_related("user")
    return {row.pk: row for row in rows}


def devices_of_users(user_ids: set[UUID]) -> QuerySet[Device]:
    """The live phones of these users, last seen first, each with its user."""
    rows = Device.objects.filter(user_id__in=user_ids, ended_at__isnull=True).select_related("user")
    return rows.order_by("-seen_at", "-pk")
