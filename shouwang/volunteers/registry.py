"""What volunteers enters into core's registries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Candidate,
    CandidateSource,
    CopySource,
    DueKind,
    DutySource,
    Eraser,
    Finding,
    Hit,
    Invariant,
    NavEntry,
    Page,
    PurposeKind,
    ScopeSource,
    SearchSource,
    Section,
    TodayItem,
    TodaySource,
    audit_kinds,
    candidate_sources,
    copy_sources,
    due_kinds,
    duty_sources,
    erasers,
    invariants,
    nav_entries,
    pages,
    place_sections,
    purposes,
    scope_sources,
    search_sources,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.volunteers import jobs, selectors, services
from shouwang.volunteers.selectors import own_copy


def candidates(place: Any, scope: Scope, at: datetime) -> list[Candidate]:
    """Who could answer for a place: who lives nearest, has no post yet, and is not stood down."""
    return [
        Candidate(row.volunteer.user, " · ".join(words))
        for row, words in selectors.nearest_for_post(scope, place)
    ]


def left_behind(scope: Scope, at: datetime) -> list[TodayItem]:
    """People off duty who leave something behind that nobody has taken over yet."""
    if not scope.can("volunteer.see"):
        return []
    return [
        TodayItem(
            key=f"left:{volunteer.pk}",
            tone="need",
            rank=1,
            title=gettext("%(name)s is stood down; %(number)s jobs are to be handed on")
            % {"name": volunteer.user.name, "number": number},
            small=gettext("They are offered again by themselves; look at those that stay."),
            action=gettext("Look"),
            url=reverse("volunteers:volunteer", args=[volunteer.pk]),
        )
        for volunteer, number in selectors.waiting_by_volunteer(scope)
    ]


def at_place(place_id: UUID, scope: Scope, at: datetime) -> dict[str, Any] | None:
    """Volunteers who live at a place, for the place page; None hides the section."""
    rows = selectors.rows_at(scope, place_id)
    return {"rows": rows} if rows else None


def search(scope: Scope, words: str, at: datetime) -> list[Hit]:
    """Volunteers by name."""
    return [
        Hit(
            row.volunteer.user.name,
            gettext("stood down") if row.stood_down else " · ".join(row.posts or row.skills),
            reverse("volunteers:volunteer", args=[row.volunteer.pk]),
            gettext("Volunteer"),
        )
        for row in selectors.found_by(scope, words)
    ]


def _reoffered(at: datetime, community: UUID | None) -> Finding:
    counted, late = selectors.not_reoffered(at, community)
    return Finding(counted, late)


for code, sentence in (
    ("volunteers.volunteer.enrolled", _("entered somebody among those who serve")),
    ("volunteers.volunteer.changed", _("changed how much a volunteer can take on")),
    ("volunteers.skills.changed", _("changed what a volunteer can do")),
    ("volunteers.availability.changed", _("changed when a volunteer can be asked")),
    ("volunteers.commitment.made", _("wrote down that a volunteer took something on")),
    ("volunteers.commitment.closed", _("ended a volunteer's commitment")),
    ("volunteers.volunteer.stood_down", _("stood a volunteer down; %(commitments)s jobs to be handed on")),
    ("volunteers.volunteer.came_back", _("put a volunteer on duty again")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind(services.COME_BACK, jobs.come_back_when_due))
purposes.add(
    PurposeKind(
        "service", _("Why somebody stood down, so that nobody is asked too early"), 30, after=_("the return")
    )
)
erasers.add(
    Eraser(
        "volunteers.reasons",
        frozenset({"volunteers.StandDown.reason"}),
        count=lambda at: selectors.old_reasons(at).count(),
        erase_batch=services.erase_reasons,
        verify=selectors.old_reasons_opened,
    )
)
invariants.add(
    Invariant(
        "volunteers.stood-down.reoffered",
        _("What somebody stood down had in hand has been offered again"),
        _reoffered,
        order=40,
    )
)
candidate_sources.add(CandidateSource("volunteers.nearest", candidates, selectors.users_in))
scope_sources.add(ScopeSource("volunteers.commitments", selectors.grants_of_commitments))
duty_sources.add(DutySource("volunteers", selectors.is_off_duty))
copy_sources.add(CopySource("volunteers", own_copy.copy_parts, order=30))
search_sources.add(SearchSource("volunteers.people", search, order=40))
today_sources.add(TodaySource("volunteers.left", left_behind, order=25))
place_sections.add(
    Section(
        "volunteers.here", _("Volunteers who live here"), "volunteers/section_place.html", at_place, order=40
    )
)
pages.add(Page("volunteers.volunteer", "volunteers:volunteer", _("Volunteer"), "volunteer.see"))
pages.add(Page("volunteers.me", "volunteers:mine", _("My record")))
nav_entries.add(
    NavEntry("volunteers", _("Volunteers"), "volunteers:board", "users", "volunteer.see", order=50)
)
