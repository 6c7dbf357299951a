"""Danger to life: the green channel, the directory, and whom to ring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shouwang.accounts.models import User
from shouwang.core.scope import Scope
from shouwang.help.models import DirectoryEntry, GreenChannelStep, HelpRequest
from shouwang.help.selectors.reach import rungs_for
from shouwang.help.states import EventKind, GreenStep, Outcome
from shouwang.places.selectors import communities_for, label_of


@dataclass(frozen=True)
class GreenRow:
    """One step of the checklist; `done` None while it is open."""

    step: str
    label: str
    done: GreenChannelStep | None


@dataclass(frozen=True)
class ToRing:
    """Somebody who answers for the place: with the phone, and how the last ring went."""

    user: User
    post: str
    place: str
    phone: str
    last: str = ""
    last_at: datetime | None = None


def green_channel(request: HelpRequest, ticked: Iterable[GreenChannelStep] | None = None) -> list[GreenRow]:
    """The checklist with who ticked what and when; `ticked` where a list has read the steps with its rows."""
    rows = request.green_steps.select_related("by", "with_person") if ticked is None else ticked
    done = {row.step: row for row in rows}
    return [GreenRow(code, str(label), done.get(code)) for code, label in GreenStep.choices]


def who_to_ring(request: HelpRequest, at: datetime) -> list[ToRing]:
    """Holders of posts from the leaf upwards, each once, with their phones and how the last ring went."""
    rings = {
        event.whom_id: event
        for event in request.events.filter(kind=EventKind.RANG, whom__isnull=False).order_by("id")
    }
    found: dict[UUID, ToRing] = {}
    for rung in rungs_for(request, at):
        where = label_of(rung.place)
        for post in rung.posts:
            event = rings.get(post.holder_id)
            found.setdefault(
                post.holder_id,
                ToRing(
                    user=post.holder,
                    post=str(post.get_role_display()),
                    place=where,
                    phone=post.holder.phone,
                    last=str(Outcome(event.code).label) if event is not None else "",
                    last_at=event.at if event is not None else None,
                ),
            )
    return list(found.values())


def directory_of(community_id: UUID) -> QuerySet[DirectoryEntry]:
    """Entries that hold, in the order they are rung."""
    return DirectoryEntry.objects.filter(community_id=community_id, until_at__isnull=True).order_by(
        "order", "name"
    )


def communities_with_directory(scope: Scope, capability: str = "help.see") -> list[UUID]:
    """Communities whose directory may be read (or kept); posts below the community read their community's."""
    if capability != "help.see":
        return sorted(scope.ids(capability, "community_id"))
    return [place.pk for place in communities_for(scope, capability)]


def directory_for(scope: Scope, capability: str = "help.see") -> QuerySet[DirectoryEntry]:
    """Entries of those communities that hold, in the order they are rung."""
    ids = communities_with_directory(scope, capability)
    return DirectoryEntry.objects.filter(community_id__in=ids, until_at__isnull=True).order_by(
        "order", "name"
    )


def entry_for(scope: Scope, entry_id: UUID, capability: str = "directory.edit") -> DirectoryEntry:
    """The entry, or 404."""
    entry = directory_for(scope, capability).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry


def entry_of(request: HelpRequest, entry_id: UUID) -> DirectoryEntry:
    """The entry to ring about this request, or 404 when it is another community's."""
    entry = directory_of(request.community_id).filter(pk=entry_id).first() if request.community_id else None
    if entry is None:
        raise Http404
    return entry
