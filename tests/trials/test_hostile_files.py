"""Two hundred broken and hostile sheets, bombs, and formulas on the way out. What can't be read is refused in a
sentence; what is read is taken whole or not at all; nothing ever crashes, swells or runs."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Refusal
from shouwang.core.sheets import UnreadableSheet
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.engines.shapes import DoorRow, RegisterRow
from shouwang.ledgers.engines.writing import write_csv, write_problems, write_register
from shouwang.ledgers.rules import LARGEST_FILE
from shouwang.ledgers.services import confirm_register, stage_register
from shouwang.people.models import Household, Person
from tests.journeys.ledger_sheet import HEADINGS, workbook
from tests.journeys.world import SAMPLES, small_community
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
# What somebody may write into any cell: scripts, formulas, controls, other scripts, far too long, no telephone, an
# identity number with a wrong check digit, days that do not exist.
CELLS = (
    "<script>alert(1)</script>", '=HYPERLINK("//x")', "@SUM(A1)", "\x00\x01\x1f", "\u202e反", "字" * 40_000, "-1",
    "1e309", "13800", "电话没有", "11010519491231002Y", "110105194912310021", "2026-02-30", "31.13.1990", "99999", "",
    " ", "nan", "3-2-501-7-9", "号楼号楼", "０１２３", "🏠" * 50, "'; DROP TABLE people_person; --", "../../etc/passwd",
    "{{ 7*7 }}", "%s%n",
)  # fmt: skip


def lines_of(chance: random.Random, count: int) -> list[tuple[str, ...]]:
    """Lines in which every cell may be anything."""
    good = ("8号楼", "2", "501", "许安然", "其他", "女", "1998-05-06", "", "19900880101", "租住", "")
    return [
        tuple(chance.choice(CELLS) if chance.random() < 0.4 else cell for cell in good)
        for _line in range(count)
    ]


def bent_workbook(chance: random.Random) -> bytes:
    return workbook(lines_of(chance, 12))


def cut_workbook(chance: random.Random) -> bytes:
    whole = workbook(lines_of(chance, 3))
    return whole[: chance.randrange(len(whole))]


def flipped_workbook(chance: random.Random) -> bytes:
    whole = bytearray(workbook(lines_of(chance, 3)))
    for _byte in range(chance.randrange(1, 40)):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(whole)


def without_a_part(chance: random.Random) -> bytes:
    """A workbook that lacks a part, or whose part is another one's, or not XML at all."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lines_of(chance, 3)))) as whole,
        zipfile.ZipFile(out, "w") as bent,
    ):
        victim = chance.choice(whole.namelist())
        for name in whole.namelist():
            if name != victim:
                bent.writestr(name, whole.read(name))
            elif chance.random() < 0.5:
                bent.writestr(
                    name,
                    chance.choice([b"", b"<a", whole.read(chance.choice(whole.namelist())), b"\xff" * 99]),
                )
    return out.getvalue()


def text_in_some_encoding(chance: random.Random) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice(",;\t|")).writerows([HEADINGS[1:], *lines_of(chance, 8)])
    encoding = chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5", "latin-1"])
    return out.getvalue().replace("\x00", "").encode(encoding, errors="replace")


def something_else(chance: random.Random) -> bytes:
    begins = chance.choice(
        [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"%PDF-1.7",
            b"\x89PNG\r\n",
            b"PK\x03\x04",
            b"<html>",
            b"{",
            b"\x1f\x8b",
            b"",
        ]
    )
    return begins + chance.randbytes(chance.randrange(4000))


def cut_old_excel(chance: random.Random) -> bytes:
    whole = (SAMPLES / "guihu-street.xlsx").read_bytes()
    return whole[: chance.randrange(200, len(whole))] + chance.randbytes(300)


MAKERS: tuple[Callable[[random.Random], bytes], ...] = (
    bent_workbook, cut_workbook, flipped_workbook, without_a_part, text_in_some_encoding, something_else, cut_old_excel,
)  # fmt: skip


def hostile_files(count: int) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        chance = random.Random(number)
        maker = MAKERS[number % len(MAKERS)]
        yield f"{number} {maker.__name__}", maker(chance)


@pytest.mark.both
def test_broken_and_hostile_sheets_are_refused_or_taken_whole() -> None:
    """Every seventh of those that can be read is confirmed: as many people are on file as it said, or none."""
    world, ends, faults = small_community(), Counter[str](), []
    count = trials_wanted(200, 5_000)
    for name, content in hostile_files(count):
        before = Person.objects.count()
        try:
            staged = stage_register(community=world.community, content=content, name=name, by=OPERATOR)
        except Refusal as refusal:
            ends["refused"] += 1
            faults += [f"{name}: no sentence"] * (not refusal.sentence())
            continue
        except Exception as fault:
            faults.append(f"{name}: {type(fault).__name__}: {fault!s:.200}")
            continue
        ends["read"] += 1
        faults += [f"{name}: wrote before it was confirmed"] * (Person.objects.count() != before)
        if ends["read"] % 7 == 0:
            done = confirm_register(register_import=staged, by=OPERATOR)
            faults += [f"{name}: not whole"] * (Person.objects.count() != before + done.counts["taken"])
    homeless = Household.objects.filter(dwelling__isnull=True).count()
    record_trial(16, trials=count, failed=len(faults), what="broken and hostile .xlsx, .xls and .csv", **ends)
    assert faults == [] and homeless == 0
    assert min(ends["read"], ends["refused"]) > count // 10, "the files are of both kinds"


def test_a_hundred_thousand_and_one_rows_are_refused() -> None:
    line = "8号楼,2,501,许安然\n" * 100_001
    with pytest.raises(UnreadableSheet):
        read_register(("楼号,单元,门牌号,姓名\n" + line).encode())


# Bombs

MEASURE = """
import json, sys, time
from shouwang.ledgers.engines.rows import read_register
from shouwang.core.sheets import UnreadableSheet
content = open(sys.argv[1], "rb").read()
began = time.perf_counter()
try:
    read_register(content); end = "read"
except UnreadableSheet as fault:
    end = fault.code
seconds = time.perf_counter() - began
# Not ru_maxrss, which begins with what the parent had when it was started.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"end": end, "seconds": seconds, "mb": int(peak.split()[1]) / 1024}))
"""


def with_sheet(xml: bytes, packed_as: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook whose first sheet is this."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([]))) as whole, zipfile.ZipFile(out, "w", packed_as) as bent:
        for name in whole.namelist():
            bent.writestr(name, xml if name.endswith("sheet1.xml") else whole.read(name))
    return out.getvalue()


def entities() -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    kind = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'
    return f"{kind}<worksheet><sheetData>&a9;</sheetData></worksheet>".encode()


def bombs() -> dict[str, bytes]:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(20_000):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"")
    return {
        "a sheet of 300 MB of nothing": with_sheet(b" " * 300_000_000),
        "entities that grow to thousands of millions": with_sheet(entities()),
        "twenty thousand parts": nested.getvalue(),
        "a cell in the last row and column": with_sheet(
            b"<worksheet><sheetData>"
            + row
            + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        ),
        "a text of 20 MB without a line": b"x" * LARGEST_FILE,
    }


def test_bombs_are_refused_in_two_seconds_and_two_hundred_megabytes(tmp_path) -> None:
    worst_s, worst_mb, ends = 0.0, 0.0, {}
    for name, content in bombs().items():
        path = tmp_path / "bomb"
        path.write_bytes(content)
        ran = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=60, check=True
        )
        found = json.loads(ran.stdout)
        worst_s, worst_mb = max(worst_s, found["seconds"]), max(worst_mb, found["mb"])
        ends[name] = found["end"], round(found["mb"])
    taken = [name for name, (end, _mb) in ends.items() if end == "read"]
    failed = len(taken) + int(worst_s > 2) + int(worst_mb > 200)
    record_trial(17, trials=len(ends), failed=failed, what="zip bombs, entity bombs and far too much of one thing",
                 worst_s=round(worst_s, 2), most_mb=round(worst_mb))  # fmt: skip
    assert (taken, worst_s <= 2, worst_mb <= 200) == ([], True, True), (ends, worst_s, worst_mb)


# On the way out

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n=", " =", "=cmd|' /C calc'!A0", "＝1+1")


def live_cells(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book for line in sheet.iter_rows() for cell in line
        if cell.data_type == "f" or cell.hyperlink is not None
    ]  # fmt: skip


def test_no_field_that_goes_out_is_a_formula() -> None:
    tried, live = 0, []
    for begin in BEGINNINGS:
        text = f"{begin}1+1"
        row = RegisterRow(
            0,
            text,
            text,
            text,
            text,
            grid=text,
            relation_text=text,
            remarks=text,
            extra={text: text},
            phones=(text,),
        )
        sheet = write_register(
            [row, replace(row, lane=text)],
            [DoorRow(0, text, door=text, remarks=text)],
            title=text,
            as_of=DAY,
            extra=[text],
        )
        doubts = write_problems([text], [(1, [text], [])], title=text, sentence=lambda _issue: "=1+1")
        live += live_cells(sheet) + live_cells(doubts)
        plain = list(csv.reader(io.StringIO(write_csv([text], [[text]]).decode("utf-8-sig"), newline="")))
        live += [
            cell
            for line in plain
            for cell in line
            if cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))
        ]
        tried += 30
    record_trial(
        18,
        trials=tried,
        failed=len(live),
        what="every text field of a register, of doubts and of .csv, beginning like a formula",
    )
    assert live == []


def test_a_live_cell_is_found() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    assert live_cells(out.getvalue()) == ["Sheet!A1"]
