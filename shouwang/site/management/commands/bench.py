from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core import clock
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable
from shouwang.site.bench.apart import run_apart
from shouwang.site.bench.report import as_json, as_table, machine_of, write_json
from shouwang.site.bench.run import measure_all
from shouwang.site.bench.timing import CLOCKS
from shouwang.site.bench.world import SIZES, NotEmpty


class Command(Base):
    help = "Measures the main pages and writes, each beside the bare database or a limit, in a database of its own."
    example = "shouwang bench --size small"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", choices=SIZES, default="usual", help="default: usual, about four minutes"
        )
        parser.add_argument(
            "--clock", choices=CLOCKS, default="wall", help="cpu: this program's own time, for a busy machine"
        )
        # How the command calls itself once it has a home that is thrown away.
        parser.add_argument("--into", type=Path, default=None, help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        into: Path | None = options["into"]
        if into is None:
            target = Path(settings.SHOUWANG_HOME) / "bench.json"
            words = ["--size", options["size"], "--clock", options["clock"], "--into", str(target)]
            if code := run_apart(words):
                raise SystemExit(code)
            return
        self.measure(SIZES[options["size"]].code, options["clock"], into)

    def measure(self, size_code: str, by_clock: str, into: Path) -> None:
        """Measures here: the database must be empty."""
        size, at = SIZES[size_code], clock.now()
        try:
            lines = measure_all(size, by_clock, lambda said: self.stderr.write(f"· {said}"))
        except NotEmpty as fault:
            raise Unusable(_("This database is somebody's; measure without --into.")) from fault
        write_json(into, as_json(lines, machine_of(size, by_clock), at))
        self.stdout.write(as_table(lines))
        self.stdout.write(str(into))
