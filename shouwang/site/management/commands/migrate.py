from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Base

from shouwang.core.command_line import epilog


class Command(Base):
    """Django's own, with an example in its help."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs |= {
            "epilog": epilog("shouwang migrate"),
            "formatter_class": argparse.RawDescriptionHelpFormatter,
        }
        return super().create_parser(prog_name, subcommand, **kwargs)
