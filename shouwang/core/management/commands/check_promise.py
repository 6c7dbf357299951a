from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core import clock
from shouwang.core.checks import Checked, as_json, check_promise
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import require_migrated

BROKEN = 1


class Command(Base):
    help = "Checks the promise on the live database: is anybody missed? Exit 1 when something is broken."
    example = "shouwang check --json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        results = check_promise(clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(as_json(results), ensure_ascii=False, indent=2))
        else:
            self._tell(results)
        if not all(result.holds for result in results):
            raise SystemExit(BROKEN)

    def _tell(self, results: list[Checked]) -> None:
        for result in results:
            mark = "✓" if result.holds else "✗"
            counts = _("%(broken)d of %(counted)d") % {"broken": result.broken, "counted": result.counted}
            self.stdout.write(
                f"{mark} {result.invariant.sentence}" + ("" if result.holds else f" ({counts})")
            )
            for example in result.examples:
                self.stdout.write(f"    {example}")
