"""Changing the key that seals: a new one from now on, then everything that stands under an older one is sealed anew.

In small steps, each of which leaves everything readable: a run that was stopped is taken up by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from shouwang.core.actors import OPERATOR
from shouwang.core.audit import write_audit
from shouwang.core.files import seal_files_anew, stands_under
from shouwang.core.models import StoredFile
from shouwang.core.sealing import SealedTextField, current_key, keys_folder, make_next_key, sealing_keys

A_STEP = 200


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedTextField]]:
    """Every sealed column of every table."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField):
                yield model, field


def _under_another_key(model: type[models.Model], field: SealedTextField) -> models.QuerySet[models.Model]:
    here = Q(**{f"{field.attname}__startswith": f"{current_key()}."})
    return model._default_manager.exclude(here | Q(**{field.attname: ""})).filter(
        **{f"{field.attname}__isnull": False}
    )


def count_old() -> dict[str, int]:
    """How many values of each column ("app.Model.field") still stand under an older key."""
    counted = {
        f"{model._meta.label}.{field.name}": _under_another_key(model, field).count()
        for model, field in sealed_columns()
    }
    return {name: count for name, count in counted.items() if count}


def seal_column_anew(model: type[models.Model], field: SealedTextField) -> int:
    """Seals every value of a column that stands under an older key; how many. A row that is written meanwhile keeps
    what was written, which is under the new key anyhow."""
    counted = 0
    while True:
        rows = list(_under_another_key(model, field).order_by("pk")[:A_STEP])
        if not rows:
            return counted
        with transaction.atomic():
            for row in rows:
                token = row.__dict__[field.attname]
                counted += model._default_manager.filter(pk=row.pk, **{field.attname: token}).update(
                    **{field.attname: field.sealed_anew(row, token)}
                )


def seal_everything_anew(at: datetime, say: Callable[[str, int], None]) -> int:
    """Every column and file under the current key; how many values. `say` is told of each column when it is done."""
    counted = 0
    for model, field in sealed_columns():
        done = seal_column_anew(model, field)
        if done:
            say(f"{model._meta.label}.{field.name}", done)
        counted += done
    files = seal_files_anew(StoredFile.objects.order_by("pk").iterator())
    if files:
        say("files", files)
    with transaction.atomic():
        write_audit("core.keys.changed", by=OPERATOR, at=at, key=current_key(), values=counted, files=files)
    return counted + files


def change_key(at: datetime, say: Callable[[str, int], None]) -> str:
    """A new key, and everything under it; its name."""
    name = make_next_key()
    seal_everything_anew(at, say)
    return name


def retire_keys() -> list[str]:
    """Deletes the older keys when nothing stands under them any more: what was sealed with them, in backups too, can
    never be read again. Their names; raises ValueError while something does."""
    if count_old() or any(True for _row in _old_files()):
        raise ValueError("something still stands under an older key")
    old = sealing_keys()[:-1]
    for name in old:
        (keys_folder() / name).unlink()
    return old


def _old_files() -> Iterator[StoredFile]:
    for stored in StoredFile.objects.order_by("pk").iterator():
        if stands_under(stored) not in ("", current_key()):
            yield stored
