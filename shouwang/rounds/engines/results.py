"""A laboratory's file of results: one line a tube, its barcode and what was found, as .csv or .xlsx."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shouwang.rounds.engines.barcodes import barcode_fault, clean_barcode
from shouwang.rounds.engines.lists import UnreadableList, sheet_rows

MOST_LINES = 20_000

# What laboratories write. Longer words first: "阴性" is in "非阴性".
WORDS = {
    "negative": ("阴性", "阴", "negative", "neg", "-", "(-)", "未检出", "not detected"),
    "positive": ("阳性", "阳", "positive", "pos", "+", "(+)", "检出", "detected"),
    "unclear": (
        "不确定",
        "可疑",
        "灰区",
        "待复检",
        "无效",
        "复检",
        "unclear",
        "inconclusive",
        "invalid",
        "indeterminate",
    ),
}
_RESULTS = {word: code for code, words in WORDS.items() for word in words}
_BARCODE_TITLE = re.compile(r"条码|条形码|管码|管号|试管|采样管|样本编?号|barcode|tube|sample", re.I)
_RESULT_TITLE = re.compile(r"结果|result", re.I)


@dataclass(frozen=True)
class Line:
    """One line: `number` as the sheet shows it, from 1; `fault` is "", barcode, result or twice."""

    number: int
    barcode: str
    result: str
    said: str
    fault: str = ""


def read_results(content: bytes) -> list[Line]:
    """The lines of a laboratory's file, each with its fault if it has one. Raises UnreadableList."""
    return _judged(_picked(sheet_rows(content, MOST_LINES)))


def result_of(said: str) -> str:
    """negative, positive or unclear; "" for what is none of them."""
    plain = clean_barcode(said).lower().rstrip("。.")
    both = re.fullmatch(r"(.+?)\s*(\(.+\))", plain)
    if both and both[1] in _RESULTS and _RESULTS.get(both[2]) == _RESULTS[both[1]]:
        return _RESULTS[both[1]]
    return _RESULTS.get(plain, "")


def _picked(rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, str, str]]:
    """(line, barcode, result) by the title line among the first ones, else the first two columns."""
    for at, (_number, cells) in enumerate(rows[:15]):
        barcode = next((n for n, cell in enumerate(cells) if _BARCODE_TITLE.search(cell)), None)
        result = next(
            (n for n, cell in enumerate(cells) if _RESULT_TITLE.search(cell) and n != barcode), None
        )
        if barcode is not None and result is not None:
            body = [(number, _cell(cells, barcode), _cell(cells, result)) for number, cells in rows[at + 1 :]]
            return [line for line in body if line[1] or line[2]]
    if result_of(_cell(rows[0][1], 1)):
        return [(number, _cell(cells, 0), _cell(cells, 1)) for number, cells in rows]
    raise UnreadableList("no-columns")


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _judged(rows: Iterable[tuple[int, str, str]]) -> list[Line]:
    found: list[Line] = []
    results: dict[str, str] = {}
    for number, said_barcode, said in rows:
        barcode, result = clean_barcode(said_barcode), result_of(said)
        fault = ""
        if barcode_fault(barcode):
            fault = "barcode"
        elif not result:
            fault = "result"
        elif barcode in results:
            if results[barcode] == result:
                continue
            fault = "twice"
        results.setdefault(barcode, result)
        found.append(Line(number, barcode[:60], result, said[:60], fault))
    return found
