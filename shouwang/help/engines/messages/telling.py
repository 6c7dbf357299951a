"""Whether a word is told as true and now: not denied, not supposed, not over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouwang.help.engines.messages.text import sentences

_DENIED = re.compile(
    r"(?:没有|没|不是|并非|未|无|并没|也没|都没|不会|不算|排除|别|不|从没|从未)(?:人|过|什么|再|有|出现|任何|明显|发生|感觉)?$"
)
_SUPPOSED = re.compile(r"如果|万一|要是|假如|假设|若是|以防|预防|备用|备着|备点|备一|防止|避免|怕以后")
_NOT_HERE = re.compile(r"演习|演练|讲座|培训|宣传|知识|课程|新闻|电视|电影|视频里|小说|短剧|剧里")
_OVER = re.compile(r"去年|前年|以前|曾经|从前|上个月|上月|上周|上星期|前几年|年轻时|小时候|当年|那年|那次")
_SETTLED = re.compile(
    r"已经好了|都好了|好多了|好转|退烧了|烧退了|不烧了|恢复了|康复|没事了|没大碍|脱离危险|抢救过来|救过来|出院了|找到了|回来了|虚惊|(?<![不叫])醒了|醒过来|缓过来|止住了|已经处理|解决了|送到医院了|已经送医|平安"
)
_NOW = re.compile(r"现在|刚刚|刚才|正在|又|还在|今天|今晚|此刻|突然")


def told_now(
    pattern: re.Pattern[str], text: str, supposed_too: bool = False, past_too: bool = False
) -> Iterator[re.Match[str]]:
    """Matches of `pattern` that the writer states as so, here and now.

    A denied (没有发烧), supposed (万一摔倒) or past (去年摔倒) one is left out;
    `past_too` keeps what began days ago and goes on (上周的透析没做成);
    `supposed_too` keeps what is only feared, where fear itself is a sign (怕他想不开).
    """
    for sentence in sentences(text):
        over = _OVER.search(sentence) and not _NOW.search(sentence) and not past_too
        over = over or (_SETTLED.search(sentence) and "又" not in sentence)
        supposed = _SUPPOSED.search(sentence) and not supposed_too
        if over or supposed or _NOT_HERE.search(sentence):
            continue
        for match in pattern.finditer(sentence):
            before = re.split(r"[,，]", sentence[: match.start()])[-1]
            if not is_denied(sentence, match.start()) and (past_too or not _OVER.search(before)):
                yield match


def is_told(pattern: re.Pattern[str], text: str, supposed_too: bool = False, past_too: bool = False) -> bool:
    """True when `told_now` yields anything."""
    return next(told_now(pattern, text, supposed_too, past_too), None) is not None


def is_denied(sentence: str, start: int) -> bool:
    """True when the words just before `start` deny what begins there."""
    before = re.split(r"[,，、]", sentence[max(0, start - 8) : start])[-1]
    return bool(_DENIED.search(before))


def states(pattern: re.Pattern[str], text: str) -> bool:
    """True when `pattern` stands somewhere not denied; for lasting facts, past or not."""
    return any(
        not is_denied(sentence, match.start())
        for sentence in sentences(text)
        for match in pattern.finditer(sentence)
    )
