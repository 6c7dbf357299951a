"""Who is told next: the rungs of the tree above a request, and everybody who serves where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouwang.accounts.models import User
from shouwang.help.models import HelpRequest
from shouwang.help.rules import may_hear_of, rung_of_level
from shouwang.places.models import Post
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
    named = _named_and_there(request, at)
    heard = [Rung(r.level, r.place, _hearing(r.posts, named)) for r in rungs]
    return [rung for rung in heard if rung.posts]


def _named_and_there(request: HelpRequest, at: datetime) -> set[UUID]:
    """Those named who hold a live post here. When none of them does any more, those whose post answers for
    confidential ones: somebody must hear of it."""
    posts = list(live_posts(at).filter(community_id=request.community_id))
    named = set(request.confidants.filter(until_at__isnull=True).values_list("user_id", flat=True))
    there = {post.holder_id for post in posts if post.holder_id in named}
    return there or {post.holder_id for post in posts if may_hear_of(post.role, confidential=True)}


def _hearing(posts: Sequence[Post], named: set[UUID]) -> tuple[Post, ...]:
    return tuple(post for post in posts if post.holder_id in named)


def _heard(posts: Sequence[Post], request: HelpRequest, at: datetime) -> Sequence[Post]:
    return _hearing(posts, _named_and_there(request, at)) if request.confidential else posts


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
