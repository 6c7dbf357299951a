"""What places enters into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.links import page_url
from shouwang.core.registry import (
    AuditKind,
    Cell,
    Chip,
    ChipView,
    DueKind,
    Eraser,
    Figure,
    FigureSource,
    Finding,
    Invariant,
    Lens,
    NavEntry,
    Page,
    PurposeKind,
    ScopeSource,
    Section,
    TodayItem,
    TodaySource,
    audit_kinds,
    chips,
    due_kinds,
    erasers,
    figure_sources,
    invariants,
    lenses,
    nav_entries,
    pages,
    place_sections,
    purposes,
    scope_sources,
    today_sources,
)
from shouwang.core.scope import Grant, ObjectGrant, Scope
from shouwang.places import jobs, selectors, services
from shouwang.places.models import AreaPlace, BrokenGlass, Coverage, Dwelling
from shouwang.places.rules import GLASS_RIGHTS, PRIVATE, ROLE_RIGHTS
from shouwang.places.selectors import leaf_places
from shouwang.places.states import Cover


def grants_of_posts(user: Any, at: datetime) -> tuple[Sequence[Grant], Sequence[ObjectGrant]]:
    """Each live post gives its role's rights over its place, or over each place of its area."""
    grants = []
    for post in selectors.posts_of(user, at):
        rights = ROLE_RIGHTS[post.role]
        places = (
            [post.place]
            if post.place_id
            else [
                row.place
                for row in AreaPlace.objects.filter(
                    area_id=post.area_id, until_at__isnull=True
                ).select_related("place")
            ]
        )
        for place in places:
            column = f"{place.level}_id" if hasattr(place, f"{place.level}_id") else "district_id"
            grants.append(
                Grant(
                    column,
                    place.pk,
                    post.role,
                    rights.capabilities,
                    rights.classes,
                    rights.capabilities & PRIVATE,
                    (post.place or post.area).name,  # type: ignore[union-attr]
                )
            )
    return grants, []


def grants_of_glass(user: Any, at: datetime) -> tuple[Sequence[Grant], Sequence[ObjectGrant]]:
    """A building that is seen in an emergency, for as long as that lasts."""
    return [
        Grant(
            f"{row.place.level}_id",
            row.place_id,
            "glass",
            GLASS_RIGHTS.capabilities,
            GLASS_RIGHTS.classes,
            GLASS_RIGHTS.capabilities & PRIVATE,
        )
        for row in selectors.live_glass(user, at)
    ], []


def glass_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """Whose place was seen by somebody else, until it has been read."""
    return [
        TodayItem(
            key=f"glass:{row.pk}",
            tone="need",
            rank=2,
            title=gettext("%(name)s looks into %(place)s: emergency")
            % {"name": row.user.name, "place": selectors.label_of(row.place)},
            small=row.reason,
            action=gettext("Look"),
            url=page_url("places.glass"),
            since=row.began_at,
        )
        for row in selectors.unseen_glass(scope)[:10]
    ]


def glass_chip(scope: Scope, at: datetime) -> ChipView | None:
    """That one is looking into somebody else's building, on every page, as long as it lasts."""
    if not any(grant.role == "glass" for grant in scope.grants):
        return None
    row = selectors.live_glass(scope.user, at).first()
    if row is None:
        return None
    until = timezone.localtime(row.until_at).strftime("%H:%M")
    words = gettext("Emergency: %(place)s until %(until)s") % {
        "place": selectors.label_of(row.place),
        "until": until,
    }
    return ChipView(words, page_url("places.glass"), "need")


def gap_items(scope: Scope, at: datetime) -> list[TodayItem]:
    """Every leaf place without a live head."""
    if not scope.can("place.see"):
        return []
    gaps = list(selectors.gaps_for(scope)[:30])
    labels = selectors.labels_of(gap.place_id for gap in gaps)
    return [
        TodayItem(
            key=f"gap:{gap.place_id}",
            tone="need",
            rank=2,
            title=gettext("%(place)s: nobody in charge") % {"place": labels[gap.place_id]},
            small=gettext("told to those above") if gap.told_at else gettext("nobody has been told yet"),
            action=gettext("Fill the post") if scope.can("post.fill") else gettext("Look"),
            url=page_url("places.place", place_id=gap.place_id),
            since=gap.since,
        )
        for gap in gaps
    ]


def gap_figure(scope: Scope, at: datetime) -> Figure | None:
    """Leaf places without a live head, of all."""
    if not scope.can("place.see"):
        return None
    rows = Coverage.objects.filter(scope.q("place.see")).aggregate(
        all=Count("pk"), gaps=Count("pk", filter=Q(state=Cover.NONE))
    )
    gaps = rows["gaps"]
    return Figure(
        _("Stairwells nobody is in charge of"),
        gaps,
        page_url("places.wall") + "?lens=coverage",
        of=rows["all"],
        tone="need" if gaps else "calm",
    )


def coverage_cells(community_id: UUID, scope: Scope, at: datetime) -> dict[UUID, Cell]:
    """Every door by how its stairwell is covered."""
    state = {place: row.state for place, row in selectors.coverage_of(community_id).items()}
    looks: dict[str, Cell] = {
        cell_state: Cell(tone, mark, words) for cell_state, tone, mark, words in COVER_LOOKS
    }
    doors = selectors.dwellings_in(community_id).values_list("pk", "place_id")
    return {door: looks[state.get(place, Cover.NONE)] for door, place in doors}


COVER_LOOKS = (
    (Cover.TWO, "calm", "", _("two heads")),
    (Cover.ONE, "calm", "", _("one head")),
    (Cover.BUILDING, "visit", "↑", _("covered from the building")),
    (Cover.NONE, "need", "·", _("nobody")),
)


def heads_or_told_gaps(at: datetime, community: UUID | None) -> Finding:
    """Every leaf has a coverage row; a gap older than a minute has been told to somebody."""
    rows = Coverage.objects.filter(place__until__isnull=True)
    if community:
        rows = rows.filter(community_id=community)
    late = rows.filter(state=Cover.NONE, told_at__isnull=True, since__lt=at - timedelta(minutes=1))
    missing = (
        [
            leaf.pk
            for place in selectors.all_communities()
            if community in (None, place.pk)
            for leaf in leaf_places(place.pk)
            if not Coverage.objects.filter(pk=leaf.pk).exists()
        ]
        if rows.count() != _leaf_count(community)
        else []
    )
    return Finding(rows.count(), [*late.values_list("place_id", flat=True), *missing])


def describe_places(place_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Labels and pages of places."""
    return [
        (label, page_url("places.place", place_id=pk)) for pk, label in selectors.labels_of(place_ids).items()
    ]


def _leaf_count(community: UUID | None) -> int:
    from shouwang.places.models import Place

    places = Place.objects.filter(community_id=community) if community else Place.objects.all()
    return selectors.leaves(places).count()


def posts_section(place_id: UUID, scope: Scope, at: datetime) -> dict[str, Any] | None:
    """The posts of a place, for the place page."""
    from shouwang.places.models import Place

    place = Place.objects.get(pk=place_id)
    return {
        "place": place,
        "posts": selectors.posts_on(place, at),
        "coverage": Coverage.objects.filter(place=place).first(),
        "may_fill": scope.covers("post.fill", place),
        "rungs": selectors.rungs_above(place, at),
    }


def _ended_doors(at: datetime) -> Any:
    return Dwelling.objects.filter(until__lt=at - timedelta(days=365), households__isnull=True)


def erase_doors(at: datetime, limit: int) -> int:
    """Doors that ended a year ago and behind which nobody is on file any more."""
    ids = list(_ended_doors(at).values_list("pk", flat=True)[:limit])
    return Dwelling.objects.filter(pk__in=ids).delete()[0] and len(ids)


for code, sentence in (
    ("places.community.created", _("set up the community %(name)s")),
    ("places.place.added", _("added %(name)s")),
    ("places.place.moved", _("put the community under %(name)s")),
    ("places.doors.added", _("added %(doors)s doors")),
    ("places.area.made", _("made the area %(name)s")),
    ("places.post.filled", _("filled a post")),
    ("places.post.ended", _("ended a post")),
    ("places.post.suspended", _("suspended a post: stood down")),
    ("places.post.resumed", _("resumed a post")),
    ("places.coverage.changed", _("coverage changed")),
    (
        "places.glass.broken",
        _("looked into a building of somebody else's, for %(minutes)s minutes: emergency"),
    ),
    ("places.glass.ended", _("no longer looks into that building")),
    ("places.glass.seen", _("read why somebody had looked into the building")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind("places.post_ends", jobs.end_due_post))
scope_sources.add(ScopeSource("places.posts", grants_of_posts))
scope_sources.add(ScopeSource("places.glass", grants_of_glass))
chips.add(Chip("places.glass", glass_chip, order=10))
pages.add(Page("places.glass", "places:glass", _("Emergency access"), "today.see"))
nav_entries.add(
    NavEntry(
        "places.glass",
        _("Emergency access"),
        "places:glass",
        "key",
        "today.see",
        order=95,
        under="desk.promise",
    )
)
today_sources.add(TodaySource("places.glass", glass_items, order=15))
purposes.add(
    PurposeKind(
        "glass", _("To know who looked into somebody else's building, and why"), 180, after=_("it was over")
    )
)
today_sources.add(TodaySource("places.gaps", gap_items, order=20))
figure_sources.add(FigureSource("places.gaps", gap_figure, order=20))
lenses.add(
    Lens(
        "coverage",
        _("In charge"),
        coverage_cells,
        legend=[Cell(tone, mark, words) for _state, tone, mark, words in COVER_LOOKS[1:]],
        order=10,
    )
)
invariants.add(
    Invariant(
        "places.leaf.head-or-told-gap",
        _("Every stairwell has somebody in charge, or those above know that it has not"),
        heads_or_told_gaps,
        order=10,
        describe=describe_places,
    )
)
place_sections.add(
    Section("places.posts", _("Who answers"), "places/section_posts.html", posts_section, order=10)
)
erasers.add(
    Eraser(
        "places.glass",
        frozenset({"places.BrokenGlass.reason"}),
        count=lambda at: selectors.old_glass(at).count(),
        erase_batch=services.erase_glass,
        verify=lambda at: sum(
            1
            for row in BrokenGlass.objects.all()
            if row.until_at < at - timedelta(days=purposes.get("glass").days)
        ),
    )
)
erasers.add(
    Eraser(
        "places.dwellings",
        frozenset({"places.Dwelling.door"}),
        count=lambda at: _ended_doors(at).count(),
        erase_batch=erase_doors,
        verify=lambda at: sum(
            1
            for d in Dwelling.objects.filter(until__isnull=False)
            if d.until < at - timedelta(days=365) and not d.households.exists()
        ),
    )
)
