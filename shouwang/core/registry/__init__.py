"""Registries: how lower rooms hear of upper ones without importing them.

An upper room fills them from its `registry.py` when Django starts; core and the
faces read them. Each entry is a frozen dataclass with a unique code.
"""

from __future__ import annotations

from shouwang.core.registry.book import Coded, Registry, Text
from shouwang.core.registry.duties import (
    AuditKind,
    Candidate,
    CandidateSource,
    CopyPart,
    CopySource,
    DueKind,
    DutySource,
    Eraser,
    Finding,
    HeldSource,
    HeldThing,
    Invariant,
    MessageTemplate,
    PurposeKind,
    ScopeSource,
    Veil,
    shred_payload,
)
from shouwang.core.registry.faces import (
    Cell,
    Chip,
    ChipView,
    Figure,
    FigureSource,
    Hit,
    Lens,
    Look,
    NavEntry,
    Page,
    SearchSource,
    Section,
    TodayItem,
    TodaySource,
    WorkItem,
    WorkSource,
)
from shouwang.core.registry.phones import Author, OfflineCommand, OfflineKind, PhonePart

audit_kinds: Registry[AuditKind] = Registry("audit kinds")
due_kinds: Registry[DueKind] = Registry("due kinds")
erasers: Registry[Eraser] = Registry("erasers")
invariants: Registry[Invariant] = Registry("invariants")
lenses: Registry[Lens] = Registry("lenses")
household_sections: Registry[Section] = Registry("sections of the household file")
household_actions: Registry[Page] = Registry("actions of the household file")
place_sections: Registry[Section] = Registry("sections of the place page")
today_sources: Registry[TodaySource] = Registry("sources of Today")
figure_sources: Registry[FigureSource] = Registry("figures of Today")
work_sources: Registry[WorkSource] = Registry("sources of work")
nav_entries: Registry[NavEntry] = Registry("navigation")
pages: Registry[Page] = Registry("pages")
search_sources: Registry[SearchSource] = Registry("search sources")
scope_sources: Registry[ScopeSource] = Registry("scope sources")
duty_sources: Registry[DutySource] = Registry("sources of who is off duty")
held_sources: Registry[HeldSource] = Registry("sources of what is in somebody's hands")
copy_sources: Registry[CopySource] = Registry("sources of a person's own copy")
veils: Registry[Veil] = Registry("veils")
purposes: Registry[PurposeKind] = Registry("purposes")
message_templates: Registry[MessageTemplate] = Registry("message templates")
chips: Registry[Chip] = Registry("chips of the top bar")
candidate_sources: Registry[CandidateSource] = Registry("candidates for posts")
offline_kinds: Registry[OfflineKind] = Registry("kinds of offline commands")
phone_parts: Registry[PhonePart] = Registry("parts of what a phone fetches")

__all__ = [
    "AuditKind",
    "Author",
    "Candidate",
    "CandidateSource",
    "Cell",
    "Chip",
    "ChipView",
    "Coded",
    "CopyPart",
    "CopySource",
    "DueKind",
    "DutySource",
    "Eraser",
    "Figure",
    "FigureSource",
    "Finding",
    "HeldSource",
    "HeldThing",
    "Hit",
    "Invariant",
    "Lens",
    "Look",
    "MessageTemplate",
    "NavEntry",
    "OfflineCommand",
    "OfflineKind",
    "Page",
    "PhonePart",
    "PurposeKind",
    "Registry",
    "ScopeSource",
    "SearchSource",
    "Section",
    "Text",
    "TodayItem",
    "TodaySource",
    "Veil",
    "WorkItem",
    "WorkSource",
    "audit_kinds",
    "candidate_sources",
    "chips",
    "copy_sources",
    "due_kinds",
    "duty_sources",
    "erasers",
    "figure_sources",
    "held_sources",
    "household_actions",
    "household_sections",
    "invariants",
    "lenses",
    "message_templates",
    "nav_entries",
    "offline_kinds",
    "pages",
    "phone_parts",
    "place_sections",
    "purposes",
    "scope_sources",
    "search_sources",
    "shred_payload",
    "today_sources",
    "veils",
    "work_sources",
]
