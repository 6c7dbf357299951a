from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shouwang.core import clock
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import require_migrated
from shouwang.core.loops import Loop


class Command(Base):
    help = "Does what falls due, one row at a time, until stopped by SIGTERM or SIGINT."
    example = "shouwang clock"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--accept-time", action="store_true",
            help="the computer's clock has jumped and is right now: go by it, then end",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accept_time"]:
            clock.accept()
            self.stdout.write(str(_("Time goes on from %(now)s.") % {"now": clock.now().astimezone()}))
            return
        require_migrated()
        Loop("clock").run()
