from __future__ import annotations

from typing import Any

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import require_migrated
from shouwang.core.loops import Loop


class Command(Base):
    help = "Does what falls due, one row at a time, until stopped by SIGTERM or SIGINT."
    example = "shouwang clock"

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        Loop("clock").run()
