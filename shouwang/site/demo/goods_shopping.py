"""Shopping for others this morning (scenes E7, E8, E9, A7): three lists in the shop with one question open, one list
that waits, one run settled to the fen, and one at the doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shouwang.goods.services import take_in
from shouwang.help import services
from shouwang.help.models import Order, OrderLine
from shouwang.help.states import AskedHow, PaidHow
from shouwang.people.selectors import households_in
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew
from shouwang.volunteers.models import Volunteer

E7 = "土豆5斤\n辣椒3斤\n豆角2斤\n白菜5斤\n猪肉5\n儿童洗衣液1瓶"
E8 = "我家七楼，想买土豆3斤\n鸡蛋30个，不超过40元\n顺便把我们的快递也取上来"
E9 = "五常大米20斤，要金龙鱼的\n帮宝适尿不湿M码2包 不要换别的牌子"
PARENTS = "挂面2把\n牛奶1箱，什么牌子都行\n豆腐2块"
LATER = "卫生纸1提\n酱油1瓶 要海天的\n青菜2斤"


class _Morning:
    """What is done by the clerk and the shopper, so many minutes ago."""

    def __init__(self, community: Place, crew: Crew, shopper: Volunteer, now: datetime) -> None:
        self.community, self.crew, self.shopper, self.now = community, crew, shopper, now
        self.homes = iter(list(households_in(community.pk).order_by("dwelling__sort_key", "pk"))[40::151])

    def by(self, ago: float, *, shops: bool = False) -> dict[str, Any]:
        user = self.shopper.user if shops else self.crew.clerk
        return {"by": user, "at": self.now - timedelta(minutes=ago)}

    def listed(self, name: str, words: str, ago: float, *, parcel: bool = False) -> Order:
        """A list as a household pasted it into the chat group; `parcel`: one of theirs waits at the gate."""
        home = next(self.homes)
        if parcel:
            take_in(
                community=self.community, household=home, carrier_code="SF7700990055", **self.by(ago + 200)
            )
        request, _token = services.take_in_request(
            community_id=self.community.pk, place=None, dwelling=home.dwelling, household=home, category="shopping",
            urgency="normal", source="chat", title=words.splitlines()[0], words=words, lines=[], asker_name=name,
            verified="call", asker_phone=f"1990055{len(words):04d}", **self.by(ago),
        )  # fmt: skip
        return services.make_order(request=request, **self.by(ago))

    def tick(self, order: Order, name: str, price: int, ago: float, bought: str = "") -> None:
        services.tick_line(
            line=line_of(order, name), price_fen=price, bought=Decimal(bought) if bought else None,
            **self.by(ago, shops=True),
        )  # fmt: skip


def line_of(order: Order, name: str) -> OrderLine:
    """The line of this name; what is got instead before what it stands for."""
    found = [line for line in order.lines.order_by("-position", "-pk") if line.name.startswith(name)]
    return found[0]


def shop_this_morning(community: Place, crew: Crew, at: datetime) -> None:
    """Since three hours ago."""
    morning = _Morning(community, crew, crew.volunteers["demo"], at)
    _settled(morning)
    _in_the_shop(morning)
    morning.listed("何先生", LATER, 25)


def _settled(morning: _Morning) -> None:
    """Two parents of 90 whose children are ill (F6): bought, brought, paid, and the run is even."""
    order = morning.listed("周大爷", PARENTS, 180)
    run = services.gather_run(
        orders=[order], shop="门口便民菜店", volunteer=morning.shopper, **morning.by(170)
    )
    services.hand_out_advance(run=run, amount_fen=100_00, **morning.by(168))
    services.start_run(run=run, **morning.by(160, shops=True))
    for name, price in (("挂面", 11_80), ("牛奶", 49_90), ("豆腐", 7_00)):
        morning.tick(order, name, price, 150)
    services.leave_shop(run=run, **morning.by(145, shops=True))
    services.record_receipt(run=run, total_fen=68_70, **morning.by(140, shops=True))
    services.end_count(run=run, **morning.by(135))
    services.deliver_order(order=order, **morning.by(120, shops=True))
    services.pay_order(order=order, amount_fen=68_70, how=PaidHow.CASH, **morning.by(119, shops=True))
    services.give_change(run=run, holder=morning.shopper.user, amount_fen=100_00, **morning.by(100))
    services.close_run(run=run, **morning.by(99))


def _in_the_shop(morning: _Morning) -> None:
    """E7, E8 and E9 in one run: beans are not to be had, the laundry liquid is asked about."""
    one = morning.listed("李女士", E7, 90)
    two = morning.listed("赵女士", E8, 85, parcel=True)
    three = morning.listed("孙先生", E9, 80)
    services.change_line(line=line_of(one, "猪肉"), unit="斤", **morning.by(70))
    run = services.gather_run(
        orders=[one, two, three], shop="惠民超市", volunteer=morning.shopper, **morning.by(60)
    )
    services.hand_out_advance(run=run, amount_fen=500_00, **morning.by(58))
    services.start_run(run=run, **morning.by(40, shops=True))
    morning.tick(one, "土豆", 14_90, 30)
    morning.tick(two, "土豆", 8_94, 30)
    morning.tick(one, "辣椒", 14_40, 28, "3.1")
    beans = line_of(one, "豆角")
    services.miss_line(line=beans, **morning.by(20, shops=True))
    services.leave_out(line=beans, how=AskedHow.RANG, **morning.by(18, shops=True))
    services.ask_line(
        line=line_of(one, "儿童洗衣液"), question="立白儿童洗衣液1瓶 25.9元", **morning.by(6, shops=True)
    )
