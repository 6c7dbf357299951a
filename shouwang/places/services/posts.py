"""Writing posts, and the coverage that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.due import cancel, schedule
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.registry import duty_sources
from shouwang.places.models import Area, Coverage, Place, Post
from shouwang.places.selectors import leaves, live_posts
from shouwang.places.signals import coverage_changed
from shouwang.places.states import Cover, Level, Role

HEAD_ROLES = (Role.STAIRWELL_HEAD, Role.BUILDING_HEAD)
ROLE_LEVELS: dict[str, frozenset[str]] = {
    Role.SECRETARY: frozenset({Level.COMMUNITY}),
    Role.CLERK: frozenset({Level.COMMUNITY}),
    Role.ON_CALL: frozenset({Level.COMMUNITY}),
    Role.SUBDISTRICT_OFFICER: frozenset({Level.COMMUNITY, Level.SUBDISTRICT, Level.DISTRICT}),
    Role.GRID_HEAD: frozenset({Level.GRID}),
    Role.GRID_WORKER: frozenset({Level.GRID}),
    Role.SECONDED_OFFICER: frozenset({Level.COMMUNITY, Level.GRID, Level.BUILDING}),
    Role.BUILDING_HEAD: frozenset({Level.BUILDING}),
    Role.STAIRWELL_HEAD: frozenset({Level.STAIRWELL}),
}


@transaction.atomic
def appoint(
    *,
    role: str,
    holder: Any,
    by: Actor,
    place: Place | None = None,
    area: Area | None = None,
    at: datetime | None = None,
    order: int | None = None,
    online_only: bool = False,
    stands_in_for: Post | None = None,
    until_at: datetime | None = None,
) -> Post:
    """Puts `holder` on a post. Refusal when the role does not fit the place, when the person holds it already, or is
    stood down: a place would look covered and nobody would come.

    `order` defaults to after those already there. A substitute names the post it `stands_in_for`. With `until_at`
    the post ends by itself, and the gap it may leave is told like any other.
    """
    at = at or clock.now()
    if place is not None and place.level not in ROLE_LEVELS[Role(role)]:
        raise Refusal("role-misplaced", _("This post does not exist at this kind of place."), field="role")
    if until_at is not None and until_at <= at:
        raise Refusal("until-past", _("The last day lies in the past."), field="until_on")
    same = Post.objects.filter(running(at), place=place, area=area, role=role)
    if same.filter(holder=holder).exists():
        raise Refusal("post-held", _("%(name)s holds this post already."), field="holder", name=holder.name)
    if any(source.is_off_duty(holder, at) for source in duty_sources):
        raise Refusal(
            "stood-down",
            _("%(name)s is stood down and can't be put in charge now. Choose somebody else."),
            field="holder",
            name=holder.name,
        )
    stamp = place.stamp() if place else {"community_id": area.community_id if area else None}
    post = Post.objects.create(
        place=place,
        area=area,
        role=role,
        holder=holder,
        from_at=at,
        until_at=until_at,
        online_only=online_only,
        order=order or same.count() + 1,
        stands_in_for=stands_in_for,
        **stamp,
    )
    write_audit(
        "places.post.filled",
        by=by,
        at=at,
        subject=post,
        role=role,
        holder_id=holder.pk,
        online_only=online_only,
    )
    if until_at is not None:
        schedule("places.post_ends", at=until_at, subject_id=post.pk)
    _recount_for([post], at=at, by=by)
    return post


def running(at: datetime) -> Q:
    """The filter for posts that have not ended at `at`, suspended ones too."""
    return Q(until_at__isnull=True) | Q(until_at__gt=at)


@transaction.atomic
def note_end_of_post(*, post_id: UUID, by: Actor, at: datetime) -> bool:
    """What the end of a timed post brings: the record and the recount. Whether it had really ended by `at`."""
    post = Post.objects.filter(pk=post_id, until_at__lte=at).first()
    if post is None:
        return False
    write_audit("places.post.ended", by=by, at=at, subject=post, role=post.role, holder_id=post.holder_id)
    _recount_for([post], at=at, by=by)
    return True


@transaction.atomic
def end_post(*, post: Post, by: Actor, at: datetime | None = None) -> Post:
    """Ends a post; its past stays on record. Conflict when it had ended already."""
    at = at or clock.now()
    if not Post.objects.filter(running(at), pk=post.pk).update(until_at=at):
        raise Conflict("post-ended", _("This post had ended already."))
    post.refresh_from_db()
    cancel("places.post_ends", subject_id=post.pk)
    write_audit("places.post.ended", by=by, at=at, subject=post, role=post.role, holder_id=post.holder_id)
    _recount_for([post], at=at, by=by)
    return post


@transaction.atomic
def suspend_posts(*, holder: Any, by: Actor, at: datetime | None = None) -> list[Post]:
    """Suspends every post of a holder who stands down, without saying why."""
    at = at or clock.now()
    posts = list(Post.objects.filter(running(at), holder=holder, suspended_at__isnull=True))
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(suspended_at=at)
    for post in posts:
        write_audit(
            "places.post.suspended", by=by, at=at, subject=post, role=post.role, holder_id=post.holder_id
        )
    _recount_for(posts, at=at, by=by)
    return posts


@transaction.atomic
def resume_posts(*, holder: Any, by: Actor, at: datetime | None = None) -> list[Post]:
    """Takes the suspension off again."""
    at = at or clock.now()
    posts = list(Post.objects.filter(running(at), holder=holder, suspended_at__isnull=False))
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(suspended_at=None)
    for post in posts:
        write_audit(
            "places.post.resumed", by=by, at=at, subject=post, role=post.role, holder_id=post.holder_id
        )
    _recount_for(posts, at=at, by=by)
    return posts


def _recount_for(posts: Iterable[Post], *, at: datetime, by: Actor) -> None:
    """Recounts the leaves that these posts cover."""
    buildings = {post.building_id for post in posts if post.role in HEAD_ROLES and post.building_id}
    if buildings:
        _recount(Place.objects.filter(building_id__in=buildings), at=at, by=by)


def recount_coverage(places: Iterable[Place], *, at: datetime, by: Actor) -> None:
    """Recounts the coverage of these places; announces every change. Call inside a transaction.

    Two = two live heads on the leaf (in person or online); one; covered from the building when the leaf
    has none but its building has; else nobody. A place that is no leaf has no coverage row.
    """
    # What was handed in may have been read before a stairwell was added below it.
    _recount(Place.objects.filter(pk__in=[place.pk for place in places]), at=at, by=by)


def _recount(places: QuerySet[Place], *, at: datetime, by: Actor) -> None:
    leaf_rows = list(leaves(places))
    Coverage.objects.filter(place__in=places.order_by()).exclude(place__in=leaf_rows).delete()
    wanted = {leaf.pk for leaf in leaf_rows} | {leaf.building_id for leaf in leaf_rows}
    heads: dict[UUID | None, list[Post]] = {}
    posts = live_posts(at).select_related(None).only("place_id", "holder_id", "online_only")
    for post in posts.filter(place_id__in=wanted, role__in=HEAD_ROLES):
        heads.setdefault(post.place_id, []).append(post)
    before = {
        row.place_id: row for row in Coverage.objects.filter(place_id__in=[leaf.pk for leaf in leaf_rows])
    }
    fresh: list[Coverage] = []
    changes = [_write_coverage(leaf, heads, before.get(leaf.pk), fresh, at=at, by=by) for leaf in leaf_rows]
    insert_many(fresh)
    alike: dict[tuple[UUID | None, str | None, str], list[UUID]] = {}
    for leaf, was, now in filter(None, changes):
        alike.setdefault((leaf.community_id, was, now), []).append(leaf.pk)
    for (community_id, was, now), ids in alike.items():
        coverage_changed.send(
            sender=Coverage, place_ids=ids, community_id=community_id, before=was, after=now, at=at
        )


def _write_coverage(
    leaf: Place, heads: dict[UUID | None, list[Post]], row: Coverage | None, fresh: list[Coverage],
    *, at: datetime, by: Actor,
) -> tuple[Place, str | None, str] | None:  # fmt: skip
    """Writes what changed (a first row is left in `fresh`); (leaf, before, after) when its state did, to be announced."""
    own = heads.get(leaf.pk, [])
    above = heads.get(leaf.building_id, []) if leaf.level == Level.STAIRWELL else []
    holders = {post.holder_id for post in own}
    if holders:
        state = Cover.TWO if len(holders) > 1 else Cover.ONE
    else:
        state = Cover.BUILDING if above else Cover.NONE
    online = bool(own or above) and all(post.online_only for post in own or above)
    if row is not None and (row.state, row.online_only) == (state, online):
        return None
    was = row.state if row else None
    moved = was != state
    values: dict[str, object] = {"state": state, "online_only": online, **leaf.stamp()}
    if moved:
        values |= {"since": at, "told_at": None}
    if row is None:
        fresh.append(Coverage(place=leaf, **values))
    else:
        Coverage.objects.filter(pk=leaf.pk).update(**values)
    if moved and (was is not None or state != Cover.NONE):
        write_audit("places.coverage.changed", by=by, at=at, subject=leaf, before=was, after=state)
    return (leaf, was, state) if moved else None


@transaction.atomic
def mark_gap_told(*, place_id: UUID, at: datetime) -> bool:
    """Notes that somebody above was told of the gap; whether it still was one."""
    told = Coverage.objects.filter(place_id=place_id, state=Cover.NONE, told_at__isnull=True).update(
        told_at=at
    )
    return bool(told)
