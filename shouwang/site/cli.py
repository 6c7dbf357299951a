"""The command line: `shouwang COMMAND`. Every command has --help with an example."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A command as people type it, Django's name for it, and one line that says what it does."""

    name: str
    command: str
    says: str


COMMANDS = (
    Entry("demo", "demo", "the made-up neighbourhood, on this computer only"),
    Entry("serve", "serve", "the pages and the API"),
    Entry("clock", "clock", "does what falls due"),
    Entry("worker", "worker", "sends messages and does other slow work"),
    Entry("migrate", "migrate", "brings the database to this version"),
    Entry("community", "community", "make a community"),
    Entry("user", "user", "open and close accounts, set a password"),
    Entry("token", "token", "make a token for a program"),
    Entry("import-register", "import_register", "a household ledger, Excel or CSV, into the register"),
    Entry("export-register", "export_register", "the register as the same sheet"),
    Entry("read-message", "read_message", "a pasted chat message into drafts"),
    Entry("assign", "assign", "requests to volunteers, the best way"),
    Entry("plan batches", "plan_batches", "which building comes to the sampling point when"),
    Entry("plan runs", "plan_runs", "who brings what to which doors, trip by trip"),
    Entry("check", "check_promise", "is anybody missed? Exit 1 when something is broken"),
    Entry("audit", "audit_chain", "is the record of acts whole? Its head, to be noted elsewhere"),
    Entry("keys", "keys", "change the key that seals"),
    Entry("bench", "bench", "measures the main pages and writes"),
)
LATER = {
    "plan rota": "the rota",
}
PLANS = tuple(entry.name for entry in COMMANDS if entry.name.startswith("plan "))


def main() -> None:
    """Runs a command; without one, lists them. What it writes is the owner's alone: names and doors are in it."""
    os.umask(0o077)
    sys.exit(run(["shouwang", *sys.argv[1:]]))


def run(argv: list[str]) -> int:
    """Runs what `argv` says, as from a terminal, and answers the exit code."""
    words = argv[1:]
    if not words or words[0] in ("help", "--help", "-h"):
        print(listing())
        return 0
    if words[0] == "plan":
        asked = " ".join(words[:2])
        if asked not in PLANS:
            return _later(words)
        words = [asked, *words[2:]]
        argv = [argv[0], *words]
    _set_environment(words)
    try:
        return _start(argv)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except BrokenPipeError:
        return 0


def listing() -> str:
    """What `shouwang` says without a command."""
    width = max(len(entry.name) for entry in COMMANDS)
    lines = [f"  {entry.name:<{width}}  {entry.says}" for entry in COMMANDS]
    return "\n".join(
        ["usage: shouwang COMMAND [--help]", "", *lines, "", "Example:", "  shouwang import-register --help"]
    )


def _later(words: Sequence[str]) -> int:
    asked = " ".join(words[:2])
    if asked not in LATER:
        choices = ", ".join(name.split()[1] for name in (*PLANS, *LATER))
        sys.stderr.write(f"shouwang plan: choose {choices}\n")
    else:
        sys.stderr.write(f"shouwang {asked}: not in this version; it comes with {LATER[asked]}\n")
    return 2


def _set_environment(words: Sequence[str]) -> None:
    """What must be known before the settings are read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.site.settings")
    if words[0] == "demo":
        os.environ["SHOUWANG_DEMO"] = "1"
        os.environ.setdefault("SHOUWANG_BASE_URL", f"http://localhost:{_port(words)}")


def _port(words: Sequence[str]) -> str:
    if "--port" in words[:-1]:
        return words[words.index("--port") + 1]
    return os.environ.get("PORT") or "8000"


def _start(argv: list[str]) -> int:
    import django
    from django.core.management import get_commands, load_command_class
    from django.utils import translation

    django.setup()
    entry = next((entry for entry in COMMANDS if entry.name == argv[1]), None)
    name = entry.command if entry else argv[1]
    app = get_commands().get(name)
    if app is None:
        sys.stderr.write(f"shouwang: there is no command {argv[1]!r}; shouwang --help lists them\n")
        return 2
    command = app if not isinstance(app, str) else load_command_class(app, name)
    with translation.override(_language()):
        command.run_from_argv(argv)
    return 0


def _language() -> str:
    """The terminal's language: Chinese where it says so, else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if said.startswith("zh") else "en"


if __name__ == "__main__":
    main()
