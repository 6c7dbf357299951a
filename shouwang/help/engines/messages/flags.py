"""What a message says about the people behind the door; each flag is proposed, a person accepts it."""

from __future__ import annotations

import re

from shouwang.help.engines.messages.ages import has_infant, has_over_80
from shouwang.help.engines.messages.danger import is_despair, is_violence
from shouwang.help.engines.messages.shape import FLAGS
from shouwang.help.engines.messages.telling import states

_CHILD = r"(?:两个|2个|三个|俩|小|生病的|几个月的?|\d+个月的?|\d+岁的?|[一二两三四五六七八九]+岁的?|[一二两三四五六七八九十]+个月的?|着|个|刚出生的)*(?:娃|孩子|宝宝|小孩|婴儿|儿子|女儿|孙子|孙女|宝|双胞胎|奶娃)"
_WORDS = {
    "walks-badly": r"腿脚(?:也|又|都|很|还|有点|实在|一直|越来越)*(?:不便|不好|不方便|不利索|不灵|不太|不行|有毛病|没劲)|行动(?:也|很|都|又|十分|有些)*(?:不便|不方便|困难|受限)|走不了|走不动|走不远|"
    r"走路(?:也|很|都|有点|十分|比较|不太)*(?:不便|不方便|困难|不稳|费劲|吃力|慢|不利索|一瘸|要扶|靠|得拄|拄)|(?:不能|没法|无法|不太能)(?:走路?|下楼|下床|行走|下地|站)(?!过)|下不了(?:楼|床|地)|下楼(?:也|很|都|太)?(?:不方便|不便|困难|费劲|吃力)|上下楼(?:不|很|困难|费)|"
    r"爬不动|爬不了楼|拄(?:着)?拐|拄(?:着)?棍|坐(?:着)?轮椅|靠轮椅|用轮椅|卧床|瘫痪|瘫在|偏瘫|半身不遂|骨折|崴了?脚|脚崴|扭了脚|脚扭|(?:腿|膝盖|脚)(?:疼|痛|坏|摔|伤|断|刚做完手术|做了手术|不好|有伤|打着?石膏)|打着?石膏|膝盖(?:置换|手术)|不良于行|走路不太?方便|下不来楼|cannot walk|can't walk|wheelchair",
    "lives-alone": r"独居|一个人(?:住|生活|过|居住)|(?:自己|就|只有|只|老人|奶奶|爷爷|阿姨|母亲|父亲|爸|妈|我|她|他|老太太|老爷子|大爷|大妈)一个人(?:在家)?(?!带|看|照|抱|拿|搬|扛)|独自(?:在家|一人|居住|生活|住|一个人)(?!带|看|照|抱)|孤身一人|孤寡|孤老|家里(?:就|只有|只剩|现在就)(?:我|她|他)(?:自己)?一个(?!人带|大人)|"
    r"一个人在家(?!里?(?:带|看|照|抱))|身边没(?:有)?(?:人|亲人)|lives? alone|living alone",
    "alone-with-child": rf"(?:一个人|独自|单独|自己|一人)(?:在家)?(?:里)?(?:要|还|又|还要|还得)?(?:带|看|照顾|照看|抱|哄|管)(?:着|了)?{_CHILD}|(?:家里)?(?:就|只有|只剩)(?:我|她|妈妈|奶奶|我自己|我一个人)(?:一个人)?(?:和|跟|带着?|带){_CHILD}|"
    rf"(?:老公|爱人|丈夫|老婆|家人|孩子他?爸|她爸|他爸|孩子爸爸)(?:也|都|被|还|在外|出差|不在|在医院|在隔离|隔离|拉去|封在)[^。!;]{{0,14}}(?:我|一个人|自己)[^。!;]{{0,4}}(?:带|看|抱|照顾)(?:着)?{_CHILD}|抱着{_CHILD}[^。]{{0,6}}(?:走不开|下不了楼|下不来|不方便)|{_CHILD}(?:没人看|离不开人|没人带)|单亲(?:妈妈|爸爸)|alone with (?:a |the |my )?(?:baby|child|kid)",
    "pregnant": r"怀孕|孕妇|孕期|孕晚期|孕早期|孕中期|孕\s?\d+|孕[一二三四五六七八九十]+|\d+周孕|怀着?孕|怀了(?:孕|二胎|宝宝|三胎|\d+个月|[一二三四五六七八九]个?多?月)|有身孕|有孕|预产期|大着?肚子|待产|临产|产检|快生了|要生了|准妈妈|怀的|pregnant",
    "dialysis": r"透析|血透|腹透|尿毒症|洗肾|dialysis",
    "oxygen": r"制氧机|吸氧|氧气(?:瓶|袋|罐|管|机|快|不|没|用)?|氧疗|呼吸机|供氧|离不开氧|靠氧|输氧|oxygen",
    "chronic-illness": r"高血压|糖尿病|冠心病|心脏病|慢性病|慢病|哮喘|慢阻肺|老慢支|癌|肿瘤|化疗|放疗|帕金森|癫痫|中风|脑梗|心梗|脑出血后|肾病|肾衰|肾炎|甲亢|甲减|甲状腺|红斑狼疮|类风湿|痛风|肝硬化|乙肝|心衰|房颤|支架|搭桥|血友病|白血病|"
    r"抑郁症|精神分裂|双相|基础病|基础疾病|老毛病|长期(?:吃|服|用|需要吃)|常年(?:吃|服|用)|天天(?:要)?(?:吃|打)药|降压药|血压药|降糖药|血糖药|胰岛素|二甲双胍|硝苯地平|氨氯地平|缬沙坦|美托洛尔|阿卡波糖|优甲乐|立普妥|靶向药|抗癌药|抗排异|肾移植|diabet|hypertension",
    "disabled": r"残疾|残障|残联|盲人|失明|看不见(?:东西|路)|双目|眼睛(?:看不见|瞎)|聋哑|聋人|耳聋|双耳|听不见|听障|视障|截肢|智力(?:障碍|残|低)|智障|视力障碍|听力障碍|[一二三四]级残|肢体|自闭症|脑瘫|唐氏|高位截瘫|失能|disabled",
    "dementia": r"痴呆|阿尔茨海默|阿尔兹海默|老年痴|失智|认知(?:障碍|症|有问题|不清)|老糊涂|糊涂了|不认(?:得|识)?人|不认得家|忘事(?:厉害|严重)|记不住(?:事|人)|脑子(?:不清|糊涂|不太清楚|不清楚)|dementia|alzheimer",
    "no-phone": r"(?:没有?|无|不用|没带|没买)(?:智能|老人)?(?:手机|电话)(?!号|支架|壳|充电)|不会(?:用|使|玩|操作)(?:智能)?(?:手机|微信|电话)|(?:手机|电话)(?:也|都|又)?(?:坏了|丢了|摔坏|用不了|停机|打不通不了)|不会(?:上网|网购|扫码|微信)|不用微信|没(?:有)?微信|没智能机|no phone",
    "positive": r"(?:核酸|抗原|结果|检测|全家|家里|我们?|都|也|人|妈|爸|老公|老婆|孩子|老伴|两口|公|婆)(?:都|也|是|呈|测出来?|查出来?|全|已经|今天|刚|昨天|又|被|出来)*(?:阳|羊)(?:了|性|着|过去|转)?(?!台|光|伞|历|面|康|平|泉|江|春|朔|澄)|阳性|(?<![太朝向夕遮晒沈洛贵衡])(?:阳了|羊了)|确诊|两道杠|2道杠|复阳|小阳人|居家阳|弱阳|变阳|阳转|tested positive|covid positive",
    "to-door": r"门口放(?:着|下|一下|就)|(?:放|搁|挂|摆|丢|扔|送|拿|提|搬|送货|递|端)(?:在|到|至|我|去|给我)*(?:我|我们|我们家|我家|家|咱家|他|她|老人|奶奶|爷爷|他们|自家|房|入户|\d{3,4}室?的?)*(?:家)?(?:的)?(?:家门|门口|房门|门外|门把|门前|屋门|入户门|门上)(?!的?(?:驿站|超市|保安|岗))|送(?:货)?上门|上门送|送上(?:楼|来)|(?:送|拿|提|搬|扛|抬)(?:到)?(?:楼上|上楼|上来|上去|进来|进屋|入户|家里|到家|来家)|送到家|到户|送货到家|送进(?:屋|家)|送(?:到|至)\s?\d{1,2}楼|敲门放下|to (?:the|my) door",
}
_NOT = {
    "to-door": r"(?:医保卡|社保卡|卡|钥匙|垃圾|药单|处方|病历|钱|空桶|空瓶)[^,。]{0,8}(?:门口|门把|门外|门前)|(?:小区|单元|楼|大|院|社区|驿站|东|西|南|北|超市|菜场|楼栋|单元楼)门(?:口|外|前)",
    "positive": r"没(?:有)?阳|不是阳|阴性|转阴|都阴|阳过|没有?阳性|怕阳|阳性邻居|楼里有阳|密接|有阳性(?:的)?吗|是不是阳|会不会阳|阳性吗|阳台|太阳|阳光|朝阳|夕阳|羊肉|羊奶|沈阳|洛阳|贵阳|伯阳|阳春",
    "oxygen": r"血氧仪?|氧化|双氧水|有氧|过氧",
    "chronic-illness": r"乙肝疫苗|防癌|心脏病都要|气出心脏病|痛风险",
    "lives-alone": r"一个人(?:送|拿|扛|搬|带|来|去|排)|派一个人|两个人|每家一个人|还有一个人",
    "pregnant": r"怀孕的?猫|猫怀孕|狗怀孕|验孕棒|避孕|备孕|产检仪|孕妇(?:装|裤|奶粉)",
    "dementia": r"痴呆(?:讲座|宣传)",
    "dialysis": r"透析(?:讲座|科普)",
    "disabled": r"残疾人?(?:通道|车位|厕所)|肢体(?:冲突|接触)",
    "no-phone": r"手机没电",
    "walks-badly": r"走不了(?:账|流程|电梯)|(?:不能|没法|无法)走(?:人|账|快递)|车坏",
}
_FLAG_PATTERNS = {flag: re.compile(words, re.IGNORECASE) for flag, words in _WORDS.items()}
_NOT_PATTERNS = {flag: re.compile(words) for flag, words in _NOT.items()}
_QUIETLY = re.compile(
    r"(?:不要|别|不能|千万别|请勿|勿|先别|不用)(?:给我|给她|给他|再|往家里?|往我家|直接|随便)*(?:回(?:我)?电话|打(?:我)?(?:的)?(?:电话|手机)|回电|来电|打回来|打过来|回拨|回我|给我打|联系我(?:家|老公|丈夫|家人|爱人)|告诉(?:我)?(?:老公|丈夫|家人|他|别人|任何人|邻居|其他人|我家人))|"
    r"(?:打|回)(?:我)?电话(?:不方便|会被|就被)|(?:不要|别)(?:发|说)(?:到|在)群|保密|不想让(?:别人|邻居|人|家里人|他|老公)知道|别让(?:他|她|我老公|家里人|别人|邻居|人)知道|(?:不方便|没法|不能)(?:接|说)(?:电话|话)|(?:别|不要)回(?=$|[,，。!\s])|偷偷(?:发|打|告诉)|do not (?:ring|call)|don't (?:ring|call)|please don't call"
)
_DOOR_CALL = re.compile(r"睡觉|睡了|午睡|宝宝睡|孩子睡|上课|开会|快递员|按门铃")


def read_flags(text: str) -> tuple[str, ...]:
    """The flags that the text states, in the contract's order."""
    found = {flag for flag in _FLAG_PATTERNS if _has(flag, text)}
    if has_over_80(text):
        found.add("over-80")
    if has_infant(text):
        found.add("infant")
    if is_confidential(text):
        found.add("confidential")
    if "alone-with-child" in found and not re.search(r"独居|一个人住|孤寡", text):
        found.discard("lives-alone")
    return tuple(flag for flag in FLAGS if flag in found)


def is_confidential(text: str) -> bool:
    """True for violence at home, despair, or the wish not to be rung back."""
    return asks_not_to_be_rung(text) or is_violence(text) or is_despair(text)


def asks_not_to_be_rung(text: str) -> bool:
    """True for the wish not to be rung back, or that nobody at home hears of it."""
    return bool(_QUIETLY.search(text)) and not _DOOR_CALL.search(text)


def _has(flag: str, text: str) -> bool:
    but = _NOT_PATTERNS.get(flag)
    kept = but.sub("＃", text) if but else text
    if flag == "no-phone":
        return bool(_FLAG_PATTERNS[flag].search(kept))
    return states(_FLAG_PATTERNS[flag], kept)
