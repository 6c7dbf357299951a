"""The second factor: six figures from a phone, or a code on paper. Codes by time are RFC 6238 with its usual values:
SHA-1, 30 seconds, six figures; one step early or late counts, since phones' clocks differ."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import SecondFactor, User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR, Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import NotAllowed, Refusal

STEP_SECONDS = 30
FIGURES = 6
RECOVERY_CODES = 10
MOST_WRONG = 10
WRONG_WITHIN = timedelta(minutes=15)
ISSUER = "Shouwang"


def factor_of(user: User) -> SecondFactor | None:
    """The user's second factor that counts, or None."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def begin_factor(*, user: User, at: datetime | None = None) -> SecondFactor:
    """A secret to be confirmed; asked again before that, the same one."""
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(user=user).first()
        if found is not None:
            return found
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        factor = SecondFactor(user=user, secret=secret, made_at=at or clock.now())
        factor.save(force_insert=True)
        return factor


def address_of(factor: SecondFactor) -> str:
    """The otpauth address that goes into the QR code."""
    return _totp(factor).get_provisioning_uri(factor.user.username, ISSUER)


def code_at(factor: SecondFactor, at: datetime) -> str:
    """The six figures of that moment."""
    return _totp(factor).generate(int(at.timestamp())).decode()


def _totp(factor: SecondFactor) -> TOTP:
    key = base64.b32decode(str(factor.secret))
    return TOTP(key, FIGURES, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303  (the standard's own)


def confirm_factor(*, user: User, code: str, at: datetime | None = None) -> list[str]:
    """Makes the secret count and answers the codes for paper, which are shown this once."""
    at = at or clock.now()
    _count_try(user, at)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=True).first()
        step = _step_of(factor, code, at) if factor is not None else None
        if factor is None or step is None:
            raise wrong_code()
        papers = [_paper() for _number in range(RECOVERY_CODES)]
        factor.confirmed_at, factor.last_step, factor.wrong = at, step, 0
        factor.recovery = [factor.recovery_hash(code) for code in papers]
        factor.save(update_fields=["confirmed_at", "last_step", "wrong", "recovery"])
        write_audit("accounts.second.made", by=user, at=at, subject=user)
    return papers


def _paper() -> str:
    letters = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are taken for one another
    text = "".join(secrets.choice(letters) for _sign in range(10))
    return f"{text[:5]}-{text[5:]}"


def check_code(*, user: User, code: str, at: datetime | None = None) -> str:
    """Whether it is the user: 'code' or 'paper'. Refusal when it is wrong, used before, or tried too often.

    Right codes are used up: one by time with all before it, one on paper for good.
    """
    at = at or clock.now()
    _count_try(user, at)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(user=user, confirmed_at__isnull=False)
        step = _step_of(factor, code, at)
        if step is not None:
            factor.last_step, factor.wrong = step, 0
            factor.save(update_fields=["last_step", "wrong"])
            return "code"
        digest = factor.recovery_hash(code)
        if digest not in factor.recovery:
            raise wrong_code()
        factor.recovery = [kept for kept in factor.recovery if kept != digest]
        factor.wrong = 0
        factor.save(update_fields=["recovery", "wrong"])
        write_audit("accounts.second.paper_used", by=user, at=at, subject=user, left=len(factor.recovery))
        return "paper"


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int | None:
    """The step whose code this is, if it was not used yet: now, one before, one after."""
    said = "".join(code.split())
    now = int(at.timestamp()) // STEP_SECONDS
    for step in (now, now - 1, now + 1):
        right = _totp(factor).generate(step * STEP_SECONDS).decode()
        if hmac.compare_digest(right.encode(), said.encode()) and step > factor.last_step:
            return step
    return None


def wrong_code() -> Refusal:
    return Refusal(
        "code-wrong",
        _("This code is not right, or it was used already. Wait for the next one."),
        field="code",
    )


def _count_try(user: User, at: datetime) -> None:
    """Counts a try before it is looked at, in a transaction of its own: ten in a quarter of an hour, then none."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            raise wrong_code()
        if factor.wrong_from is None or at - factor.wrong_from >= WRONG_WITHIN:
            factor.wrong, factor.wrong_from = 0, at
        if factor.wrong < MOST_WRONG:
            factor.wrong += 1
            factor.save(update_fields=["wrong", "wrong_from"])
            return
    raise Refusal(
        "too-many-tries",
        _("Too many wrong codes. Wait a quarter of an hour, or use another way in."),
        field="code",
    )


def end_factor(
    *, user: User, by: Actor, code: str = "", password: str = "", at: datetime | None = None
) -> None:
    """Takes the second factor away: by its owner with password and code, or at the machine when the phone is lost."""
    at = at or clock.now()
    if by != OPERATOR:
        if by.pk != user.pk:
            raise NotAllowed(
                "not-allowed", _("Another one's second factor is taken away at the machine only.")
            )
        if not user.check_password(password):
            raise Refusal("password-wrong", _("The present password is not right."), field="password")
        check_code(user=user, code=code, at=at)
    with transaction.atomic():
        if SecondFactor.objects.filter(user=user).delete()[0]:
            write_audit("accounts.second.ended", by=by, at=at, subject=user)
