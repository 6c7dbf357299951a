"""What is scribbled on a bag at the gate says of those who wait for it; each is proposed, a person accepts it.

Plain text in, codes of care flags out (people.states.Care). Cautious both ways: what is denied is not read, and an illness
is only read where its name stands.
"""

from __future__ import annotations

import re
import unicodedata

CHILD = r"(?:宝宝|宝贝|婴儿|孩子|娃|小孩|幼儿|双胞胎|儿子|女儿|孙子|孙女)"
ALONE = r"(?:一个人|独自|单独|一人|自己)"
# In the order in which they are shown.
WORDS: dict[str, str] = {
    "to_door": r"(?:送|拿|放|提|搬|带)(?:货)?(?:到|上|至|在|进)?(?:我|我们|俺|他|她|老人)?家?(?:的)?(?:家门|家里|门口|房门|楼上|楼来|上楼|屋里|门)"
    r"|送上(?:门|楼|来)|上门|送到家|麻烦送上|to (?:the|my|our|her|his) (?:front )?door|bring (?:it )?up|upstairs",
    "walks_badly": r"(?:腿脚?|行动|走路|行走|腿)(?:也|很|都|又|太|实在|有点|比较)*(?:不便|不方便|不好|不利索|不灵便?|困难|不行|疼|费劲|不稳)"
    r"|(?:走|下|爬|上)不了?(?:楼|动|路)|走不动|不能(?:走路|下楼|下床)|下楼(?:也|很|太)?(?:难|困难|不便|不方便|吃力)"
    r"|拄拐|轮椅|卧床|瘫痪|偏瘫|骨折|(?:cannot|can't|can not|hard to) walk|walks? badly|wheelchair|on crutches",
    "alone_with_child": rf"{ALONE}(?:在家)?(?:里)?(?:要|还要)?(?:带|看|照看|照顾|抱|哄)(?:着|了)?[^,。!;]{{0,6}}{CHILD}"
    rf"|只有我(?:和|跟|带)[^,。!;]{{0,6}}{CHILD}|家里?没人[^,。!;]{{0,4}}(?:带|看){CHILD}"
    r"|alone with (?:a |an |the |my |our )?(?:small |little )?(?:baby|child|kid|infant|twins)",
    "infant": r"婴儿|新生儿|刚出生|(?:\d+|几|[一二两三四五六七八九十]+)个?月(?:大)?的?(?:宝宝|婴儿|孩子|娃|宝贝)|宝宝|奶娃|(?:baby|infant|newborn)",
    "lives_alone": r"独居|孤寡|孤老|一个人(?:住|过|生活|居住)|独自(?:居住|生活|一人)|(?:老人|奶奶|爷爷|老太太|大爷|大妈)一个人(?!带|看|照|抱)"
    r"|lives? alone|living alone|on (?:my|her|his) own",
    "couple_alone": r"(?:老两口|两个老人|老夫妻|老俩口)|old couple",
    "pregnant": r"孕妇|怀孕|孕\d+周|孕晚期|待产|临产|大肚子|pregnant|expecting",
    "postpartum": r"坐月子|月子里|产妇|刚生完|newly delivered",
    "dialysis": r"透析|血透|腹透|尿毒症|dialysis",
    "oxygen": r"吸氧|制氧机|呼吸机|氧气瓶|on oxygen|oxygen at home",
    "chronic_illness": r"多病|有病|慢性病|高血压|糖尿病|心脏病|冠心病|哮喘|\bill\b|\bsick\b|diabet|hypertension",
    "disabled": r"残疾|残障|盲人|失明|聋哑|截肢|disabled|\bblind\b",
    "no_phone": r"没有?(?:手机|电话)|不会(?:用|使)(?:手机|微信)|no phone",
}
NOT = r"(?:不用|不必|不需要|无需|别|不要|勿|请勿|不是|没有|没|无|no need to|don't|do not|not)\s*(?:再|给我|请)?\s*"
DENIED = {"no_phone", "walks_badly"}
PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in WORDS.items()}
BEFORE = re.compile(rf"{NOT}$", re.IGNORECASE)


def read_note(text: str) -> tuple[str, ...]:
    """The care flags that a note states, most telling first; nothing for a note that says nothing of people."""
    said = unicodedata.normalize("NFKC", text or "").replace(" 了", "了")
    found = {kind for kind, pattern in PATTERNS.items() if _states(kind, pattern, said)}
    if "alone_with_child" in found:
        found.discard("lives_alone")
    return tuple(kind for kind in WORDS if kind in found)


def _states(kind: str, pattern: re.Pattern[str], said: str) -> bool:
    """Whether it stands there undenied at least once; what is itself a denial (no phone) is taken as it is."""
    for match in pattern.finditer(said):
        if kind in DENIED or not BEFORE.search(said[max(0, match.start() - 12) : match.start()]):
            return True
    return False
