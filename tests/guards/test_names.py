"""Names say what a thing is. Words that fit everything are not used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tests.guards.reading import Source, python_sources, source, told

BANNED = {"task", "manager", "utils", "util", "helper", "data", "info", "process"}
BANNED |= {f"{word}s" for word in BANNED} | {"processes"}
# What the framework calls so, and the words of the house that contain one (docs/words.md, docs/architecture.md).
ALLOWED = {
    "property_manager",
    "PropertyManager",
    "data_key",
    "DataKey",
    "get_context_data",
    "process_request",
    "process_response",
    "process_view",
    "process_exception",
    "UserManager",
    "BaseUserManager",
}


def banned_names(sources: Iterable[Source]) -> list[str]:
    """Modules, classes and functions with a banned word in their name."""
    return [
        f"{file.path}:{line}: {name}"
        for file in sources
        for name, line in names_in(file)
        if BANNED & set(words_of(name))
    ]


def names_in(file: Source) -> Iterator[tuple[str, int]]:
    for part in PurePosixPath(file.path).with_suffix("").parts[1:]:
        yield part, 0
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno


def words_of(name: str) -> list[str]:
    for allowed in ALLOWED:
        name = name.replace(allowed, "")
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def test_names_say_something() -> None:
    found = banned_names(python_sources())
    assert not found, told(found)


def test_empty_names_are_noticed() -> None:
    def named(text: str, path: str = "shouwang/help/services.py") -> list[str]:
        return banned_names([source(path, text)])

    assert named("def process_request_of(x): ...") or named("def load_data(): ...")
    assert named("class TaskRow: ...")
    assert named("class RequestManager: ...")
    assert named("", "shouwang/help/utils.py")
    assert not named("def inform(): ...\nclass Database: ...\ndef property_manager_of(place): ...")
