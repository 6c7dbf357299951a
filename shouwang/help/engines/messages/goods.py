"""What neighbours ask others to buy: endings that make a name a thing, brands, places of origin.

A word list only helps where a line has no quantity or hides a brand; 'name, number, unit' needs none.
"""

from __future__ import annotations

import re

_FOOD = """
土豆 马铃薯 辣椒 青椒 尖椒 彩椒 四季豆 豆角 豇豆 豆 白菜 包菜 卷心菜 甘蓝 生菜 油菜 芹菜 菠菜 韭菜 香菜 青菜 小白菜
娃娃菜 油麦菜 空心菜 菜花 花菜 西兰花 西红柿 番茄 黄瓜 茄子 冬瓜 南瓜 丝瓜 苦瓜 西葫芦 萝卜 胡萝卜 洋葱 大葱 小葱
葱 姜 生姜 蒜 大蒜 蒜苗 蒜薹 莲藕 藕 山药 红薯 地瓜 玉米 蘑菇 香菇 金针菇 平菇 木耳 豆腐 豆皮 豆干 豆芽 海带 紫菜 菜
上海青 鸡毛菜 茼蒿 芋头 毛豆 豌豆 秋葵 百合 竹笋 笋 粉条 粉丝 咸菜 榨菜 酸菜 泡菜 蔬菜 水果 苹果 香蕉 橙子 橘子 桔子
梨 葡萄 草莓 西瓜 哈密瓜 柚子 柠檬 猕猴桃 火龙果 芒果 桃子 枣 红枣 核桃 花生 瓜子 坚果 枸杞 果
猪肉 牛肉 羊肉 鸡肉 五花肉 排骨 里脊 瘦肉 肉馅 肉末 肉 鸡 鸡腿 鸡翅 鸡胸 鸭 鸭蛋 鱼 带鱼 虾 虾仁 螃蟹 蛋 鸡蛋 火腿肠 火腿 香肠 腊肠 腊肉
培根 牛奶 酸奶 纯牛奶 奶 奶粉 奶酪 豆浆 豆奶 大米 小米 糯米 米 面粉 白面 挂面 面条 方便面 泡面 面 面包 馒头 包子 饺子 水饺 馄饨
汤圆 年糕 饼干 饼 蛋糕 燕麦 麦片 粥 八宝粥 米粉 米线 食用油 花生油 菜籽油 豆油 大豆油 玉米油 香油 橄榄油 油 盐 酱油 生抽 老抽 醋 料酒 白糖
红糖 冰糖 糖 味精 鸡精 蚝油 豆瓣酱 酱 花椒 八角 调料 火锅底料 底料 淀粉 酵母 蜂蜜 茶叶 茶 咖啡 可乐 雪碧 果汁 饮料 矿泉水 纯净水 桶装水 水
啤酒 白酒 酒 香烟 烟 零食 薯片 巧克力 罐头 辅食 果泥 米糊 速冻食品 熟食 早餐 盒饭 饭 菜包 蔬菜包
"""
_HOME = """
洗衣液 洗衣粉 洗洁精 洗手液 洗发水 沐浴露 香皂 肥皂 牙膏 牙刷 毛巾 纸 卫生纸 抽纸 纸巾 餐巾纸 湿巾 棉柔巾 卫生巾 尿不湿 纸尿裤 尿裤 尿布 拉拉裤
护理垫 尿垫 成人纸尿裤 奶瓶 奶嘴 口罩 手套 消毒液 消毒水 消毒片 泡腾片 酒精 酒精棉 棉签 防护服 垃圾袋 保鲜膜 保鲜袋 保温杯 暖水袋 暖宝宝 电池 灯泡 蜡烛
插座 插线板 充电器 充电线 煤气罐 煤气 拖把 扫把 盆 桶 杀虫剂 蚊香 猫粮 狗粮 猫砂 粮 剪刀 指甲刀 笔 本子 作业本 打印纸 湿厕纸 洁厕灵
洁厕液 漂白水 护手霜 面霜 身体乳 洗面奶 雨衣 被子 褥子 衣服 拖鞋 袜子 轮椅 拐杖 助行器 尿壶 坐便椅 体重秤 热水袋 用品 日用品 生活用品
"""
_MEDICINE = """
药 布洛芬 对乙酰氨基酚 美林 泰诺林 泰诺 扑热息痛 感冒灵 感冒颗粒 连花清瘟 莲花清瘟 板蓝根 阿莫西林 头孢 阿奇霉素 罗红霉素 阿司匹林 硝苯地平 氨氯地平
缬沙坦 厄贝沙坦 氯沙坦 美托洛尔 倍他乐克 络活喜 拜新同 二甲双胍 格列美脲 阿卡波糖 拜糖平 胰岛素 诺和锐 来得时 立普妥 阿托伐他汀 他汀 速效救心丸 硝酸甘油
丹参滴丸 复方丹参滴丸 波立维 氯吡格雷 华法林 优甲乐 左甲状腺素 甲钴胺 钙片 维生素 维C 蒙脱石散 思密达 益生菌 妈咪爱 黄连素 诺氟沙星 藿香正气水 藿香正气液
蒲地蓝 双黄连 川贝枇杷膏 枇杷膏 止咳糖浆 咳嗽糖浆 糖浆 小儿氨酚黄那敏 小柴胡 奥美拉唑 开瑞坦 氯雷他定 沙丁胺醇 舒利迭 信必可 布地奈德 眼药水 滴眼液
红霉素软膏 软膏 药膏 膏药 创可贴 碘伏 纱布 绷带 叶酸 氟西汀 舍曲林 安定 艾司唑仑 奥司他韦 抗病毒口服液 口服液 颗粒 胶囊 滴丸 冲剂 喷雾 注射液 栓 贴膏 吸入剂
开塞露 乳果糖 瑞舒伐他汀 吲达帕胺 氢氯噻嗪 螺内酯 呋塞米 地高辛 替格瑞洛 甲硝唑 左氧氟沙星 西替利嗪 孟鲁司特 氨溴索 右美沙芬 肠炎宁 健胃消食片 达格列净
恩替卡韦 丙戊酸钠 利培酮 奥氮平 多奈哌齐 美多芭 泼尼松 甲氨蝶呤 羟氯喹 环孢素 他克莫司 骨化三醇 碳酸钙
抗原 抗原试剂 试剂盒 试剂 体温计 温度计 血压计 血糖仪 血糖试纸 试纸 针头 注射器 制氧机 氧气袋 氧气瓶 雾化器 退热贴 冰宝贴 氧气 血氧仪
"""
_NOT_PRESCRIBED = ("创可贴", "纱布", "制氧机", "轮椅", "杀虫剂", "农药", "火药", "芍药", "山药")

MEDICINES = tuple(sorted(set(_MEDICINE.split()), key=len, reverse=True))
GOODS = tuple(sorted({*_FOOD.split(), *_HOME.split(), *MEDICINES}, key=len, reverse=True))
_MEDICINE_ENDING = re.compile(
    r"(?:药|片剂|缓释片|肠溶片|控释片|分散片|咀嚼片|吗啡片|含片|胶囊|颗粒|口服液|滴丸|丸|注射液|软膏|冲剂|沙坦|地平|洛尔|他汀|普利|列净|列汀|格列.|霉素|西林|拉唑|替丁|西泮|唑仑)$"
)

BRANDS = tuple(
    sorted(
        """蒙牛 伊利 光明 三元 特仑苏 安慕希 金典 君乐宝 旺仔 飞鹤 爱他美 美赞臣 惠氏 雀巢 贝因美 a2 合生元 启赋 金龙鱼 鲁花 福临门 多力 胡姬花 海天 李锦记 千禾
        厨邦 六月鲜 老干妈 康师傅 统一 今麦郎 白象 双汇 金锣 雨润 思念 三全 湾仔码头 农夫山泉 怡宝 娃哈哈 百岁山 可口可乐 帮宝适 好奇 花王 大王 尤妮佳 露安适 babycare
        蓝月亮 立白 奥妙 汰渍 威露士 滴露 维达 心相印 清风 洁柔 舒肤佳 飘柔 海飞丝 高露洁 佳洁士 云南白药 999 三九 同仁堂 白云山 扬子江 拜耳 辉瑞 北京同仁堂 三只松鼠
        六个核桃 良品铺子 乐事 奥利奥 德芙 青岛 燕京 雪花 十月稻田 柴火大院 中盐 太太乐 安井 正大 圣农 南极人 可孚 鱼跃 欧姆龙 罗氏 强生 三诺 护舒宝 苏菲 七度空间""".split(),
        key=len,
        reverse=True,
    )
)
ORIGINS = tuple(
    sorted(
        """五常 盘锦 东北 黑龙江 吉林 辽宁 山东 山西 陕西 河北 河南 江苏 浙江 安徽 福建 江西 湖北 湖南 广东 广西 海南 四川 重庆 贵州 云南 西藏 甘肃 青海 宁夏 新疆
        内蒙古 内蒙 呼和浩特 呼市 烟台 洛川 阿克苏 赣南 库尔勒 和田 章丘 秭归 武川 北京 上海 天津 进口 国产 本地 澳洲 智利 泰国 新西兰 大凉山 乌兰察布 定西 寿光""".split(),
        key=len,
        reverse=True,
    )
)
# Names that begin like a quantity.
PROTECTED = (
    "三只松鼠",
    "六个核桃",
    "两面针",
    "七匹狼",
    "百草味",
    "一次性",
    "一品鲜",
    "五个女博士",
    "九个核桃",
    "三根葱",
    "十月稻田",
    "两面宝",
    "百万庄园",
    "千页豆腐",
    "百叶",
    "千张",
    "双层",
    "四件套",
    "三件套",
    "八宝",
    "半成品",
    "半夏",
    "三七",
    "百香果",
    "一片天",
    "五粮液",
    "三斤装",
    "一根葱牌",
)
_NOT_GOODS = re.compile(
    r"(?:奶奶|反水|跑水|放水|进水|渗水|冒水|倒水|下水|漏水|积水|停水|热水|口水|流水|缴水|没水|自来水|污水|辛苦|血|鼻涕|生意|上火|做饭|吃饭|送饭|吃药|买药|送药|配药|拿药|取药|开药|喝水|喝酒|抽烟|早饭|午饭|晚饭|下面|里面|上面|外面|对面|后面|前面|方面|见面|当面|加油|结果|如果|效果|后果|不果|苦果|生抽烟|成果)$"
)


def is_goods(name: str) -> bool:
    """True when `name` ends as a thing one buys."""
    return (
        bool(name)
        and not _NOT_GOODS.search(name)
        and (name.endswith(GOODS) or bool(_MEDICINE_ENDING.search(name)))
    )


def is_medicine(name: str) -> bool:
    """True when `name` is a medicine, and so needs care, a card or a prescription."""
    if any(word in name for word in _NOT_PRESCRIBED):
        return False
    return bool(_MEDICINE_ENDING.search(name)) or any(m in name for m in MEDICINES if m != "药")


def split_goods(name: str) -> list[str]:
    """Things written in one breath: 葱姜蒜 gives 葱, 姜, 蒜; a single name stays whole."""
    found: list[str] = []
    rest = name
    while rest:
        word = next((g for g in GOODS if rest.startswith(g)), None)
        if word is None:
            return [name]
        found.append(word)
        rest = rest[len(word) :].lstrip("和跟与、 ")
    return found


def split_brand(name: str) -> tuple[str, list[str]]:
    """A name without its brand or origin, and these as notes: 蒙牛纯牛奶 gives 纯牛奶, [蒙牛].

    Only where a thing remains; a brand alone (帮宝适) stays the name.
    """
    notes: list[str] = []
    for words in (BRANDS, ORIGINS, BRANDS):
        for word in words:
            rest = name.removeprefix(word).removeprefix("牌").lstrip(" 的")
            if name.startswith(word) and len(rest) >= 1 and is_goods(rest):
                notes.append(word)
                name = rest
                break
    for word in BRANDS:  # 油金龙鱼的
        rest = name.removesuffix("牌").removesuffix(word).rstrip(" 的")
        if name.removesuffix("牌").endswith(word) and rest and is_goods(rest):
            return rest, [*notes, word]
    return name, notes
