from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, read_json
from shouwang.rounds.engines.batches import ExtraMissing, plan_batches


class Command(Base):
    help = "Plans which building comes down to the sampling point when, from a JSON file."
    example = "shouwang plan batches morning.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE.json", help="households, paths and tables; see docs/api.md"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = plan_batches(read_json(options["file"]))
        except (ValueError, ExtraMissing) as fault:
            raise Unusable(str(fault)) from fault
        self.stdout.write(json.dumps(plan, ensure_ascii=False, indent=2))
