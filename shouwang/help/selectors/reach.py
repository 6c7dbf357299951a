"""Who is told next: the rungs of the tree above a request, and everybody who serves where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.help.models import HelpRequest
from shouwang.help.rules import may_hear_of, rung_of_level
from shouwang.places.models import Post
from shouwang.places.rules import COMMUNITY_ROLES
from shouwang.places.selectors import Rung, live_posts, post_holders, rungs_above
from shouwang.places.states import Level, Role
from shouwang.volunteers.selectors import can_serve

TOP = (Role.ON_CALL, Role.SECRETARY, Role.CLERK)
WATCH = (Role.ON_CALL, Role.SECRETARY)


def rungs_for(request: HelpRequest, at: datetime) -> list[Rung]:
    """The rungs from the leaf upwards, with those who may hear of it; without a place the community alone."""
    if request.place is not None:
        rungs = rungs_above(request.place, at)
    else:
        posts = post_holders(request.community_id, at, TOP) if request.community_id else []
        rungs = [Rung(Level.COMMUNITY, posts[0].place, tuple(posts))] if posts else []  # type: ignore[arg-type]
    if not request.confidential:
        return rungs
    named = _named_posts(request, at)
    holders = {post.holder_id for post in named}
    heard = [Rung(r.level, r.place, _hearing(r.posts, holders)) for r in rungs]
    heard = [rung for rung in heard if rung.posts]
    # Somebody named may answer for quite another place.
    return heard or ([Rung(Level.COMMUNITY, named[0].place, tuple(named))] if named else [])  # type: ignore[arg-type]


def _named_posts(request: HelpRequest, at: datetime) -> list[Post]:
    """Live posts here of those named. When none of them serves any more, of those whose post answers for confidential
    ones; where there is none either, of those who watch for the community, and at last of whoever serves: somebody must
    hear of it."""
    posts = list(live_posts(at).filter(community_id=request.community_id).order_by("order", "from_at"))
    naming = dict(request.confidants.filter(until_at__isnull=True).values_list("user_id", "named_by_id"))
    there = [post for post in posts if post.holder_id in naming]
    # Whoever was named by being told, because nobody else was there, is not the end of it.
    if any(naming[post.holder_id] or may_hear_of(post.role, confidential=True) for post in there):
        return there
    leading = [post for post in posts if may_hear_of(post.role, confidential=True)]
    watching = [post for post in posts if post.role in COMMUNITY_ROLES]
    return leading or watching or posts


def _hearing(posts: Sequence[Post], holders: set[UUID]) -> tuple[Post, ...]:
    return tuple(post for post in posts if post.holder_id in holders)


def _heard(posts: Sequence[Post], request: HelpRequest, at: datetime) -> Sequence[Post]:
    if not request.confidential:
        return posts
    return _hearing(posts, {post.holder_id for post in _named_posts(request, at)})


def next_rung(request: HelpRequest, at: datetime, *, untold: bool = False) -> Rung | None:
    """The lowest rung above the level reached; with `untold` the lowest with somebody not told in this run."""
    if untold:
        told = told_ids(request)
        return next(
            (r for r in rungs_for(request, at) if any(p.holder_id not in told for p in r.posts)), None
        )
    return next((r for r in rungs_for(request, at) if rung_of_level(r.level) > request.level), None)


def told_ids(request: HelpRequest) -> set[object]:
    """Users told since the present run of steps began."""
    since = request.told_from_at or request.received_at
    return set(request.told.filter(at__gte=since).values_list("user_id", flat=True))


def first_to_tell(request: HelpRequest, at: datetime) -> list[User]:
    """Danger to life, at once: the heads of the leaf, who is on call, the secretary; and who took it in."""
    rungs = rungs_for(request, at)
    leaf = [r.posts for r in rungs[:1] if r.level != Level.COMMUNITY]
    watch = post_holders(request.community_id, at, WATCH) if request.community_id else []
    posts = [post for row in leaf for post in row] + list(_heard(watch, request, at))
    if request.confidential:
        posts = posts or _named_posts(request, at)
    return unique([post.holder for post in posts])


def those_at_the_top(request: HelpRequest, at: datetime) -> list[User]:
    """Who is on call and the secretary; where there are none, whoever stands highest."""
    watch = _heard(post_holders(request.community_id, at, WATCH), request, at) if request.community_id else ()
    if watch:
        return unique([post.holder for post in watch])
    rungs = rungs_for(request, at)
    return unique([post.holder for post in rungs[-1].posts]) if rungs else []


def everybody_serving(request: HelpRequest, at: datetime) -> list[User]:
    """Holders of any post in the community and every volunteer who can be asked now."""
    posts = list(live_posts(at).filter(community_id=request.community_id))
    heard = [post.holder for post in _heard(posts, request, at)]
    if request.confidential:
        return unique(heard)
    serving = can_serve(at).filter(community_id=request.community_id).select_related("user")
    return unique(heard + [volunteer.user for volunteer in serving])


def unique(users: Sequence[User]) -> list[User]:
    """Each user once, in order."""
    return list({user.pk: user for user in users}.values())
