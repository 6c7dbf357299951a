"""Many new rows at once: COPY on PostgreSQL, one prepared statement elsewhere. No signals, no ids handed back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

ROUND = 200_000
Read = Callable[[Any], Any]
# Values of exactly these types stand in the database as they are.
PLAIN: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.BigIntegerField: int,
    models.SmallIntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.FloatField: float,
}


@contextmanager
def many_objects() -> Iterator[None]:
    """For work that makes some hundred thousand objects which all live until its end.

    Python's collector looks through everything that lives after each 700 new objects: a quarter of an import's time.
    Here after each ROUND; the memory that cycles hold until then is bounded by it.
    """
    before = gc.get_threshold()
    gc.set_threshold(ROUND, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def insert_many(rows: Sequence[models.Model]) -> None:
    """Inserts new rows of one model as `bulk_create` would, several times as fast.

    A key that the database numbers is left to it, and not handed back; everything else must be set. Raises what the
    database raises (IntegrityError); call it inside a transaction, which then keeps all rows or none.
    """
    if not rows:
        return
    model = type(rows[0])
    numbered = model._meta.auto_field
    fields = [field for field in model._meta.concrete_fields if field is not numbered]
    reads = [_reader(field, rows[0]) for field in fields]
    values = (tuple(read(row) for read in reads) for row in rows)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    _insert(f"{quote(model._meta.db_table)} ({columns})", len(fields), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insert(into: str, width: int, values: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * width)
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", list(values))  # noqa: S608 - our own names


def _reader(field: models.Field[Any, Any], first: models.Model) -> Read:
    """How a row's value comes to stand in the database: the field's own way, or past it where that changes nothing.

    An expression without columns (the running transaction's number) is asked once, and holds for all rows.
    """
    name, kind = field.attname, type(field)
    if hasattr(first.__dict__.get(name), "resolve_expression"):
        value = _value_of(first.__dict__[name])
        return lambda row: value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if kind in PLAIN:
        plain = PLAIN[kind]
    elif type(target) is models.UUIDField:
        plain = UUID
    elif kind is models.DateField and isinstance(field, models.DateField) and not _stamps(field):
        plain = date
    else:
        return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
    native = connection.vendor == "postgresql" or plain not in (UUID, date)

    def read(row: Any) -> Any:
        value = row.__dict__.get(name)
        if value is None or (native and type(value) is plain):
            return value
        if plain is UUID and type(value) is UUID and not native:
            return value.hex
        return field.get_db_prep_save(field.pre_save(row, True), connection)

    return read


def _stamps(field: models.DateField[Any, Any]) -> bool:
    return field.auto_now or field.auto_now_add


def _value_of(expression: Any) -> Any:
    query = models.sql.Query(None)
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(expression.resolve_expression(query))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", params)
        return cursor.fetchone()[0]


def update_many(rows: Sequence[models.Model], names: Sequence[str]) -> int:
    """Writes these fields of many rows of one model with one statement; how many rows there still were.

    As `bulk_update`, without its CASE for every row and field. Each row at most once.
    """
    if not rows:
        return 0
    model = type(rows[0])
    key = model._meta.pk
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [*(by_name[name] for name in names), key]
    reads = [_reader(field, rows[0]) for field in fields]
    values = [tuple(read(row) for read in reads) for row in rows]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            casts = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            sets = ", ".join(f"{column} = given.{column}" for column in columns[:-1])
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({casts}) AS given({', '.join(columns)})"  # noqa: S608
                f" WHERE {table}.{columns[-1]} = given.{columns[-1]}",
                [list(column) for column in zip(*values, strict=True)],
            )
            return int(cursor.rowcount)
        sets = ", ".join(f"{column} = %s" for column in columns[:-1])
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {columns[-1]} = %s", values)  # noqa: S608
        return int(cursor.rowcount)


def insert_new(rows: Sequence[models.Model]) -> set[Any]:
    """Inserts those rows of one model whose key is not there yet; the keys that were new.

    On PostgreSQL another transaction that is inserting the same key is waited for. Keys must be set; rows in the order
    of their keys, so that two such inserts never wait for each other. Call it inside a transaction.
    """
    if not rows:
        return set()
    model = type(rows[0])
    fields = list(model._meta.concrete_fields)
    reads = [_reader(field, rows[0]) for field in fields]
    values = [tuple(read(row) for read in reads) for row in rows]
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            casts = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({casts})"  # noqa: S608 - our own names
                f" ON CONFLICT ({key}) DO NOTHING RETURNING {key}",
                [list(column) for column in zip(*values, strict=True)],
            )
            return {row[0] for row in cursor.fetchall()}
        # A writing transaction is alone here, so what is there now stays as it is.
        ids = [row.pk for row in rows]
        there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
            values,
        )
        return set(ids) - there
