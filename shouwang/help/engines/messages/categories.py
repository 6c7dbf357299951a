"""What sort of request a text is, and how soon it must be answered."""

from __future__ import annotations

import re

from shouwang.help.engines.messages.danger import danger_in, has_fever, is_violence
from shouwang.help.engines.messages.goods import is_medicine
from shouwang.help.engines.messages.shape import Line
from shouwang.help.engines.messages.telling import states

_THANKS = re.compile(r"谢谢|感谢|多谢|谢了|辛苦|感恩|致敬|好人一生平安|太好了|thank", re.IGNORECASE)
_QUESTION = re.compile(
    r"\?|吗(?:$|[,，。!])|请问|什么时候|啥时候|几点|几号|了没(?:有)?(?:$|[,，。!])|怎么(?:办|做|弄|预约|申请|报|买|领|走|去|联系|回事|还)|多少钱|多久|哪里|哪儿|在哪|能不能|可不可以|可以.{0,12}(?:吗|么)|是不是|有没有(?:人知道|通知|消息|规定|核酸|可能)|为什么|为啥|如何|咨询|问一下|想问|想知道|打听|要不要|需不需要|how |when |where |what |can i|\bwho\b",
    re.IGNORECASE,
)
_SUGGESTION = re.compile(
    r"建议|提议|提个意见|意见|希望(?:社区|物业|居委|你们|以后|下次|能够?|可以)(?!.{0,6}(?:帮我|给我))|最好(?:能)?(?:安排|改|分|增|统一)|能否改|可否改|反映一下|改进|suggest",
    re.IGNORECASE,
)
_PARCEL = re.compile(
    r"快递|包裹|外卖|驿站|取件|顺丰|丰巢|菜鸟|京东到家|(?:拿|取|领|送|到)(?:一下)?(?:了)?(?:个|几个|两个)?件(?!事|衣)|美团|饿了么|叮咚|盒马|闪送|跑腿|parcel|package",
    re.IGNORECASE,
)
_REPAIR = re.compile(
    r"漏(?:水|电|雨|气(?!质))|渗水|滴水|往下(?:漏|滴)|跑水|水管|水龙头|爆管|管道|下水道|地漏|马桶|堵(?:了|住|塞|死)|反水|倒灌|暖气|地暖|供暖|不热(?:了)?(?:$|[,，。!])|停(?:水|电|气|暖)|没(?:水|电|气)(?:了|$|[,，。!用])|断(?:电|网|水|气)|跳闸|短路|电闸|插座(?:坏|冒|没)|灯(?:坏|不亮|泡坏|灭)|不亮了?|电梯|门锁|锁(?:坏|芯)|钥匙(?:断|丢|落|忘)|门禁|对讲|"
    r"(?:网络?|宽带|路由器|电视|空调|热水器|冰箱|洗衣机|煤气灶|燃气灶|灶|门|窗户?|玻璃|墙|天花板|路灯|楼道灯|阀门|水表|电表)[^。,]{0,5}(?:坏|断|不(?:能用|工作|亮|制|出|转|好用|通|了)|打不(?:开|着)|关不|碎|裂|掉|故障|没反应)|上不了网|没网|维修|修(?:一下|理|不好)|报修|找人修|师傅来|broken|leak|no (?:power|water|heating)",
    re.IGNORECASE,
)
_DISPUTE = re.compile(
    r"(?:太|很|特别|天天|一直|非常|好|每天|老|总|半夜|又|在|互相|大)吵(?!着要)|吵(?:死|架|闹|得|到|醒|人|了|我们|起来)|噪音|扰民|噪声|(?:楼上|楼下|隔壁|邻居|对门)[^。;]{0,20}(?:跺脚|蹦|跳|敲|砸|打麻将|音响|音乐|装修|弹琴|钢琴|唱|放炮|走路声|咚咚|吼|骂|堵|占|扔|抽烟|倒)|狗(?:叫|吠)|(?:邻居|楼上|楼下|隔壁|对门|双方|两家|夫妻)[^。;]{0,10}(?:矛盾|纠纷|闹|打起来|争|吵|骂)|纠纷|闹矛盾|打架|打起来|吵架|骂人|占(?:了)?(?:我|车位|楼道|公共|通道)|堆(?:放)?(?:杂物|垃圾)|高空抛物|乱扔|插队|不讲理|调解|评评理|noise|quarrel",
    re.IGNORECASE,
)
_VISIT = re.compile(
    r"来个?人(?:看|瞧|陪)|(?:去|来|上门|派人|帮(?:我|忙)?|能)(?:去|来)?(?:看(?:一?看|望|一下|下)|瞧瞧|探望|探视|关心一下|陪(?:陪|聊|说|坐)|聊聊)|上门(?:看|走访|探)|走访|探望|看望|陪(?:他|她|我|老人|奶奶|爷爷)?(?:聊|说说话|坐坐)|敲敲?门(?:看|问)|说说话|没人(?:说话|陪)|check on|visit",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"照顾|照料|护理|看护|陪护|做(?:顿|点|一下|个)?饭(?!的)|烧饭|送饭|送餐|喂饭|没(?:人)?(?:做|烧)饭|吃不上饭|没(?:饭|东西)吃|没吃(?:东西|饭|上)|没开火|不吃不喝|没进食|洗澡|擦身|助浴|打扫|搞卫生|清洁|洗衣服|理发|剪头发|剪指甲|翻身|换药|换尿|倒垃圾|扔垃圾|垃圾[^。,]{0,4}(?:带|扔|倒|拿)(?:下|走|出)|遛狗|喂猫|喂狗|接送|陪(?:诊|着?去|同|我去|她去|他去)|"
    r"去医院|看病|就医|看医生|就诊|复查|产检|化疗|放疗|透析|血透|打(?:一)?针|挂水|输液|挂号|住院|用车|派车|叫车|安排(?:个)?车|找车|通行证|出门证|做(?:个)?(?:核酸|抗原)|上门(?:做|采)|不舒服|难受|发烧|发热|头(?:晕|疼|痛)|拉肚子|肚子(?:疼|痛)|呕吐|吐了|咳(?:嗽|得)|嗓子(?:疼|痛)|浑身|牙(?:疼|痛)|过敏|阳了|阳性|确诊|摔(?:了|倒|伤)|崴|扭(?:了|伤)|心情|睡不着|害怕|孤单|焦虑|看孩子|带孩子|辅导|help me with",
    re.IGNORECASE,
)
_MEDICINE = re.compile(
    r"(?:买|配|开|拿|取|要|缺|带|送|代配|断|没|吃完|借|求|找|需要|有没有|哪有)[^。;,!]{0,8}药(?!店|房关)|药(?:快)?(?:吃完|没了|断|用完|不够|不多|快没)|断药|没药|配药|代配药|处方|医保卡|退烧药|药店|针剂|打的针|胰岛素|medicine|insulin",
    re.IGNORECASE,
)
_SHOPPING = re.compile(
    r"买(?!不到票)|代购|采购|团购|接龙|菜(?:没了|吃完|快没)|没(?:有)?(?:菜|米|吃的|粮|奶粉|面|油|东西吃)|(?:奶粉|米|面|油|菜|尿不湿|纸尿裤|吃的|粮)[^。;,]{0,6}(?:只够|只剩|快没|快吃完|快用完|不够|不多)|断(?:粮|奶)|送(?:点|些|一些)(?:菜|米|吃的|物资)|菜(?:能|可以)?送|订(?:菜|奶|餐|购|个)|蔬菜|生活(?:物资|用品)|物资|买菜|下单|报名|grocer|buy|shopping",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"今天(?:就|能|要|必须|需要|之?内|送|帮|断|没|晚上?前|急)|今晚(?:就|要|没|必须)|马上|立刻|立即|尽快|赶紧|赶快|抓紧|急(?:需|用|着|!|，|,|。|$|死|求|件|事|的)|很急|着急|紧急|加急|越快越好|现在就|当天|等着(?:用|吃|下锅)|就(?:够|剩)(?:今天|一顿|一天|最后)|只(?:够|剩)|只有(?:一|最后)[^。]{0,4}(?:顿|天|片|颗|包)|"
    r"断药|断粮|断奶|(?:药|奶粉|胰岛素|米|菜|尿不湿|纸尿裤|饭|粮)[^。;,]{0,8}(?:没了|没有了|吃完|用完|快没|断了|断档|见底|不够|不多了|完了|吃光)|没(?:药|米|粮|吃的|奶粉|饭吃|菜了|东西吃)|没吃(?:东西|饭|上)|天没开火|不吃不喝|没进食|氧气[^。;,]{0,4}(?:还有|还能|够)|吃不上饭|饿(?:着|了|肚子|一天)|明天(?:就)?(?:没|断|要透析|透析|产检|化疗|一?早)|urgent|asap|today",
    re.IGNORECASE,
)
_TODAY_REPAIR = re.compile(
    r"停(?:水|电|气|暖)|没(?:水|电|暖)|断电|跳闸|漏(?:水|电|得)|跑水|爆|反水|倒灌|往下(?:漏|滴)|暖气|不热|冻|电梯|锁(?:外|在|坏)|进不去|出不来|马桶|短路|冒"
)
_SICK = re.compile(
    r"头晕|呕吐|拉肚子|腹泻|肚子(?:疼|痛)|难受|不舒服|疼得|痛得|摔(?:了|倒|伤)|血压(?:高|很高|上到|1[6-9]\d|2\d\d)|过敏|胰岛素|透析|血透|化疗|早产|伤口|黄疸|吐了|拉了一|不喝奶|不吃奶|蔫"
)
_DIALYSIS_WAY = re.compile(
    r"(?:透析|血透)[^。;]{0,16}(?:车|接送|来接|怎么去)|(?:车|接送)[^。;]{0,12}(?:透析|血透)"
)
_SERVED = re.compile(
    r"(?:帮|请|麻烦|能|需要|想|求|拜托|要).{0,10}(?:买|带|送|拿|取|修|看|配|来|开|安排|联系|解决|处理|送到|找|做|陪|照顾|剪)"
)


_BEGGED = re.compile(r"帮(?!助)|麻烦|拜托|求|派|安排|给我|急需|需要.{0,8}(?:送|修|买|人)")


def urgency_of(text: str, category: str, lines: list[Line]) -> str:
    """life, today or normal; danger to life always wins."""
    if danger_in(text):
        return "life"
    if is_violence(text) or has_fever(text) or states(_TODAY, text):
        return "today"
    if category == "dispute" and re.search(r"打起来|动手|打架|打人", text):
        return "today"
    if category == "repair" and _TODAY_REPAIR.search(text):
        return "today"
    if states(_DIALYSIS_WAY, text):
        return "today"
    if category in ("care", "medicine", "visit") and states(_SICK, text):
        return "today"
    return "normal"


def category_of(text: str, lines: list[Line]) -> str:
    """The category; what is wanted goes before how it is said, and danger before all."""
    if danger_in(text):
        return "emergency"
    wanted = [line for line in lines if line.quantity != "0"]
    if any(is_medicine(line.name) for line in wanted):
        return "medicine"
    if lines:
        return "shopping"
    if is_violence(text):
        return "care"
    return _asked_for(text) or ("care" if has_fever(text) else _said(text))


def _asked_for(text: str) -> str | None:
    if _is_question_about(text):
        return "question"
    if _SUGGESTION.search(text) and not _SERVED.search(text):
        return "suggestion"
    if _DISPUTE.search(text) and not re.search(r"漏水|漏到|渗", text):
        return "dispute"
    for category, pattern in (
        ("repair", _REPAIR),
        ("medicine", _MEDICINE),
        ("parcel", _PARCEL),
        ("visit", _VISIT),
        ("care", _CARE),
        ("shopping", _SHOPPING),
    ):
        if states(pattern, text) and not _only_thanked(text):
            return category
    return None


def _is_question_about(text: str) -> bool:
    asks = re.search(
        r"请问|什么时候|啥时候|几点|几号|多久|多少钱|怎么(?:预约|申请|报|领|做|办|走)|哪里|在哪|为什么|为啥|咨询|想问|问一下|还要.{0,6}吗|该(?:打|找|怎么|联系)|有(?:通知|核酸|消息|团购|蔬菜)?.{0,6}吗|是不是|要不要|需不需要|可以(?:下楼|出门|出去|取|点|收)",
        text,
    )
    if not asks:
        return False
    trouble = states(_REPAIR, text) and re.search(r"坏|漏|不热|堵|修|没(?:水|电)|停", text)
    return not _BEGGED.search(
        re.sub(r"什么时候(?:能|可以)?|请问|能不能|要不要|需不需要|想问问?|问一下|想知道|想咨询", "", text)
    ) and not (
        trouble
        and not re.search(r"(?:什么时候|几点|多久|啥时候)(?:能|可以|才|会)?(?:来|修|恢复|有|送|供)", text)
    )


def _only_thanked(text: str) -> bool:
    done = re.search(
        r"(?:谢谢|感谢|多谢)[^,。]{0,14}的(?:同志|志愿者|师傅|小伙|小哥|姑娘|大哥|大姐|阿姨|叔叔|医生|护士|书记|楼长|单元长|网格员|邻居|工作人员|人|你们|各位)"
        r"|已经|收到|送来|帮我(?:们)?(?:家)?(?:买了|送了|修|拿)|昨天|修好|好了|送到了|到了|及时|多亏|解决了|拿到了|及时送|这么快|真(?:好|快|及时)|辛苦",
        text,
    )
    return bool(
        _THANKS.search(text)
        and done
        and not re.search(r"(?:能|可以|麻烦|请|还|再)[^。,]{0,6}(?:帮|来|送|修|买|拿|取)", text)
    )


def _said(text: str) -> str:
    if _QUESTION.search(text) and not re.fullmatch(r".*(?:谢谢|感谢).{0,6}", text):
        return "question"
    if _THANKS.search(text):
        return "thanks"
    if _SUGGESTION.search(text):
        return "suggestion"
    return "other"


def mentions_parcel(text: str) -> bool:
    """True when a parcel is spoken of beside something else."""
    return states(_PARCEL, text)


def mentions_repair(text: str) -> bool:
    """True when something broken is spoken of beside something else."""
    return states(_REPAIR, text)
