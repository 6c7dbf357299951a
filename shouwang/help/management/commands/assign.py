from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, read_json
from shouwang.help.engines.assign import ExtraMissing, assign


class Command(Base):
    help = "Finds the best assignment of requests to volunteers in a JSON file, and says why."
    example = "shouwang assign evening.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE.json", help="requests and volunteers; see docs/api.md"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problem = _read(options["file"])
        try:
            answer = assign(problem)
        except (ValueError, ExtraMissing) as fault:
            raise Unusable(str(fault)) from fault
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _read(path: Path) -> dict[str, Any]:
    found = read_json(path)
    if not isinstance(found, dict):
        raise Unusable(_("%(file)s must hold an object with requests and volunteers.") % {"file": path})
    return found
