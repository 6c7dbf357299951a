"""Settings are documented, migrations complete, and nothing depends on one machine."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterable

import pytest
from django.core.management import call_command

from tests.guards.reading import ROOT, Source, python_sources, source, told

SETTING = re.compile(r"\bSHOUWANG_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
READ = re.compile(
    r"""environ(?:\.get|\.setdefault|\.pop)?[\[(]\s*["'](\w+)["']|\$\{?(SHOUWANG_\w+)|getenv\(["'](\w+)"""
)
OF_THE_SYSTEM = {"DJANGO_SETTINGS_MODULE", "PATH", "HOME"}
# Written in pieces, so that this file does not find itself.
ONE_MACHINE = [
    re.compile(piece)
    for piece in (
        "/" + r"(?:work|root|home/\w+)/",
        r"\.\./" + "shared",
        r"\." + "library/",
        "py" + r"pi\.org",
        "python" + r"hosted\.org",
        "npm" + r"js\.(?:org|com)",
        "deb" + r"\.debian\.org",
        "proxy" + r"\.golang\.org",
        r"(?i)\b" + "sub-?" + r"agents?\b",
        r"(?i)\b" + "chat" + r"gpt\b",
        r"(?i)\b" + "clau" + r"de\b",
    )
]
TEXT = {
    "", ".py", ".md", ".html", ".css", ".js", ".ts", ".tsx", ".json", ".toml", ".txt", ".po", ".sh", ".cfg",
    ".ini", ".yml", ".yaml", ".svg", ".importlinter", ".editorconfig",
}  # fmt: skip


def settings_read(sources: Iterable[Source]) -> set[str]:
    """Environment variables that the program asks for."""
    names = {
        name for file in sources for match in READ.finditer(file.text) for name in match.groups() if name
    }
    return names - OF_THE_SYSTEM


def undocumented(read: set[str], page: str) -> list[str]:
    told_of = set(re.findall(r"^\|\s*`(\w+)`", page, re.M))
    return [f"{name} is read but not in docs/settings.md" for name in sorted(read - told_of)] + [
        f"{name} is in docs/settings.md but nobody reads it" for name in sorted(told_of - read)
    ]


def bound_to_one_machine(sources: Iterable[Source]) -> list[str]:
    return [
        f"{file.path}:{file.text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for file in sources
        for pattern in ONE_MACHINE
        for match in pattern.finditer(file.text)
    ]


def everything_kept() -> list[Source]:
    """Every text file that belongs to the repository, whether git knows it yet or not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or [
        path
        for part in ("shouwang", "tests", "tools", "docs", "requirements")
        for path in (ROOT / part).rglob("*")
    ]
    kept = [path for path in paths if path.is_file() and path.suffix in TEXT]
    return [Source(str(path.relative_to(ROOT)), path.read_text("utf-8", errors="replace")) for path in kept]


def test_every_setting_is_documented() -> None:
    shell = [Source(f"tools/{name}", (ROOT / "tools" / name).read_text()) for name in ("setup", "test")]
    read = settings_read([*(file for file in python_sources() if not file.is_test), *shell])
    read |= settings_read([Source("conftest.py", (ROOT / "conftest.py").read_text())]) & {
        "SHOUWANG_TEST_PROFILE"
    }
    found = undocumented(read, (ROOT / "docs" / "settings.md").read_text("utf-8"))
    assert not found, told(found)


def test_a_secret_setting_is_noticed() -> None:
    file = source("shouwang/site/settings.py", 'os.environ.get("SHOUWANG_MOOD", "")\nos.environ["PORT"]')
    assert settings_read([file]) == {"SHOUWANG_MOOD", "PORT"}
    assert undocumented({"SHOUWANG_MOOD"}, "| `PORT` | 8000 |") == [
        "SHOUWANG_MOOD is read but not in docs/settings.md",
        "PORT is in docs/settings.md but nobody reads it",
    ]


def test_only_the_settings_module_reads_the_environment() -> None:
    """Elsewhere a setting would be found by nobody; site is where the environment is read."""
    found = [
        file.path
        for file in python_sources()
        if not file.is_test and file.room != "site" and "os.environ" in file.text
    ]
    assert not found, told(found)


def test_nothing_depends_on_one_machine() -> None:
    found = bound_to_one_machine(everything_kept())
    assert not found, told(found)


@pytest.mark.parametrize(
    "text", ["cd /" + "work/x", "https://py" + "pi.org/simple", "../" + "shared/words.md"]
)
def test_one_machine_is_noticed(text: str) -> None:
    assert bound_to_one_machine([source("docs/a.md", text)])


def test_lock_files_name_no_host() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "requirements").glob("*.txt")
        for line in path.read_text().split("\n")
        if re.search(r"https?://|--index-url|--extra-index-url|--find-links", line)
    ]
    assert not found, told(found)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out)
    except SystemExit:
        pytest.fail(f"models and migrations differ; run makemigrations:\n{out.getvalue()}")
