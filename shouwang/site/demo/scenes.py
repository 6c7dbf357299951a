"""The requests of the demo: the sources' own scenes, and the everyday ones around them. Made up throughout."""

from __future__ import annotations

from dataclasses import dataclass

Door = tuple[str, str | None, str]


@dataclass(frozen=True)
class Scene:
    """One request: how many minutes ago, from which door, in which words, and how far it has come."""

    ago: int
    door: Door
    source: str
    category: str
    urgency: str
    title: str
    words: str
    until: str = "new"
    asker: str = ""
    phone: str = ""
    note: str = ""
    skills: tuple[str, ...] = ()
    volunteer: str = ""


def _day(ago: int, door: Door, category: str, title: str, words: str = "", source: str = "chat") -> Scene:
    """An everyday request that is over."""
    return Scene(ago, door, source, category, "normal", title, words or title, "closed", note="放门口了")


OPEN = (
    Scene(
        38,
        ("8", "2", "501"),
        "phone",
        "emergency",
        "life",
        "透析病人今晨须转运",
        "透析病人，夜里心慌出汗，今天早上必须去医院透析，坐不起来",
        "accepted",
        "家属",
        "19900090501",
        volunteer="8-2",
    ),
    Scene(
        44,
        ("4", "1", "302"),
        "portal",
        "shopping",
        "today",
        "婴儿奶粉 2 段 1 罐",
        "婴儿奶粉2段1罐，奶粉只够一顿了，一个人带娃下不去",
        "new",
        "李女士",
        "19900090302",
    ),
    Scene(
        95,
        ("12", "1", "201"),
        "phone",
        "medicine",
        "today",
        "降压药、二甲双胍，取卡代配",
        "降压药1盒，二甲双胍2盒，老两口，子女不在，医保卡可以交给志愿者",
        "accepted",
        "王大爷",
        "19900090201",
    ),
    Scene(
        120,
        ("9", "3", "102"),
        "chat",
        "repair",
        "today",
        "暖气不热",
        "9号楼3单元102暖气一夜不热，家里有老人",
        "under_way",
    ),
    Scene(
        100,
        ("7", "3", "701"),
        "chat",
        "shopping",
        "normal",
        "",
        "土豆5斤、辣椒3斤、四季豆2斤、包心菜5斤、猪肉5、儿童洗衣液1瓶",
        "accepted",
        volunteer="demo",
    ),
    Scene(
        30,
        ("6", "2", "301"),
        "phone",
        "repair",
        "today",
        "卫生间漏水到楼下",
        "楼上卫生间漏水，一直滴",
        "offered",
        skills=("repairs",),
    ),
    Scene(
        25,
        ("15", "2", "402"),
        "portal",
        "medicine",
        "today",
        "布洛芬混悬液 1 瓶",
        "孩子两岁发烧38度5，要布洛芬混悬液1瓶",
        "offered",
        "赵先生",
        "19900090402",
    ),
    Scene(
        70,
        ("4", "2", "501"),
        "phone",
        "parcel",
        "normal",
        "快递到门口，送上楼",
        "快递在大门口，七楼没电梯，麻烦带上来",
        "under_way",
        volunteer="demo",
    ),
    Scene(
        18,
        ("4", "3", "202"),
        "chat",
        "shopping",
        "normal",
        "",
        "鲜牛奶2盒，帮宝适M号1包，不要换别的牌子",
        "offered",
        volunteer="demo",
    ),
    Scene(
        12,
        ("11", "3", "401"),
        "portal",
        "visit",
        "normal",
        "想找人说说话",
        "一个人在家，想找人说说话",
        "new",
        "郑阿姨",
        "",
    ),
    Scene(
        150,
        ("20", "1", "302"),
        "visit",
        "care",
        "today",
        "老伴病了，想请人帮忙做饭",
        "老伴病了，做饭洗衣顾不过来",
        "under_way",
    ),
    Scene(
        8,
        ("1", "1", "301"),
        "chat",
        "question",
        "normal",
        "什么时候做核酸",
        "请问今天几点下楼做核酸？",
        "new",
    ),
    Scene(
        210,
        ("22", "2", "201"),
        "phone",
        "dispute",
        "normal",
        "楼上半夜拖桌子",
        "楼上半夜拖桌子，睡不着，麻烦说一声",
        "accepted",
    ),
    Scene(
        85,
        ("17", "1", "601"),
        "portal",
        "shopping",
        "normal",
        "",
        "大米20斤，鸡蛋三十个，84消毒液1瓶",
        "done",
        "冯女士",
        "19900090601",
        note="放门口了，已看清点",
    ),
    Scene(
        90,
        ("2", "2", "301"),
        "phone",
        "medicine",
        "today",
        "胰岛素 2 支",
        "胰岛素只剩一支，要2支",
        "done",
        "钱大妈",
        "19900090301",
        note="药已交到本人手里",
    ),
    Scene(75, ("14", "1", "402"), "chat", "parcel", "normal", "取快递一件", "大门口快递一件", "done"),
)

CLOSED = (
    _day(1900, ("1", "2", "201"), "shopping", "白菜10斤、面条2把"),
    _day(1850, ("3", "1", "302"), "medicine", "感冒灵1盒"),
    _day(1800, ("5", "1", "301"), "shopping", "鸡蛋三十个、挂面3把"),
    _day(1750, ("5", "2", "201"), "parcel", "取快递一件"),
    _day(1700, ("7", "1", "301"), "repair", "门锁打不开"),
    _day(1650, ("9", "1", "502"), "shopping", "牛奶1箱"),
    _day(1600, ("10", "2", "302"), "medicine", "降压药1盒"),
    _day(1550, ("13", "1", "301"), "visit", "看看独居老人"),
    _day(520, ("16", "1", "301"), "shopping", "西红柿3斤、黄瓜2斤"),
    _day(500, ("16", "2", "402"), "parcel", "取奶粉快递"),
    _day(480, ("18", "1", "501"), "medicine", "二甲双胍1盒"),
    _day(460, ("19", "1", "302"), "shopping", "面粉10斤"),
    _day(440, ("21", "2", "201"), "repair", "水龙头漏水"),
    _day(420, ("23", "1", "602"), "shopping", "苹果5斤"),
    _day(400, ("24", "1", "401"), "parcel", "取快递两件"),
    _day(390, ("2", "1", "402"), "shopping", "土豆5斤、洋葱2斤"),
    _day(370, ("6", "3", "202"), "medicine", "创可贴1盒"),
    _day(350, ("8", "1", "301"), "visit", "给奶奶量血压"),
    _day(330, ("10", "1", "202"), "shopping", "豆腐2块、豆芽1斤"),
    _day(300, ("12", "2", "301"), "parcel", "送药上楼"),
    _day(280, ("14", "2", "501"), "shopping", "大葱1斤、姜半斤"),
    _day(260, ("15", "1", "301"), "question", "物业费能不能晚交"),
    _day(240, ("17", "2", "402"), "shopping", "纸尿裤L号1包"),
    _day(220, ("3", "2", "201"), "thanks", "谢谢昨晚送药的同志"),
)

SCENES = CLOSED + OPEN
