from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core.chain import Head, broken_links, read_head
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated

BROKEN = 1


class Command(Base):
    help = "Recounts the chain over the record of acts, and prints its head: a number and a digest to note elsewhere."
    example = "shouwang audit --expect 812:5f0c…"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", help="a head noted earlier, NUMBER:DIGEST; is it still in the chain?")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        broken = broken_links(self._expected(options["expect"]))
        head = read_head()
        self.stdout.write(f"{head.number}:{head.digest}" if head else _("Nothing is sealed yet."))
        if broken:
            numbers = ", ".join(str(number) for number in broken)
            self.stderr.write(
                _("The record was changed: links %(numbers)s do not fit.") % {"numbers": numbers}
            )
            raise SystemExit(BROKEN)

    def _expected(self, said: str | None) -> Head | None:
        if not said:
            return None
        number, _colon, digest = said.partition(":")
        if not number.isdigit() or not digest:
            raise Unusable(_("Write the head as it was printed: NUMBER:DIGEST."))
        return Head(int(number), digest)
