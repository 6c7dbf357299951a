"""What a piece of furniture never does, where imports between rooms do not show it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.guards.reading import FREE_ROOMS, Source, python_sources, source, told

# piece -> pieces of any room that it never imports, and why
NEVER_IMPORTED = {
    "views": ({"adapters", "jobs", "receivers"}, "nobody waits for the outside"),
    "api": ({"adapters", "jobs", "receivers"}, "nobody waits for the outside"),
    "forms": ({"adapters"}, "calls to the outside are a job's"),
    "commands": ({"adapters"}, "calls to the outside are a job's"),
    "receivers": (
        {"adapters", "services"},
        "a receiver writes its own due row and nothing else",
    ),
    "states": ({"models", "rules", "selectors", "services"}, "states stand alone"),
    "signals": ({"models", "rules", "selectors", "services"}, "signals stand alone"),
}
QUERYING = {"objects", "_default_manager", "_base_manager"}
FETCHING = {"get_object_or_404", "get_list_or_404"}
WRITING = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
NEVER_WRITE = {"selectors", "rules", "states", "signals", "views", "api"}


def wrong_imports(sources: Iterable[Source]) -> list[str]:
    found = []
    for file in sources:
        pieces, why = NEVER_IMPORTED.get(file.piece, (set(), ""))
        for module, name, line in file.imports():
            parts = [*module.split("."), name]
            if (
                parts[0] == "shouwang"
                and len(parts) > 2
                and parts[1] not in FREE_ROOMS
                and parts[2] in pieces
            ):
                found.append(f"{file.path}:{line}: {file.piece} imports {parts[2]}; {why}")
    return found


def queries_outside_selectors(sources: Iterable[Source]) -> list[str]:
    """Rows fetched where pages are parsed and rendered: that read has no scope."""
    return [
        f"{file.path}:{node.lineno}: {ast.unparse(node)[:60]}; ask a selector"
        for file in sources
        if file.piece in {"views", "api"}
        for node in ast.walk(file.tree)
        if (isinstance(node, ast.Attribute) and node.attr in QUERYING)
        or (isinstance(node, ast.Name) and node.id in FETCHING)
    ]


def quiet_writes(sources: Iterable[Source]) -> list[str]:
    """Writes where nobody looks for them; only services write."""
    return [
        f"{file.path}:{line}: {call}(...) writes; that is a service's"
        for file in sources
        if file.piece in NEVER_WRITE
        for call, line in writing_calls(file)
    ]


def writing_calls(file: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            yield ast.unparse(node.func), node.lineno


def furnished() -> list[Source]:
    return [file for file in python_sources() if file.room not in FREE_ROOMS and not file.is_test]


def test_pieces_import_what_they_may() -> None:
    found = wrong_imports(furnished())
    assert not found, told(found)


def test_views_ask_selectors() -> None:
    found = queries_outside_selectors(furnished())
    assert not found, told(found)


def test_only_services_write() -> None:
    found = quiet_writes(furnished())
    assert not found, told(found)


def test_pieces_that_overreach_are_noticed() -> None:
    assert wrong_imports(
        [source("shouwang/help/receivers.py", "from shouwang.help.services import close_request")]
    )
    assert wrong_imports(
        [source("shouwang/help/views/board.py", "from shouwang.notices.adapters import sms")]
    )
    assert not wrong_imports(
        [source("shouwang/notices/jobs.py", "from shouwang.notices.adapters import sms")]
    )
    assert queries_outside_selectors([source("shouwang/help/views.py", "HelpRequest.objects.get(pk=pk)")])
    assert queries_outside_selectors(
        [source("shouwang/help/api.py", "get_object_or_404(HelpRequest, pk=pk)")]
    )
    assert quiet_writes([source("shouwang/help/selectors.py", "request.save()")])
    assert quiet_writes([source("shouwang/help/rules.py", "Thing.objects.create()")])
    assert not quiet_writes([source("shouwang/help/services.py", "request.save()")])
