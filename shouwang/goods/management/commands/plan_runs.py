from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, read_json
from shouwang.goods.engines.runs.plan import MOST_PLANNING, SECONDS, SEED, plan_runs
from shouwang.goods.engines.runs.solver import ExtraMissing


class Command(Base):
    help = "Plans who brings what to which doors, trip by trip, from a JSON file."
    example = "shouwang plan runs afternoon.json --seconds 5 --seed 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE.json",
            help="stops, travel_s, volunteers and load_s; see docs/api.md",
        )
        parser.add_argument("--seconds", type=float, default=SECONDS, help="how long to look; default: 5")
        parser.add_argument(
            "--seed", type=int, default=SEED, help="another number may give another plan; default: 1"
        )
        parser.add_argument(
            "--iterations",
            type=int,
            default=None,
            help="look this often instead: the same plan on every machine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seconds, iterations, seed = options["seconds"], options["iterations"], options["seed"]
        if not 0 < seconds <= MOST_PLANNING:
            raise Unusable(f"--seconds must be more than 0 and at most {MOST_PLANNING}")
        if iterations is not None and iterations < 1:
            raise Unusable("--iterations must be a whole number from 1")
        if not 0 <= seed < 2**31:
            raise Unusable("--seed must be a whole number from 0 to 2147483647")
        try:
            plan = plan_runs(read_json(options["file"]), seconds=seconds, seed=seed, iterations=iterations)
        except (ValueError, ExtraMissing) as fault:
            raise Unusable(str(fault)) from fault
        self.stdout.write(json.dumps(plan, ensure_ascii=False, indent=2))
