"""Care flags out of what offices write under 特殊情况, 人员类别 and 备注.

A flag is proposed from the words; whatever says more than the flag stays in the remarks, word for word.
'80 and over' is derived from the birth date and never a flag.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Code: the label that is written, and the words that are read.
CARE_FLAGS: dict[str, tuple[str, str]] = {
    "couple_alone": ("双独居", r"双独居|双老独居|纯老|老两口独居"),
    "lives_alone": ("独居", r"(?<!双)(?<!双老)(?<!老两口)(?:独居|一人居住|独自居住|一个人住)"),
    "empty_nest": ("空巢", r"空巢"),
    "left_behind": ("留守", r"留守"),
    "no_kin": ("孤寡", r"孤寡|孤老|无儿无女|无子女"),
    "needs_care": ("失能", r"失能|卧床|瘫痪|不能自理|无法自理|植物人"),
    "dementia": ("失智", r"失智|痴呆|阿尔茨海默|认知障碍|易走失"),
    "disabled": ("残疾", r"残疾(?!人?联合会)|残障|视障|听障|聋哑|失明|盲人|肢残"),
    "dialysis": ("透析", r"透析|尿毒症"),
    "oxygen": ("吸氧", r"吸氧|氧疗|制氧机|呼吸机"),
    "injectable": ("需打针", r"需打针|打针|注射|胰岛素"),
    "positive": ("居家阳性", r"居家阳性|抗原阳性|核酸阳性|复阳"),
    "severe_illness": ("重病", r"重病|大病|重大疾病|癌|肿瘤|白血病|放疗|化疗"),
    "chronic_illness": ("慢性病", r"慢性?病|高血压|糖尿病|冠心病|心脏病|哮喘|慢阻肺|脑梗|脑血栓|心梗"),
    "pregnant": ("孕妇", r"孕妇|怀孕|孕期|待产|预产期|孕产妇|孕\d{1,2}周|孕[一二三四五六七八九十\d]+个?月"),
    "postpartum": ("产妇", r"(?<!孕)产妇|产后|哺乳期|坐月子|月子"),
    "alone_with_child": ("一人带娃", r"一人带娃|独自带[娃孩]|一人带孩|单亲"),
    "infant": ("婴儿", r"婴儿|婴幼儿|新生儿|(?<!孕)\d{1,2}个月大?"),
    "walks_badly": ("行动不便", r"行动不便|腿脚不便|腿脚不好|轮椅|拄拐|走不动|不能下楼|下不了楼|骨折"),
    "dibao": ("低保", r"低保"),
    "tekun": ("特困", r"特困|五保"),
    "bereaved": ("计生特殊家庭", r"计生特殊|计生特扶|失独"),
    "no_phone": ("无手机", r"无手机|没有手机|没手机|不会用手机|不用手机"),
    "to_door": ("送到门", r"送到门|送货到门|送上门|送到家门"),
}
_FLAGS = [(code, re.compile(words)) for code, (_, words) in CARE_FLAGS.items()]
_LABELS = frozenset(label for label, _ in CARE_FLAGS.values())
# An illness by its name says more than its flag, so it stays in the remarks as well.
_NAMED = re.compile(
    r"胰岛素|注射|阳性|复阳|高血压|糖尿病|冠心病|心脏病|哮喘|慢阻肺|脑梗|脑血栓|心梗|尿毒症|癌|肿瘤|白血病|骨折|轮椅|呼吸机|制氧机|孕产妇|预产期"
)
_DENIED = re.compile(r"(?:无|非|没有|不是|已取消|曾|原|退出|不享受|不)$")
_CUT = re.compile(r"[、,;。；，\n\r|/\s]+")
_TAIL = re.compile(r"(?:老人|人员|家庭|患者|户|者|对象|人)$")
_NOTHING = frozenset("无 正常 没有 健康 良好 - -- / 普通 一般 常住 无特殊情况 无异常".split())


@lru_cache(maxsize=4096)
def read_care(text: str, longest: int = 24) -> tuple[tuple[str, ...], str]:
    """(flag codes in the text's order, the rest of the text). Words longer than ``longest`` a piece are
    a story rather than a mark: kept, never flagged."""
    flags: list[str] = []
    rest: list[str] = []
    for said in _CUT.split(text.strip()):
        piece = unicodedata.normalize("NFKC", said)
        if not piece or piece in _NOTHING:
            continue
        found = _flags_in(piece) if len(piece) <= longest else []
        flags += [code for code in found if code not in flags]
        if not found or not _says_no_more(piece):
            rest.append(said)
    pieces = [piece for piece in _CUT.split(text) if piece]
    return tuple(flags), text.strip() if rest == pieces else "，".join(rest)


def _flags_in(piece: str) -> list[str]:
    found = []
    for code, words in _FLAGS:
        mark = words.search(piece)
        denied = mark and code != "no_phone" and _DENIED.search(piece[: mark.start()])
        if mark and not denied:
            found.append((mark.start(), code))
    return [code for _, code in sorted(found)]


def _says_no_more(piece: str) -> bool:
    """Whether the flag alone holds all that the piece says: 独居老人 does, 糖尿病 and 孕8个月 say more."""
    if piece in _LABELS:
        return True
    if _NAMED.search(piece) or any(sign.isdigit() for sign in piece):
        return False
    return any(words.fullmatch(bare) for bare in (piece, _TAIL.sub("", piece)) for _, words in _FLAGS)
