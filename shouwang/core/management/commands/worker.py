from __future__ import annotations

from threading import Thread
from typing import Any

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import require_migrated
from shouwang.core.loops import Loop


class Command(Base):
    help = "Sends messages and does other slow work, until stopped by SIGTERM or SIGINT."
    example = "shouwang worker"

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        # Two pairs of hands: while one takes in a ledger for a minute, the other sends what has to go out.
        second = Loop("worker", beats=False)
        hands = Thread(target=second.go_round, name="second", daemon=True)
        hands.start()
        Loop("worker").run()
        second.stop()
        hands.join(timeout=10)
