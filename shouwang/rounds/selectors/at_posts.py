"""Rounds as the work of whoever heads a stairwell, a building or a grid: how many are still missing there."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.registry import WorkItem
from shouwang.places.models import Place
from shouwang.places.rules import ROLE_RIGHTS
from shouwang.places.selectors import buildings_of_grids, labels_of, places_of, posts_of
from shouwang.places.states import Level
from shouwang.rounds.models import Tally
from shouwang.rounds.selectors import MARK
from shouwang.rounds.states import OPEN_STATES, RoundState

KIND = "rounds.roster"
OWN_LEVELS = (Level.GRID, Level.BUILDING, Level.STAIRWELL)
_OPEN: Any = reduce(add, (F(state) for state in OPEN_STATES))


def rounds_at_posts(user: Any, at: datetime) -> list[WorkItem]:
    """One item for each open round in which somebody is still missing at the user's own posts, the newest first.

    By the counters that are kept with the writes. Posts over a whole community have Today for it. What follows tubes is
    for those who lead rounds alone, so it is nobody's here.
    """
    places = _own_places(user, at)
    if not places:
        return []
    ids = [place.pk for place in places]
    inside = Q(leaf_id__in=ids) | Q(building_id__in=ids)
    grids = [place.pk for place in places if place.level == Level.GRID]
    if grids:
        inside |= Q(building_id__in=buildings_of_grids(grids).values("pk"))
    rows = (
        Tally.objects.filter(inside, round__state=RoundState.OPEN, round__follows=None)
        .values("round_id", "round__name", "round__began_at")
        .annotate(left=Sum(_OPEN))
        .filter(left__gt=0)
        .order_by("-round__began_at", "round_id")
    )
    found = list(rows)
    where = _words_of(places) if found else ""
    return [
        WorkItem(
            key=f"round:{row['round_id']}", kind=KIND, title=row["round__name"], door=where,
            small=ngettext("%(n)s still missing", "%(n)s still missing", row["left"]) % {"n": row["left"]},
            url=reverse("rounds:missing", args=[row["round_id"]]), rank=3, tone="need", round=row["round_id"],
        )
        for row in found
    ]  # fmt: skip


def _own_places(user: Any, at: datetime) -> list[Place]:
    """The places below the community that the user's posts are over, through an area too."""
    posts = [post for post in posts_of(user, at) if MARK in ROLE_RIGHTS[post.role].capabilities]
    held = [
        place
        for post in posts
        for place in ([post.place] if post.place else places_of(post.area))  # type: ignore[arg-type]
    ]
    return list({place.pk: place for place in held if place.level in OWN_LEVELS}.values())


def _words_of(places: list[Place]) -> str:
    """These places as people say them; of many, how many more there are."""
    labels = labels_of(place.pk for place in places)
    named = [labels[place.pk] for place in sorted(places, key=lambda one: one.sort_key)]
    words = "、".join(named[:2])
    return words if len(named) <= 2 else _("%(places)s and %(n)s more") % {"places": words, "n": len(named)}
