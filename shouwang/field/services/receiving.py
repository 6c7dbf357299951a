"""Takes in what phones bring: each command once, each with a receipt that is true from the moment it is written."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pydantic import ValidationError

from shouwang.accounts.models import Device
from shouwang.accounts.selectors import devices_by_ids
from shouwang.accounts.services.devices import note_devices_seen
from shouwang.core.actors import acting_from
from shouwang.core.bulk import insert_new
from shouwang.core.commands import mark_receipts, receipts_by_ids
from shouwang.core.errors import Refusal, is_out_of_order
from shouwang.core.models import CommandReceipt
from shouwang.core.registry import Author, OfflineCommand, OfflineKind, offline_kinds
from shouwang.core.scope import Scope, scope_for
from shouwang.core.sealing import keyed_hash
from shouwang.field.engines.sealed import Parcel, Unreadable, open_parcel
from shouwang.field.models import SetAside
from shouwang.places.selectors import community_of_holder
from shouwang.volunteers.selectors import volunteer_of

log = logging.getLogger("shouwang.field")
# A roster given longer ago than this no longer says what its author may do.
ROSTER_HOLDS = timedelta(days=14)
QUARANTINED, ACCEPTED = CommandReceipt.Status.QUARANTINED, CommandReceipt.Status.ACCEPTED


@dataclass(frozen=True)
class Line:
    """What the phone is told of one command. `status`: accepted, duplicate, quarantined or unknown-device."""

    id: UUID
    status: str
    reason: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Opened:
    """A parcel with what was inside. `fault`: why it can't be applied, "" when it can be tried."""

    parcel: Parcel
    device: Device
    text: str
    digest: str
    kind: OfflineKind | None = None
    command: OfflineCommand | None = None
    claimed_at: datetime | None = None
    named: tuple[str, int] = ("", 0)
    fault: str = ""


def receive_parcels(parcels: Sequence[Parcel], *, at: datetime) -> list[Line]:
    """Applies what was not applied before, in the order given, and answers a line for each that has a receipt.

    Receipts and effects are one transaction. When something in it breaks, each command is taken by itself, so that one
    never holds up the others; what breaks alone has no line and is sent again. A machine out of order raises.
    """
    devices = devices_by_ids({parcel.device for parcel in parcels})
    opened = [_open(parcel, devices[parcel.device]) for parcel in parcels if parcel.device in devices]
    unknown = [Line(parcel.id, "unknown-device") for parcel in parcels if parcel.device not in devices]
    with acting_from("phone"):
        try:
            lines = _take_in(opened, at)
        except Exception as fault:
            if is_out_of_order(fault):
                raise
            log.exception("a batch of %s commands broke; each is taken by itself", len(opened))
            lines = [line for one in opened for line in _take_alone(one, at)]
        note_devices_seen(device_ids=set(devices), at=at)
    return lines + unknown


def _take_alone(one: Opened, at: datetime) -> list[Line]:
    try:
        return _take_in([one], at)
    except Exception as fault:
        if is_out_of_order(fault):
            raise
        log.exception("a command of kind %s broke and has no receipt", one.named[0])
        return []


def _open(parcel: Parcel, device: Device) -> Opened:
    try:
        content = open_parcel(parcel, device.key)
    except Unreadable:
        return Opened(parcel, device, parcel.sealed, _digest(parcel.sealed), fault="unreadable")
    said = content.said
    named = (
        "".join(sign for sign in str(said.get("kind", ""))[:80] if sign.isprintable()),
        _number(said.get("schema")),
    )
    digest = _digest(_canonical(said))
    one = Opened(parcel, device, content.text, digest, claimed_at=_instant(said.get("made_at")), named=named)
    if str(said.get("actor")) != str(device.user_id):
        return replace(one, fault="wrong-actor")
    kind = offline_kinds.find(named[0])
    if kind is None:
        return replace(one, fault="unknown-kind")
    shape = kind.schemas.get(named[1])
    if shape is None:
        return replace(one, fault="unknown-schema")
    try:
        base = UUID(said["base"]) if said.get("base") else None
        body = shape.model_validate(said.get("body"))
    except (ValidationError, ValueError, TypeError, AttributeError):
        return replace(one, fault="unfit")
    command = OfflineCommand(parcel.id, kind.code, base, one.claimed_at, body)
    return replace(one, kind=kind, command=command, fault=_revoked(device))


def _revoked(device: Device) -> str:
    if not device.user.is_active:
        return "author-revoked"
    return "device-ended" if device.ended_at is not None else ""


def _digest(text: str) -> str:
    return keyed_hash("command", text)


def _canonical(said: dict[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _number(said: Any) -> int:
    return said if isinstance(said, int) and 0 <= said < 10_000 else 0


def _instant(said: Any) -> datetime | None:
    try:
        found = parse_datetime(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 2000 <= found.year <= 2100 else None


@transaction.atomic
def _take_in(opened: Sequence[Opened], at: datetime) -> list[Line]:
    first: dict[UUID, Opened] = {}
    for one in opened:
        first.setdefault(one.parcel.id, one)
    rows = [_receipt(first[pk], at) for pk in sorted(first)]
    fresh = insert_new(rows)
    before = receipts_by_ids(first.keys() - fresh)
    new = [one for pk, one in first.items() if pk in fresh]
    refused = _apply(new, at)
    _set_aside([(one, refused[one.parcel.id]) for one in new if one.parcel.id in refused], at)
    lines = [_line_of_new(one, refused) for one in new]
    others = [one for one in opened if one.parcel.id not in fresh or one is not first[one.parcel.id]]
    return lines + [_answer_again(one, before, first, refused, at) for one in others]


def _receipt(one: Opened, at: datetime) -> CommandReceipt:
    return CommandReceipt(
        command_id=one.parcel.id, kind=one.named[0], actor_kind="user", actor_id=one.device.user_id,
        body_hash=one.digest, device_id=one.device.pk, device_seq=one.parcel.seq, arrived_at=at,
    )  # fmt: skip


def _apply(new: Sequence[Opened], at: datetime) -> dict[UUID, Refusal]:
    """Does what can be done, in order, and answers the refusals by command id."""
    refused: dict[UUID, Refusal] = {}
    authors: dict[UUID, Author] = {}
    for (fault, device_id, _code), group in groupby(
        new, key=lambda one: (one.fault, one.device.pk, one.named[0])
    ):
        rows = list(group)
        if fault or rows[0].kind is None:
            refused.update({one.parcel.id: _fault(fault) for one in rows})
            continue
        author = authors.setdefault(device_id, Author(rows[0].device.user, _Scopes(rows[0].device, at)))
        commands = [one.command for one in rows if one.command is not None]
        answers = rows[0].kind.apply(commands, author, at)
        refused.update(
            {c.id: answer for c, answer in zip(commands, answers, strict=True) if answer is not None}
        )
    return refused


class _Scopes(Iterable[Scope]):
    """What the user of a phone may do now, then what they could when it was given its roster; each read once, and the
    second, a dozen statements, only if the first did not do."""

    def __init__(self, device: Device, at: datetime) -> None:
        self.user, self.instants = device.user, [at]
        if device.pulled_at is not None and at - ROSTER_HOLDS < device.pulled_at < at:
            self.instants.append(device.pulled_at)
        self.known: dict[datetime, Scope] = {}

    def __iter__(self) -> Iterator[Scope]:
        for instant in self.instants:
            if instant not in self.known:
                self.known[instant] = scope_for(self.user, instant)
            yield self.known[instant]


SENTENCES = {
    "unreadable": _("It can't be opened: it was changed on the way, or made with another key."),
    "unfit": _("Something in it is missing or not as it should be. Bring the app up to date."),
    "unknown-kind": _("This server does not know what to do with it. It may be older than the app."),
    "unknown-schema": _("The app is too old or too new for this server. Bring both up to date."),
    "two-bodies": _("The same command came twice with different content. Somebody has to look at both."),
    "author-revoked": _("The account is closed. A supervisor decides what becomes of it."),
    "device-ended": _("This phone was reported lost. A supervisor decides what becomes of it."),
    "wrong-actor": _("It names another person than the one whose phone this is."),
}


def _fault(code: str) -> Refusal:
    return Refusal(code, SENTENCES[code])


def _sentence(one: Opened, refusal: Refusal) -> str:
    """Why it was set aside, in its author's language: whoever brings it may speak another."""
    with override(one.device.user.language or settings.LANGUAGE_CODE):
        return refusal.sentence()


def _reason(refusal: Refusal) -> str:
    if refusal.code in SENTENCES:
        return refusal.code
    return "gone" if refusal.status == 404 else "refused"


def _set_aside(rows: Iterable[tuple[Opened, Refusal]], at: datetime) -> None:
    """Keeps each whole, for a person. The receipt says from now on that it was set aside."""
    by_reason: dict[str, list[UUID]] = {}
    kept = []
    communities: dict[UUID, UUID | None] = {}
    for one, refusal in rows:
        by_reason.setdefault(_reason(refusal), []).append(one.parcel.id)
        kept.append(_kept(one, refusal, communities, at))
    for row in kept:
        SetAside.objects.get_or_create(
            command_id=row.command_id, body_hash=row.body_hash,
            defaults={f.attname: getattr(row, f.attname) for f in SetAside._meta.concrete_fields
                      if f.name not in ("command_id", "body_hash")},
        )  # fmt: skip
    for reason, ids in by_reason.items():
        mark_receipts(ids, status=QUARANTINED, reason=reason)


def _kept(one: Opened, refusal: Refusal, communities: dict[UUID, UUID | None], at: datetime) -> SetAside:
    author = one.device.user
    if author.pk not in communities:
        volunteer = volunteer_of(author)
        communities[author.pk] = volunteer.community_id if volunteer else community_of_holder(author)
    kind, schema = one.named
    return SetAside(
        command_id=one.parcel.id, body_hash=one.digest, device_id=one.device.pk, author=author,
        community_id=communities[author.pk], kind=kind, schema=schema, body=one.text, reason=_reason(refusal),
        sentence=_sentence(one, refusal), claimed_at=one.claimed_at, arrived_at=at,
    )  # fmt: skip


def _line_of_new(one: Opened, refused: dict[UUID, Refusal]) -> Line:
    refusal = refused.get(one.parcel.id)
    if refusal is None:
        return Line(one.parcel.id, ACCEPTED)
    return Line(one.parcel.id, QUARANTINED, _reason(refusal), _sentence(one, refusal))


def _answer_again(
    one: Opened,
    before: dict[UUID, CommandReceipt],
    first: dict[UUID, Opened],
    refused: dict[UUID, Refusal],
    at: datetime,
) -> Line:
    """What is said of a command whose id was there: the same receipt again, or that two bodies bear one id."""
    receipt = before.get(one.parcel.id)
    digest = receipt.body_hash if receipt is not None else first[one.parcel.id].digest
    if digest != one.digest:
        refusal = _fault("two-bodies")
        communities: dict[UUID, UUID | None] = {}
        row = _kept(one, refusal, communities, at)
        if not SetAside.objects.filter(command_id=row.command_id, body_hash=row.body_hash).exists():
            row.save(force_insert=True)
        return Line(one.parcel.id, QUARANTINED, "two-bodies", _sentence(one, refusal))
    if receipt is None:
        line = _line_of_new(one, refused)
        return Line(line.id, "duplicate") if line.status == ACCEPTED else line
    if receipt.status == QUARANTINED:
        kept = SetAside.objects.filter(command_id=receipt.pk, body_hash=one.digest).first()
        return Line(receipt.pk, QUARANTINED, receipt.reason, kept.sentence if kept is not None else "")
    return Line(receipt.pk, "duplicate")
