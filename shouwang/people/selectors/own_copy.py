"""A person's own copy: everything that this room keeps about somebody, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwang.accounts.selectors import names_of
from shouwang.core.audit import entries_about
from shouwang.core.registry import CopyPart
from shouwang.people.models import CareFlag, Contradiction, Membership, Person, Proxy, ResidentCode
from shouwang.people.selectors.care import flag_words, source_words
from shouwang.people.selectors.persons import birth_words
from shouwang.people.selectors.sections import why_words
from shouwang.people.states import MergedField
from shouwang.places.selectors import door_label

MOST_READS = 500


def copy_parts(person_id: UUID, at: datetime) -> Sequence[CopyPart]:
    """Particulars, homes, stays, care flags, contacts, proxies and who opened the file; empty parts are left out."""
    person = Person.objects.get(pk=person_id)
    homes = list(
        Membership.objects.filter(person=person)
        .select_related("household__dwelling__place")
        .order_by("from_on")
    )
    parts = (
        CopyPart(_("Particulars"), _particulars(person)),
        CopyPart(_("Where you live and lived"), [line for row in homes for line in _home(row)]),
        CopyPart(_("Where you were instead"), [_stay(row) for row in person.stays.order_by("from_at")]),
        CopyPart(_("Care flags"), [_flag(row) for row in _flags(person, homes)]),
        CopyPart(
            _("Two different words"), [_words(row) for row in person.contradictions.order_by("found_at")]
        ),
        CopyPart(_("Codes"), [_code(row) for row in person.codes.order_by("made_at", "id")]),
        CopyPart(_("Whom to ring"), [_contact(row) for row in person.contacts.order_by("order")]),
        CopyPart(_("Who may speak for the household"), [_proxy(row) for row in _proxies(homes)]),
        CopyPart(_("Entries that were put together with yours"), _merges(person)),
        CopyPart(_("Who opened the file"), _reads(homes)),
    )
    return [part for part in parts if part.lines]


def span(begins: date | datetime | None, ends: date | datetime | None) -> str:
    """From – until, in local time."""
    return f"{_moment(begins)} – {_moment(ends)}".strip()


def _moment(said: date | datetime | None) -> str:
    if said is None:
        return ""
    if isinstance(said, datetime):
        return timezone.localtime(said).strftime("%Y-%m-%d %H:%M")
    return said.isoformat()


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _particulars(person: Person) -> list[tuple[str, str]]:
    said = [
        (_("Name"), person.name),
        (_("Sex"), str(person.get_sex_display()) if person.sex else ""),
        (_("Birth date"), birth_words(person)),
        (_("Phone"), person.phone),
        (str(person.get_id_kind_display()) if person.id_kind else _("Number"), person.id_number),
        *((str(column), str(value)) for column, value in person.extra.items()),
        (_("From the sheet of"), _moment(person.register_as_of)),
        (_("Last changed by hand"), _moment(person.edited_at)),
        (_("Died on"), _moment(person.died_on)),
    ]
    return [(what, value) for what, value in said if value]


def _home(row: Membership) -> list[tuple[str, str]]:
    lines = [
        (
            door_label(row.household.dwelling),
            _joined((str(row.get_relation_display()), span(row.from_on, row.until_on))),
        )
    ]
    # A former household's note is about those who live there now.
    return [*lines, (_("Note"), row.household.note)] if row.until_on is None and row.household.note else lines


def _stay(row: Any) -> tuple[str, str]:
    return str(row.get_kind_display()), _joined((row.where, span(row.from_at, row.until_at)))


def _flags(person: Person, homes: Sequence[Membership]) -> Sequence[CareFlag]:
    """About the person, and about the household the person belongs to now."""
    now = [row.household_id for row in homes if row.until_on is None]
    return list(
        CareFlag.objects.filter(Q(person=person) | Q(person__isnull=True, household_id__in=now)).order_by(
            "noted_on", "id"
        )
    )


def _flag(row: CareFlag) -> tuple[str, str]:
    review = _("looked at again on %(day)s") % {"day": row.review_on} if row.review_on else ""
    said = (str(row.get_state_display()), source_words(row.source), _moment(row.noted_on), review, row.note)
    return flag_words(row.kind), _joined(said)


def _code(row: ResidentCode) -> tuple[str, str]:
    revoked = _("revoked %(when)s") % {"when": _moment(row.revoked_at)} if row.revoked_at else ""
    kind = _("on the phone") if row.on_phone else _("printed")
    valid = _("valid until %(day)s") % {"day": row.valid_until}
    return _moment(row.made_at), _joined((kind, valid, revoked, row.short))


def _words(row: Contradiction) -> tuple[str, str]:
    if row.flag is not None:
        said = {"flag": flag_words(row.flag.kind)}
        return _moment(row.found_at), _("%(flag)s: one says so, another says no longer") % said
    said = {"field": str(MergedField(row.field).label), "one": row.stands, "other": row.other}
    return _moment(row.found_at), _("%(field)s: %(one)s, or %(other)s") % said


def _contact(row: Any) -> tuple[str, str]:
    return row.name, _joined((row.relation, row.phone, _moment(row.until_at)))


def _proxies(homes: Sequence[Membership]) -> Sequence[Proxy]:
    now = [row.household_id for row in homes if row.until_on is None]
    return list(Proxy.objects.filter(household_id__in=now).order_by("from_at"))


def _proxy(row: Proxy) -> tuple[str, str]:
    return row.name, _joined((str(row.get_kind_display()), row.phone, span(row.from_at, row.until_at)))


def _merges(person: Person) -> list[tuple[str, str]]:
    rows = person.merges.filter(undone_at__isnull=True).select_related("alias").order_by("merged_at")
    return [(_moment(row.merged_at), row.alias.name or _("erased")) for row in rows]


def _reads(homes: Sequence[Membership]) -> list[tuple[str, str]]:
    """Every opening of the files of one's households while one belonged to them."""
    found = []
    for home in homes:
        rows = entries_about(home.household_id, ["people.file.read"], MOST_READS)
        names = names_of({row.actor_id for row in rows if row.actor_id})
        found += [
            (
                _moment(row.at),
                _joined(
                    (
                        names.get(row.actor_id, "") if row.actor_id else "",
                        why_words((row.payload or {}).get("why", "")),
                    )
                ),
            )
            for row in rows
            if row.at.date() >= home.from_on and (home.until_on is None or row.at.date() <= home.until_on)
        ]
    return found
