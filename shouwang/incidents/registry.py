"""What incidents enters into core's registries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Chip,
    ChipView,
    NavEntry,
    Page,
    PurposeKind,
    Section,
    TodayItem,
    TodaySource,
    audit_kinds,
    chips,
    household_sections,
    nav_entries,
    pages,
    place_sections,
    purposes,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.incidents import selectors
from shouwang.incidents.selectors.first import left_to_reach
from shouwang.incidents.states import IncidentState


def incident_chip(scope: Scope, at: datetime) -> ChipView | None:
    """The newest live incident in few words: what, which day, how many buildings and households."""
    incident = selectors.incidents_for(scope).filter(state__in=selectors.LIVE).first() if scope.user else None
    if incident is None:
        return None
    inside = selectors.briefly_inside(incident, at)
    words = gettext("%(name)s · day %(day)s · %(buildings)s buildings, %(households)s households") % {
        "name": incident.name,
        "day": selectors.day_number(incident, at),
        "buildings": inside["buildings"],
        "households": f"{inside['households']:,}",
    }
    resting = incident.state == IncidentState.SUSPENDED
    label = gettext("%(incident)s · suspended") % {"incident": incident.name} if resting else words
    return ChipView(label, reverse("incidents:incident", args=[incident.pk]), "mute" if resting else "need")


def at_place(place_id: UUID, scope: Scope, at: datetime) -> dict[str, Any] | None:
    """The incidents a place is inside of, for the place page; None hides the section."""
    found = selectors.incidents_here(scope, place_id) if scope.can("place.see") else []
    return {"incidents": found} if found else None


def at_household(household_id: UUID, scope: Scope, at: datetime) -> dict[str, Any] | None:
    """The incidents a household is inside of, for its file; None hides the section."""
    found = selectors.incidents_of_household(scope, household_id) if scope.can("place.see") else []
    return {"incidents": found} if found else None


def moved_lines(scope: Scope, at: datetime) -> list[TodayItem]:
    """Lines that moved within a day: those who answer for the place should know where it runs now."""
    if not scope.can("place.see"):
        return []
    return [
        TodayItem(
            key=f"line:{incident.pk}:{move.at.isoformat()}",
            tone="note",
            rank=4,
            title=gettext("%(name)s: the line has moved") % {"name": incident.name},
            small=_move_words(move),
            action=gettext("Look"),
            url=reverse("incidents:incident", args=[incident.pk]),
            since=move.at,
        )
        for incident, move in selectors.moved_lately(scope, at)
    ]


def to_reach(scope: Scope, at: datetime) -> list[TodayItem]:
    """Where power or lift is out, in heat and cold: who is still to be reached, before anything that is only late."""
    if not scope.can("care.see"):
        return []
    return [
        TodayItem(
            key=f"first:{incident.pk}",
            tone="need",
            rank=1,
            title=gettext("%(name)s: %(left)s of %(all)s households still to be reached")
            % {"name": incident.name, "left": left, "all": whole},
            small="",
            action=gettext("Whom to reach first"),
            url=reverse("incidents:first", args=[incident.pk]),
            since=incident.opened_at,
        )
        for incident, left, whole in left_to_reach(scope, at)
        if left
    ]


def _move_words(move: selectors.LineMove) -> str:
    parts = []
    if move.added:
        parts.append(gettext("now inside: %(places)s") % {"places": "、".join(move.added)})
    if move.removed:
        parts.append(gettext("no longer inside: %(places)s") % {"places": "、".join(move.removed)})
    return " · ".join(parts)


for code, sentence in (
    ("incidents.incident.opened", _("opened the incident %(name)s over %(places)s buildings")),
    ("incidents.protocol.changed", _("changed the protocol %(name)s (edition %(number)s)")),
    ("incidents.line.moved", _("moved the line of an incident")),
    ("incidents.first.checked", _("noted how a household was found that is to be reached first")),
    ("incidents.first.read", _("opened the list of %(households)s households to be reached first")),
    ("incidents.incident.suspended", _("suspended the incident %(name)s")),
    ("incidents.incident.resumed", _("resumed the incident %(name)s")),
):
    audit_kinds.add(AuditKind(code, sentence))

purposes.add(
    PurposeKind("incident", _("To get everybody through an incident"), 30, after=_("the incident is closed"))
)
place_sections.add(Section("incidents.here", _("Incident"), "incidents/section.html", at_place, order=5))
household_sections.add(
    Section("incidents.here", _("Incident"), "incidents/section.html", at_household, order=5)
)
chips.add(Chip("incidents.now", incident_chip))
today_sources.add(TodaySource("incidents.first", to_reach, order=15))
today_sources.add(TodaySource("incidents.moved", moved_lines, order=60))
pages.add(Page("incidents.incident", "incidents:incident", _("Incident"), "place.see"))
pages.add(Page("incidents.board", "incidents:board", _("Incidents"), "place.see"))
nav_entries.add(
    NavEntry("incidents", _("Incidents"), "incidents:board", "shield-alert", "incident.lead", order=60)
)
