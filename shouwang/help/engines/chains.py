"""A sign-up chain pasted from a chat group, read row by row: which door, who, how much of what.

Reading decides nothing: every row is shown to a person first, and what is doubtful in it is named by a code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shouwang.help.engines.messages.households import split_households
from shouwang.help.engines.messages.quantities import COUNTS, find_quantities
from shouwang.help.engines.messages.text import even
from shouwang.places.engines.doors import Door, find_doors
from shouwang.places.engines.numerals import CHINESE, read_number

LONGEST = 20_000
MOST_ROWS = 300
# More of one thing than a household usually takes: somebody looks.
MANY = 20

_NUMBERED = re.compile(r"(?:(?<=[\s,，;；。])|^)\(?(\d{1,3})\s*[.、):：](?!\d)\s*", re.MULTILINE)
_NUMBERED_BARE = re.compile(r"^\s*(\d{1,3})\s+(?=\S)", re.MULTILINE)
_CANCEL = re.compile(r"取消|退出|不要了?|不参加|退掉|退了|撤(?:回|销|了)|不订了?|不买了?")
_AGAIN = re.compile(r"再加|加[一二两三四五六七八九\d]|追加")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PAID = re.compile(r"已?(?:转账?|付款?|支付|交钱?|红包)(?:过|了|完成?)?|(?:微信|支付宝)")
_MONEY = re.compile(r"[¥￥]\s?\d+(?:\.\d+)?|(?:共|合计|一共)?\d+(?:\.\d+)?\s?(?:元|块钱?)")
_UNIT = "|".join(sorted(("份", "套", *COUNTS), key=len, reverse=True))
_NUMBER = rf"(?:\d+(?:\.\d+)?|半|[{CHINESE}]+)"
_AFTER = re.compile(rf"\s*(?:[:：xX×*+＋=]|各|要)?\s*({_NUMBER})\s*(?:{_UNIT})?")
_BEFORE = re.compile(rf"({_NUMBER})\s*(?:{_UNIT})?\s*的?\s*$")
_PLUS = re.compile(rf"[+＋xX×*]\s?({_NUMBER})")
_BARE = re.compile(rf"(?:^|[\s,，;；:：。])({_NUMBER})\s*(?=$|[\s,，;；。])")
# A thing with its number that was not understood: B1, C套餐, 2份.
_LEFT = re.compile(
    rf"(?<![A-Za-z])[A-Za-z]\s?(?:套餐|套装|款)?\s?\d|(?<![A-Za-z])[A-Za-z]\s?(?:套餐|套装|款)|{_NUMBER}\s?(?:{_UNIT})"
)
_COUNTED = re.compile(rf"{_NUMBER}\s?(?:{_UNIT})")
_NAME = re.compile(r"[\u4e00-\u9fff·]{1,8}|[A-Za-z][A-Za-z0-9_.]{1,19}")
_NO_NAME = re.compile(
    r"^(?:我家?|要|订|报名|参加|谢谢|麻烦|请|群主|接龙|一共|合计|备注|送到|门口|的|各|和|也|牛奶)+$"
)


@dataclass(frozen=True)
class ChainItem:
    """A thing that is bought together: `letter` and `name` are how people say it in the chain."""

    letter: str
    name: str


@dataclass
class ChainRow:
    """One household's row. `quantities` one number an item of the chain, None where nothing is said of it.

    `doubts` are codes: no-door, two-doors, no-quantity, not-whole, many, guessed-one, adds, cancels-some, unread, twice.
    """

    number: int
    text: str
    door: Door | None = None
    door_said: str = ""
    name: str = ""
    quantities: list[int | None] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Chain:
    """A chain as read, and what stood above its first row."""

    heading: str
    rows: tuple[ChainRow, ...]
    cut: bool = False


def read_chain(text: str, items: Sequence[ChainItem]) -> Chain:
    """Reads a pasted chain against the things it is about. Never fails on text."""
    heading, pieces = _rows_of(even(text[:LONGEST]))
    rows = [_read_row(number, words, items) for number, words in pieces[:MOST_ROWS]]
    _mark_twice(rows)
    return Chain(heading, tuple(rows), cut=len(text) > LONGEST or len(pieces) > MOST_ROWS)


def _rows_of(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The heading, and the numbered rows; where nothing is numbered, each line that names a door."""
    marks = _marks(text)
    if not marks:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        doors = [line for line in lines if find_doors(line)]
        heading = "\n".join(line for line in lines if line not in doors)
        return heading, list(enumerate(doors, start=1))
    ends = [start for _number, start, _end in marks[1:]] + [len(text)]
    rows = [(number, _flat(text[end:stop])) for (number, _start, end), stop in zip(marks, ends, strict=True)]
    return text[: marks[0][1]].strip(), [row for row in rows if row[1]]


def _marks(text: str) -> list[tuple[int, int, int]]:
    """Where a row begins: a number with its point that goes on counting, in a line or at its beginning."""
    found: list[tuple[int, int, int]] = []
    candidates = [*_NUMBERED.finditer(text), *_NUMBERED_BARE.finditer(text)]
    for match in sorted(candidates, key=lambda one: (one.start(1), -one.end())):
        number, start = int(match[1]), match.start(1)
        if found and (start < found[-1][2] or number <= found[-1][0]):
            continue
        at_line = not text[:start].rpartition("\n")[2].strip(" (#")
        if at_line or number == (found[-1][0] + 1 if found else 1):
            found.append((number, match.start(), match.end()))
    return found


def _flat(text: str) -> str:
    return " ".join(text.split()).strip(" ,，;；。")


def _read_row(number: int, text: str, items: Sequence[ChainItem]) -> ChainRow:
    row = ChainRow(number, text)
    rest = _take_door(row, _PAID.sub(" ", _MONEY.sub(" ", _PHONE.sub(" ", text))))
    if _CANCEL.search(rest):
        rest = _CANCEL.sub(" ", rest)
        some = bool(_LEFT.search(rest))
        row.quantities = [None if some else 0] * len(items)
        row.doubts += ["cancels-some"] if some else []
    else:
        row.doubts += ["adds"] if _AGAIN.search(rest) else []
        rest = _take_quantities(row, rest, items)
        row.doubts += ["unread"] if _LEFT.search(rest) and "no-quantity" not in row.doubts else []
    row.name = _name_in(rest, items)
    return row


def _take_door(row: ChainRow, text: str) -> str:
    """Notes the door and answers the text without it; a door that only the message's reader finds counts as well."""
    found = find_doors(text)
    whole = [one for one in found if one[0].door and one[0].building]
    if not whole:
        units = split_households(text).units
        door = units[0].door if len(units) == 1 else None
        row.door_said = text[found[0][1] : found[0][2]].strip() if found else ""
        row.doubts.append("no-door")
        if door is not None and not row.door_said:
            row.door_said = "-".join(filter(None, (door.building, door.stairwell, door.door)))
        return text[: found[0][1]] + " " + text[found[0][2] :] if found else text
    row.door, start, end = whole[0]
    row.door_said = text[start:end].strip()
    if len({(d.building, d.stairwell, d.door) for d, _s, _e in whole}) > 1:
        row.doubts.append("two-doors")
    for _door, first, last in reversed(whole):
        text = text[:first] + " ; " + text[last:]
    return text


def _take_quantities(row: ChainRow, text: str, items: Sequence[ChainItem]) -> str:
    """Notes how much of each thing, and answers the text without that."""
    row.quantities = [None] * len(items)
    for at, item in enumerate(items):
        for alias in _aliases(item):
            match = alias.search(text)
            if match is None:
                continue
            said, start, end = _beside(text, match)
            row.quantities[at] = _whole(row, said)
            text = text[:start] + " ; " + text[end:]
            break
    if all(number is None for number in row.quantities):
        text = _take_only(row, text, items)
    if any((number or 0) > MANY for number in row.quantities):
        row.doubts.append("many")
    return text


def _aliases(item: ChainItem) -> list[re.Pattern[str]]:
    """How one thing is said: 'A套餐', its name, 'A款', at last the letter alone."""
    letter = re.escape(item.letter)
    found = [rf"{re.escape(item.name)}"] if item.name else []
    if letter:
        found += [
            rf"(?<![A-Za-z]){letter}\s?(?:套餐|套装|款|类|餐|组合|种)",
            rf"(?<![A-Za-z]){letter}(?![A-Za-z])",
        ]
    return [re.compile(one, re.IGNORECASE) for one in found]


def _beside(text: str, match: re.Match[str]) -> tuple[str | None, int, int]:
    """The number after a thing, else the one before it, with the span of both."""
    after = _AFTER.match(text, match.end())
    if after is not None:
        return after[1], match.start(), after.end()
    before = _BEFORE.search(text[: match.start()])
    if before is not None:
        return before[1], before.start(), match.end()
    return None, match.start(), match.end()


def _whole(row: ChainRow, said: str | None) -> int | None:
    if said is None:
        row.doubts.append("guessed-one")
        return 1
    number = None if said == "半" else read_number(said)
    if number is None or number != int(number) or number > 9999:
        row.doubts.append("not-whole")
        return None
    return int(number)


def _take_only(row: ChainRow, text: str, items: Sequence[ChainItem]) -> str:
    """A number without a thing: of the only thing there is; among several nobody can say of which."""
    counted = [one for one in find_quantities(text) if one.amount is not None and not one.is_measure]
    match = _PLUS.search(text) or _BARE.search(text)
    if len(items) != 1 or not (counted or match):
        row.doubts.append("no-quantity")
        return text
    if counted:
        row.quantities[0] = _whole(row, counted[0].amount)
        return text[: counted[0].start] + " ; " + text[counted[0].end :]
    assert match is not None
    row.quantities[0] = _whole(row, match[1])
    return text[: match.start()] + " ; " + text[match.end() :]


def _name_in(text: str, items: Sequence[ChainItem]) -> str:
    """Who wrote the row: the first words that are neither a thing nor a wish."""
    for item in items:
        text = text.replace(item.name, " ") if item.name else text
    for match in _NAME.finditer(
        re.sub(r"套餐|套装|单元|号楼|室", " ", _COUNTED.sub(" ", _LEFT.sub(" ", text)))
    ):
        if not _NO_NAME.match(match[0]):
            return match[0][:20]
    return ""


def _mark_twice(rows: Sequence[ChainRow]) -> None:
    """A door that stands in two rows: the later one is marked, unless it says the same."""
    first: dict[tuple[str | None, ...], ChainRow] = {}
    for row in rows:
        if row.door is None:
            continue
        key = (row.door.building, row.door.stairwell, row.door.door)
        if key in first:
            row.doubts.append("twice")
        first.setdefault(key, row)
