"""The register grown to a city's district: zone C copied as further communities, inside the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from shouwang.people.models import CareFlag, DoorState, Household, Membership, Person
from shouwang.places.models import Dwelling, Place
from shouwang.places.states import Level

# In the order in which the rows need each other.
COPIED: tuple[type[models.Model], ...] = (Place, Dwelling, DoorState, Household, Person, Membership, CareFlag)
# Text columns that hold something that must stand once, or that everybody would share otherwise.
TWINS = frozenset({"id_number_index"})
FIRST_PHONE, PHONES = 19_900_000_000, 100_000_000
A_STRIDE = 30_211  # further than one community's phones reach


def grow(community_id: UUID, people: int, say: Callable[[str], object]) -> int:
    """Copies a community until the database holds `people` persons; how many it holds then. The copies have ids and
    phones of their own, and the same names: that a name stands in every community is what a search must stand."""
    _teach_sqlite()
    here = _people_of(community_id)
    copies = -(-(people - _people_of(None)) // here)
    for number in range(1, copies + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in COPIED:
                cursor.execute(_copying(model), [number, _key(community_id)])
        if number % 50 == 0:
            say(f"{number} of {copies} communities")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _people_of(None)


def _people_of(community_id: UUID | None) -> int:
    where = "" if community_id is None else " WHERE community_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {Person._meta.db_table}{where}",  # noqa: S608  (our own names)
            [] if community_id is None else [_key(community_id)],
        )
        (count,) = cursor.fetchone()
    return int(count)


def _key(pk: UUID) -> str:
    return str(pk) if connection.vendor == "postgresql" else pk.hex


def _copying(model: type[models.Model]) -> str:
    """INSERT ... SELECT of one community's rows of a table; asks for the copy's number and the community."""
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    wanted = ", ".join(_expression(model, field) for field in model._meta.concrete_fields)
    where = (
        f'"household_id" IN (SELECT "id" FROM "{Household._meta.db_table}" WHERE "community_id" = c.pk)'  # noqa: S608
        if model is Membership
        else '"community_id" = c.pk'
    )
    named = ", ".join(f'"{column}"' for column in columns)
    number, pk = ("%s::bigint", "%s::uuid") if connection.vendor == "postgresql" else ("%s", "%s")
    return (
        f'INSERT INTO "{table}" ({named}) SELECT {wanted} FROM "{table}",'  # noqa: S608  (our own names)
        f" (SELECT {number} AS n, {pk} AS pk) AS c WHERE {where}"
    )


def _expression(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    column = f'"{field.column}"'
    if isinstance(field, models.ForeignKey):
        own = field.related_model in COPIED
    else:
        own = isinstance(field, models.UUIDField) and field.column != "purpose_id"
    if own:
        return _twin(column)
    if field.column in TWINS:
        return f"CASE WHEN {column} = '' THEN '' ELSE {_hash(column)} END"
    if model is Place and field.column in ("path", "door_code", "code"):
        return _of_a_place(column)
    if model is Person and field.column in ("phone", "phone_reversed"):
        return _of_a_phone(field.column)
    return column


def _twin(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"md5({column}::text || c.n::text)::uuid"
    return f"bench_hash({column}, c.n)"


def _hash(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"md5({column} || c.n::text)"
    return f"bench_hash({column}, c.n)"


def _of_a_place(column: str) -> str:
    """A path below a root of its own, a code of its own for the community, a door code that is nobody else's."""
    if column == '"path"':
        width = Place.steplen
        root = f"lpad(c.n::text, {width}, 'X')" if connection.vendor == "postgresql" else "bench_root(c.n)"
        return f'{root} || substr("path", {width + 1})'
    if column == '"code"':
        number = "c.n::text" if connection.vendor == "postgresql" else "c.n"
        return f'CASE WHEN "level" = \'{Level.COMMUNITY.value}\' THEN "code" || \'-\' || {number} ELSE "code" END'
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE substr({_hash(column)}, 1, 16) END"


def _of_a_phone(column: str) -> str:
    if connection.vendor != "postgresql":
        turned = 'bench_phone("phone", c.n)'
        return turned if column == "phone" else f"bench_turned({turned})"
    moved = f'({FIRST_PHONE} + ("phone"::bigint - {FIRST_PHONE} + c.n * {A_STRIDE}) %% {PHONES})::text'
    said = f'CASE WHEN "phone" ~ \'^199[0-9]{{8}}$\' THEN {moved} ELSE "phone" END'
    return said if column == "phone" else f"reverse({said})"


def _teach_sqlite() -> None:
    if connection.vendor != "sqlite":
        return
    connection.ensure_connection()
    for name, count, function in (
        ("bench_hash", 2, _hashed),
        ("bench_root", 1, lambda number: str(number).rjust(Place.steplen, "X")),
        ("bench_phone", 2, _phone),
        ("bench_turned", 1, lambda phone: phone[::-1]),
    ):
        connection.connection.create_function(name, count, function, deterministic=True)


def _hashed(value: str | None, number: int) -> str | None:
    return (
        None if value is None else hashlib.md5(f"{value}{number}".encode(), usedforsecurity=False).hexdigest()
    )


def _phone(phone: str, number: int) -> str:
    if not (phone.isdigit() and len(phone) == 11 and phone.startswith("199")):
        return phone
    return str(FIRST_PHONE + (int(phone) - FIRST_PHONE + number * A_STRIDE) % PHONES)
