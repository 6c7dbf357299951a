"""Reading the house: its sources, its floors. The guards are functions over `Source`s, so that each can be
shown a bad example; see `source`."""

from __future__ import annotations

import ast
import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "shouwang"
# Core, ui and site are furnished as they need to be; the architecture excepts them.
FREE_ROOMS = {"core", "ui", "site"}


@dataclass(frozen=True)
class Source:
    """One file. `path` is relative to the repository: "shouwang/help/services.py"."""

    path: str
    text: str

    @property
    def room(self) -> str:
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "shouwang" else ""

    @property
    def inside(self) -> str:
        """The path within its room."""
        return "/".join(self.path.split("/")[2:])

    @property
    def piece(self) -> str:
        """The piece of furniture: "views" of both views.py and views/board.py."""
        return self.inside.split("/")[0].removesuffix(".py")

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.split("/") or self.path.endswith("conftest.py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )

    def imports(self) -> Iterator[tuple[str, str, int]]:
        """(module, imported name or "", line) of every import in the package, absolute."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "", node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = self._absolute(node)
                yield from ((module, alias.name, node.lineno) for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        folder = self.path.removesuffix(".py").split("/")[: -node.level]
        return ".".join(folder + ([node.module] if node.module else []))


def source(path: str, text: str) -> Source:
    """A made-up file, to show a guard what it must refuse."""
    return Source(path, text)


def _read(pattern: str, below: Path) -> tuple[Source, ...]:
    skipped = {"node_modules", "__pycache__"}
    paths = sorted(path for path in below.rglob(pattern) if not skipped & set(path.parts))
    return tuple(Source(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths)


@lru_cache
def python_sources() -> tuple[Source, ...]:
    """Every Python file of the package, migrations apart."""
    return tuple(found for found in _read("*.py", PACKAGE) if "/migrations/" not in found.path)


@lru_cache
def template_sources() -> tuple[Source, ...]:
    return tuple(found for found in _read("*.html", PACKAGE) if "/templates/" in found.path)


@lru_cache
def floors() -> dict[str, int]:
    """Room to height, from the import contract itself: one list of floors in the house, not two."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    rows = contracts["importlinter:contract:floors"]["layers"].split("\n")
    rows = [row for row in rows if row.strip()]
    height = {}
    for number, row in enumerate(reversed(rows)):
        for room in row.split("|"):
            height[room.strip().strip("()")] = number
    return height


@lru_cache
def furnished_rooms() -> tuple[str, ...]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    containers = contracts["importlinter:contract:furniture"]["containers"].split()
    return tuple(name.removeprefix("shouwang.") for name in containers)


def rooms() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def may_name(room: str, other: str) -> bool:
    """Whether something in `room` may name something of `other`: its own, or a room below."""
    height = floors()
    return room == other or room == "site" or height[other] < height[room]


def told(found: list[str]) -> str:
    return "\n".join(["", *found])
