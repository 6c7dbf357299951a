"""The gate's pages: taking in by tap, word, scan and photo; the board; one parcel's way; labels."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from shouwang.core import clock
from shouwang.core.ids import uuid7
from shouwang.core.registry import invariants, lenses
from shouwang.core.scope import scope_for
from shouwang.goods import services
from shouwang.goods.models import Parcel
from shouwang.goods.selectors import faces
from shouwang.goods.selectors.parcels import gate_counts
from shouwang.goods.tests.gate import AT, arrive, seal
from shouwang.incidents.tests.neighbourhood import Neighbourhood, settle, signed_in
from shouwang.people.models import CareFlag
from shouwang.people.selectors import code_text
from shouwang.people.services import add_person, issue_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Neighbourhood:
    found = settle(clock.now())
    seal(found)
    return found


@pytest.fixture
def alice(here: Neighbourhood) -> Client:
    return signed_in(here.alice)


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("label.jpg", out.getvalue(), "image/jpeg")


def send(client: Client, name: str, *args: Any, **body: Any) -> Any:
    return client.post(reverse(f"goods:{name}", args=args), {"command_id": str(uuid7()), **body})


LOOKS = {"kind": "groceries", "pieces": "2", "weight": "8"}


def test_two_taps_after_the_door_is_chosen(here: Neighbourhood, alice: Client) -> None:
    home = here.households[0]
    page = alice.get(reverse("goods:take_in")).content.decode()
    assert reverse("goods:take_in_building", args=[here.buildings[0].pk]) in page
    page = alice.get(reverse("goods:take_in_building", args=[here.buildings[0].pk])).content.decode()
    door = reverse("goods:take_in_door", args=[home.dwelling_id])
    assert door in page
    page = alice.get(door).content.decode()
    assert "101" in page and 'name="kind"' in page
    answer = send(alice, "keep_parcel", dwelling=home.dwelling_id, same="1", **LOOKS)
    assert answer.url == reverse("goods:take_in") + "?kind=groceries&weight=8"
    parcel = Parcel.objects.get()
    assert (parcel.household, parcel.kind, parcel.pieces, parcel.state) == (home, "groceries", 2, "received")
    again = alice.get(f"{door}?kind=groceries&weight=8").content.decode()
    assert re.search(r'value="groceries"[^>]*checked', again)


def test_a_form_sent_twice_takes_in_once(here: Neighbourhood, alice: Client) -> None:
    body = {"command_id": str(uuid7()), "dwelling": here.households[0].dwelling_id, **LOOKS}
    for _again in range(2):
        alice.post(reverse("goods:keep_parcel"), body)
    assert Parcel.objects.count() == 1


def test_a_door_is_said_and_one_that_is_not_there_is_a_gap_until_it_is_placed(
    here: Neighbourhood, alice: Client
) -> None:
    send(alice, "keep_parcel", door="1号楼1单元101", **LOOKS)
    send(alice, "keep_parcel", door="9-9-909", **LOOKS)
    first, second = Parcel.objects.order_by("number")
    assert first.household == here.households[0] and (second.place, second.door_said) == (None, "9-9-909")
    wrong = send(alice, "keep_parcel", **LOOKS)
    assert wrong.status_code == 422
    assert "9-9-909" in alice.get(reverse("goods:unplaced")).content.decode()
    item = next(row for row in faces.today_items(scope_for(here.alice, clock.now()), clock.now()))
    assert item.url == reverse("goods:unplaced")
    assert send(alice, "place", second.pk, door="8-8-808").status_code == 422
    send(alice, "place", second.pk, door="1-2-101", unplaced="1")
    second.refresh_from_db()
    assert second.household == here.households[1]
    assert gate_counts(scope_for(here.alice, clock.now()), clock.now())["unplaced"] == 0


def test_a_photo_now_and_the_door_later(here: Neighbourhood, alice: Client) -> None:
    send(alice, "keep_photo", photo=photo())
    parcel = Parcel.objects.get()
    assert parcel.place is None and parcel.photo is not None
    shown = alice.get(reverse("goods:photo", args=[parcel.pk]))
    assert shown["Content-Type"] == "image/jpeg" and shown.status_code == 200
    assert signed_in(here.charlie).get(reverse("goods:photo", args=[parcel.pk])).status_code == 404
    assert send(alice, "keep_photo", photo=SimpleUploadedFile("x.jpg", b"no photo")).status_code == 422


def test_a_scan_opens_its_parcel_or_begins_to_take_one_in(here: Neighbourhood, alice: Client) -> None:
    parcel = arrive(here, carrier_code="SF1234567890")
    opened = reverse("goods:parcel", args=[parcel.pk])
    assert send(alice, "scan", text=parcel.code).url == opened
    assert send(alice, "scan", text="SF1234567890").url == opened
    page = send(alice, "scan", text="YT9876543210").content.decode()
    assert 'value="YT9876543210"' in page and 'name="door"' in page
    person = add_person(
        household=here.households[1], name="李四", relation="head", by=here.alice, at=clock.now()
    )
    code = issue_codes(persons=[person], by=here.alice, at=clock.now())[0]
    door = reverse("goods:take_in_door", args=[here.households[1].dwelling_id])
    assert send(alice, "scan", text=code_text(code)).url == door
    assert send(alice, "scan", text="1-2-101").url == door
    said = send(alice, "scan", text="三号楼王阿姨").content.decode()
    assert 'value="三号楼王阿姨"' in said and 'name="door"' in said
    assert send(alice, "scan", text="SG.ABCDEFGHJKLM").status_code == 422
    assert send(signed_in(here.charlie), "scan", text=parcel.code).status_code == 422


def test_the_board_disinfects_what_is_ticked_and_says_until_when_it_rests(
    here: Neighbourhood, alice: Client
) -> None:
    parcels = [arrive(here), arrive(here, 1), arrive(here, 1)]
    page = alice.get(reverse("goods:gate")).content.decode()
    assert all(str(row.pk) in page for row in parcels)
    send(alice, "many", act="disinfect", parcel=[str(row.pk) for row in parcels[:2]], show="received")
    assert list(Parcel.objects.order_by("number").values_list("state", flat=True)) == [
        "resting",
        "resting",
        "received",
    ]
    assert alice.get(reverse("goods:gate") + "?show=resting").status_code == 200
    assert send(alice, "many", act="disinfect").status_code == 422
    assert send(alice, "many", act="let_all_go", parcel=[str(parcels[0].pk)]).status_code == 422
    refused = send(alice, "many", act="hand_over", parcel=[str(parcels[0].pk)])
    assert refused.status_code == 422 and Parcel.objects.filter(state="handed_over").count() == 0
    elsewhere = send(signed_in(here.charlie), "many", act="disinfect", parcel=[str(parcels[2].pk)])
    assert elsewhere.status_code == 422 and Parcel.objects.get(pk=parcels[2].pk).state == "received"


def test_a_parcels_page_shows_its_way_and_lets_it_go_early_with_a_reason(
    here: Neighbourhood, alice: Client
) -> None:
    parcel = arrive(here)
    send(alice, "step", parcel.pk, step="disinfect")
    assert send(alice, "step", parcel.pk, step="hand_over").status_code == 422
    assert send(alice, "step", parcel.pk, step="no such step").status_code == 422
    short = send(alice, "early", parcel.pk, reason="急")
    assert short.status_code == 422
    send(alice, "early", parcel.pk, reason="胰岛素，等不了")
    page = alice.get(reverse("goods:parcel", args=[parcel.pk])).content.decode()
    assert "胰岛素，等不了" in page and "Alice" in page
    send(alice, "step", parcel.pk, step="hand_over", words="女儿")
    send(alice, "step", parcel.pk, step="not_handed")
    assert Parcel.objects.get().state == "released"
    assert signed_in(here.charlie).get(reverse("goods:parcel", args=[parcel.pk])).status_code == 404
    assert signed_in(here.bob).get(reverse("goods:gate")).status_code == 404


def test_a_note_is_kept_and_proposed(here: Neighbourhood, alice: Client) -> None:
    parcel = arrive(here)
    send(alice, "note", parcel.pk, note="老人腿脚不便")
    assert CareFlag.objects.get().kind == "walks_badly"
    send(alice, "change", parcel.pk, kind="meal", pieces="1", weight="2", cold="on")
    parcel.refresh_from_db()
    assert parcel.kind == "meal" and parcel.cold
    assert send(alice, "change", parcel.pk, kind="meal", pieces="0", weight="2").status_code == 422


def test_it_is_found_by_number_and_by_door(here: Neighbourhood, alice: Client) -> None:
    parcel = arrive(here, 1)
    opened = reverse("goods:parcel", args=[parcel.pk])
    for said in ("1", "0001", "1-2-101", "1号楼2单元101", parcel.code):
        assert opened in alice.post(reverse("goods:search"), {"q": said}).content.decode(), said
    for said in ("2", "1-1-101", ""):
        assert opened not in alice.post(reverse("goods:search"), {"q": said}).content.decode(), said


def test_labels_are_a_pdf_with_one_page_each(here: Neighbourhood, alice: Client) -> None:
    pytest.importorskip("weasyprint")
    parcels = [
        arrive(here),
        arrive(here, 1, medicine=True, cold=True),
        arrive(here, None, door_said="三号楼"),
    ]
    single = alice.get(reverse("goods:label", args=[parcels[0].pk]))
    assert single["Content-Type"] == "application/pdf"
    batch = send(alice, "labels", parcel=[str(row.pk) for row in parcels])
    assert batch.content[:4] == b"%PDF" and batch.content.count(b"/Type /Page\n") in (0, 3)
    assert send(alice, "labels").status_code == 422
    too_many = [str(arrive(here).pk) for _one in range(61)]
    assert send(alice, "labels", parcel=too_many).status_code == 422


def test_other_pages_show_what_is_at_the_gate(here: Neighbourhood, alice: Client) -> None:
    now = clock.now()
    first, second = arrive(here), arrive(here, 2)
    services.load_parcels(parcels=[second], holder=here.bob, by=here.alice, at=now)
    scope = scope_for(here.alice, now)
    look = lenses.get("deliveries").look(here.community.pk, scope, now)
    assert look.cells[first.dwelling_id].mark == "…" and look.cells[second.dwelling_id].mark == "↑"
    assert faces.gate_figure(scope, now).value == 1
    section = faces.household_section(here.households[0].pk, scope, now)
    assert section is not None and [line.parcel for line in section["lines"]] == [first]
    assert faces.place_section(here.buildings[0].pk, scope, now)["more"] == 0
    assert faces.place_section(here.buildings[1].pk, scope, now)["counts"][0][1] == 1
    assert [hit.url for hit in faces.search_hits(scope, "0001", now)] == [
        reverse("goods:parcel", args=[first.pk])
    ]
    Parcel.objects.update(to_door=True, urgent=True, cold=True, medicine=True, weight_kg=30)
    for url in (
        reverse("goods:ready_sheet"),
        reverse("goods:gate"),
        reverse("goods:parcel", args=[first.pk]),
        reverse("goods:gate") + "?show=on_the_way",
    ):
        assert alice.get(url).status_code == 200


def test_the_promise_holds_and_says_where_it_is_broken(here: Neighbourhood) -> None:
    resting, gone = arrive(here), arrive(here, 2)
    services.disinfect(parcels=[resting], by=here.alice, at=clock.now())
    early = arrive(here)
    services.let_go_early(parcel=early, reason="婴儿奶粉，断了", by=here.alice, at=clock.now())
    services.load_parcels(parcels=[gone], holder=here.bob, by=here.alice, at=clock.now())
    kinds = [row for row in invariants if row.code.startswith("goods.parcel.")]
    assert len(kinds) >= 4, "the gate's own, and those of the runs"
    assert all(not row.run(clock.now(), here.community.pk).broken for row in kinds)
    found = {row.code: row for row in kinds}
    from shouwang.core.due import cancel
    from shouwang.goods.services.resting import due_key

    resting.refresh_from_db()
    cancel("goods.release", key=due_key(resting.community_id, resting.rest_until_at))
    assert found["goods.parcel.released-by-clock"].run(clock.now(), None).broken == [resting.pk]
    Parcel.objects.filter(pk=gone.pk).update(holder=here.charlie)
    assert found["goods.parcel.held"].run(clock.now(), None).broken == [gone.pk]
    early.steps.filter(kind="let_go_early").update(kind="released")
    assert found["goods.parcel.none-early"].run(clock.now(), None).broken == [early.pk]


def test_a_persons_own_copy_says_what_came(here: Neighbourhood) -> None:
    person = add_person(household=here.households[0], name="李四", relation="head", by=here.alice, at=AT)
    arrive(here, kind="infant_goods")
    parts = faces.copy_parts(person.pk, clock.now())
    assert len(parts) == 1 and "0001" in parts[0].lines[0][1]
