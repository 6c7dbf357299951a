from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable
from shouwang.help.engines.messages import Part, read_message, read_message_json


class Command(Base):
    help = "Reads a pasted chat message from standard input into drafts, one a household. It never guesses."
    example = 'echo "3号楼2单元501 土豆5斤" | shouwang read-message --json'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise Unusable(_("Standard input is not UTF-8 text.")) from fault
        if options["json"]:
            self.stdout.write(json.dumps(read_message_json(text), ensure_ascii=False, indent=2))
            return
        message = read_message(text)
        for part in message.parts:
            self.stdout.write(_told(part))
        for doubt in message.unsure:
            self.stdout.write(f"? {doubt}")


def _told(part: Part) -> str:
    door = part.household
    where = "-".join(word for word in (door.building, door.stairwell, door.door) if word) if door else "?"
    lines = (
        f"    {line.name} {line.quantity or '?'}{line.unit or ''} {line.notes}".rstrip()
        for line in part.lines
    )
    return "\n".join([" · ".join([where, part.category, part.urgency, *part.flags]), *lines])
