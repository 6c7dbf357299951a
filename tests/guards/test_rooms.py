"""Rooms are entered by their doors only, and look alike."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.guards.reading import (
    FREE_ROOMS,
    PACKAGE,
    Source,
    furnished_rooms,
    python_sources,
    rooms,
    source,
    told,
)

DOORS = {"models", "states", "rules", "selectors", "services", "signals", "engines"}
# Site puts the house together: it names routes and the API, and nothing else that others may not.
DOORS_FOR_SITE = DOORS | {"urls", "api", "apps", "commands"}
QUERYSETS = {"objects", "_default_manager", "_base_manager"}
FURNITURE = {
    "files": {"README.md", "__init__.py"},
    "pieces": {
        "states", "signals", "registry", "models", "rules", "selectors", "engines", "adapters", "services",
        "commands", "forms", "api", "views", "jobs", "receivers", "middleware", "admin", "urls", "apps",
    },
    "folders": {"engines", "adapters", "management", "templates", "static", "locale", "migrations", "tests"},
}  # fmt: skip


def wrong_doors(sources: Iterable[Source]) -> list[str]:
    """Imports that enter another room by something that is not a door."""
    return [
        f"{file.path}:{line}: enters {other} by {piece or 'the whole room'}"
        for file in sources
        for other, piece, line in foreign_imports(file)
        if piece not in doors_for(file)
    ]


def doors_for(file: Source) -> set[str]:
    doors = DOORS_FOR_SITE if file.room == "site" else DOORS
    return doors | {"tests"} if file.is_test else doors


def foreign_imports(file: Source) -> Iterator[tuple[str, str, int]]:
    for module, name, line in file.imports():
        parts = [*module.split("."), *([name] if name else [])]
        if parts[0] == "shouwang" and len(parts) > 1 and parts[1] not in {file.room, "core", "ui"}:
            yield parts[1], parts[2] if len(parts) > 2 else "", line


def foreign_querysets(sources: Iterable[Source]) -> list[str]:
    """`.objects` on another room's model: reads belong to its selectors, writes to its services."""
    found = []
    for file in sources:
        classes = foreign_classes(file)
        # `.objects.none()` reads nothing: a form's field begins with it.
        empty = {
            node.value
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Attribute) and node.attr == "none"
        }
        for node in ast.walk(file.tree):
            if not (isinstance(node, ast.Attribute) and node.attr in QUERYSETS) or node in empty:
                continue
            name = ast.unparse(node.value).split("(")[0]
            if room := classes.get(name) or classes.get(name.split(".")[0] if "." in name else ""):
                found.append(f"{file.path}:{node.lineno}: {name}.{node.attr} belongs to {room}")
    return found


def foreign_classes(file: Source) -> dict[str, str]:
    """Names in this file that stand for another room's model, or for its models module."""
    names: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("shouwang."):
            room = node.module.split(".")[1] if node.module.count(".") else ""
            if (
                room
                and room != file.room
                and ("models" in node.module or any(a.name == "models" for a in node.names))
            ):
                names.update({alias.asname or alias.name: room for alias in node.names})
        if file.room != "accounts":
            if isinstance(node, ast.Assign) and "get_user_model()" in ast.unparse(node.value):
                names.update({ast.unparse(target): "accounts" for target in node.targets})
            if isinstance(node, ast.Name) and node.id == "get_user_model":
                names["get_user_model"] = "accounts"
    return names


def strange_furniture(room: str, inside: Iterable[str]) -> list[str]:
    """`inside`: names of what stands in the room's folder, folders with a slash at the end."""
    found = []
    for name in inside:
        bare = name.rstrip("/")
        known = (
            bare in FURNITURE["folders"] | FURNITURE["pieces"]
            if name.endswith("/")
            else bare in FURNITURE["files"] or (bare.endswith(".py") and bare[:-3] in FURNITURE["pieces"])
        )
        if not known:
            found.append(f"shouwang/{room}/{name} is no piece of furniture")
    return found


def contents(room: str) -> list[str]:
    entries = [path for path in (PACKAGE / room).iterdir() if path.name != "__pycache__"]
    return [path.name + ("/" if path.is_dir() else "") for path in entries]


def test_rooms_are_entered_by_their_doors() -> None:
    found = wrong_doors(python_sources())
    assert not found, told(found)


def test_a_window_is_no_door() -> None:
    bad = source("shouwang/help/services.py", "from shouwang.people.forms import PersonForm")
    worse = source("shouwang/help/services.py", "import shouwang.people")
    good = source("shouwang/help/services.py", "from shouwang.people import selectors")
    near = source("shouwang/help/services.py", "from .forms import AskForm")
    assert wrong_doors([bad]) == ["shouwang/help/services.py:1: enters people by forms"]
    assert wrong_doors([worse])
    assert not wrong_doors([good, near])


def test_rows_are_fetched_in_their_own_room() -> None:
    found = foreign_querysets(file for file in python_sources() if not file.is_test)
    assert not found, told(found)


def test_foreign_rows_are_noticed() -> None:
    head = "from shouwang.people.models import Person\n"
    assert foreign_querysets([source("shouwang/help/selectors.py", head + "Person.objects.all()")])
    assert not foreign_querysets([source("shouwang/help/forms.py", head + "Field(Person.objects.none())")])
    module = "from shouwang.people import models as theirs\ntheirs.Person._default_manager.all()"
    assert foreign_querysets([source("shouwang/help/selectors.py", module)])
    user = "from django.contrib.auth import get_user_model\nUser = get_user_model()\nUser.objects.get()"
    assert foreign_querysets([source("shouwang/help/selectors.py", user)])
    direct = "from django.contrib.auth import get_user_model\nget_user_model().objects.get()"
    assert foreign_querysets([source("shouwang/help/selectors.py", direct)])
    assert not foreign_querysets([source("shouwang/people/selectors.py", head + "Person.objects.all()")])
    assert not foreign_querysets([source("shouwang/help/models.py", head + "ForeignKey(Person)")])


def test_every_room_is_furnished_alike() -> None:
    found = [
        fault
        for room in rooms()
        if room not in FREE_ROOMS
        for fault in strange_furniture(room, contents(room))
    ]
    assert not found, told(found)


def test_strange_furniture_is_noticed() -> None:
    assert strange_furniture("help", ["utils.py"]) == ["shouwang/help/utils.py is no piece of furniture"]
    assert strange_furniture("help", ["lib/"])
    assert not strange_furniture("help", ["README.md", "services.py", "services/", "templates/"])


def test_every_room_is_in_the_contract() -> None:
    assert set(furnished_rooms()) == set(rooms()) - FREE_ROOMS


def test_every_room_says_what_it_is_for() -> None:
    found = [room for room in rooms() if not (PACKAGE / room / "README.md").exists()]
    assert not found, f"rooms without README.md: {', '.join(found)}"


def test_tests_of_rooms_are_packages() -> None:
    """Otherwise the import contract would not see them, and equal names would collide."""
    found = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.glob("*/tests")
        if any(path.glob("test_*.py")) and not (path / "__init__.py").exists()
    ]
    assert not found, f"tests without __init__.py: {', '.join(found)}"
