"""Reading a sheet and keeping what was read until somebody confirms it."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.core import clock
from shouwang.core.actors import Actor
from shouwang.core.audit import write_audit
from shouwang.core.bulk import many_objects
from shouwang.core.errors import Refusal
from shouwang.core.sheets import UnreadableSheet
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.shapes import RegisterSheet
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.rules import LARGEST_FILE
from shouwang.ledgers.selectors import Preview, preview_of
from shouwang.ledgers.selectors.planning import known_doors, plan_import
from shouwang.ledgers.selectors.sentences import said
from shouwang.ledgers.selectors.staged import to_text
from shouwang.ledgers.services.confirming import confirm_register, drop_register
from shouwang.places.models import Place


def read_sheet(content: bytes, name: str) -> RegisterSheet:
    """The sheet, or a refusal in the reader's own words."""
    if len(content) > LARGEST_FILE:
        raise Refusal("sheet.too_large", _("The file is larger than 20 MB. Split it."), field="file")
    try:
        return read_register(content, name)
    except UnreadableSheet as fault:
        raise Refusal(fault.code, said(fault.message, fault.params), field="file") from fault


@many_objects()
def stage_register(
    *,
    community: Place,
    content: bytes,
    name: str,
    by: Actor,
    at: dt.datetime | None = None,
    as_of: dt.date | None = None,
) -> RegisterImport:
    """Reads a sheet and keeps it for confirmation; nothing enters the register. Refusal: it can't be used at all.

    The sheet's day is `as_of`, else what it says itself, else today.
    """
    at = at or clock.now()
    sheet = read_sheet(content, name)
    day = as_of or sheet.sheet_date or clock.local_day(at, community.time_zone)
    if day > clock.local_day(at, community.time_zone):
        raise Refusal("as-of-future", _("The sheet's day lies in the future."), field="as_of")
    plan = plan_import(community.pk, sheet, day, known_doors(community.pk))
    with transaction.atomic():
        staged = RegisterImport.objects.create(
            community_id=community.pk,
            file_name=name[-200:],
            digest=hashlib.sha256(content).hexdigest(),
            sheet_date=day,
            counts=_counts(sheet, plan.counts),
            staged=to_text(sheet),
            uploaded_by_id=by.pk if by.actor_kind == "user" else None,
            uploaded_at=at,
        )
        write_audit("ledgers.register.staged", by=by, at=at, subject=staged, rows=sheet.counted)
    return staged


def _counts(sheet: RegisterSheet, planned: dict[str, int]) -> dict[str, int]:
    return {
        "rows": sheet.counted,
        **planned,
        "refused": len(sheet.refused),
        "households": sheet.households,
        "doors": len(sheet.doors),
        "warnings": len(sheet.warnings),
    }


def import_at_once(
    *,
    community: Place,
    content: bytes,
    name: str,
    by: Actor,
    as_of: dt.date | None = None,
    dry_run: bool = False,
    at: dt.datetime | None = None,
) -> tuple[RegisterImport, Preview]:
    """Stages and confirms at once, or stages and drops on a dry run: for the command line. Answers the preview too."""
    staged = stage_register(community=community, content=content, name=name, by=by, at=at, as_of=as_of)
    preview = preview_of(staged)
    finish = drop_register if dry_run else confirm_register
    return finish(register_import=staged, by=by, at=at), preview
