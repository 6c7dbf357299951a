"""The wall as markup, made in Python since a compound has over a thousand doors.

Overview: each building is one small SVG drawing in units of its own (12 units = 1em), hidden from readers, who get
the counts in words. Building: a real grid of links, one tab stop.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from shouwang.ui.pieces import TONES, read

CELL_W, CELL_H, GAP, BETWEEN, LEAD_H = 14, 12, 2, 5, 17
STEP_X, STEP_Y = CELL_W + GAP, CELL_H + GAP
EM = 12
MARKS = ("·", "↑", "–", "!", "?", "✓", "×", "○")

# Each mark as strokes around the middle of a cell; a stroke font would need inline sizes.
STROKES = {
    "·": "m-.8 0a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
    "↑": "m0 3.4v-6.6m-2.4 2.4 2.4-2.4 2.4 2.4",
    "–": "m-2.6 0h5.2",
    "!": "m0-3.4v3.6m0 3v.1",
    "?": "m-1.9-1.8a1.9 1.9 0 1 1 1.9 2.1v.7m0 2.3v.1",
    "✓": "m-2.9.2 2.1 2.2 3.7-4.7",
    "×": "m-2.2-2.2 4.4 4.4m0-4.4-4.4 4.4",
    "○": "m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
}

BOX = f"h{CELL_W - 4}q2 0 2 2v{CELL_H - 4}q0 2-2 2h-{CELL_W - 4}q-2 0-2-2v-{CELL_H - 4}q0-2 2-2z"


def tone_of(thing: Any) -> str:
    tone = read(thing, "tone")
    return tone if tone in TONES else "none"


def cells_of(building: Any) -> Iterator[Any]:
    for stairwell in read(building, "stairwells", ()):
        for floor in read(stairwell, "floors", ()):
            yield from read(floor, "cells", ())


def summary_words(building: Any, legend: Sequence[Any]) -> str:
    """A building for readers: its doors, how many of each state, stairwells that nobody answers for."""
    cells = list(cells_of(building))
    found = Counter((tone_of(cell), read(cell, "mark")) for cell in cells)
    words = [ngettext("%(n)s door", "%(n)s doors", len(cells)) % {"n": len(cells)}]
    for entry in legend:
        count = found.get((tone_of(entry), read(entry, "mark")), 0)
        if count:
            words.append(gettext("%(state)s %(n)s") % {"state": read(entry, "label"), "n": count})
    gaps = [str(read(s, "label")) for s in read(building, "stairwells", ()) if read(s, "lead_gap", False)]
    if gaps:
        words.append(gettext("nobody answers for %(stairwells)s") % {"stairwells": gettext(", ").join(gaps)})
    return f"{read(building, 'label')}{gettext(': ')}{pgettext('between clauses', ', ').join(words)}"


def _fit(name: str, units: float) -> str:
    """`name` cut to the width: a Chinese character is 11 units wide, a Latin one about 6."""
    used = 0.0
    for at, letter in enumerate(name):
        used += 11 if ord(letter) > 0x2E7F else 6
        if used > units:
            return name[: max(1, at)]
    return name


class Drawing:
    """One building drawn in paths, one a tone and one a tone of marks, so that 60 doors are 10 elements."""

    def __init__(self, building: Any) -> None:
        self.stairwells = read(building, "stairwells", ())
        self.floors = max((len(read(s, "floors", ())) for s in self.stairwells), default=1)
        self.boxes: dict[str, list[str]] = defaultdict(list)
        self.marks: dict[str, list[str]] = defaultdict(list)
        self.under: list[str] = []

    def markup(self) -> str:
        """The whole <svg>."""
        left = 0
        for stairwell in self.stairwells:
            left += self._stairwell(stairwell, left) + BETWEEN
        width = max(left - BETWEEN, STEP_X) + 2
        height = self.floors * STEP_Y + LEAD_H
        boxes = "".join(f'<path class="c-{tone}" d="{"".join(d)}"/>' for tone, d in self.boxes.items())
        marks = "".join(f'<path class="m m-{tone}" d="{"".join(d)}"/>' for tone, d in self.marks.items())
        return (
            f'<svg viewBox="-1 -1 {width} {height + 1}" width="{width / EM:.2f}em" aria-hidden="true">'
            f"{boxes}{marks}{''.join(self.under)}</svg>"
        )

    def _stairwell(self, stairwell: Any, left: int) -> int:
        """Draws one stairwell, its floors standing on the ground line; its width comes back."""
        floors = read(stairwell, "floors", ())
        doors = max((len(read(f, "cells", ())) for f in floors), default=2)
        width = max(doors, 2) * STEP_X - GAP
        top = (self.floors - len(floors)) * STEP_Y
        for row, floor in enumerate(floors):
            for column, cell in enumerate(read(floor, "cells", ())):
                self.cell(cell, left + column * STEP_X, top + row * STEP_Y)
        self._lead(stairwell, left, width)
        return width

    def cell(self, cell: Any, x: int, y: int) -> None:
        """One door: its tinted box, and its mark in the middle."""
        tone, mark = tone_of(cell), read(cell, "mark")
        self.boxes[tone].append(f"M{x + 2} {y}{BOX}")
        stroke = STROKES.get(mark)
        if stroke:
            self.marks[tone].append(f"M{x + CELL_W // 2} {y + CELL_H // 2}{stroke}")

    def _lead(self, stairwell: Any, left: int, width: int) -> None:
        """Who answers for it: one line, two lines, dashed for 'from the building', amber for nobody."""
        state = read(stairwell, "lead_state") or "one"
        ground = self.floors * STEP_Y + 1
        gap = bool(read(stairwell, "lead_gap", False)) or state == "none"
        if gap:
            self.under.append(
                f'<rect class="w-gap" x="{left}" y="{ground}" width="{width}" height="15" rx="2"/>'
            )
        css = "w-base w-base-none" if gap else f"w-base w-base-{escape(state)}"
        lines = f"M{left} {ground}h{width}"
        if state == "two" and not gap:
            lines += f"m{-width} 3h{width}"
        self.under.append(f'<path class="{css}" d="{lines}"/>')
        lead = (
            pgettext("nobody, short, under a stairwell", "none")
            if gap
            else str(read(stairwell, "lead") or "")
        )
        name = _fit(lead, width + BETWEEN - 1)
        text = "w-text w-text-gap" if gap else "w-text"
        self.under.append(
            f'<text class="{text}" x="{left + width / 2}" y="{ground + (13.5 if state == "two" else 12)}">{escape(name)}</text>'
        )


def overview_html(wall: Mapping[str, Any]) -> SafeString:
    """Every building of the wall, each one link."""
    legend = read(wall, "legend", ())
    return mark_safe("".join(_building_link(building, legend) for building in read(wall, "buildings", ())))


def _building_link(building: Any, legend: Sequence[Any]) -> str:
    url = read(building, "url")
    label = conditional_escape(read(building, "label"))
    sub = conditional_escape(read(building, "sub"))
    words = escape(summary_words(building, legend))
    opening = (
        f'<a class="bld" href="{escape(url)}" aria-label="{words}">'
        if url
        else f'<div class="bld" role="img" aria-label="{words}">'
    )
    head = f'<span class="bld-head"><b class="nb">{label}</b><small>{sub}</small></span>'
    return f"{opening}{head}{Drawing(building).markup()}{'</a>' if url else '</div>'}"


def legend_mark(entry: Any) -> SafeString:
    """A cell of the drawing by itself, for the legend."""
    drawing = Drawing({"stairwells": []})
    drawing.cell(entry, 0, 0)
    paths = "".join(f'<path class="c-{t}" d="{"".join(d)}"/>' for t, d in drawing.boxes.items())
    paths += "".join(f'<path class="m m-{t}" d="{"".join(d)}"/>' for t, d in drawing.marks.items())
    return mark_safe(f'<svg viewBox="-1 -1 {CELL_W + 2} {CELL_H + 2}" aria-hidden="true">{paths}</svg>')


def lead_legend() -> list[tuple[str, str]]:
    """The lines under a stairwell and what they say: (state, words)."""
    return [
        ("two", gettext("two answer for it")),
        ("one", gettext("one")),
        ("building", gettext("from the building")),
        ("none", pgettext("who answers", "nobody")),
    ]


def lead_mark(state: str) -> SafeString:
    """The line under a stairwell by itself, for the legend."""
    second = '<path class="w-base" d="M0 10h20"/>' if state == "two" else ""
    css = "w-base w-base-none" if state == "none" else f"w-base w-base-{escape(state)}"
    return mark_safe(
        f'<svg viewBox="0 0 20 14" aria-hidden="true"><path class="{css}" d="M0 7h20"/>{second}</svg>'
    )


def floor_labels(stairwells: Sequence[Any]) -> list[str]:
    """The floors of a building from the top down: the tallest stairwell's, others' odd ones put in their place."""
    tallest = max(stairwells, key=lambda s: len(read(s, "floors", ())), default=None)
    labels = [str(read(f, "label")) for f in read(tallest, "floors", ())] if tallest is not None else []
    for stairwell in stairwells:
        above = -1
        for floor in read(stairwell, "floors", ()):
            label = str(read(floor, "label"))
            if label not in labels:
                labels.insert(above + 1, label)
            above = labels.index(label)
    return labels


def grid_html(building: Any, selected: object = None) -> SafeString:
    """One building as a grid: floors are rows, a cell is a link of 24 px or more, the first has the tab stop."""
    stairwells = list(read(building, "stairwells", ()))
    widths = [max((len(read(f, "cells", ())) for f in read(s, "floors", ())), default=1) for s in stairwells]
    wanted = str(selected or "")
    ids = [str(read(cell, "id")) for cell in cells_of(building)]
    stop = wanted if wanted in ids else _first_id(stairwells)
    body = "".join(_grid_row(label, stairwells, widths, stop, wanted) for label in floor_labels(stairwells))
    name = escape(gettext("%(building)s, door by door") % {"building": read(building, "label")})
    return mark_safe(
        f'<table class="zoom" role="grid" aria-label="{name}"><thead><tr><td></td>{_heads(stairwells, widths)}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot><tr><td></td>{_leads(stairwells, widths)}</tr></tfoot></table>"
    )


def _first_id(stairwells: Sequence[Any]) -> str:
    for label in floor_labels(stairwells):
        for stairwell in stairwells:
            for cell in _floor_cells(stairwell, label):
                return str(read(cell, "id"))
    return ""


def _floor_cells(stairwell: Any, label: str) -> Sequence[Any]:
    for floor in read(stairwell, "floors", ()):
        if str(read(floor, "label")) == label:
            return read(floor, "cells", ())
    return ()


def _heads(stairwells: Sequence[Any], widths: Sequence[int]) -> str:
    return "".join(
        f'<th scope="colgroup" colspan="{width}"{_gap_class(at)}>{conditional_escape(read(s, "label"))}</th>'
        for at, (s, width) in enumerate(zip(stairwells, widths, strict=True))
    )


def _gap_class(at: int) -> str:
    return ' class="gap-before"' if at else ""


def _grid_row(label: str, stairwells: Sequence[Any], widths: Sequence[int], stop: str, wanted: str) -> str:
    cells = []
    for at, (stairwell, width) in enumerate(zip(stairwells, widths, strict=True)):
        found = list(_floor_cells(stairwell, label))
        for column in range(width):
            inside = _grid_cell(found[column], stop, wanted) if column < len(found) else ""
            cells.append(f'<td role="gridcell"{_gap_class(at) if column == 0 else ""}>{inside}</td>')
    return f'<tr><th scope="row">{escape(label)}</th>{"".join(cells)}</tr>'


def _grid_cell(cell: Any, stop: str, wanted: str) -> str:
    ident, tone, mark = str(read(cell, "id")), tone_of(cell), read(cell, "mark")
    title = escape(read(cell, "title") or read(cell, "label"))
    current = ' aria-current="true"' if ident == wanted else ""
    sign = f"<i>{escape(mark)}</i>" if mark else ""
    return (
        f'<a class="cell cell-{tone}" id="cell-{escape(ident)}" href="{escape(read(cell, "url"))}" title="{title}"'
        f' aria-label="{title}" tabindex="{0 if ident == stop else -1}"{current}>{escape(read(cell, "label"))}{sign}</a>'
    )


def _leads(stairwells: Sequence[Any], widths: Sequence[int]) -> str:
    cells = []
    for at, (stairwell, width) in enumerate(zip(stairwells, widths, strict=True)):
        gap = read(stairwell, "lead_gap", False) or read(stairwell, "lead_state") == "none"
        css = f"lead lead-{'none' if gap else escape(read(stairwell, 'lead_state') or 'one')}"
        name = conditional_escape(
            read(stairwell, "lead") or (pgettext("who answers", "nobody") if gap else "")
        )
        url = read(stairwell, "url")
        inside = (
            f'<a class="{css}" href="{escape(url)}">{name}</a>'
            if url
            else f'<span class="{css}">{name}</span>'
        )
        cells.append(f'<td colspan="{width}"{_gap_class(at)}>{inside}</td>')
    return "".join(cells)
