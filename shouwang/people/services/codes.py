"""Residents' codes are made, handed over and revoked."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import audit_entry, count_acts, write_audit
from shouwang.core.bulk import insert_many
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.private_links import link_digest, new_link
from shouwang.people.engines.codes import IDENT_BYTES
from shouwang.people.models import Membership, Person, ResidentCode
from shouwang.people.rules import CODE_LIVES, CODE_RENEWED, MOST_UNKNOWN_NUMBERS, UNKNOWN_WITHIN
from shouwang.people.selectors.codes import live_codes
from shouwang.people.services.doors import _Community
from shouwang.people.services.filling import day_of

ISSUED, REVOKED, UNKNOWN_NUMBER = "people.codes.issued", "people.codes.revoked", "people.number.unknown"


@transaction.atomic
def issue_codes(
    *, persons: Iterable[Person], by: Actor, at: datetime | None = None, lost: bool = False
) -> list[ResidentCode]:
    """One printed code for each, valid for CODE_LIVES. Those before stay in force, unless they are `lost`: then they are
    revoked, and codes on phones stay. One audit row a household. Conflict `person-voided` when one is off the register.
    """
    at = at or clock.now()
    meant = list({person.pk: person for person in persons}.values())
    _refuse_voided(meant)
    if lost:
        _revoke(meant, by=by, at=at, printed_only=True)
    rows = [_row(person, by, at) for person in meant]
    insert_many(rows)
    _record(ISSUED, meant, Counter(person.pk for person in meant), by=by, at=at)
    return rows


def _refuse_voided(persons: Sequence[Person]) -> None:
    known = Person.objects.filter(pk__in=[person.pk for person in persons], voided_at__isnull=True)
    if known.count() != len(persons):
        raise Conflict("person-voided", _("This person was taken off the register already."))


def _row(person: Person, by: Actor, at: datetime, digest: str | None = None) -> ResidentCode:
    return ResidentCode(
        person=person,
        short=secrets.token_hex(IDENT_BYTES),
        valid_until=day_of(at) + CODE_LIVES,
        made_at=at,
        made_by_id=by.pk if by.actor_kind == "user" else None,
        link_digest=digest,
    )


@transaction.atomic
def complete_codes(
    *, persons: Iterable[Person], by: Actor, at: datetime | None = None
) -> dict[UUID, ResidentCode]:
    """A printed code that is worth printing for each of them, by person id: the one there is, or a new one where there is
    none or its end is near."""
    at = at or clock.now()
    meant = {person.pk: person for person in persons}
    enough = day_of(at) + CODE_RENEWED
    found: dict[UUID, ResidentCode] = {}
    for pk, rows in live_codes(meant, at).items():
        printed = [row for row in rows if not row.on_phone and row.valid_until >= enough]
        if printed:
            found[pk] = max(printed, key=lambda row: (row.valid_until, row.made_at))
    missing = [person for pk, person in meant.items() if pk not in found]
    if missing:
        found |= {row.person_id: row for row in issue_codes(persons=missing, by=by, at=at)}
    return found


@transaction.atomic
def give_phone_code(*, person: Person, by: Actor, at: datetime | None = None) -> tuple[ResidentCode, str]:
    """A code for the phone and the token of its private link, kept nowhere. The phone's code before is revoked; what was
    printed stays in force."""
    at = at or clock.now()
    _refuse_voided([person])
    _revoke([person], by=by, at=at, phone_only=True)
    token = new_link()
    row = _row(person, by, at, link_digest(token))
    row.save(force_insert=True)
    _record(ISSUED, [person], Counter([person.pk]), by=by, at=at)
    return row, token


@transaction.atomic
def revoke_codes(*, person: Person, by: Actor, at: datetime | None = None) -> int:
    """Every code of a person, printed and on the phone, is no longer in force; how many. Conflict `no-code` when there
    was none."""
    revoked = _revoke([person], by=by, at=at or clock.now())
    if not revoked:
        raise Conflict("no-code", _("No code of this person is in force. Print a new one when it is needed."))
    return revoked


def _revoke(
    persons: Sequence[Person],
    *,
    by: Actor,
    at: datetime,
    printed_only: bool = False,
    phone_only: bool = False,
) -> int:
    rows = ResidentCode.objects.filter(
        person__in=persons, revoked_at__isnull=True, valid_until__gte=day_of(at)
    )
    if printed_only or phone_only:
        rows = rows.filter(link_digest__isnull=printed_only)
    taken = list(rows.values_list("pk", "person_id"))
    who = by.pk if by.actor_kind == "user" else None
    revoked = ResidentCode.objects.filter(pk__in=[pk for pk, _person in taken], revoked_at__isnull=True)
    number = revoked.update(revoked_at=at, revoked_by_id=who)
    counts = Counter(person_id for _pk, person_id in taken)
    _record(REVOKED, [person for person in persons if person.pk in counts], counts, by=by, at=at)
    return number


def revoke_quietly(*, person: Person, by: Actor, at: datetime) -> None:
    """For services that take a person off the register: what codes there are go too."""
    _revoke([person], by=by, at=at)


def _record(kind: str, persons: Sequence[Person], counts: Counter[UUID], *, by: Actor, at: datetime) -> None:
    """One audit row a household, or a person who belongs to none; the person is named when it is about one alone."""
    living = Membership.objects.filter(person__in=persons, until_on__isnull=True)
    homes = dict(living.values_list("person_id", "household_id"))
    groups: dict[UUID, list[Person]] = {}
    for person in persons:
        groups.setdefault(homes.get(person.pk, person.pk), []).append(person)
    insert_many(
        [
            audit_entry(
                kind,
                by=by,
                at=at,
                subject=subject,
                placed=group[0],
                person_id=group[0].pk if len(group) == 1 else None,
                codes=sum(counts[person.pk] for person in group),
            )
            for subject, group in groups.items()
        ]
    )


@transaction.atomic
def note_unknown_number(*, community_id: UUID, by: Actor, at: datetime | None = None) -> None:
    """That an ID number was typed in which is nobody's here; the number itself is not kept."""
    write_audit(
        UNKNOWN_NUMBER,
        by=by,
        at=at or clock.now(),
        subject=community_id,
        placed=_Community(community_id),
    )


def refuse_guessing(*, community_id: UUID, at: datetime) -> None:
    """Refusal `too-many-unknown` while too many numbers of nobody were typed in just now: an ID number is for reading off
    a card, not for guessing from a birth date."""
    if count_acts(UNKNOWN_NUMBER, community_id, at - UNKNOWN_WITHIN, at) >= MOST_UNKNOWN_NUMBERS:
        raise Refusal(
            "too-many-unknown",
            _(
                "Very many numbers that are nobody's here were typed in just now. Search by name, or wait ten minutes."
            ),
        )
