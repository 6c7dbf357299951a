"""Taking in: a request is written whole, with its number, its lines and its first due row, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.private_links import link_digest, new_link
from shouwang.help.models import HelpRequest, RequestLine, RequestNumber
from shouwang.help.rules import due_times, target_of
from shouwang.help.selectors.targets import incident_stamp, targets_at
from shouwang.help.services.confidants import end_all_namings, name_at_first
from shouwang.help.services.record import (
    actor_id,
    add_event,
    change_columns,
    enter_due,
    lock_open_request,
)
from shouwang.help.states import (
    UNTAKEN_STATES,
    Category,
    EventKind,
    Source,
    Urgency,
    Verified,
)
from shouwang.people.models import Household, Person
from shouwang.places.models import STAMP, Dwelling, Place

LONGEST_TITLE = 120
# Sources whose asker follows by a private link; on the phone the desk answers itself.
WITH_LINK = (Source.PORTAL, Source.PROXY)


def take_in_request(
    *,
    community_id: UUID,
    place: Place | None,
    dwelling: Dwelling | None,
    household: Household | None,
    category: str,
    urgency: str,
    source: str,
    title: str,
    words: str,
    lines: Iterable[Any] = (),
    by: Actor,
    at: datetime | None = None,
    asker_name: str = "",
    asker_phone: str = "",
    confidential: bool = False,
    no_ring_back: bool = False,
    door_said: str = "",
    verified: str = Verified.NO,
    needs_skills: Iterable[str] = (),
    weight_kg: int = 0,
    person: Person | None = None,
    to_door: bool = True,
    request_id: UUID | None = None,
) -> tuple[HelpRequest, str | None]:
    """Writes a request; answers it with the private link's token (door code and proxies), which is kept nowhere.

    `lines`: mappings or objects with name, quantity (decimal or its text, None), unit, note. The holders at
    the leaf are told by the due row written here, at once. Refusal: nothing at all is asked for.
    `request_id`: the id that follows from what led to it; when there is such a request, that is the answer.
    """
    at = at or clock.now()
    known = HelpRequest.objects.filter(pk=request_id).first() if request_id else None
    if known is not None:
        return known, None
    place, dwelling = _where(place, dwelling, household)
    rows = [line_of(line, order) for order, line in enumerate(lines, start=1)]
    urgency = Urgency.LIFE if category == Category.EMERGENCY else urgency
    token = new_link() if source in WITH_LINK else None
    with transaction.atomic():
        request = HelpRequest.objects.create(
            number=next_number(community_id), place=place, dwelling=dwelling, household=household, person=person,
            category=category, urgency=urgency, source=source, pk=request_id or uuid7(),
            title=title_of(title, words, rows, category), words=words,
            needs_skills=sorted(set(needs_skills)),
            weight_kg=weight_kg,
            to_door=to_door,
            taken_by_id=actor_id(by),
            link_digest=link_digest(token) if token else None,
            confidential=confidential,
            no_ring_back=no_ring_back,
            **_asker(asker_name, asker_phone, door_said),
            **_verification(verified, source, at),
            **_times(place, dwelling, category, urgency, at),
            **_stamp(community_id, place, dwelling),
        )  # fmt: skip
        RequestLine.objects.bulk_create(RequestLine(request=request, **row) for row in rows)
        _announce(request, by=by, at=at)
    return request, token


def _where(
    place: Place | None, dwelling: Dwelling | None, household: Household | None
) -> tuple[Place | None, Dwelling | None]:
    """The place and the door, each from the next that is known."""
    door = dwelling or (household.dwelling if household else None)
    return place or (door.place if door else None), door


def _asker(name: str, phone: str, door_said: str) -> dict[str, str]:
    """Who asks, as said, within what the columns hold."""
    return {"asker_name": name[:60], "asker_phone": phone[:20], "door_said": door_said[:60]}


def _verification(verified: str, source: str, at: datetime) -> dict[str, Any]:
    """Whether and since when it is certain that the call is real."""
    known = _verified(verified, source)
    return {"verified": known, "verified_at": at if known != Verified.NO else None}


def _times(
    place: Place | None, dwelling: Dwelling | None, category: str, urgency: str, at: datetime
) -> dict[str, Any]:
    """When it came and by when it is due, with what an incident over the place changes."""
    target = target_of(category, urgency, targets_at(place, dwelling, category, at))
    accept_due, finish_due = due_times(target, at)
    return {
        "received_at": at,
        "local_day": clock.local_day(at, place.time_zone if place else "Asia/Shanghai"),
        "accept_due_at": accept_due,
        "finish_due_at": finish_due,
        "told_from_at": at,
        "incident_id": incident_stamp(place, dwelling, at),
    }


def _announce(request: HelpRequest, *, by: Actor, at: datetime) -> None:
    """Its first line, its audit entry, who may know when it is confidential, the due row that tells the leaf at once."""
    add_event(request, EventKind.RECEIVED, by=by, at=at, code=request.source)
    write_audit(
        "help.request.taken_in", by=by, at=at, subject=request, number=request.number, category=request.category,
        urgency=request.urgency, source_of=request.source,
    )  # fmt: skip
    if request.confidential:
        name_at_first(request, by=by, at=at)
    enter_due(request, at)


def _verified(verified: str, source: str) -> str:
    """Whoever stands at the door has verified it by that."""
    return Verified.VISIT if source == Source.VISIT and verified == Verified.NO else Verified(verified)


def _stamp(community_id: UUID, place: Place | None, dwelling: Dwelling | None) -> dict[str, object]:
    where = dwelling or place
    stamp = where.stamp() if where else dict.fromkeys(STAMP)
    if where and where.community_id != community_id:
        raise Refusal("other-community", _("This door belongs to another community."), field="door")
    return {**stamp, "community_id": community_id}


def next_number(community_id: UUID) -> int:
    """The community's next short number; the row is locked until the transaction ends."""
    RequestNumber.objects.get_or_create(community_id=community_id)
    RequestNumber.objects.filter(pk=community_id).update(next_number=F("next_number") + 1)
    return RequestNumber.objects.values_list("next_number", flat=True).get(pk=community_id) - 1


def line_of(line: Any, order: int) -> dict[str, Any]:
    """One asked-for line as columns, from a mapping or an object."""

    def read(name: str) -> Any:
        return line.get(name) if isinstance(line, Mapping) else getattr(line, name, None)

    return {
        "order": order,
        "name": str(read("name") or "")[:80],
        "quantity": quantity_of(read("quantity")),
        "unit": str(read("unit") or "")[:12],
        "note": str(read("note") or "")[:120],
    }


def quantity_of(value: Any) -> Decimal | None:
    """A decimal from its text; None when it was not said. Refusal for what is no number."""
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 1_000_000:
        raise Refusal(
            "quantity-unreadable", _("“%(said)s” is no amount."), field="lines", said=str(value)[:40]
        )
    return number.quantize(Decimal("0.001"))


def title_of(title: str, words: str, rows: list[dict[str, Any]], category: str) -> str:
    """What is needed in one line: as given, else the first thing asked for, else the first words."""
    if title.strip():
        return title.strip()[:LONGEST_TITLE]
    wanted = [f"{row['name']}{_short(row['quantity'])}{row['unit']}" for row in rows if row["name"]]
    if wanted:
        return "、".join(wanted[:3])[:LONGEST_TITLE]
    if words.strip():
        return words.strip().splitlines()[0][:40]
    if category in (Category.OTHER, Category.QUESTION):
        raise Refusal("nothing-asked", _("Write in a few words what is needed."), field="title")
    return str(Category(category).label)


def _short(quantity: Decimal | None) -> str:
    return "" if quantity is None else f"{quantity.normalize():f}"


def verify_request(
    *,
    request: HelpRequest,
    how: str,
    by: Actor,
    at: datetime | None = None,
    household: Household | None = None,
    dwelling: Dwelling | None = None,
) -> HelpRequest:
    """Somebody rang or went and found who asked; matches the household or door when one is given.

    `how` one of Verified but NO. The first sign that a person has seen it.
    """
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_open_request(request)
        if how not in (Verified.CALL, Verified.VISIT, Verified.KNOWN):
            raise Refusal("not-verified", _("Say how it was verified: by call or by visit."), field="how")
        found: dict[str, Any] = {"verified": how, "verified_at": at}
        door = dwelling or (household.dwelling if household else None)
        if door is not None:
            if door.community_id != locked.community_id:
                raise Refusal("other-community", _("This door belongs to another community."), field="door")
            found |= {"dwelling": door, "place": door.place, **door.stamp()}
        if household is not None:
            found["household"] = household
        change_columns(locked, **found)
        add_event(locked, EventKind.VERIFIED, by=by, at=at, code=how)
        write_audit("help.request.verified", by=by, at=at, subject=locked, how=how)
        if locked.seen_at is None:
            change_columns(locked, seen_at=at)
        return locked


def change_request(
    *,
    request: HelpRequest,
    by: Actor,
    at: datetime | None = None,
    category: str | None = None,
    urgency: str | None = None,
    title: str | None = None,
    confidential: bool | None = None,
    no_ring_back: bool | None = None,
    needs_skills: Iterable[str] | None = None,
) -> HelpRequest:
    """Triage: what it is and how urgent. New targets count from now; danger to life starts its steps at once."""
    at = at or clock.now()
    with transaction.atomic():
        locked = lock_open_request(request)
        wanted: dict[str, Any] = {
            "category": category, "urgency": urgency, "title": title, "confidential": confidential,
            "no_ring_back": no_ring_back,
            "needs_skills": sorted(set(needs_skills)) if needs_skills is not None else None,
        }  # fmt: skip
        if category == Category.EMERGENCY:
            wanted["urgency"] = Urgency.LIFE
        new = {
            name: value
            for name, value in wanted.items()
            if value is not None and value != getattr(locked, name)
        }
        if not new:
            return locked
        change_columns(locked, **new)
        if new.get("confidential"):
            name_at_first(locked, by=by, at=at)
        elif "confidential" in new:
            end_all_namings(locked, at=at)
        if {"category", "urgency"} & set(new):
            _new_targets(locked, at)
        add_event(locked, EventKind.CHANGED, by=by, at=at, code=locked.urgency)
        write_audit("help.request.changed", by=by, at=at, subject=locked, fields=sorted(new))
        return locked


def _new_targets(request: HelpRequest, at: datetime) -> None:
    override = targets_at(request.place, request.dwelling, request.category, at)
    accept_due, finish_due = due_times(target_of(request.category, request.urgency, override), at)
    if request.state in UNTAKEN_STATES:
        change_columns(request, accept_due_at=accept_due, level=0, told_from_at=at, rung_out_at=None)
    change_columns(request, finish_due_at=finish_due)
    enter_due(request, at)


def renew_link(*, request: HelpRequest, by: Actor, at: datetime | None = None) -> str:
    """A new private link for the asker; the one before stops working. Answers the token, kept nowhere."""
    at = at or clock.now()
    token = new_link()
    with transaction.atomic():
        locked = lock_open_request(request)
        change_columns(locked, link_digest=link_digest(token))
        write_audit("help.request.link_renewed", by=by, at=at, subject=locked)
    return token
