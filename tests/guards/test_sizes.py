"""Nothing grows so large that nobody reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.guards.reading import ROOT, Source, python_sources, source, template_sources, told

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
LINES_OF_A_VIEW = 14
LINES_BESIDE_A_VIEW = 25
LETTERS_OF_A_LINE = 130


def long_files(sources: Iterable[Source]) -> list[str]:
    """A table of examples (a module without functions and classes) may be as long as it is."""
    counted = [(file, file.text.count("\n")) for file in sources]
    return [
        f"{file.path}: {lines} lines; split it into a folder"
        for file, lines in counted
        if lines > LINES_OF_A_FILE and not (file.is_test and is_a_table(file))
    ]


def is_a_table(file: Source) -> bool:
    return not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(file.tree))


def long_functions(sources: Iterable[Source]) -> list[str]:
    found = []
    for file in sources:
        for function in file.functions():
            lines, limit = length_of(function, file)
            if lines > limit:
                found.append(
                    f"{file.path}:{function.lineno}: {function.name} has {lines} lines, at most {limit}"
                )
    return found


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef, file: Source) -> tuple[int, int]:
    """Lines and their limit. A view is what declares its access above it; what stands beside it may be longer."""
    if file.piece != "views" or file.is_test:
        return (function.end_lineno or 0) - function.lineno + 1, LINES_OF_A_FUNCTION
    return body_lines(function), LINES_OF_A_VIEW if function.decorator_list else LINES_BESIDE_A_VIEW


def long_lines(sources: Iterable[Source]) -> list[str]:
    return [
        f"{file.path}:{number}: {len(line)} characters"
        for file in sources
        for number, line in enumerate(file.text.split("\n"), 1)
        if len(line) > LETTERS_OF_A_LINE
    ]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; signature and docstring don't count against a view."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def tools_and_guards() -> list[Source]:
    paths = [*(ROOT / "tools").glob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "conftest.py"]
    return [Source(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths]


def test_files_stay_short() -> None:
    found = long_files([*python_sources(), *template_sources(), *tools_and_guards()])
    assert not found, told(found)


def test_functions_stay_short() -> None:
    found = long_functions([*python_sources(), *tools_and_guards()])
    assert not found, told(found)


def test_lines_stay_short() -> None:
    # Engines hold word lists and patterns, which are read as one piece.
    program = [file for file in python_sources() if file.piece != "engines"]
    found = long_lines([*program, *tools_and_guards()])
    assert not found, told(found)


def test_length_is_noticed() -> None:
    def function(lines: int) -> str:
        return "def see(request):\n    '''Says.'''\n" + "    x = 1\n" * lines

    assert long_files([source("shouwang/help/services.py", "\n" * 401)])
    assert not long_files([source("shouwang/help/tests/table.py", "\n" * 401)])
    assert long_files([source("shouwang/help/tests/test_x.py", "\n" * 401 + function(1))])
    assert not long_files([source("shouwang/help/services.py", "\n" * 400)])
    assert long_functions([source("shouwang/help/services.py", function(59))])
    assert not long_functions([source("shouwang/help/services.py", function(58))])
    view = "@signed_in\n" + function(15)
    assert long_functions([source("shouwang/help/views.py", view)])
    assert long_functions([source("shouwang/help/views/board.py", view)])
    assert not long_functions([source("shouwang/help/views.py", "@signed_in\n" + function(14))])
    assert long_functions([source("shouwang/help/views.py", function(26))])
    assert long_lines([source("shouwang/help/services.py", "x" * 131)])
