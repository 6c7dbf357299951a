"""The engines, beside the least that anybody must do: look at every pair once; look at every sign once."""

from __future__ import annotations

import random
import unicodedata
from typing import Any

from shouwang.help.engines.assign import ExtraMissing, assign
from shouwang.help.engines.messages import read_message_json
from shouwang.site.bench.timing import Pair

SEED = 300
SKILLS = ("nurse", "driver", "repairs")
MESSAGES = (
    "3号楼2单元501，土豆5斤、辣椒3斤、豆角2斤、白菜5斤、猪肉5，儿童洗衣液1瓶，电话19900001234",
    "#接龙\n1. 3-2-501 张三 土豆5斤\n2. 3-2-502 李四 鸡蛋30个\n3. 3-1-101 牛奶一箱",
    "我是3号楼2单元单元长，501发烧39度，602要土豆5斤，702老人腿脚不便",
    "奶奶摔倒了起不来，23栋二单元1701室，快来人",
    "191弄5号1202，老人胰岛素只剩一支，今天能不能配到？慢性病，走路不方便，请送到门口",
)


def engine_pairs() -> tuple[list[Pair], list[str]]:
    """The pairs, and what could not be measured here."""
    problem = evening(300, 60)
    pairs = [_reading()]
    try:
        assign(problem)
    except ExtraMissing as fault:
        return pairs, [f"assign.300x60: {fault}"]
    return [_assigning(problem), *pairs], []


def evening(requests: int, volunteers: int) -> dict[str, Any]:
    """A made-up evening in the form that `shouwang assign` takes, the same every time."""
    dice = random.Random(SEED)  # noqa: S311  (chance is seeded)
    return {
        "requests": [
            {
                "id": f"r{number}",
                "place": [dice.randrange(400), dice.randrange(250)],
                "needs": dice.sample(SKILLS, 1) if dice.random() < 0.15 else [],
                "weight_kg": dice.choice((0, 2, 5, 10)),
                "urgency": dice.choices(("life", "today", "normal"), (1, 30, 69))[0],
                "continuity": f"v{dice.randrange(volunteers)}" if dice.random() < 0.3 else None,
            }
            for number in range(requests)
        ],
        "volunteers": [
            {
                "id": f"v{number}",
                "place": [dice.randrange(400), dice.randrange(250)],
                "skills": dice.sample(SKILLS, dice.randrange(3)),
                "carries_kg": dice.choice((10, 15, 20)),
                "free": dice.randrange(3, 7),
                "load": dice.randrange(3),
            }
            for number in range(volunteers)
        ],
    }


def _assigning(problem: dict[str, Any]) -> Pair:
    return Pair(
        "assign.300x60",
        aim=5,
        beside="the cost of every pair, nothing chosen",
        ours=lambda turn: assign(problem),
        rival=lambda turn: costs_of(problem),
    )


def costs_of(problem: dict[str, Any]) -> list[float]:
    """The contract's cost of every possible pair."""
    return [
        abs(r["place"][0] - v["place"][0])
        + abs(r["place"][1] - v["place"][1])
        + 200 * v["load"]
        + (150 if r["continuity"] not in (None, v["id"]) else 0)
        for r in problem["requests"]
        for v in problem["volunteers"]
        if r["weight_kg"] <= v["carries_kg"] and set(r["needs"]) <= set(v["skills"])
    ]


def _reading() -> Pair:
    """Five messages in one turn."""
    return Pair(
        "message.read",
        aim=10,
        beside="every sign's class looked up once",
        ours=lambda turn: [read_message_json(text) for text in MESSAGES],
        rival=lambda turn: [[unicodedata.category(sign) for sign in text] for text in MESSAGES],
    )
