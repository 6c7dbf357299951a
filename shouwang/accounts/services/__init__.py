"""Writes of accounts: users, passwords, tokens, and what is on record of signing in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts import rules
from shouwang.accounts.models import ApiToken, User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR, Actor, Nobody
from shouwang.core.audit import write_audit
from shouwang.core.errors import NotAllowed, Refusal

VISITOR = Nobody("visitor")
USED_EVERY = timedelta(minutes=5)


def create_user(
    *, username: str, name: str, password: str | None, by: Actor, at: datetime | None = None, phone: str = ""
) -> User:
    """A new user. `password` None: nobody can sign in by password until one is set."""
    at = at or clock.now()
    username = rules.clean_username(username)
    if not rules.is_username(username):
        raise Refusal(
            "username-unfit", _("A sign-in name has 2 to 60 letters, figures or . @ + - _."), field="username"
        )
    if not name.strip():
        raise Refusal("name-missing", _("Please give a name."), field="name")
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Refusal(
                "username-taken", _("This sign-in name is taken. Choose another."), field="username"
            )
        user = User(username=username, name=name.strip(), phone=phone, joined_at=at)
        _set_password(user, password)
        user.save(force_insert=True)
        write_audit("accounts.user.created", by=by, at=at, subject=user)
    return user


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Refusal("password-weak", " ".join(fault.messages), field="password") from fault
    user.set_password(password)


def change_password(*, user: User, old: str, password: str, by: Actor, at: datetime | None = None) -> User:
    """Sets one's own new password; every other session of the user ends with it."""
    with transaction.atomic():
        mine = User.objects.select_for_update().get(pk=user.pk)
        if by.pk != mine.pk or not mine.check_password(old):
            raise Refusal("password-wrong", _("The present password is not right."), field="old")
        _set_password(mine, password)
        mine.save(update_fields=["password"])
        write_audit("accounts.password.changed", by=by, at=at or clock.now(), subject=mine)
    return mine


def set_password(*, user: User, password: str, by: Actor, at: datetime | None = None) -> User:
    """Sets somebody's new password at the machine, when the old one is forgotten."""
    if by != OPERATOR:
        raise NotAllowed("not-allowed", _("Another one's password is set at the machine only."))
    with transaction.atomic():
        theirs = User.objects.select_for_update().get(pk=user.pk)
        _set_password(theirs, password)
        theirs.save(update_fields=["password"])
        write_audit("accounts.password.set", by=by, at=at or clock.now(), subject=theirs)
    return theirs


def choose_language(*, user: User, language: str, by: Actor, at: datetime | None = None) -> None:
    """Remembers in which language the user is written to; '' is the product's default."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk).exclude(language=language).update(language=language):
            write_audit(
                "accounts.language.chosen", by=by, at=at or clock.now(), subject=user, language=language
            )


def end_user(*, user: User, by: Actor, at: datetime | None = None) -> None:
    """Closes the account: no sign-in, no token from now on. Ended twice is ended once."""
    at = at or clock.now()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, ended_at=at):
            return
        ended = user.tokens.exclude(ended_at__lte=at).update(ended_at=at)
        write_audit("accounts.user.ended", by=by, at=at, subject=user, tokens=ended)
    user.refresh_from_db()


def create_token(
    *, name: str, user: User, reach: str, by: Actor, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A bearer token and its secret, which is kept nowhere: it can be shown this once."""
    at = at or clock.now()
    if not rules.may_hold_token(by, user):
        raise NotAllowed("not-allowed", _("A token is made by the one for whom it acts."))
    if reach not in ApiToken.Reach.values:
        raise Refusal("reach-unknown", _("A token may read, or read and write."), field="reach")
    secret = ApiToken.new_secret()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            raise Refusal("user-ended", _("This account is closed."))
        token = ApiToken.objects.create(
            name=name.strip()[:60], user=user, reach=reach, digest=ApiToken.digest_of(secret), made_at=at
        )
        write_audit("accounts.token.made", by=by, at=at, subject=token, reach=reach)
    return token, secret


def end_token(*, token: ApiToken, by: Actor, at: datetime | None = None) -> None:
    """The token opens nothing from now on. Ended twice is ended once."""
    at = at or clock.now()
    if not rules.may_hold_token(by, token.user):
        raise NotAllowed("not-allowed", _("A token is ended by the one for whom it acts."))
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk).exclude(ended_at__lte=at).update(ended_at=at):
            write_audit("accounts.token.ended", by=by, at=at, subject=token)


def mark_token_used(*, token: ApiToken, at: datetime) -> None:
    """Keeps when a token was last used, to five minutes: a read must not cost a write each time."""
    if token.last_used_at is None or at - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


def record_sign_in(*, user: User, at: datetime, way: str = "password") -> None:
    """Puts on record that the user came in; `way` password or demo."""
    with transaction.atomic():
        write_audit("accounts.user.signed_in", by=cast(Actor, user), at=at, subject=user, way=way)


def record_sign_out(*, user: User, at: datetime) -> None:
    """Puts on record that the user left."""
    with transaction.atomic():
        write_audit("accounts.user.signed_out", by=cast(Actor, user), at=at, subject=user)


def record_lockout(*, username: str, at: datetime) -> None:
    """Puts on record, once in 15 minutes, that an account was locked for somebody who guessed.

    A name that is nobody's leaves no trace: what strangers type is not kept.
    """
    user = User.objects.filter(username=rules.clean_username(username)).first()
    if user is None:
        return
    with transaction.atomic():
        unsaid = User.objects.filter(pk=user.pk).exclude(locked_said_at__gt=at - timedelta(minutes=15))
        if unsaid.update(locked_said_at=at):
            write_audit("accounts.user.locked_out", by=VISITOR, at=at, subject=user)
