"""From the words before or after a quantity to the name of a thing, its brand and its size."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shouwang.help.engines.messages.goods import BRANDS, GOODS, is_goods, split_brand

BRACKET = re.compile("[\ue000-\ue0ff]")
_LEAD = re.compile(
    r"^(?:(?:刚才|刚刚|昨天|上次|之前|前面|早上|前天|上午)(?:我)?(?:那一?单|说的?|报的?|要的?|订的?|写的?|发的?|的)?(?:那个)?|那一?单|那个|那种|这种|这个|各(?=要|来|买)|你好|您好|请问|请|麻烦(?:你们?|您|各位|志愿者|大家|社区|楼长|师傅)?|拜托|辛苦|劳驾|可以|可不可以|能不能|能否|能|想要|想|借|我们?家?(?!乐)|咱家?|俺家?|家里|现在|今天|明天|下午|上午|晚上|"
    r"顺便|顺带|方便的话|志愿者|楼长|社区|老师|大哥|姐姐|阿姨们|帮(?:我们?家?|忙|她|他|老人|我妈妈?|我爸爸?|邻居|奶奶|爷爷|助)?|替我|给(?:我们?家?|老人|孩子|宝宝|娃|她|他|妈妈|爸爸|奶奶|爷爷|我妈|我爸)?|"
    r"还有|还要|还需要?|还|也要|也|都|就|只|再|又|另|然后|加|和|跟|与|及|并|外加|需要?|急需|缺|要(?!素)|购买?|采购|代购|团购|订购?|预订|下单|买|代买|捎|拿(?!铁|破)|取|配(?!方)|开(?!心|水|塞|关)|来(?!苏|时|自)|带(?!鱼|子)|送|领|备|换|是|有没有|有|上|"
    r"求|哪位有|谁家有|谁有|报名?|接龙|点(?!心)|些|一些|一下|几样|东西|菜单|清单|如下|以下|药品?[:\s]|蔬菜[:\s]|吧|了|哈|呢|的|:|-|—|·|•|\*|#|=|\+|>|/|\s|,|，)+"
)
_PEOPLE_LEAD = re.compile(r"^(?:给|帮|替).{1,8}?(?:买|带|配|拿|捎|订|取|送|代购|开)(?:点|些|一下|了)?(?=.)")
_LAST_VERB = re.compile(
    r"^.*(?:(?<!代)买(?:不到|不着)?|需要|(?:想|我|家|都|还|再|也|只|就|先|急|们|人|里|奶奶|爷爷|妈|爸|姨|伯|叔|婆|公|姐|哥|嫂|户|室)要|(?:帮|给|替|顺便|麻烦|请|再|能|可以)[^,]{0,6}?(?:带|捎|拿|取|配|送|订|开|来)|订购|采购|代购|急需|缺)(?:点儿?|些|一下|几样|个)?(?=.)"
)
_TRAIL = re.compile(
    r"(?:谢谢.*|多谢.*|感谢.*|辛苦.*|麻烦.*|拜托.*|就行了?|就好了?|即可|就可以了?|就?够了?|可以吗|行吗|好吗|吗|吧|呢|哈|啊|呀|哦|嘛|喔|哟|呃|嗯|额|噢|诶|那个|了|的|备用|备着|应急|救急|各|共|和|跟|与|及|一共|总共|大概|大约|约|差不多|左右|:|-|—|=|·|\s|~|>|\(|\)|\"|'|“|”|《|》)+$"
)
_SPEC = re.compile(
    r"(?:NB|[SMLX]{1,4}|[大中小]|[0-9]{1,2}0?)(?:号|码)(?!电池|楼|院)|(?<![A-Z])[1-4一二三四]段|\d+(?:\.\d+)?(?:度)(?=白酒|酒)|(?<![A-Za-z])(?:XXL|XL|NB|[SML])(?![A-Za-z0-9])"
)
_TRAILING_VERB = re.compile(
    r"^(.{1,12}?)(?:再|就|只|各|还|给我|帮我|我|那|也)?(?:来个?|要|买|拿|带|借|求|需要|想要|要买)$"
)
_ADJECTIVE = re.compile(r"^(?P<note>[^的]{1,8})的(?P<name>[^的]+)$")
_NEVER = re.compile(
    r"我|你|他|她|它|们|您|咱|谁|什么|怎|多少|哪|已经|还没|没有|没|不|发烧|发热|咳|疼|痛|摔|死|血(?!压|糖|氧|旺|肠|豆腐|燕|宝)|晕|岁|今天|明天|昨天|时候|小时|"
    r"很|太|非常|因为|所以|但是|如果|老人|孩子|邻居|志愿者|医生|护士|社区|物业|电话|手机|微信|群里|朋友|爸|妈|爷|奶奶|儿子|女儿|老公|老婆|老伴|快递|包裹|外卖|收到|谢|感谢|帮|请问|麻烦|"
    r"送到|放到|住|家里|全家|隔离|核酸|阳性|楼|单元|吃了|喝了|吞|服了|打了|用了|敲|看见|听到|吵|漏|坏|修|停电|停水|打人|骂|建议|希望|应该|觉得|知道|可以|能|会|想|去|到|说|做|在|让|把|被|给|等|最近|一直|总是|每"
)
_FIRST_LINE_NAME = re.compile(
    r"^(?:[老小]?[\u4e00-\u9fff]{1,3}(?:阿姨|叔叔|大爷|大妈|奶奶|爷爷|女士|先生|老师|姐|哥|嫂|婶|伯)|[\u4e00-\u9fff]{2,3})$"
)


@dataclass
class Named:
    """A name cut out of the text, what belongs to it, and things named before it without a number."""

    name: str = ""
    notes: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def strip_lead(text: str) -> str:
    """The text without politeness, verbs of asking and joining words at its beginning."""
    text = text.strip()
    while not text.startswith(BRANDS) and (
        not is_goods(text)
        or text.startswith(
            (
                "买",
                "要",
                "需",
                "帮",
                "请",
                "送",
                "捎",
                "各要",
                "各来",
                "各买",
                "给",
                "还",
                "再",
                "麻烦",
                "我",
                "团购",
                "代购",
                "采购",
                "接龙",
                "刚",
                "昨",
                "那",
                "上次",
                "之前",
            )
        )
    ):
        shorter = _PEOPLE_LEAD.sub("", text)
        shorter = _LEAD.sub("", shorter)
        if shorter == text:
            break
        text = shorter
    return text


def strip_trail(text: str) -> str:
    """The text without thanks, particles and loose signs at its end."""
    return _TRAIL.sub("", text.strip())


def read_name(raw: str) -> Named:
    """The thing that `raw` names, looking from its end; an empty name when it names none."""
    named = Named()
    text = BRACKET.sub("", raw).strip()
    verb = _LAST_VERB.match(text)
    if verb and not is_goods_word_at(text, verb.end()):
        text = text[verb.end() :]
    text = strip_trail(strip_lead(text))
    words = [w for w in text.split(" ") if w]
    if len(words) > 1:
        _place_words(words[:-1], named)
        text = strip_trail(strip_lead(words[-1]))
    elif not words:
        return named
    text = _take_spec(_TRAILING_VERB.sub(r"\1", text), named)
    if not text and words[:-1]:
        text = strip_trail(strip_lead(words[-2]))
        named.before = [b for b in named.before if b != text]
        named.dropped = [d for d in named.dropped if d != text]
    text = _take_adjective(text, named)
    name, brands = split_brand(text)
    named.notes.extend(brands)
    named.name = name.strip(" -—·:：的")
    if named.name in BRANDS and named.before:  # 尿布 好奇 L号 1包
        named.notes.append(named.name)
        named.name = named.before.pop()
    return named


def is_goods_word_at(text: str, cut: int) -> bool:
    """True when cutting at `cut` would break a thing's own name: 海带, 绷带."""
    return is_goods(text[:cut]) and not text[:cut].endswith(("买", "要", "需要", "缺"))


def is_possible(name: str) -> bool:
    """True for what may be the name of a thing although no list knows it."""
    return (
        1 <= len(name) <= 14
        and (name in GOODS or not _NEVER.search(_without_known(name)))
        and bool(re.search(r"[\u4e00-\u9fffA-Za-z]", name))
        and not re.fullmatch(r"[A-Za-z]{1,2}", name)
    )


def _without_known(name: str) -> str:
    # 不粘锅, 尿不湿, 妈咪爱 are things although their characters are words of telling.
    if is_goods(name):
        name = re.sub(
            r"他汀|他克莫司|止[痛疼咳血泻痒]|[镇去祛]痛|头[痛疼]|感冒|咳嗽|退烧|退热|发烧|晕车|儿童|小儿|老人|老年人?|成人|宝宝|婴儿|孕妇|女士|男士|无糖|不含|免洗|助眠|即食|速食|能量|去火|去皮|可吸收|防水|降血|补血|活血|造血|奶奶",
            "",
            name,
        )
    for brand in BRANDS:
        name = name.replace(brand, "")
    return re.sub(
        r"尿不湿|不粘锅|不锈钢|妈咪爱|老干妈|奶奶香|电话线|手机壳|手机充电器|能量棒|在线|不求人|不老莓|百香果|楼兰|每日坚果|每日鲜语|没药|奶爸爸|去痛片|会稽山|到手香|去火片|把子肉|漏斗|漏勺",
        "",
        name,
    )


def _place_words(words: list[str], named: Named) -> None:
    for place, word in enumerate(words):
        cleaned = strip_trail(strip_lead(word))
        if not cleaned:
            continue
        if cleaned in BRANDS or _SPEC.fullmatch(cleaned):
            named.notes.append(cleaned)
        elif is_goods(cleaned) and is_possible(cleaned):
            named.before.append(cleaned)
        elif place == 0 and _FIRST_LINE_NAME.match(cleaned):
            continue
        else:
            named.dropped.append(cleaned)


def _take_spec(text: str, named: Named) -> str:
    """The text without a size at its beginning or end; what stands before a size in the middle is a note."""
    match = _SPEC.search(text)
    if not match:
        return text
    left, right = text[: match.start()].rstrip(" 的"), text[match.end() :].lstrip(" 的")
    if left and right and not is_goods(right):
        return text
    named.notes.append(match[0])
    if left and right:
        named.notes.append(left)
    return strip_trail(right or left)


def _take_adjective(text: str, named: Named) -> str:
    match = _ADJECTIVE.match(text)
    if not match or not (is_goods(match["name"]) or is_possible(match["name"])):
        return text
    if is_possible(match["note"]):
        named.notes.append(match["note"])
    return strip_lead(match["name"])
