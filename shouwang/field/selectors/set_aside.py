"""What was set aside in my places, what it says, and which phones have numbers that never arrived."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from pydantic import ValidationError

from shouwang.accounts.models import Device
from shouwang.accounts.selectors import devices_of_users
from shouwang.core.commands import arrived_of
from shouwang.core.registry import OfflineCommand, offline_kinds
from shouwang.core.scope import Scope
from shouwang.field.models import Decision, SetAside
from shouwang.places.selectors import holders_in
from shouwang.volunteers.selectors import users_in

OVERSEE = "phone.oversee"


@dataclass(frozen=True)
class Phone:
    """A phone of somebody here: how many commands have arrived, and how many numbers before the last have not."""

    device: Device
    arrived: int
    missing: int


def communities_overseen(scope: Scope) -> set[UUID]:
    """The communities whose phones the scope oversees."""
    return scope.ids(OVERSEE, "community_id")


def waiting_in(scope: Scope) -> QuerySet[SetAside]:
    """What waits for a person in the scope's communities, oldest first. Of no community: for every overseer."""
    mine = Q(community_id__in=communities_overseen(scope)) | Q(community_id__isnull=True)
    rows = SetAside.objects.filter(mine, decision=Decision.WAITING)
    return rows.select_related("author").order_by("arrived_at", "pk")


def row_for(scope: Scope, row_id: UUID) -> SetAside:
    """One of these, decided ones too, or 404."""
    mine = Q(community_id__in=communities_overseen(scope)) | Q(community_id__isnull=True)
    found = SetAside.objects.filter(mine, pk=row_id).select_related("author", "decided_by").first()
    if found is None or not scope.can(OVERSEE):
        raise Http404
    return found


def command_of(row: SetAside) -> OfflineCommand | None:
    """The command as it can be applied or shown; None when this server can't make sense of it."""
    kind = offline_kinds.find(row.kind)
    shape = kind.schemas.get(row.schema) if kind else None
    if shape is None or row.reason in ("unreadable", "wrong-actor"):
        return None
    try:
        said = json.loads(row.body)
        base = UUID(said["base"]) if said.get("base") else None
        body = shape.model_validate(said.get("body"))
    except (ValidationError, ValueError, TypeError):
        return None
    # Two bodies bear the first one's id; what the second does needs one of its own.
    pk = row.pk if row.reason == "two-bodies" else row.command_id
    return OfflineCommand(pk, row.kind, base, row.claimed_at, body)


def said_in(row: SetAside) -> Sequence[tuple[Any, Any]]:
    """What it asks for in words, (what, said); empty when it can't be read."""
    command = command_of(row)
    return offline_kinds.get(row.kind).describe(command.body) if command is not None else ()


def phones_in(community_ids: Iterable[UUID]) -> list[Phone]:
    """The live phones of everybody who serves in these communities, those with gaps first."""
    users = {pk for community in community_ids for pk in users_in(community) | holders_in(community)}
    devices = list(devices_of_users(users))
    counted = arrived_of(device.pk for device in devices)
    phones = [_phone(device, counted.get(device.pk)) for device in devices]
    return sorted(phones, key=lambda phone: -phone.missing)


def _phone(device: Device, counted: tuple[int, int] | None) -> Phone:
    arrived, last = counted or (0, 0)
    return Phone(device, arrived, max(0, last - arrived))
