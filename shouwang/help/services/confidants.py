"""Who may know of a confidential request: named one by one, and nobody else. Each naming is on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.help.models import Confidant, HelpRequest
from shouwang.help.rules import may_hear_of
from shouwang.places.selectors import live_posts


def name_at_first(request: HelpRequest, *, by: Actor, at: datetime) -> None:
    """Whoever took it in or made it confidential, and those whose post answers for confidential ones. In the caller's
    transaction."""
    posts = live_posts(at).filter(community_id=request.community_id).select_related("holder")
    users = [post.holder for post in posts if may_hear_of(post.role, confidential=True)]
    if by.actor_kind == "user":
        users.append(by)  # type: ignore[arg-type]
    _name(request, users, by=by, at=at)


def end_all_namings(request: HelpRequest, *, at: datetime) -> None:
    """It is no secret any more; should it become one again, it is not theirs by itself. In the caller's transaction."""
    request.confidants.filter(until_at__isnull=True).update(until_at=at)


def name_those_told(request: HelpRequest, users: Iterable[User], *, by: Actor, at: datetime) -> None:
    """Who is told of a confidential request may read it. In the caller's transaction."""
    if request.confidential:
        _name(request, users, by=by, at=at)


def _name(request: HelpRequest, users: Iterable[User], *, by: Actor, at: datetime) -> None:
    known = set(request.confidants.filter(until_at__isnull=True).values_list("user_id", flat=True))
    for user in {user.pk: user for user in users}.values():
        if user.pk not in known:
            _write(request, user, by=by, at=at)


def _write(request: HelpRequest, user: User, *, by: Actor, at: datetime) -> Confidant:
    return Confidant.objects.create(
        request=request, user=user, from_at=at, named_by_id=by.pk if by.actor_kind == "user" else None
    )


@transaction.atomic
def name_confidant(*, request: HelpRequest, user: User, by: Actor, at: datetime | None = None) -> Confidant:
    """One more may know. Refusals: not-confidential, nobody-here (no post in this community); Conflict `named`."""
    at = at or clock.now()
    if not request.confidential:
        raise Refusal("not-confidential", _("This request is not confidential."))
    if not live_posts(at).filter(community_id=request.community_id, holder=user).exists():
        raise Refusal("nobody-here", _("Choose somebody who holds a post here."), field="user")
    if request.confidants.filter(user=user, until_at__isnull=True).exists():
        raise Conflict("named", _("%(name)s is named already."), name=user.name)
    row = _write(request, user, by=by, at=at)
    write_audit("help.confidant.named", by=by, at=at, subject=request, user_id=user.pk)
    return row


@transaction.atomic
def end_confidant(*, confidant: Confidant, by: Actor, at: datetime | None = None) -> Confidant:
    """One less may know. Refusal `last-one`: somebody must; Conflict `ended` when that was done."""
    at = at or clock.now()
    others = Confidant.objects.filter(request_id=confidant.request_id, until_at__isnull=True)
    if not others.exclude(pk=confidant.pk).exists():
        raise Refusal("last-one", _("Somebody must know of it. Name somebody else first."))
    if not Confidant.objects.filter(pk=confidant.pk, until_at__isnull=True).update(until_at=at):
        raise Conflict("ended", _("This had ended already."))
    confidant.refresh_from_db()
    write_audit("help.confidant.ended", by=by, at=at, subject=confidant.request, user_id=confidant.user_id)
    return confidant
