"""What every command of `shouwang` shares: an example in its help, one line for what is wrong, exit 0 or 2."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.utils.translation import gettext as _

from shouwang.core.actors import acting_from
from shouwang.core.errors import Refusal

UNUSABLE = 2


class Unusable(CommandError):
    """Input that a command can't use: one line on standard error, exit 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=UNUSABLE)


def read_json(path: Path) -> Any:
    """What a JSON file holds, whatever its shape. Unusable when it can't be read or is not JSON."""
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as fault:
        raise Unusable(
            _("%(file)s can't be read: %(reason)s") % {"file": path, "reason": fault.strerror}
        ) from fault
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise Unusable(_("%(file)s is not JSON: %(reason)s") % {"file": path, "reason": fault}) from fault


class LineParser(CommandParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        if not self.called_from_command_line:
            super().error(message)
        fail(f"{self.prog}: {message}")


def fail(sentence: str, code: int = UNUSABLE) -> NoReturn:
    """Says the reason in one line and ends with `code`."""
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    raise SystemExit(code)


def epilog(example: str) -> str | None:
    """What stands at the end of a command's help."""
    return _("Example:") + f"\n  {example}" if example else None


class Command(BaseCommand):
    """The base of our commands. `example` is shown by --help; Django's own options stay out of sight."""

    example = ""
    requires_system_checks = ()
    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
        "--skip-checks",
    }  # fmt: skip

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = LineParser(
            prog=f"{prog_name} {subcommand}",
            description=self.help or None,
            epilog=epilog(self.example),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            called_from_command_line=getattr(self, "_called_from_command_line", None),
        )
        self._hidden_options(parser)
        self.add_arguments(parser)
        return parser

    def add_verb(self, verbs: Any, name: str, says: str, example: str = "") -> CommandParser:
        """A sub-command with its own --help; its example is the command's unless it has one."""
        parser: CommandParser = verbs.add_parser(
            name,
            help=says,
            description=says[:1].upper() + says[1:] + ".",
            epilog=epilog(example or self.example),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        return parser

    def _hidden_options(self, parser: CommandParser) -> None:
        hidden: dict[str, Any] = {"help": argparse.SUPPRESS}
        parser.add_argument("--verbosity", type=int, default=1, **hidden)
        parser.add_argument("--settings", **hidden)
        parser.add_argument("--pythonpath", **hidden)
        for flag in ("--traceback", "--no-color", "--force-color", "--skip-checks"):
            parser.add_argument(flag, action="store_true", **hidden)

    def execute(self, *args: Any, **options: Any) -> str | None:
        with acting_from("cli"):
            return super().execute(*args, **options)

    def run_from_argv(self, argv: list[str]) -> None:
        """Runs for a person at a terminal: refusals and unusable input become one line."""
        self._called_from_command_line = True
        try:
            options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
            self.execute(*options.pop("args", ()), **options)
        except Refusal as refusal:
            fail(refusal.sentence())
        except CommandError as fault:
            fail(str(fault), max(fault.returncode, UNUSABLE))
        except DatabaseError as fault:
            fail(_("The database does not answer: %(reason)s") % {"reason": fault})
        finally:
            connections.close_all()


def missing_migrations() -> list[str]:
    """Migrations that this program has and the database has not."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def require_migrated() -> None:
    """Unusable when the database is not as this program needs it."""
    missing = missing_migrations()
    if missing:
        raise Unusable(
            _(
                "The database is not ready for this version (%(count)d steps are missing). Run: shouwang migrate"
            )
            % {"count": len(missing)}
        )
