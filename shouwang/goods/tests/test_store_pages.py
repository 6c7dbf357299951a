"""The store's pages: sheets that lose nothing, a figure asked about once, a blind count, receipts."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from shouwang.accounts.models import User
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.goods.models import Donation, Holding, Item, Movement, StockTake
from shouwang.goods.registry.store import counts_to_mind, stock_to_mind
from shouwang.goods.selectors.stock_lists import stock_list
from shouwang.goods.selectors.store import stock_of, stock_on
from shouwang.goods.tests.store_world import AT, an_item, brought, later, scope, store_world, taken
from shouwang.volunteers.services import enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = store_world()
    made.flour, made.pills = (
        an_item(made, packs=[("袋", 50)]),
        an_item(made, "退烧药", "粒", packs=[("盒", 120), ("板", 12)]),
    )
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, route: str, /, *args: Any, **values: Any) -> HttpResponse:
    body = {"command_id": str(uuid7()), **values}
    return client.post(reverse(f"goods:{route}", args=args), body)  # type: ignore[return-value]


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def sheet(here: SimpleNamespace, *rows: tuple[str, ...], **more: str) -> dict[str, str]:
    found = {"shelf": str(here.room.pk), "kind": "bought", "origin": "超市"}
    for number, row in enumerate(rows):
        for part, said in zip(("item", "quantity", "expires", "code"), row, strict=False):
            found[f"{part}-{number}"] = said
    return found | more


def test_several_lines_come_in_at_once_in_packs(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    body = sheet(here, ("面粉", "2袋", "2023-05-01"), ("退烧药", "3盒2板5粒", "2023-08", "B7"))
    answer = sent(client, "store_in", **body)
    assert answer.status_code == 302
    assert (stock_of(here.flour), stock_of(here.pills)) == (100, 389)
    lot = here.pills.lots.get()
    assert (lot.code, str(lot.expires_on)) == ("B7", "2023-08-31")
    slip = words(client.get(answer["Location"]))
    assert "3盒2板5粒" in slip and "超市" in slip


def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    body = sheet(here, ("面粉", "2袋"), ("面条", "3"), ("退烧药", "五瓶"), ("面粉", "1袋", "明年"))
    answer = sent(client, "store_in", **body)
    said = words(answer)
    assert (answer.status_code, stock_of(here.flour)) == (422, 0)
    assert (
        'id="id_item-1-error"' in said
        and 'id="id_quantity-2-error"' in said
        and 'id="id_expires-3-error"' in said
    )
    assert all(f'value="{typed}"' in said for typed in ("2袋", "面条", "五瓶", "明年", "超市"))
    answer = sent(client, "store_in", **sheet(here))
    assert answer.status_code == 422


def test_a_slipped_figure_is_asked_about_once(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    for _turn in range(3):
        brought(here, here.flour, 50)
    command = {"command_id": str(uuid7())}
    first = sent(client, "store_in", **sheet(here, ("面粉", "5000"), **command))
    assert first.status_code == 422
    assert "5,000斤" in words(first) and "50斤" in words(first)
    assert 'name="sure-0" value="5000"' in words(first)
    other = sent(client, "store_in", **sheet(here, ("面粉", "6000"), **command | {"sure-0": "5000"}))
    assert other.status_code == 422, "another figure is asked about anew"
    assert stock_of(here.flour) == 150
    again = sent(client, "store_in", **sheet(here, ("面粉", "5000"), **command | {"sure-0": "5000"}))
    assert (again.status_code, stock_of(here.flour)) == (302, 5150)
    twice = sent(client, "store_in", **sheet(here, ("面粉", "5000"), **command | {"sure-0": "5000"}))
    assert (twice.status_code, stock_of(here.flour)) == (302, 5150), "sent twice it acts once"


def test_armbands_go_to_a_person_and_come_back(here: SimpleNamespace) -> None:
    bands = an_item(here, "红袖标", "个", comes_back=True)
    brought(here, bands, 100), brought(here, bands, 100)
    enrol(user=here.bob, home=here.building, by=here.alice, at=AT)
    client = client_of(here.alice)
    body = sheet(here, ("红袖标", "150"), to_user=str(here.bob.pk), to_words="后勤组")
    answer = sent(client, "store_out", **body)
    assert answer.status_code == 302, words(answer)
    act = Movement.objects.filter(kind="issued").first().act  # type: ignore[union-attr]
    assert (Holding.objects.get().handovers.get().to_user, stock_of(bands)) == (here.bob, 50)
    said = words(client.get(answer["Location"]))
    assert "后勤组" in said and "张敏" in said
    field = f"back-{bands.pk.hex}"
    assert sent(client, "give_back_slip", act, **{field: "151"}).status_code == 422
    assert sent(client, "give_back_slip", act, **{field: "120"}).status_code == 302
    assert (stock_of(bands), Holding.objects.get().quantity) == (170, 30)
    assert sent(client, "give_back_slip", act).status_code == 422


def test_a_household_is_found_by_its_door(here: SimpleNamespace) -> None:
    brought(here, here.flour, 100)
    client = client_of(here.alice)
    assert sent(client, "store_out", **sheet(here, ("面粉", "1袋"), door="8-999")).status_code == 422
    assert sent(client, "store_out", **sheet(here, ("面粉", "1袋"), door="8-501")).status_code == 302
    row = Movement.objects.get(kind="handed_out")
    assert (row.household, row.quantity) == (here.household, -50)
    answer = sent(client, "store_out", **sheet(here, ("面粉", "2袋"), to_words="后勤组"))
    assert answer.status_code == 422
    assert 'id="id_quantity-0-error"' in words(answer) and "1袋" in words(answer)
    assert sent(client, "store_out", **sheet(here, ("面粉", "1袋"))).status_code == 422


def test_a_slip_is_taken_back_once(here: SimpleNamespace) -> None:
    brought(here, here.flour, 100)
    act = taken(here, here.flour, 30)[0].act
    client = client_of(here.alice)
    assert sent(client, "correct_slip", act, reason="写错了").status_code == 302
    assert stock_of(here.flour) == 100
    assert sent(client, "correct_slip", act, reason="写错了").status_code == 409
    assert sent(client, "correct_slip", act, reason="").status_code == 422


def test_the_list_warns_and_finds(here: SimpleNamespace) -> None:
    brought(here, here.flour, 200, at=later(days=-10))
    for day in range(4):
        taken(here, here.flour, 35, at=later(days=-day, minutes=-1) if day else AT)
    brought(here, here.pills, 20, expires_on=later(days=5).date())
    rows = {row.item.name: row for row in stock_list(scope(here.alice))}
    assert (rows["面粉"].pace.days, rows["面粉"].pace.over, rows["面粉"].runs_out) == (3, 7, True)
    assert (rows["退烧药"].expires_in, rows["退烧药"].expires_soon) == (5, True)
    client = client_of(here.alice)
    assert "面粉" in words(client.get(reverse("goods:store")))
    found = words(client.post(reverse("goods:store"), {"q": "退烧"}))
    assert "退烧药" in found and "<b>面粉</b>" not in found
    keys = [one.key for one in stock_to_mind(scope(here.alice), AT)]
    assert keys == ["stock.short", "stock.old"]
    assert stock_to_mind(scope(here.bob), AT) == []


def test_items_shelves_moves_splits_and_discards_by_hand(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    body = {"name": "食用油", "unit": "斤", "packs": "20斤/桶", "unit_weight_g": "500", "warn_below": "40"}
    answer = sent(client, "new_item", **body)
    oil = Item.objects.get(name="食用油")
    assert (answer["Location"], oil.packs) == (reverse("goods:store_item", args=[oil.pk]), [["桶", 20]])
    assert sent(client, "new_item", **body).status_code == 422
    assert sent(client, "new_item", **body | {"name": "油", "packs": "桶"}).status_code == 422
    assert sent(client, "change_item", oil.pk, name="大豆油", packs="").status_code == 302
    oil.refresh_from_db()
    assert (oil.name, oil.packs, oil.unit) == ("大豆油", [], "斤")
    assert sent(client, "add_shelf", name="地下室").status_code == 302
    lot = brought(here, oil, 40)
    shelves = {"from_shelf": str(here.room.pk), "to_shelf": str(here.gate.pk)}
    assert sent(client, "move_stock", oil.pk, quantity="15", **shelves).status_code == 302
    assert sent(client, "move_stock", oil.pk, quantity="99", **shelves).status_code == 422
    assert (stock_on(oil, here.gate), stock_on(oil, here.room)) == (15, 25)
    where = {"shelf": str(here.room.pk)}
    assert sent(client, "split_lot", lot.pk, quantity="5", **where).status_code == 302
    assert sent(client, "discard_stock", lot.pk, quantity="5", reason="漏了", **where).status_code == 302
    assert sent(client, "discard_stock", lot.pk, quantity="50", reason="漏了", **where).status_code == 422
    assert stock_of(oil) == 35
    assert sent(client, "end_item", oil.pk).status_code == 422
    page = words(client.get(reverse("goods:store_item", args=[oil.pk])))
    assert "漏了" in page


def test_counting_is_blind_and_signed_by_the_office(here: SimpleNamespace) -> None:
    brought(here, here.flour, 137)
    office, bob, dora = client_of(here.alice), client_of(here.bob), client_of(here.dora)
    sent(office, "store_counts", shelf=str(here.room.pk))
    take = StockTake.objects.get()
    line = take.lines.get()
    # What is read, without ids and tokens, in which any figure may stand by chance.
    page = strip_tags(words(bob.get(reverse("goods:counting", args=[take.pk]))))
    assert "面粉" in page and "137" not in page and "2袋37斤" not in page
    assert bob.get(reverse("goods:stock_take", args=[take.pk])).status_code == 404, (
        "he counts and does not sign"
    )
    assert sent(bob, "count_line", line.pk, quantity="多少").status_code == 422
    assert sent(bob, "count_line", line.pk, quantity="2袋30斤").status_code == 302
    page = words(bob.get(reverse("goods:counting", args=[take.pk])))
    assert "137" not in strip_tags(page) and f"/lines/{line.pk}/" not in page, "somebody else counts it now"
    assert "2袋30斤" not in words(office.get(reverse("goods:stock_take", args=[take.pk])))
    assert sent(bob, "count_line", line.pk, quantity="137").status_code == 422
    assert [one.key for one in counts_to_mind(scope(here.bob), AT)] == [f"counting:{take.pk}"]
    assert sent(dora, "count_line", line.pk, quantity="2袋32斤").status_code == 302
    assert [one.key for one in counts_to_mind(scope(here.alice), AT)] == [f"stock-take:{take.pk}"]
    page = words(office.get(reverse("goods:stock_take", args=[take.pk])))
    assert "2袋30斤" in page and "2袋32斤" in page and "-5斤" in page
    assert sent(office, "sign_stock_take", take.pk).status_code == 422
    assert sent(office, "count_again", line.pk).status_code == 302
    assert sent(bob, "count_line", line.pk, quantity="132").status_code == 302
    assert sent(office, "sign_stock_take", take.pk, reason="磅秤不准").status_code == 302
    assert stock_of(here.flour) == 132
    sent(office, "store_counts", shelf=str(here.room.pk))
    second = StockTake.objects.get(state="counting")
    assert sent(bob, "found_item", second.pk, item=str(here.pills.pk)).status_code == 302
    assert second.lines.count() == 2
    assert sent(office, "call_off_stock_take", second.pk).status_code == 302


def test_a_donation_gets_a_receipt_and_the_public_list_no_name(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    body = sheet(here, ("面粉", "4袋"), donor_name="李秀英", donor_phone="19900001111")
    assert sent(client, "new_donation", **body).status_code == 302
    named = sheet(here, ("退烧药", "1盒"), donor_name="锦绣超市", may_be_named="on")
    assert sent(client, "new_donation", **named).status_code == 302
    given = Donation.objects.order_by("number").first()
    assert given is not None
    page, public = (
        words(client.get(reverse(f"goods:{name}"))) for name in ("store_donations", "public_donations")
    )
    assert "李秀英" in page and "2022-0001" not in public and "李秀英" not in public and "锦绣超市" in public
    receipt = client.get(reverse("goods:donation_receipt", args=[given.pk]))
    assert receipt.content[:5] == b"%PDF-"
    assert AuditEntry.objects.filter(kind="goods.donation.read", subject_id=given.pk).count() == 1
    assert client_of(here.charlie).get(reverse("goods:donation_receipt", args=[given.pk])).status_code == 404


def test_a_pasted_list_is_looked_at_and_then_taken_in(here: SimpleNamespace) -> None:
    client = client_of(here.alice)
    rows = [
        "品名\t单位\t包装\t数量\t有效期",
        "大米\t斤\t50斤/袋\t3袋\t2023-05",
        "面粉\t\t\t2袋\t",
        "N95口罩\t只\t20只/盒\t5\t明年",
    ]
    where = {"shelf": str(here.room.pk)}
    look = sent(client, "store_opening", text="\n".join(rows), step="look", **where)
    assert (look.status_code, Movement.objects.count()) == (200, 0)
    assert "3袋" in words(look) and 'value="take"' not in words(look)
    wrong = sent(client, "store_opening", text="\n".join(rows), step="take", **where)
    assert (wrong.status_code, Movement.objects.count()) == (422, 0)
    right = "\n".join(rows).replace("明年", "2024年3月1日")
    assert 'value="take"' in words(sent(client, "store_opening", text=right, step="look", **where))
    assert sent(client, "store_opening", text=right, step="take", **where).status_code == 302
    assert stock_of(Item.objects.get(name="大米")) == 150
    assert stock_of(here.flour) == 100
    assert Item.objects.filter(name="面粉").count() == 1


def test_the_day_and_the_month_on_paper(here: SimpleNamespace) -> None:
    brought(here, here.flour, 100, origin="=cmd()")
    taken(here, here.flour, 30, to_words="后勤组")
    client = client_of(here.alice)
    page = words(client.get(reverse("goods:store_day"), {"day": "2022-02-20"}))
    assert "1袋20斤" in page and "后勤组" in page
    assert "后勤组" not in words(client.get(reverse("goods:store_day"), {"day": "2022-02-21"}))
    book = load_workbook(io.BytesIO(client.get(reverse("goods:store_ledger"), {"day": "2022-02-20"}).content))
    rows = list(book.active.iter_rows(min_row=3, values_only=True))
    assert [row[3] for row in rows] == [100, -30]
    assert rows[0][8] == "=cmd()" and book.active.cell(3, 9).data_type == "s"


def test_what_is_another_communitys_is_not_there(here: SimpleNamespace) -> None:
    lot = brought(here, here.flour, 100)
    act = lot.movements.get().act
    foreign = client_of(here.charlie)
    for name, pk in (("store_item", here.flour.pk), ("store_slip", act), ("change_item", here.flour.pk)):
        assert foreign.get(reverse(f"goods:{name}", args=[pk])).status_code == 404
    assert (
        sent(
            foreign, "discard_stock", lot.pk, quantity="1", reason="不要", shelf=str(here.room.pk)
        ).status_code
        == 404
    )
    assert client_of(here.bob).get(reverse("goods:store")).status_code == 404, "the store is the office's"
    assert "面粉" not in words(foreign.get(reverse("goods:store")))
