from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from shouwang.core import clock
from shouwang.core.command_line import Command as Base
from shouwang.core.command_line import Unusable, require_migrated
from shouwang.core.keys import change_key, count_old, retire_keys, seal_everything_anew
from shouwang.core.sealing import current_key, sealing_keys


class Command(Base):
    help = "Which keys there are, and a new one for everything that is sealed. Everything may go on running."
    example = "shouwang keys change"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        self.add_verb(verbs, "show", "which keys there are, and how much stands under an older one")
        self.add_verb(
            verbs, "change", "make a new key and seal everything anew; then copy the keys folder again"
        )
        self.add_verb(verbs, "go-on", "finish a change that was stopped")
        self.add_verb(
            verbs, "retire", "delete the older keys: backups from before the change become unreadable"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        verb = options["verb"] or "show"
        getattr(self, f"_{verb.replace('-', '_')}")()

    def _say(self, column: str, count: int) -> None:
        self.stdout.write(f"  {count:>9,}  {column}")

    def _show(self) -> None:
        self.stdout.write(" ".join(sealing_keys()))
        for column, count in count_old().items():
            self._say(column, count)

    def _change(self) -> None:
        name = change_key(clock.now(), self._say)
        self.stdout.write(_("Sealed with %(name)s from now on. Copy the keys folder to its two safe places again.")
                          % {"name": name})  # fmt: skip

    def _go_on(self) -> None:
        seal_everything_anew(clock.now(), self._say)
        self.stdout.write(_("Everything stands under %(name)s.") % {"name": current_key()})

    def _retire(self) -> None:
        try:
            gone = retire_keys()
        except ValueError as fault:
            raise Unusable(
                _("Something still stands under an older key: `shouwang keys go-on` first.")
            ) from fault
        self.stdout.write(_("Deleted: %(names)s.") % {"names": " ".join(gone) or "–"})
