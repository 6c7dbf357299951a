"""Reading chat messages: a table of realistic ones, signs of danger, flags, and properties."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.help.engines.messages import CATEGORIES, FLAGS, URGENCIES, read_message, read_message_json
from shouwang.help.engines.messages.text import even
from shouwang.help.tests.message_table import TABLE

LIFE = [
    "老爷子没呼吸了",
    "我爸突然倒地，怎么喊都没反应",
    "刀切到手了，血止不住",
    "大出血了快来",
    "我妈从床上摔下来了，起不来",
    "婆婆在厕所滑倒，站不起来了，我扶不动",
    "宝宝两个月大发烧38度",
    "七个月的宝宝高烧不退",
    "新生儿体温39.1",
    "一岁的孩子烧到40度抽搐了",
    "该透析的日子已经过了三天",
    "因为封控上周四和周六的透析都没做成",
    "制氧机坏了，老人憋得脸发紫",
    "家里停电了，我爸靠呼吸机",
    "氧气袋只够用半小时了",
    "楼上老太太两天没出门，敲门没人应",
    "隔壁独居大爷三天没动静了",
    "我不想活了，没意思",
    "我女儿留了遗书，不见了",
    "她吞了一瓶安眠药",
    "胸口像压了石头一样疼，出冷汗",
    "心绞痛犯了，硝酸甘油没有了",
    "老伴嘴歪了，说不出话，半边身子不能动",
    "孩子吃花生卡住了，脸都紫了",
    "喘不上来气了",
    "我婆婆晕倒了",
    "煤气中毒，两个人都头晕吐了",
    "厨房着火了！",
    "孕妇大出血",
    "快生了，羊水破了，没车",
    "甲状腺危象，要去医院",
    "老人被困电梯里了心脏不舒服",
    "喝了农药",
    "他拿刀要砍我",
    "糖尿病老人低血糖昏过去了",
    "我爸便血，脸色发白，站不住了",
    "三个月发烧39度",
    "有人跳楼了！",
    "孩子从床上掉下来一直吐，叫不醒",
    "奶奶一个人在家，电话两天没人接",
    "老伴透析错过了两次，腿肿得厉害",
    "老人倒在楼道里了",
    "救命啊，快来人",
    "血氧掉到82了",
    "我快撑不住了，想一了百了",
    "我爸心梗了",
    "My father is not breathing",
    "嘴唇发紫，呼吸困难",
    "满地都是血",
    "打120，快",
]
CALM = [
    "没有发烧，也不咳嗽",
    "请问透析病人怎么出小区",
    "明天要去做透析，帮忙约个车",
    "鲫鱼两条帮忙杀好",
    "血压药一盒",
    "笑死了",
    "热死了，空调坏了",
    "忙死了，晚点下楼拿",
    "买退烧药备用",
    "以防万一备点退烧药",
    "去年摔过一跤，现在走路不方便",
    "我妈以前得过脑梗，现在要买阿司匹林",
    "万一半夜发烧怎么办",
    "制氧机一台，想借用",
    "氧气瓶昨天换好了，谢谢",
    "止血贴两包",
    "猪血一盒 鸭血两盒",
    "跳楼价的鸡蛋在哪买",
    "手机没反应了，能帮看看吗",
    "电脑死机了",
    "不是救命的事，就是灯坏了",
    "孩子已经退烧了，谢谢大家",
    "老人醒了，没事了",
    "昨天停电，今天来电了",
    "心脏病的药快吃完了，不急",
    "上火了，嗓子有点疼",
    "敲门没人应，快递放门口了",
    "没有流血，就擦破点皮",
    "小区的猫三天没见了",
    "火锅底料一包",
    "我打电话没人接，请问社区几点上班",
    "煤气罐要换一罐",
    "煤气费怎么交",
    "死鱼能退吗",
    "想死你们了，等解封聚聚",
    "家里没气了，燃气卡充不了值",
    "打我电话，1990000123",
    "护士给我打了针",
    "电视剧里那个人跳楼了",
    "没人受伤，就是玻璃碎了",
    "宝宝打疫苗后有点发烧37.6",
    "感冒了流鼻血一点点",
    "孩子没摔着",
    "一点也不喘，挺好的",
    "两天没见阳光了",
    "两天没收到菜了",
    "吓死我了，还好没事",
    "救命稻草般的志愿者，谢谢",
]
FLAGGED = [
    ("爷爷83岁", "over-80"),
    ("八十三岁的奶奶", "over-80"),
    ("九旬老人在家", "over-80"),
    ("我妈80多了", "over-80"),
    ("外婆92了", "over-80"),
    ("一个人在家带娃走不开", "alone-with-child"),
    ("老公隔离，我一个人带着两个孩子", "alone-with-child"),
    ("腿脚不便", "walks-badly"),
    ("拄拐的老人下不了楼", "walks-badly"),
    ("卧床三年了", "walks-badly"),
    ("独居老人", "lives-alone"),
    ("就我一个人住", "lives-alone"),
    ("尿毒症", "dialysis"),
    ("每周三次血透", "dialysis"),
    ("靠制氧机", "oxygen"),
    ("在家吸氧", "oxygen"),
    ("高血压多年", "chronic-illness"),
    ("有糖尿病", "chronic-illness"),
    ("二级残疾", "disabled"),
    ("盲人", "disabled"),
    ("老年痴呆", "dementia"),
    ("得了阿尔茨海默", "dementia"),
    ("没手机", "no-phone"),
    ("不会用智能手机", "no-phone"),
    ("抗原阳性", "positive"),
    ("全家都阳了", "positive"),
    ("放门口就行", "to-door"),
    ("麻烦送到家门口", "to-door"),
    ("怀孕五个月", "pregnant"),
    ("孕32周", "pregnant"),
    ("三个月大的宝宝", "infant"),
    ("8个月宝宝", "infant"),
    ("刚满月的孩子", "infant"),
    ("别给我回电话", "confidential"),
    ("不要打电话回来", "confidential"),
    ("被家暴了", "confidential"),
    ("怕她想不开", "confidential"),
]
UNFLAGGED = [
    ("我今年65岁", "over-80"),
    ("80斤大米", "over-80"),
    ("80后妈妈", "over-80"),
    ("快80岁了", "over-80"),
    ("怀孕8个月", "infant"),
    ("孩子5岁", "infant"),
    ("封了三个月了", "infant"),
    ("娃娃菜两颗", "infant"),
    ("暖宝宝一包", "infant"),
    ("放单元门口", "to-door"),
    ("在小区门口等", "to-door"),
    ("家里没有阳性", "positive"),
    ("阳台漏水", "positive"),
    ("全家阴性", "positive"),
    ("没有残疾", "disabled"),
    ("不是孕妇", "pregnant"),
    ("买血氧仪", "oxygen"),
    ("一个人在家带娃", "lives-alone"),
    ("手机没电了", "no-phone"),
    ("护士给我打了针", "confidential"),
    ("打我电话", "confidential"),
    ("想死你们了", "confidential"),
]


def written(part: dict[str, Any]) -> str:
    """A part in the table's own writing."""
    house = part["household"]
    door = "/".join(house[key] or "-" for key in ("building", "stairwell", "door")) if house else "?"
    lines = "；".join(
        f"{x['name']} {x['quantity'] or '-'} {x['unit'] or '-'}" + (f" [{x['note']}]" if x["note"] else "")
        for x in part["lines"]
    )
    return f"{door} {part['category']} {part['urgency']} | {lines} | {' '.join(part['flags'])}".rstrip()


@pytest.mark.parametrize(("text", "parts"), TABLE, ids=range(len(TABLE)))
def test_reads_as_a_careful_clerk_would(text: str, parts: list[str]) -> None:
    assert [written(part) for part in read_message_json(text)["parts"]] == parts


@pytest.mark.parametrize("text", LIFE)
def test_danger_to_life_is_never_below_life(text: str) -> None:
    parts = read_message_json(text)["parts"]
    assert [(p["category"], p["urgency"]) for p in parts if p["urgency"] == "life"] == [("emergency", "life")]


@pytest.mark.parametrize("text", CALM)
def test_what_is_denied_past_feared_or_idle_is_no_danger(text: str) -> None:
    for part in read_message_json(text)["parts"]:
        assert part["urgency"] != "life"
        assert part["category"] != "emergency"
        assert "confidential" not in part["flags"]


@pytest.mark.parametrize(("text", "flag"), FLAGGED)
def test_flag_is_read(text: str, flag: str) -> None:
    assert flag in read_message_json(text)["parts"][0]["flags"]


@pytest.mark.parametrize(("text", "flag"), UNFLAGGED)
def test_flag_is_not_read_into_it(text: str, flag: str) -> None:
    assert flag not in read_message_json(text)["parts"][0]["flags"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("猪肉5", "猪肉5"),
        ("7楼要盐一包", "7楼"),
        ("五楼东要盐一包", "五楼东"),
        ("3号楼要盐一包", "3号楼"),
        ("土豆2-3斤", "土豆"),
        ("电话1990000123，要盐一包", "1990000123"),
        ("", "空"),
        ("都不要了", "退掉"),
        ("盐1包，顺便取快递", "快递"),
        ("asdf qwer", "asdf"),
    ],
)
def test_what_is_unclear_is_said_in_words(text: str, word: str) -> None:
    assert any(word in doubt for doubt in read_message_json(text)["unsure"])


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("电话19900001234", ["19900001234"]),
        ("199 0000 1234或199-0000-5678", ["19900001234", "19900005678"]),
        ("１９９００００１２３４", ["19900001234"]),
        ("+86 19900001234", ["19900001234"]),
        ("0471-1234567", ["04711234567"]),
        ("身份证150199194001011237", []),
        ("土豆5斤", []),
    ],
)
def test_phones_are_plain_digits(text: str, phones: list[str]) -> None:
    assert read_message_json(text)["phones"] == phones


PIECES = (
    (
        "土豆 5斤 3-2-501 3号楼2单元501 ， 。 \n 不对 不要了 改成 三十个 鸡蛋 (蒙牛) ( ） 各 发烧 39度 透析 没 阳了 1. 2、 半斤 x2 老人 83岁 "
        "一个人 #接龙 501 7楼 牛奶 \ue000 \ue105 二 十 点 半 号 谢谢 要 买 5 的 199000012345 19900001234 ① Ａ ８ 万 千 零点 ¥ @王 [玫瑰]"
    )
    .replace("\\n", "\n")
    .split(" ")
)
MESSAGES = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@settings(max_examples=300, deadline=None)
@given(MESSAGES)
def test_any_text_is_read_into_the_contract_shape(text: str) -> None:
    message = read_message_json(text)
    assert set(message) == {"parts", "phones", "unsure"}
    assert all(re.fullmatch(r"\d{10,12}", phone) for phone in message["phones"])
    for part in message["parts"]:
        assert set(part) == {"household", "category", "urgency", "lines", "flags"}
        assert part["category"] in CATEGORIES
        assert part["urgency"] in URGENCIES
        assert [flag for flag in FLAGS if flag in part["flags"]] == part["flags"]
        assert part["household"] is None or set(part["household"]) == {"building", "stairwell", "door"}


@settings(max_examples=300, deadline=None)
@given(MESSAGES)
def test_no_line_is_invented_and_quantities_are_decimal_strings(text: str) -> None:
    clean = even(text)
    for part in read_message_json(text)["parts"]:
        for line in part["lines"]:
            assert line["name"]
            assert line["name"] in clean
            assert line["quantity"] is None or re.fullmatch(r"\d+(\.\d+)?", line["quantity"])
            assert line["unit"] is None or line["unit"] in clean


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LIFE), st.sampled_from(["3-2-501，", "土豆5斤。", "您好！", "谢谢。", "[玫瑰]"]))
def test_danger_stays_danger_beside_other_words(text: str, other: str) -> None:
    assert any(part.urgency == "life" for part in read_message(other + text).parts)
    assert any(part.urgency == "life" for part in read_message(text + "。" + other).parts)


@pytest.mark.parametrize(
    "text",
    ["俩" * 9_000, "5" * 20_000, "五" * 20_000, "土豆" * 10_000, "(" * 20_000, "不" * 20_000, "a" * 30_000],
)
def test_long_nonsense_is_read_in_time(text: str) -> None:
    started = time.perf_counter()
    read_message(text)
    assert time.perf_counter() - started < 10
