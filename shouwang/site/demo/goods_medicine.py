"""The medicine bank of the demo: a dozen medicines from neighbours; a child of three months, a little over half an hour
from the call to the door, and the father who later gives a bottle himself (scene F2); what runs this morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shouwang.core.clock import local_day
from shouwang.core.due import do_until
from shouwang.goods.models import MedicineAsk, MedicineOffer
from shouwang.goods.selectors.medicine import lots_for
from shouwang.goods.services.medicine_asks import Asker, Wanted, ask_for_medicine
from shouwang.goods.services.medicine_errands import finish_errand, send_to_bring
from shouwang.goods.services.medicine_issues import count_out
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine, take_in_offer
from shouwang.goods.services.store import add_item, add_shelf, bring_in
from shouwang.goods.states import MovementKind
from shouwang.people.models import Household
from shouwang.people.selectors import households_in
from shouwang.places.models import Place
from shouwang.site.demo.crew import Crew

# What neighbours had left after their own needs: medicine, base units, months until it expires, opened strips.
GIVEN = (
    ("paracetamol_drops", 2, 14, False), ("paracetamol_suspension", 3, 9, False), ("paracetamol_tablet", 30, 20, True),
    ("ibuprofen_drops", 1, 8, False), ("ibuprofen_suspension", 4, 11, False), ("ibuprofen_capsule", 24, 16, True),
    ("child_cold_granules", 12, 7, True), ("lianhua_capsule", 72, 18, True), ("amantadine_capsule", 12, 13, True),
    ("loratadine_tablet", 12, 22, True), ("montmorillonite_powder", 10, 15, True), ("rehydration_powder", 12, 10, False),
    ("amoxicillin_capsule", 20, 12, True),
)  # fmt: skip
WELL: dict[str, Any] = {"allergies": [], "fever": True, "states": [], "signs": [], "taken": []}


@dataclass
class _Bank:
    community: Place
    crew: Crew
    homes: list[Household]

    def day(self, at: datetime) -> date:
        return local_day(at, self.community.time_zone)

    def offer(
        self, home: Household, code: str, quantity: int, months: int, opened: bool, at: datetime
    ) -> MedicineOffer:
        pack = Pack(
            code,
            quantity,
            expires_on=self.day(at) + timedelta(days=30 * months),
            opened=opened,
            batch=f"2107{months:02d}",
        )
        return offer_medicine(
            community=self.community, giver=Giver(household=home), pack=pack, by=self.crew.clerk, at=at
        )

    def ask(self, home: Household, code: str, at: datetime, **more: Any) -> MedicineAsk:
        wanted = Wanted(
            medicine=code, quantity=more.get("quantity", 1), words=more.get("words", ""), item=more.get("item"),
            answers=WELL | more.get("answers", {}),
        )  # fmt: skip
        asker = Asker(household=home, name=more.get("name", ""), phone=more.get("phone", ""))
        return ask_for_medicine(
            community=self.community, asker=asker, wanted=wanted, by=self.crew.clerk, at=at
        )


def _homes(community: Place) -> list[Household]:
    """Everybody's homes in the order of the doors, so that the demo is the same each time."""
    rows = households_in(community.pk)
    return list(rows.order_by("dwelling__place__sort_key", "dwelling__sort_key", "pk"))


def medicine_shared(community: Place, crew: Crew, now: datetime) -> None:
    """The bank fills from the day before yesterday on; yesterday the call, and today a bottle from the father."""
    bank = _Bank(community, crew, _homes(community)[40::29])
    for number, (code, quantity, months, opened) in enumerate(GIVEN):
        at = now - timedelta(hours=30, minutes=-7 * number)
        offer = bank.offer(bank.homes[number], code, quantity, months, opened, at)
        take_in_offer(offer=offer, by=crew.clerk, at=at + timedelta(minutes=4))
    bank.offer(bank.homes[14], "paracetamol_suspension", 1, 6, False, now - timedelta(hours=3))
    bank.offer(bank.homes[15], "loperamide_capsule", 6, 10, True, now - timedelta(hours=2))
    _child_of_three_months(bank, now)


def _child_of_three_months(bank: _Bank, now: datetime) -> None:
    called, home = now - timedelta(hours=20), bank.homes[20]
    day = bank.day(called)
    ask = bank.ask(
        home, "paracetamol_drops", called, name="安安爸爸", phone="19900095520",
        words="三个月大，39度4，家里没有退烧药", answers={"months": 3, "kg": 6.2},
    )  # fmt: skip
    do_until(called + timedelta(minutes=11))
    balance = lots_for(bank.community.pk, "paracetamol_drops", day)[0]
    issue = count_out(
        ask=ask,
        lot=balance.lot,
        shelf=balance.shelf,
        quantity=1,
        by=bank.crew.clerk,
        at=called + timedelta(minutes=12),
    )
    volunteer = next(iter(bank.crew.volunteers.values()))
    errand = send_to_bring(
        issue=issue, volunteer=volunteer, by=bank.crew.clerk, at=called + timedelta(minutes=16)
    )
    do_until(called + timedelta(minutes=31))
    finish_errand(errand=errand, by=volunteer.user, at=called + timedelta(minutes=33))
    back = now - timedelta(hours=4)
    offer = bank.offer(home, "ibuprofen_suspension", 1, 17, False, back)
    take_in_offer(offer=offer, by=bank.crew.clerk, at=back + timedelta(minutes=20))


def medicine_this_morning(community: Place, crew: Crew, now: datetime) -> None:
    """What is on the board: a fever that runs, a doctor first, other eyes, and a thermometer for somebody over 90."""
    bank = _Bank(community, crew, _homes(community)[52::31])
    day = bank.day(now)
    taken = {"medicine": "ibuprofen_suspension", "hours": 9, "going_on": False}
    bank.ask(bank.homes[3], "ibuprofen_suspension", now - timedelta(minutes=12), words="39度，家里的布洛芬喝完了",
             phone="19900095521", answers={"months": 26, "taken": [taken]})  # fmt: skip
    bank.ask(bank.homes[5], "paracetamol_drops", now - timedelta(minutes=5), words="两个月，38度6",
             phone="19900095522", answers={"months": 2})  # fmt: skip
    prescribed = {"fever": False, "months": 41 * 12, "prescribed": ["amoxicillin_capsule"]}
    ask = bank.ask(bank.homes[7], "amoxicillin_capsule", now - timedelta(minutes=50), quantity=6, answers=prescribed,
                   words="牙疼，医院开了药，药店买不到", phone="19900095523")  # fmt: skip
    balance = lots_for(community.pk, "amoxicillin_capsule", day)[0]
    count_out(
        ask=ask,
        lot=balance.lot,
        shelf=balance.shelf,
        quantity=6,
        by=crew.clerk,
        at=now - timedelta(minutes=31),
    )
    _things(bank, now)


def _things(bank: _Bank, now: datetime) -> None:
    """Scene F6: a thermometer for somebody over 90, tests with it."""
    at = now - timedelta(days=1)
    shelf = add_shelf(community=bank.community, name="物资间", by=bank.crew.clerk, at=at)
    items = {}
    for name, unit, quantity in (("体温计", "支", 12), ("抗原检测试剂", "份", 200), ("消毒片", "片", 300)):
        items[name] = add_item(
            community=bank.community, name=name, unit=unit, category="health", by=bank.crew.clerk, at=at
        )
        bring_in(
            item=items[name],
            shelf=shelf,
            quantity=quantity,
            kind=MovementKind.ALLOCATED,
            by=bank.crew.clerk,
            at=at,
        )
    home = bank.homes[9]
    bank.ask(
        home,
        "",
        now - timedelta(minutes=25),
        item=items["体温计"],
        words="老人九十多，家里没有体温计",
        phone="19900095524",
    )
    bank.ask(
        home, "", now - timedelta(minutes=24), item=items["抗原检测试剂"], quantity=4, phone="19900095524"
    )
