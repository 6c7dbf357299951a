"""Every write of incidents: open, move the line, suspend, resume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import Purpose
from shouwang.core.moves import move
from shouwang.incidents.models import FirstCheck, Incident, IncidentPlace, ProtocolEdition
from shouwang.incidents.rules import PRESETS, Preset
from shouwang.incidents.selectors import buildings_under
from shouwang.incidents.selectors.presets import as_in_force, preset_in, presets_in
from shouwang.incidents.signals import incident_moved, incident_opened, line_moved
from shouwang.incidents.states import INCIDENT_MOVES, IncidentState, Reached
from shouwang.people.models import Household
from shouwang.places.models import Place
from shouwang.places.states import Level


@transaction.atomic
def open_incident(
    *,
    community: Place,
    name: str,
    protocol: str,
    places: Sequence[Place],
    by: User,
    at: datetime | None = None,
) -> Incident:
    """Opens an incident over places of one community; a grid or the community stands for its buildings.

    The protocol, as the community has it, gives the target times, whom to reach first, and how long its records are
    kept afterwards. Refusal for a protocol that the community does not have.
    """
    at = at or clock.now()
    name = name.strip()
    if not name:
        raise Refusal("name-missing", _("Please give it a name, for example “Zone C sealed”."), field="name")
    found = preset_in(community.pk, protocol)
    if found is None:
        raise Refusal("protocol-unknown", _("This community has no such protocol."), field="protocol")
    line = buildings_under(places)
    _require_inside(community.pk, line)
    incident = Incident(
        community_id=community.pk,
        name=name[:80],
        protocol=found.base,
        own_protocol=found.name,
        edition=found.edition.number if found.edition else None,
        targets=found.preset.as_json(),
        first=list(found.preset.first),
        rest=dict(found.preset.rest),
        opened_at=at,
        opened_by=by,
    )
    purpose = Purpose(code="incident", subject_id=incident.pk, began_at=at, days=found.preset.days)
    purpose.save(force_insert=True)
    incident.purpose = purpose
    incident.save(force_insert=True)
    IncidentPlace.objects.bulk_create(
        [IncidentPlace(incident=incident, place=place, from_at=at) for place in line]
    )
    write_audit(
        "incidents.incident.opened", by=by, at=at, subject=incident, name=incident.name, places=len(line)
    )
    incident_opened.send(sender=Incident, incident_id=incident.pk, community_id=community.pk, at=at)
    return incident


def _require_inside(community_id: UUID, places: Sequence[Place]) -> None:
    if not places:
        raise Refusal("no-places", _("Choose an area or at least one building."), field="buildings")
    if any(place.community_id != community_id for place in places):
        raise Refusal(
            "foreign-place", _("One of these buildings belongs to another community."), field="buildings"
        )


@transaction.atomic
def keep_preset(
    *,
    community: Place,
    code: str,
    base: str,
    preset: Preset,
    name: str = "",
    offered: bool = True,
    by: User,
    at: datetime | None = None,
) -> ProtocolEdition:
    """A new edition of a community's protocol, in force from now on; incidents that are open keep what they began with.

    Refusal when nothing changed, when a protocol of its own has no name or a name that another has. Conflict when somebody else
    changed it at the same moment.
    """
    at = at or clock.now()
    name, own = name.strip(), code not in PRESETS
    others = presets_in(community.pk)
    now = next((one for one in others if one.code == code), None)
    if own and not name:
        raise Refusal("name-missing", _("Please give it a name, for example “Water out”."), field="name")
    if own and any(one.words == name and one.code != code for one in others):
        raise Refusal("name-taken", _("Another protocol has this name already."), field="name")
    if now and (now.preset.as_json(), now.preset.days, now.preset.first, now.preset.rest, now.name, now.offered) == (
        preset.as_json(), preset.days, preset.first, preset.rest, name, offered,
    ):  # fmt: skip
        raise Refusal("nothing-changed", _("Nothing is different from what is in force."))
    edition = ProtocolEdition(
        community_id=community.pk,
        code=code,
        number=now.edition.number + 1 if now and now.edition else 1,
        base=base,
        name=name if own else "",
        targets=preset.as_json(),
        days=preset.days,
        first=list(preset.first),
        rest=dict(preset.rest),
        offered=offered or not own,
        by=by,
        at=at,
    )
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as twice:
        raise Conflict(
            "changed-meanwhile", _("Somebody else changed this protocol just now. Look at it again.")
        ) from twice
    write_audit(
        "incidents.protocol.changed", by=by, at=at, subject=edition, name=as_in_force(edition).words,
        number=edition.number,
    )  # fmt: skip
    return edition


@transaction.atomic
def move_line(
    *,
    incident: Incident,
    add: Iterable[Place] = (),
    remove: Iterable[Place] = (),
    by: Actor,
    at: datetime | None = None,
) -> tuple[list[UUID], list[UUID]]:
    """Takes places into the line and out of it; the past stays on record. What is so already is left alone.

    A building that comes in takes the place of its single stairwells; one that goes out takes them with it.
    Answers the ids that came in and went out. Conflict when the incident is closed.
    """
    at = at or clock.now()
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    if incident.state == IncidentState.CLOSED:
        raise Conflict("incident-closed", _("This incident is closed. Its line does not move any more."))
    coming, going = buildings_under(list(add)), buildings_under(list(remove))
    for place in coming:
        if place.community_id != incident.community_id:
            raise Refusal("foreign-place", _("One of these buildings belongs to another community."))
    removed = _take_out(incident, going, at)
    added = _take_in(incident, coming, at)
    if added or removed:
        write_audit("incidents.line.moved", by=by, at=at, subject=incident, added=added, removed=removed)
        line_moved.send(
            sender=Incident,
            incident_id=incident.pk,
            community_id=incident.community_id,
            added=added,
            removed=removed,
            at=at,
        )
    return added, removed


def _take_out(incident: Incident, places: Sequence[Place], at: datetime) -> list[UUID]:
    rows = incident.line.filter(until_at__isnull=True)
    buildings = [place.pk for place in places if place.level == Level.BUILDING]
    gone = rows.filter(place__in=places) | rows.filter(place__building_id__in=buildings)
    ids = list(gone.values_list("pk", "place_id"))
    IncidentPlace.objects.filter(pk__in=[pk for pk, _place in ids]).update(until_at=at)
    return [place_id for _pk, place_id in ids]


def _take_in(incident: Incident, places: Sequence[Place], at: datetime) -> list[UUID]:
    there = set(incident.line.filter(until_at__isnull=True).values_list("place_id", flat=True))
    fresh = [place for place in places if not {place.pk, place.building_id} & there]
    whole = [place.pk for place in fresh if place.level == Level.BUILDING]
    incident.line.filter(until_at__isnull=True, place__building_id__in=whole).update(until_at=at)
    IncidentPlace.objects.bulk_create(
        [IncidentPlace(incident=incident, place=place, from_at=at) for place in fresh]
    )
    return [place.pk for place in fresh]


@transaction.atomic
def suspend_incident(*, incident: Incident, by: Actor, at: datetime | None = None) -> Incident:
    """Suspends an incident: its line and target times rest, nothing is lost. Conflict unless it is open."""
    return _move_state(
        incident, IncidentState.SUSPENDED, "incidents.incident.suspended", by, at or clock.now()
    )


@transaction.atomic
def resume_incident(*, incident: Incident, by: Actor, at: datetime | None = None) -> Incident:
    """Resumes a suspended incident where it was left."""
    return _move_state(incident, IncidentState.OPEN, "incidents.incident.resumed", by, at or clock.now())


def _move_state(incident: Incident, to: str, kind: str, by: Actor, at: datetime) -> Incident:
    suspended_at = at if to == IncidentState.SUSPENDED else None
    move(incident, to, table=INCIDENT_MOVES, suspended_at=suspended_at)
    write_audit(kind, by=by, at=at, subject=incident, name=incident.name)
    incident_moved.send(
        sender=Incident, incident_id=incident.pk, community_id=incident.community_id, state=to, at=at
    )
    return incident


@transaction.atomic
def record_reached(
    *, incident: Incident, household: Household, state: str, by: User, at: datetime | None = None
) -> FirstCheck:
    """Writes how a household was found; a later word replaces an earlier one, and each try is on record.

    Refusal for a state that does not exist; Conflict when the incident is over.
    """
    at = at or clock.now()
    if state not in Reached.values:
        raise Refusal("state-unknown", _("Say whether they were reached, need help, or did not answer."))
    if not Incident.objects.filter(pk=incident.pk).exclude(state=IncidentState.CLOSED).exists():
        raise Conflict("incident-over", _("This incident is over."))
    check, fresh = FirstCheck.objects.select_for_update().get_or_create(
        incident=incident, household=household, defaults={"state": state, "by": by, "at": at}
    )
    if not fresh:
        check.state, check.by, check.at, check.tries = state, by, at, check.tries + 1
        check.save(update_fields=["state", "by", "at", "tries"])
    write_audit("incidents.first.checked", by=by, at=at, subject=check, placed=household, state=state)
    return check


@transaction.atomic
def record_list_read(*, incident: Incident, by: User, households: int, at: datetime) -> None:
    """That somebody opened the list of those to be reached first."""
    write_audit("incidents.first.read", by=by, at=at, subject=incident, households=households)
