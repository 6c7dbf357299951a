"""What residents can spare: what everybody may read of the bank, the form, and what the desk sees of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.goods.models import MedicineAsk, MedicineOffer
from shouwang.goods.selectors.medicine_lacks import chat_words, has_bank, lacks_in
from shouwang.goods.services.medicine_asks import Asker, Wanted, ask_for_medicine
from shouwang.goods.services.medicine_offers import Giver, Pack, offer_medicine, take_in_offer
from shouwang.people.models import Household
from shouwang.people.services import add_person, open_household
from shouwang.places import services as places
from shouwang.places.models import Place
from shouwang.places.states import Role
from shouwang.portal.rules import MOST_ASKED

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TABLETS, DROPS = "paracetamol_tablet", "ibuprofen_drops"
NEXT_YEAR = str(clock.now().year + 1)


@pytest.fixture
def stairwell() -> Place:
    at = clock.now() - timedelta(days=90)
    community = places.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at)
    building = places.ensure_building(community=community, code="8", by=OPERATOR, at=at)
    leaf = places.ensure_stairwell(building=building, code="2", by=OPERATOR, at=at)
    door = places.ensure_dwelling(leaf=leaf, door="501", by=OPERATOR, at=at)
    home = open_household(dwelling=door, from_on=at.date(), by=OPERATOR, at=at)
    add_person(household=home, name="王桂英", relation="head", phone="19900010001", by=OPERATOR, at=at)
    secretary = User.objects.create(username="chen", name="陈静", joined_at=at)
    places.appoint(place=community, role=Role.SECRETARY, holder=secretary, by=OPERATOR, at=at)
    return leaf


def community_of(place: Place) -> Place:
    return Place.objects.get(pk=place.community_id)


def in_bank(stairwell: Place, code: str = TABLETS, quantity: int = 100, **more: Any) -> None:
    giver = Giver(household=more.get("household"), name="王桂英", phone="19900010001")
    pack = Pack(code, quantity, expires_on=more.get("expires_on", date(2099, 1, 1)))
    offer = offer_medicine(community=community_of(stairwell), giver=giver, pack=pack, by=OPERATOR)
    take_in_offer(offer=offer, by=OPERATOR)


def wanted(stairwell: Place, code: str = DROPS, quantity: int = 1) -> MedicineAsk:
    home = Household.objects.get()
    asker = Asker(household=home, name="小宝爸", phone="19900010007")
    want = Wanted(medicine=code, quantity=quantity, words="三个月，烧到39度4", answers={"allergies": []})
    return ask_for_medicine(community=community_of(stairwell), asker=asker, wanted=want, by=OPERATOR)


def address(stairwell: Place) -> str:
    return f"/q/{stairwell.door_code}/medicine-to-spare/"


def send(client: Client, stairwell: Place, **fields: str) -> Any:
    values = {
        "command_id": str(uuid7()), "door": "501", "medicine": TABLETS, "words": "", "quantity": "12",
        "good_until": f"{NEXT_YEAR}-02", "phone": "", "name": "", **fields,
    }  # fmt: skip
    return client.post(address(stairwell), values)


def signed_in(language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_without_a_bank_nothing_is_said_of_one(client: Client, stairwell: Place) -> None:
    assert not has_bank(stairwell.community_id)
    assert "我有药可以分" not in client.get(f"/q/{stairwell.door_code}/").content.decode()
    assert client.get(address(stairwell)).status_code == 404
    assert client.get(f"{address(stairwell)}thanks/").status_code == 404
    assert send(client, stairwell).status_code == 404 and not MedicineOffer.objects.exists()
    in_bank(stairwell)
    page = client.get(f"/q/{stairwell.door_code}/").content.decode()
    assert "我有药可以分" in page and f'href="{address(stairwell)}"' in page
    assert client.get("/q/nothinghere/medicine-to-spare/").status_code == 404


def test_what_is_lacking_is_counted_and_nobody_is_in_it(client: Client, stairwell: Place) -> None:
    in_bank(stairwell, household=Household.objects.get())
    in_bank(stairwell, "loratadine_tablet", 3)
    in_bank(stairwell, "montmorillonite_powder", 50, expires_on=clock.now().date() + timedelta(days=9))
    in_bank(stairwell, "amoxicillin_capsule", 1)
    ask = wanted(stairwell)
    found = lacks_in(community_of(stairwell).pk, clock.now())
    assert [(one.medicine.code, one.asked, one.here, one.lasting) for one in found] == [
        (DROPS, 1, 0, 0), ("loratadine_tablet", 0, 3, 3), ("montmorillonite_powder", 0, 50, 0),
    ], "what most wait for first; neither what there is enough of nor what needs a prescription"  # fmt: skip
    page = client.get(address(stairwell)).content.decode()
    assert "布洛芬混悬滴剂" in page and "1人在等" in page and "已经没有了" in page and "快到期了" in page
    assert "收进4份，送出0小袋" in page
    for said in ("王桂英", "小宝爸", "19900010001", "19900010007", "501室", "39度4", str(ask.pk)):
        assert said not in page, said
    assert ask.spoken_number not in page.replace("command_id", "").split("<form")[0]


def test_what_is_on_its_way_is_lacking_no_more(stairwell: Place) -> None:
    in_bank(stairwell)
    MedicineAsk.objects.filter(pk=wanted(stairwell).pk).update(state="doctor_first")
    assert lacks_in(community_of(stairwell).pk, clock.now()) == []
    assert chat_words(community_of(stairwell).pk, clock.now()) == ""


def test_an_offer_is_written_and_the_desk_sees_where_from(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    answer = send(client, stairwell, phone="199 0001 0001", name="王奶奶", may_be_named="on")
    assert answer.status_code == 302 and answer.url == f"{address(stairwell)}thanks/"
    thanks = client.get(answer.url).content.decode()
    assert "不用您送" in thanks and "王奶奶" not in thanks and "501" not in thanks
    offer = MedicineOffer.objects.get(state="offered")
    assert (offer.medicine, offer.quantity, offer.giver_phone, offer.giver_name) == (
        TABLETS, 12, "19900010001", "王奶奶",
    )  # fmt: skip
    assert offer.expires_on == date(int(NEXT_YEAR), 2, 29 if int(NEXT_YEAR) % 4 == 0 else 28)
    assert offer.may_be_named and offer.household == Household.objects.get() and offer.offered_by is None
    entry = AuditEntry.objects.filter(kind="goods.medicine.offered").latest("id")
    assert entry.actor_kind == "resident"
    desk = signed_in()
    listed = desk.get("/goods/medicine/offers/").content.decode()
    assert "from the stairwell" in listed and "12 tablets" in listed
    opened = desk.get(f"/goods/medicine/offers/{offer.pk}/").content.decode()
    assert "A resident wrote it" in opened and "王奶奶" in opened and "19900010001" in opened


def test_named_to_nobody_unless_it_is_ticked_with_a_name(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    assert send(client, stairwell).status_code == 302
    assert not MedicineOffer.objects.get(state="offered").may_be_named
    answer = send(client, stairwell, may_be_named="on")
    assert answer.status_code == 422 and "怎么称呼您" in answer.content.decode()


def test_the_answer_never_says_who_lives_there(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    known = send(client, stairwell, door="8号楼2单元501室", phone="19900010001")
    unknown = send(client, stairwell, door="909", phone="19900019998")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    strange = MedicineOffer.objects.get(giver_phone="19900019998")
    assert strange.dwelling is None and strange.household is None and strange.building_id is not None
    assert "8号楼 2单元 909" in signed_in().get("/goods/medicine/offers/").content.decode()


def test_sent_twice_it_is_one_offer(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    command = str(uuid7())
    first, second = (send(client, stairwell, command_id=command) for _n in range(2))
    assert first.url == second.url and MedicineOffer.objects.filter(state="offered").count() == 1


def test_a_flood_is_turned_to_the_telephone(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    for number in range(MOST_ASKED):
        assert send(client, stairwell, door=str(number)).status_code == 302
    answer = send(client, stairwell)
    assert answer.status_code == 422 and "请直接给居委会打电话" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"medicine": "amoxicillin_capsule"}, "这是处方药，扫码不收"),
        ({"medicine": "codeine_syrup"}, "可以交给药店回收"),
        ({"medicine": "other", "words": "头孢克洛"}, "这是处方药，扫码不收"),
        ({"medicine": "other", "words": " "}, "请写下盒子上的药名"),
        ({"good_until": "over"}, "过期的药不能再分给别人"),
        ({"good_until": "2019-01"}, "不在可用的选项"),
        ({"quantity": "0"}, "大于或等于"),
        ({"door": ""}, "这个字段是必填项"),
        ({"phone": "一二三"}, "这不是电话号码"),
        ({"medicine": "heroin"}, "不在可用的选项"),
    ],
)
def test_what_is_not_taken_gets_a_sentence(
    client: Client, stairwell: Place, fields: dict[str, str], sentence: str
) -> None:
    in_bank(stairwell)
    answer = send(client, stairwell, **fields)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not MedicineOffer.objects.filter(state="offered").exists()


@pytest.mark.parametrize(
    ("words", "code"), [("芬必得", "ibuprofen_capsule"), ("美林", "ibuprofen_suspension")]
)
def test_a_brand_is_known_by_its_name(client: Client, stairwell: Place, words: str, code: str) -> None:
    in_bank(stairwell)
    send(client, stairwell, medicine="other", words=words)
    offer = MedicineOffer.objects.get(state="offered")
    assert (offer.medicine, offer.words) == (code, words)


def test_own_words_wait_until_somebody_has_read_the_pack(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    assert send(client, stairwell, medicine="other", words="电子体温计", good_until="").status_code == 302
    offer = MedicineOffer.objects.get(state="offered")
    assert (offer.medicine, offer.words, offer.expires_on) == ("", "电子体温计", None)
    desk, act = signed_in(), f"/goods/medicine/offers/{offer.pk}/"
    assert "电子体温计" in desk.get("/goods/medicine/offers/").content.decode()
    assert "电子体温计" in desk.get(act).content.decode()
    said = {"command_id": str(uuid7()), "quantity": "12", "expires_on": "2099-01-01"}
    answer = desk.post(act, said)
    assert answer.status_code == 422 and "Say first which medicine" in answer.content.decode()
    assert desk.post(act, {**said, "command_id": str(uuid7()), "medicine": TABLETS}).status_code == 302
    offer.refresh_from_db()
    assert (offer.medicine, offer.state) == (TABLETS, "checked")


def test_the_desk_has_words_for_the_chat_group(stairwell: Place) -> None:
    in_bank(stairwell)
    wanted(stairwell)
    page = signed_in("zh-hans").get("/goods/medicine/bank/").content.decode()
    assert 'data-copy="#chat-words"' in page
    words = page.split('id="chat-words">')[1].split("</p>")[0]
    assert words.startswith("共享药箱现在缺：布洛芬混悬滴剂。") and "请扫单元门口的码" in words
    assert "小宝爸" not in words and "501" not in words


def test_large_print_and_english(stairwell: Place) -> None:
    in_bank(stairwell)
    wanted(stairwell)
    page = Client(headers={"accept-language": "en"}).get(f"{address(stairwell)}?mode=elder").content.decode()
    assert 'data-mode="elder"' in page and "I have medicine to spare" in page and "1 person waits" in page


def test_the_office_hears_of_it_on_today_until_somebody_has_looked(client: Client, stairwell: Place) -> None:
    in_bank(stairwell)
    desk = signed_in()
    assert "can spare medicine" not in desk.get("/desk/").content.decode(), (
        "what the office took down is known to it"
    )
    send(client, stairwell)
    assert "A resident can spare medicine" in desk.get("/desk/").content.decode()
    assert "What neighbours can spare: 1" in desk.get("/goods/medicine/").content.decode()
    offer = MedicineOffer.objects.get(state="offered")
    take_in_offer(offer=offer, by=OPERATOR)
    assert "can spare medicine" not in desk.get("/desk/").content.decode()
