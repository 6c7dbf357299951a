from __future__ import annotations

from typing import Any

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import require_migrated
from shouwang.core.loops import Loop


class Command(Base):
    help = "Sends messages and does other slow work, until stopped by SIGTERM or SIGINT."
    example = "shouwang worker"

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        Loop("worker").run()
