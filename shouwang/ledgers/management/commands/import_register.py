"""shouwang import-register FILE --community CODE [--as-of DATE] [--dry-run] [--json]"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from shouwang.core.actors import OPERATOR, acting_from
from shouwang.core.command_line import Command as Base
from shouwang.core.errors import Refusal
from shouwang.ledgers.selectors import as_contract
from shouwang.ledgers.services import import_at_once
from shouwang.places.selectors import community_by_code

UNUSABLE = 2


def day(text: str) -> dt.date:
    """A date as 2022-02-19."""
    return dt.date.fromisoformat(text)


class Command(Base):
    """Takes a register into a community; refused rows are part of its work, not a failure."""

    help = "Import a residents' register (.xlsx, .xls, .csv)."
    example = "shouwang import-register zone-c.xlsx --community jinxiu --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="the community's code")
        parser.add_argument(
            "--as-of", type=day, help="the sheet's day (2022-02-19); else what the sheet says"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        community = community_by_code(options["community"])
        if community is None:
            raise CommandError(_("There is no community with this code."), returncode=UNUSABLE)
        try:
            content = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(f"{options['file']}: {fault.strerror}", returncode=UNUSABLE) from fault
        try:
            with acting_from("cli"):
                _staged, preview = import_at_once(
                    community=community,
                    content=content,
                    name=options["file"].name,
                    by=OPERATOR,
                    as_of=options["as_of"],
                    dry_run=options["dry_run"],
                )
        except Refusal as refusal:
            raise CommandError(refusal.sentence(), returncode=UNUSABLE) from refusal
        answer = as_contract(preview)
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _in_words(answer))


def _in_words(answer: dict[str, Any]) -> str:
    head = (
        _(
            "%(rows)s rows: %(taken)s new, %(merged)s already there, %(refused)s refused; %(households)s households; "
            "%(absent)s on file but not on the sheet."
        )
        % answer
    )
    told = [
        f"  {line['row']:>5}  {line['column']}  {line['message']}"
        for line in answer["errors"] + answer["warnings"]
    ]
    return "\n".join([head, *told])
