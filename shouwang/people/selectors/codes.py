"""Residents' codes: which are in force, whose a scanned one is, and whom a number typed at the table means."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from shouwang.core.clock import local_day
from shouwang.core.private_links import link_digest
from shouwang.core.scope import Scope
from shouwang.core.sealing import signing_key
from shouwang.people.engines.codes import (
    PREFIX,
    CodeStatus,
    clean_code,
    encode_code,
    make_code,
    verify_code,
)
from shouwang.people.engines.names import masked_name
from shouwang.people.engines.numbers import clean_id, is_resident_id, widened_id
from shouwang.people.models import Membership, Person, ResidentCode
from shouwang.people.selectors.households import KIND
from shouwang.people.selectors.matching import id_number_index
from shouwang.people.selectors.persons import survivor_id

# The name of the key, beside those that seal.
KEY = "codes"
BY_CODE, BY_NUMBER, BY_NOTHING = "code", "id_number", ""


@dataclass(frozen=True)
class CodeRead:
    """What a reading came to: `status` is one of CodeStatus, `person` who it is (None unless somebody is meant),
    `how` BY_CODE, BY_NUMBER or BY_NOTHING (neither a code nor a resident ID number)."""

    status: str
    short: str = ""
    person: Person | None = None
    how: str = BY_CODE


@dataclass(frozen=True)
class PhoneCode:
    """A code as its resident sees it on the phone. `text` is what the QR code says, '' unless it is in force."""

    status: str
    text: str
    valid_until: date
    name: str


def day_here(at: datetime) -> date:
    """The community's calendar day."""
    return local_day(at, settings.TIME_ZONE)


def code_public_key() -> str:
    """The public key by which a phone without signal knows a genuine code: base64 of its SubjectPublicKeyInfo (DER)."""
    der = _public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _public_key() -> ec.EllipticCurvePublicKey:
    return signing_key(KEY).public_key()


def code_text(code: ResidentCode) -> str:
    """What the QR code of this row says."""
    return encode_code(make_code(bytes.fromhex(code.short), code.valid_until, signing_key(KEY)))


def live_codes(person_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[ResidentCode]]:
    """The codes in force of each of these persons, the newest first; without those who have none. One query."""
    rows = ResidentCode.objects.filter(
        person_id__in=set(person_ids),
        person__voided_at__isnull=True,
        revoked_at__isnull=True,
        valid_until__gte=day_here(at),
    )
    found: dict[UUID, list[ResidentCode]] = defaultdict(list)
    for row in rows.order_by("-made_at", "id"):
        found[row.person_id].append(row)
    return dict(found)


def codes_of(person_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[str]]:
    """The shorts of the codes in force of each of these persons; for rosters, which phones carry along."""
    return {pk: [row.short for row in rows] for pk, rows in live_codes(person_ids, at).items()}


def persons_by_shorts(shorts: Iterable[str], at: datetime) -> dict[str, CodeRead]:
    """Whose these codes are: one entry for each, `unknown` where nobody is. Whether they are signed is not asked here.

    One query, whatever their number; in batches of a thousand at most.
    """
    wanted = set(shorts)
    day = day_here(at)
    rows = ResidentCode.objects.filter(short__in=wanted).select_related("person")
    found = {row.short: _read(row, day) for row in rows}
    return {short: found.get(short) or CodeRead(CodeStatus.UNKNOWN, short) for short in wanted}


def _read(row: ResidentCode, day: date) -> CodeRead:
    person = _whose(row)
    if row.revoked_at is not None or person is None:
        return CodeRead(CodeStatus.REVOKED, row.short, person)
    return CodeRead(CodeStatus.OK if row.is_live(day) else CodeStatus.EXPIRED, row.short, person)


def _whose(row: ResidentCode) -> Person | None:
    """The person, or the survivor where that entry was a second one; None when it was taken off the register."""
    if row.person.voided_at is None:
        return row.person
    return Person.objects.filter(pk=survivor_id(row.person_id), voided_at__isnull=True).first()


def person_of_code(text: str, at: datetime) -> CodeRead:
    """What was scanned, checked against its signature and the register. Not scoped: for services, which ask the scope."""
    day = day_here(at)
    status, code = verify_code(text, _public_key(), day)
    if code is None or status == CodeStatus.FORGED:
        return CodeRead(status)
    row = ResidentCode.objects.select_related("person").filter(short=code.short).first()
    if row is None:
        # Long over, it was erased; its own date still tells so.
        return CodeRead(status if status == CodeStatus.EXPIRED else CodeStatus.UNKNOWN, code.short)
    return _read(row, day)


def is_number(text: str) -> bool:
    """Whether a text has the length and the digits of a resident ID number, right or wrong."""
    number = clean_id(text)
    return len(number) in (15, 18) and number[:-1].isdigit()


def identify(scope: Scope, text: str, at: datetime) -> CodeRead:
    """Whom a scanner or a keyboard means: a code, else a resident ID number of 18 or 15 digits with its check character.

    Somebody beyond the scope is `unknown`; a number that can't be one, and anything else, `unreadable`.
    """
    if clean_code(text).startswith(PREFIX):
        read = person_of_code(text, at)
        if read.person is None or _reached(scope, [read.person.pk]):
            return read
        return CodeRead(CodeStatus.UNKNOWN, read.short)
    if not is_number(text):
        return CodeRead(CodeStatus.UNREADABLE, how=BY_NOTHING)
    number = clean_id(text)
    if not is_resident_id(widened_id(number)):
        return CodeRead(CodeStatus.UNREADABLE, how=BY_NUMBER)
    return replace(_by_number(scope, number), how=BY_NUMBER)


def _by_number(scope: Scope, number: str) -> CodeRead:
    """By the blind index: the number as it was given and as it is now. Whoever lives here comes before who has left."""
    indexes = {id_number_index(said) for said in (number, widened_id(number))}
    home = Membership.objects.filter(person=OuterRef("pk"), until_on__isnull=True)
    known = Person.objects.filter(id_number_index__in=indexes, voided_at__isnull=True)
    persons = list(known.annotate(lives_here=Exists(home)).order_by("-lives_here", "pk"))
    reached = _reached(scope, [person.pk for person in persons])
    person = next((person for person in persons if person.pk in reached), None)
    return CodeRead(CodeStatus.OK if person else CodeStatus.UNKNOWN, person=person)


def _reached(scope: Scope, person_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these persons whom the scope sees: by a post, or by what somebody has in hand."""
    granted = Membership.objects.filter(household_id__in=scope.object_ids(KIND), until_on__isnull=True)
    seen = scope.q("register.see") | Q(pk__in=granted.values("person_id"))
    return set(Person.objects.filter(seen, pk__in=person_ids).values_list("pk", flat=True))


def phone_code(token: str, at: datetime) -> PhoneCode | None:
    """The code behind a private link; None for a link of nobody."""
    row = ResidentCode.objects.select_related("person").filter(link_digest=link_digest(token)).first()
    if row is None:
        return None
    read = _read(row, day_here(at))
    live = read.status == CodeStatus.OK
    name = masked_name(read.person.name) if live and read.person else ""
    return PhoneCode(read.status, code_text(row) if live else "", row.valid_until, name)
