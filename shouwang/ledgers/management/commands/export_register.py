"""shouwang export-register FILE --community CODE"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from shouwang.core.actors import OPERATOR, acting_from
from shouwang.core.command_line import Command as Base
from shouwang.ledgers.services import export_register
from shouwang.places.selectors import community_by_code

UNUSABLE = 2


class Command(Base):
    """Writes a community's register as the same sheet that comes in."""

    help = "Export the residents' register as .xlsx."
    example = "shouwang export-register out.xlsx --community jinxiu"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="the community's code")

    def handle(self, *args: Any, **options: Any) -> None:
        community = community_by_code(options["community"])
        if community is None:
            raise CommandError(_("There is no community with this code."), returncode=UNUSABLE)
        with acting_from("cli"):
            content = export_register(community=community, by=OPERATOR)
        try:
            options["file"].write_bytes(content)
        except OSError as fault:
            raise CommandError(f"{options['file']}: {fault.strerror}", returncode=UNUSABLE) from fault
        self.stdout.write(str(options["file"]))
