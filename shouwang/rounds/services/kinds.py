"""Kinds of rounds: those that come with the product, and the communities' own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Conflict, Refusal
from shouwang.places.models import Place
from shouwang.rounds.engines.definitions import faults_of
from shouwang.rounds.engines.shipped import shipped_kinds
from shouwang.rounds.engines.texts import either
from shouwang.rounds.models import Kind
from shouwang.rounds.rules import KNOWN, wrong_kind
from shouwang.rounds.states import OF_PEOPLE, SAYABLE, EntryState, Proposed, Whom

DEFINED = (
    "name",
    "about",
    "guidance",
    "whom",
    "by_phone",
    "at_point",
    "tube_sizes",
    "states",
    "questions",
    "rules",
)

LONGEST_NAME = 40


@transaction.atomic
def ship_kinds() -> int:
    """Writes the kinds that come with the product as their files have them; how many were new or had changed.

    Runs after every migration. A kind of ours that has no file any more is ended; the rounds that had it keep their copy.
    """
    changed = 0
    there = {row.code: row for row in Kind.objects.filter(community_id__isnull=True)}
    for number, definition in enumerate(shipped_kinds()):
        values = {name: definition[name] for name in DEFINED} | {"place_in_list": number, "ended_at": None}
        row = there.pop(definition["code"], None)
        if row is None:
            Kind.objects.create(code=definition["code"], **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            Kind.objects.filter(pk=row.pk).update(version=row.version + 1, **values)
        else:
            continue
        changed += 1
    gone = Kind.objects.filter(pk__in=[row.pk for row in there.values()], ended_at__isnull=True)
    return changed + gone.update(ended_at=clock.now())


@transaction.atomic
def copy_kind(*, kind: Kind, community: Place, by: User, at: datetime | None = None) -> Kind:
    """A kind of the community's own, as the given one is now; it may be changed."""
    at = at or clock.now()
    copy = Kind(
        community_id=community.pk, code=_free_code(kind.code, community.pk), place_in_list=kind.place_in_list,
        **{name: getattr(kind, name) for name in DEFINED} | {"name": _name_of_copy(kind, community)},
    )  # fmt: skip
    copy.save(force_insert=True)
    write_audit("rounds.kind.copied", by=by, at=at, subject=copy.pk, placed=community, kind_of=kind.code)
    return copy


def _name_of_copy(kind: Kind, community: Place) -> dict[str, str]:
    """The name with the community's behind it, so that the two are told apart until somebody gives it a better one."""
    said: dict[str, str] = dict(kind.name)
    for language, form in (("zh", "%s（%s）"), ("en", "%s (%s)")):
        name = said.get(language, "")
        named = form % (name, community.name)
        if name and community.name not in name and len(named) <= LONGEST_NAME:
            said[language] = named
    return said


def _free_code(code: str, community_id: UUID) -> str:
    """The code, with a number behind it where the community has used it."""
    base = code.rstrip("0123456789").rstrip("_")[:32] or "kind"
    taken = set(Kind.objects.filter(community_id=community_id).values_list("code", flat=True))
    taken |= set(Kind.objects.filter(community_id__isnull=True).values_list("code", flat=True))
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


@transaction.atomic
def change_kind(
    *, kind: Kind, definition: Mapping[str, Any], version: int, by: User, at: datetime | None = None
) -> Kind:
    """Gives a community's own kind another definition; rounds that go on keep theirs.

    `definition`: what DEFINED names. Refusal at what is wrong with it. Conflict when it is not the `version` that the
    author saw any more.
    """
    at = at or clock.now()
    _check(kind, definition)
    values = {name: definition[name] for name in DEFINED if name in definition}
    rows = Kind.objects.filter(pk=kind.pk, version=version, ended_at__isnull=True)
    if not rows.update(version=version + 1, **values):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    kind.refresh_from_db()
    _audit("rounds.kind.changed", kind, by=by, at=at)
    return kind


@transaction.atomic
def end_kind(*, kind: Kind, by: User, at: datetime | None = None) -> Kind:
    """A community's own kind is not offered any more. Conflict when it was ended already."""
    at = at or clock.now()
    _of_a_community(kind)
    if not Kind.objects.filter(pk=kind.pk, ended_at__isnull=True).update(ended_at=at):
        raise Conflict("moved-meanwhile", _("Somebody else was quicker. Look again before you go on."))
    kind.refresh_from_db()
    _audit("rounds.kind.ended", kind, by=by, at=at)
    return kind


def _audit(code: str, kind: Kind, *, by: User, at: datetime) -> None:
    where = Place(pk=kind.community_id, community_id=kind.community_id)
    write_audit(code, by=by, at=at, subject=kind.pk, placed=where, kind_of=kind.code, version=kind.version)


def _of_a_community(kind: Kind) -> None:
    if kind.community_id is None:
        raise Refusal("shipped-kind", _("This kind came with the program. Copy it and change the copy."))


def _check(kind: Kind, definition: Mapping[str, Any]) -> None:
    _of_a_community(kind)
    if not either(definition["name"]):
        raise Refusal("name-missing", _("Please give it a name."), field="name_zh")
    if definition["whom"] not in Whom.values:
        raise Refusal("whom-missing", _("Choose who is on the roster."), field="whom")
    states = set(definition["states"])
    if not states <= set(SAYABLE) or EntryState.DONE not in states:
        raise Refusal("states-wrong", _("“Done” is always among what may be said."), field="states")
    flags = any(rule["propose"]["what"] == Proposed.FLAG for rule in definition["rules"])
    if flags and definition["whom"] not in OF_PEOPLE:
        raise Refusal(
            "flag-of-nobody",
            _("A care flag is of people. Over places, propose a request instead."),
            field="whom",
        )
    faults = faults_of(definition["questions"], definition["rules"], KNOWN)
    if faults:
        raise Refusal(
            "kind-wrong", wrong_kind(faults[0]), field="/".join(str(step) for step in faults[0].where)
        )
