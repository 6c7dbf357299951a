"""Writes docs/reliability.md from what the trials wrote down (test-results/trials.jsonl).

python tools/reliability.py          write the page
python tools/reliability.py show     print it
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTES, PAGE = ROOT / "test-results" / "trials.jsonl", ROOT / "docs" / "reliability.md"
# What each row of the catalogue promises. A row without a line of the notebook stands as not begun.
CATALOGUE = {
    "1": "Killed without warning under load: nothing receipted is lost, nothing happens twice, no escalation is lost",
    "4": "Disk full: refused with 503, no false receipt, no repair afterwards",
    "5": "Clocks that jump: nothing missed, nothing early",
    "7": "Words of several about one thing, each delivered up to ten times and in any order: the same register, no word lost",
    "8": "The same command from many at once: applied once",
    "9": "Phones without a signal, with every fault on the way: what was made is kept, applied once, and its author's",
    "15": "Any input to the API: never an answer of 5xx, never without a sign-in",
    "16": "Broken and hostile sheets: errors at the row, all or nothing, no crash",
    "17": "Bombs: refused within 2 s and 200 MB",
    "18": "Exports: no live formula",
    "19": "Every route for every role, on one's own, on foreign and on deleted things: no leak",
    "20": "Sensitive fields for every role, over pages, exports, search, errors and counts: no leak",
    "21": "Guessing passwords: at most 10 tries an account in 15 minutes, and its owner still gets in",
    "22": "Forged forms and scripts in every field: none accepted, none run",
    "23": "Marked data through every flow: not in logs, addresses, caches or queues, never plain where sealed",
    "26": "A storm of phones that come back at once: all drained, nothing lost, nothing doubled",
    "28": "Erasing when the days are over: nothing left in rows, indexes or files",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KNOWN = {"row", "database", "profile", "trials", "failed", "what"}
HEAD = """# What was tried, and how often it failed

Written by `make reliability` from what the trials in `tests/trials/` counted when they last ran; not written by hand.
Nothing failed in n trials bounds the rate of failure at 3/n, with 95 % confidence. `make test` runs a small fixed
number, `make nightly` the long ones.

"""


def read_notes(path: Path = NOTES) -> list[dict[str, Any]]:
    """The lines of the notebook, those of one trial, database and profile added up; of a further figure the largest."""
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    whole: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        key = (line["row"], line["database"], line["profile"], line["what"])
        known = whole.setdefault(key, {**line, "trials": 0, "failed": 0})
        for name in line.keys() - KNOWN:
            known[name] = max(known.get(name, line[name]), line[name])
        known["trials"] += line["trials"]
        known["failed"] += line["failed"]
    return list(whole.values())


def figures_of(note: Mapping[str, Any]) -> str:
    """Further figures, as "worst ms 12"."""
    return ", ".join(f"{name.replace('_', ' ')} {note[name]}" for name in note if name not in KNOWN)


def page_of(notes: Iterable[Mapping[str, Any]]) -> str:
    """The whole page, in Markdown: one table a row of the catalogue that was begun, then those that were not."""
    by_row: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        by_row.setdefault(note["row"], []).append(note)
    unknown = sorted(set(by_row) - set(CATALOGUE))
    if unknown:
        raise ValueError(f"not in the catalogue: {', '.join(unknown)}")
    pieces = [HEAD]
    for row, promise in CATALOGUE.items():
        if row not in by_row:
            continue
        pieces.append(
            f"## {row}. {promise}\n\n| what was done | database | how often | failed | measured |\n|---|---|--:|--:|---|\n"
        )
        for note in sorted(by_row[row], key=lambda n: (n["what"], n["database"], n["profile"])):
            database = DATABASES.get(note["database"], note["database"])
            cells = (note["what"], database, f"{note['trials']:,}", f"{note['failed']:,}", figures_of(note))
            pieces.append(f"| {' | '.join(cells)} |\n")
        pieces.append("\n")
    missing = [f"- {row}. {promise}\n" for row, promise in CATALOGUE.items() if row not in by_row]
    if missing:
        pieces += ["## Not begun, or not run last time\n\n", *missing]
    return "".join(pieces).rstrip() + "\n"


def main(words: list[str]) -> int:
    notes = read_notes()
    if not notes:
        print("Nothing was tried yet: make test", file=sys.stderr)
        return 2
    page = page_of(notes)
    if words == ["show"]:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")
    return 1 if any(note["failed"] for note in notes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
