"""A chat group's own writing (made up): voice-to-text, chains, take-backs, remarks, quiet signs of danger.

One message a line of message_chat.txt, '⏎' for a line end: text ⇒ part ‖ part, written as in message_table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.help.engines.messages import FLAGS, read_message_json
from shouwang.help.tests.test_messages import written

LINES = Path(__file__).with_name("message_chat.txt").read_text("utf-8").splitlines()
CASES = [tuple(line.split(" ⇒ ")) for line in LINES]


@pytest.mark.parametrize(("text", "parts"), CASES, ids=range(len(CASES)))
def test_reads_as_the_group_means_it(text: str, parts: str) -> None:
    message = read_message_json(text.replace("⏎", "\n"))
    assert " ‖ ".join(written(part) for part in message["parts"]) == parts
    assert all(set(part["flags"]) <= set(FLAGS) for part in message["parts"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("501 要5斤土豆", "501"),
        ("2单元501 要5斤土豆", "501"),
        ("奶粉只够一顿了 3-2-501", "奶粉"),
        ("3-1-111 同上", "同上"),
        ("3-2-501 盐一包\n3-2-502 同上", "照3-2-501的记了"),
        ("3-1-124 菜收到了少了一袋盐", "盐"),
        ("十来个土豆 3-1-202", "土豆"),
        ("🥔5斤 3-1-114", "只有数量"),
    ],
)
def test_a_person_is_told_where_to_look(text: str, word: str) -> None:
    assert any(word in doubt for doubt in read_message_json(text)["unsure"])


@pytest.mark.parametrize("text", ["501 要5斤土豆", "2单元501 要盐一包", "501要盐一包\n502要糖一包"])
def test_without_a_building_there_is_no_household(text: str) -> None:
    assert all(part["household"] is None for part in read_message_json(text)["parts"])
