"""The pages of the bank: scene F2 from the call to the door, who may open what, and what a volunteer is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.accounts.models import User
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.goods.models import MedicineAsk, MedicineErrand, MedicineIssue, MedicineOffer
from shouwang.goods.services import medicine_errands as errands
from shouwang.goods.services import medicine_issues as issues
from shouwang.goods.tests.medicine_world import Bank, asked, bank_world, in_bank, offered, shelf_of
from shouwang.incidents.tests.neighbourhood import AT
from shouwang.people.services import change_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(db: object, monkeypatch: pytest.MonkeyPatch) -> Bank:
    return bank_world()


def signed_in(user: User) -> Client:
    """Somebody who reads English, whatever has been translated by now."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"goods:{name}", args=args)


def press(client: Client, name: str, *args: object, status: int = 302, **said: object) -> str:
    answer = client.post(url(name, *args), {"command_id": str(uuid7()), **said})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_from_the_call_to_the_door_on_the_pages(bank: Bank) -> None:
    in_bank(bank)
    change_person(person=bank.father, phone="19900012345", by=bank.alice, at=AT)
    gina = signed_in(bank.gina)
    assert "Nobody waits" in gina.get(url("medicine")).content.decode()
    caller = gina.post(url("medicine_lookup"), {"phone": "19900012345"}).content.decode()
    assert "小宝" in caller and str(bank.baby.pk) in caller
    press(gina, "medicine_new", person=bank.baby.pk, household=bank.home.pk, what="paracetamol_drops", quantity=1,
          fever="on", allergic="no", words="三个月，烧到39度4", phone="19900012345", months=3)  # fmt: skip
    ask = MedicineAsk.objects.get()
    page = gina.get(url("medicine_ask", ask.pk)).content.decode()
    assert "of 30 min" in page and "Count it out" in page and "3 months" in page
    there = shelf_of(ask)
    press(gina, "medicine_count", ask.pk, lot=there.lot_id, shelf=there.shelf_id, quantity=1)
    issue = MedicineIssue.objects.get()
    press(gina, "medicine_send", issue.pk, volunteer=bank.vera.pk)
    errand = MedicineErrand.objects.get()
    vera = signed_in(bank.vera.user)
    held = vera.get(url("medicine_errand", errand.pk)).content.decode()
    assert "101" in held and "Handed over" in held
    for word in ("小宝", "对乙酰氨基酚", "39度", "19900012345", "3 months"):
        assert word not in held
    press(vera, "medicine_errand_done", errand.pk, status=200)
    ask.refresh_from_db()
    assert ask.state == "at_the_door"
    assert "at the door" in gina.get(url("medicine")).content.decode()
    assert vera.get(url("medicine_errand", errand.pk)).status_code == 404
    assert AuditEntry.objects.filter(kind="goods.medicine.ask_read").count() == 1


def test_under_three_months_the_page_says_a_doctor_first(bank: Bank) -> None:
    in_bank(bank)
    gina = signed_in(bank.gina)
    press(
        gina,
        "medicine_new",
        door="1-1-102",
        what="paracetamol_drops",
        quantity=1,
        fever="on",
        allergic="no",
        months=2,
    )
    ask = MedicineAsk.objects.get()
    page = gina.get(url("medicine_ask", ask.pk)).content.decode()
    assert "A doctor first" in page and "ring 120" in page and "Count it out" not in page
    press(gina, "medicine_doctor", ask.pk, words="社区医院李医生：可以")
    ask.refresh_from_db()
    assert ask.state == "asked"


def test_what_a_form_says_is_changed_and_checked_again(bank: Bank) -> None:
    ask = asked(
        bank,
        "ibuprofen_drops",
        answers={"taken": [{"medicine": "paracetamol_drops", "hours": 3, "going_on": False}]},
    )
    gina = signed_in(bank.gina)
    form = gina.get(url("medicine_answer", ask.pk)).content.decode()
    assert re.search(r'value="paracetamol_drops"\s+selected', form) and "39度4" in form
    press(gina, "medicine_answer", ask.pk, what="paracetamol_drops", quantity=1, fever="on", allergic="no")
    ask.refresh_from_db()
    assert (ask.medicine, ask.outcome) == ("paracetamol_drops", "ok")
    body = press(
        gina, "medicine_answer", ask.pk, what="paracetamol_drops", quantity=1, allergic="yes", status=422
    )
    assert "Choose from the list" in body


def test_offers_are_looked_at_and_taken_in(bank: Bank) -> None:
    alice = signed_in(bank.alice)
    press(alice, "medicine_offer_new", medicine="paracetamol_tablet", quantity=24, expires_on="2027-03-31", door="1-1-101",
          giver_name="小宝爸")  # fmt: skip
    offer = MedicineOffer.objects.get()
    assert offer.household == bank.home
    press(alice, "medicine_offer", offer.pk, quantity=20, expires_on="2027-03-31", batch="A12")
    assert "20" in alice.get(url("medicine_offer", offer.pk)).content.decode()
    press(alice, "medicine_take_in", offer.pk)
    page = alice.get(url("medicine_bank")).content.decode()
    assert "对乙酰氨基酚片" in page and "小宝爸" not in page
    second = offered(bank)
    press(alice, "medicine_decline", second.pk, fault="no_pack")
    third = offered(bank)
    press(alice, "medicine_withdraw", third.pk)
    assert "Nothing is offered" in alice.get(url("medicine_offers")).content.decode()
    assert "NHS" in alice.get(url("medicine_table")).content.decode()
    press(alice, "medicine_limit", medicine="paracetamol_tablet", units=10, household_units=20, days=7)
    assert "set here" in alice.get(url("medicine_bank")).content.decode()


def test_matching_fetching_and_second_eyes_on_the_pages(bank: Bank) -> None:
    offer = offered(bank, "amoxicillin_capsule", 20)
    ask = asked(bank, "amoxicillin_capsule", 6, person=bank.father,
                answers={"fever": False, "prescribed": ["amoxicillin_capsule"]})  # fmt: skip
    gina, alice = signed_in(bank.gina), signed_in(bank.alice)
    page = gina.get(url("medicine_ask", ask.pk)).content.decode()
    assert "same stairwell" not in page and "王奶奶" not in page
    press(gina, "medicine_match", ask.pk, offer.pk)
    press(gina, "medicine_fetch", ask.pk, volunteer=bank.vera.pk)
    errand = MedicineErrand.objects.get()
    held = signed_in(bank.vera.user).get(url("medicine_errand", errand.pk)).content.decode()
    assert "Fetch a small bag" in held and "王奶奶" not in held and "阿莫西林" not in held
    press(gina, "medicine_call_back", ask.pk)
    press(gina, "medicine_arrived", ask.pk)
    ask.refresh_from_db()
    there = shelf_of(ask)
    press(gina, "medicine_count", ask.pk, lot=there.lot_id, shelf=there.shelf_id, quantity=6)
    issue = MedicineIssue.objects.get()
    press(gina, "medicine_second", issue.pk, status=422)
    assert "Waits for your eyes" in alice.get(url("medicine")).content.decode()
    press(alice, "medicine_second", issue.pk)
    press(gina, "medicine_runs", issue.pk)
    press(gina, "medicine_there", issue.pk)
    issue.refresh_from_db()
    assert issue.state == "at_the_door"


def test_the_label_and_what_its_code_opens(bank: Bank) -> None:
    in_bank(bank)
    ask = asked(bank)
    there = shelf_of(ask)
    issue = issues.count_out(ask=ask, lot=there.lot, shelf=there.shelf, quantity=1, by=bank.gina, at=AT)
    opened = Client().get(url("medicine_leaflet", issue.lot_id)).content.decode()
    assert "对乙酰氨基酚" in opened and "小儿氨酚黄那敏颗粒" in opened and "小宝" not in opened
    assert Client().get(url("medicine_leaflet", there.lot_id)).status_code == 404
    assert Client().get(url("medicine_leaflet_photo", issue.lot_id)).status_code == 404
    answer = signed_in(bank.gina).get(url("medicine_label", issue.pk))
    if answer.status_code == 200:
        assert answer.content.startswith(b"%PDF")
    press(signed_in(bank.gina), "medicine_back", issue.pk, reason="不用了")
    press(signed_in(bank.gina), "medicine_end", ask.pk, "withdrawn")


def test_the_household_page_is_read_on_record(bank: Bank) -> None:
    gina = signed_in(bank.gina)
    press(gina, "medicine_note", bank.home.pk, person=bank.baby.pk, substance="penicillin")
    page = gina.get(url("medicine_household", bank.home.pk)).content.decode()
    assert "青霉素类" in page
    assert AuditEntry.objects.filter(kind="goods.medicine.notes_read").count() == 1
    note = bank.baby.medicine_notes.get()
    press(gina, "medicine_end_note", note.pk, reason="弄错了人")
    assert "弄错了人" in gina.get(url("medicine_household", bank.home.pk)).content.decode()


def test_who_may_not_open_it(bank: Bank) -> None:
    ask, offer = asked(bank), offered(bank)
    for user in (bank.here.bob, bank.vera.user, bank.here.charlie):
        client = signed_in(user)
        assert client.get(url("medicine_ask", ask.pk)).status_code == 404
        assert client.get(url("medicine_offer", offer.pk)).status_code == 404
        assert client.get(url("medicine_household", bank.home.pk)).status_code == 404
    in_bank(bank)
    there = shelf_of(ask)
    issue = issues.count_out(ask=ask, lot=there.lot, shelf=there.shelf, quantity=1, by=bank.gina, at=AT)
    errand = errands.send_to_bring(
        issue=issue, volunteer=bank.vera, by=bank.gina, at=AT + timedelta(minutes=1)
    )
    assert signed_in(bank.here.bob).get(url("medicine_errand", errand.pk)).status_code == 404
