"""The desk's pages, as somebody with a browser and as somebody of another place."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.help.models import Assignment, DirectoryEntry, HelpRequest
from shouwang.help.services import accept_offer, finish_request
from shouwang.help.tests.scene import AT, again, asked, neighbourhood, run_clock, strangers, volunteer
from shouwang.places.services import appoint
from shouwang.places.states import Role

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: Client, name: str, /, *args: Any, **values: Any) -> Any:
    htmx = values.pop("htmx", False)
    body = {"command_id": str(uuid7()), **values}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse(name, args=args), body, headers=headers)


def test_the_board_lists_and_renews() -> None:
    made = neighbourhood()
    request = asked(made)
    client = signed_in(made.alice)
    page = client.get(reverse("help:board"))
    assert page.status_code == 200
    assert "0001" in page.content.decode()
    after = page.headers["X-After"]
    assert client.get(reverse("help:board"), {"after": after}).status_code == 204
    run_clock(AT)
    again_page = client.get(reverse("help:board"), {"after": after})
    assert again_page.status_code == 200
    assert b"<html" not in again_page.content
    for show in ("nobody", "soon", "unverified", "done", "all"):
        assert client.get(reverse("help:board"), {"show": show, "sort": "-number"}).status_code == 200
    assert str(request.pk) in page.content.decode()


def test_the_file_beside_the_board_is_a_part() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made, words="孩子两个月，发烧", lines=[{"name": "土豆", "quantity": "5", "unit": "斤"}])
    client = signed_in(made.alice)
    url = reverse("help:request", args=[request.pk])
    beside = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in beside
    assert "data-live-url" in beside
    assert helper.user.name in beside
    assert "孩子两个月" in beside
    assert "5斤" in beside
    page = client.get(url).content.decode()
    assert "<html" in page
    assert again(request).seen_at is not None


def test_offering_accepting_and_finishing_by_buttons() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made)
    desk = signed_in(made.alice)
    assert post(desk, "help:offer", request.pk, volunteer=helper.pk, why="same_grid|free").status_code == 302
    assignment = Assignment.objects.get()
    assert assignment.why == ["same_grid", "free"]
    assert post(signed_in(helper.user), "help:answer", assignment.pk, "accept").status_code == 302
    assert again(request).state == "accepted"
    assert post(desk, "help:act", request.pk, "start").status_code == 302
    assert post(desk, "help:attempt", request.pk, outcome="not_in", note="没人应").status_code == 302
    assert post(desk, "help:note", request.pk, text="下午再去").status_code == 302
    assert post(desk, "help:finish", request.pk, text="送到了").status_code == 302
    assert again(request).state == "done"
    assert post(desk, "help:act", request.pk, "right").status_code == 302
    assert again(request).state == "closed"
    assert post(desk, "help:act", request.pk, "reopen").status_code == 302
    assert post(desk, "help:close", request.pk, text="重复", how="close").status_code == 302
    assert client_sees(desk, request)


def client_sees(client: Client, request: HelpRequest) -> bool:
    return client.get(reverse("help:request", args=[request.pk])).status_code == 200


def test_a_button_pressed_twice_acts_once() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = asked(made)
    client = signed_in(made.alice)
    body = {"command_id": str(uuid7()), "volunteer": str(helper.pk)}
    url = reverse("help:offer", args=[request.pk])
    assert client.post(url, body).status_code == 302
    assert client.post(url, body).status_code == 302
    assert Assignment.objects.count() == 1


def test_a_refusal_is_said_in_place() -> None:
    made = neighbourhood()
    request = asked(made)
    client = signed_in(made.alice)
    answer = post(client, "help:close", request.pk, text="", how="close", htmx=True)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#flash"
    assert again(request).state == "new"


def test_a_call_from_a_known_number_opens_the_file() -> None:
    made = neighbourhood()
    client = signed_in(made.on_call)
    assert client.get(reverse("help:new")).status_code == 200
    found = client.post(reverse("help:lookup"), {"phone": "19900001111"}, headers={"HX-Request": "true"})
    assert "李秀英" in found.content.decode()
    assert str(made.household.pk) in found.content.decode()
    answer = post(
        client, "help:new", source="phone", phone="19900001111", household=made.household.pk, category="medicine",
        urgency="today", title="", lines="降压药 2盒", words="药快没了", asker_name="李秀英", door="",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    request = HelpRequest.objects.get()
    assert (request.household_id, request.verified, request.source) == (made.household.pk, "known", "phone")
    assert request.taken_by == made.on_call
    line = request.lines.get()
    assert (line.name, str(line.quantity.normalize()), line.unit) == ("降压药", "2", "盒")


def test_a_call_about_nothing_is_refused_with_a_sentence() -> None:
    made = neighbourhood()
    client = signed_in(made.on_call)
    answer = post(client, "help:new", source="phone", category="other", urgency="normal", phone="")
    assert answer.status_code == 422
    assert not HelpRequest.objects.exists()
    assert answer.context["form"].errors["title"]


def test_the_file_of_a_household_starts_a_request() -> None:
    made = neighbourhood()
    page = signed_in(made.on_call).get(reverse("help:new", args=[made.household.pk]))
    assert page.status_code == 200
    assert "李秀英" in page.content.decode()


def test_the_emergency_page_ticks_and_rings() -> None:
    made = neighbourhood()
    bob = volunteer(made, "", user=made.bob, home=made.stairwell)
    request = asked(made, category="emergency", title="摔倒起不来")
    DirectoryEntry.objects.create(community_id=made.community.pk, name="区医院急诊", phone="0471 5550000")
    client = signed_in(made.alice)
    page = client.get(reverse("help:emergency", args=[request.pk])).content.decode()
    assert "tel:120" in page
    assert "区医院急诊" in page
    assert "19900000005" in page
    accept_offer(request=request, volunteer=bob, by=made.bob, at=AT)
    assert post(client, "help:step", request.pk, step="called_120").status_code == 302
    with_bob = {"step": "with_person", "with": made.bob.pk, "from": "emergency"}
    assert post(client, "help:step", request.pk, **with_bob).url.endswith("/emergency/")
    entry = DirectoryEntry.objects.get()
    assert post(client, "help:ring", request.pk, entry=entry.pk, outcome="rang").status_code == 302
    assert post(client, "help:ring", request.pk, whom=made.bob.pk, outcome="no_answer").status_code == 302
    page = client.get(reverse("help:emergency", args=[request.pk]))
    assert page.context["beside"] == made.bob
    assert page.context["called"].by == made.alice


def test_on_my_way_writes_a_record_for_staff() -> None:
    made = neighbourhood()
    request = asked(made, category="emergency", title="摔倒起不来")
    assert post(signed_in(made.building_head), "help:on_my_way", request.pk).status_code == 302
    assert again(request).state == "accepted"
    assert Assignment.objects.get().volunteer.user == made.building_head


def test_the_directory_is_kept_by_the_office() -> None:
    made = neighbourhood()
    clerk = signed_in(made.alice)
    community = {"community": made.community.pk}
    assert (
        post(clerk, "help:directory", name="供热站", phone="0471-5550001", order=1, **community).status_code
        == 302
    )
    wrong = post(clerk, "help:directory", name="供热站", phone="没有", order=1, **community)
    assert wrong.status_code == 422
    entry = DirectoryEntry.objects.get()
    assert (
        post(
            clerk, "help:directory_entry", entry.pk, name="供热站值班", phone="0471-5550001", order=2
        ).status_code
        == 302
    )
    assert "供热站值班" in signed_in(made.bob).get(reverse("help:directory")).content.decode()
    assert post(signed_in(made.bob), "help:end_entry", entry.pk).status_code == 404
    assert post(clerk, "help:end_entry", entry.pk).status_code == 302
    assert "供热站值班" not in clerk.get(reverse("help:directory")).content.decode()


def test_another_place_finds_nothing() -> None:
    made, far = neighbourhood(), strangers()
    helper = volunteer(made, "李楠")
    request = asked(made)
    accept_offer(request=request, volunteer=helper, by=helper.user, at=AT)
    finish_request(request=request, by=helper.user, at=AT)
    charlie = signed_in(far.charlie)
    assignment = Assignment.objects.get()
    for name, args in (
        ("help:request", [request.pk]), ("help:emergency", [request.pk]),
        ("help:new", [made.household.pk]),
    ):  # fmt: skip
        assert charlie.get(reverse(name, args=args)).status_code == 404, name
    for name, args, values in (
        ("help:offer", [request.pk], {"volunteer": helper.pk}), ("help:act", [request.pk, "right"], {}),
        ("help:answer", [assignment.pk, "release"], {}), ("help:note", [request.pk], {"text": "x"}),
        ("help:close", [request.pk], {"text": "x"}), ("help:verify", [request.pk], {"how": "call"}),
        ("help:step", [request.pk], {"step": "called_120"}), ("help:link", [request.pk], {}),
    ):  # fmt: skip
        assert post(charlie, name, *args, **values).status_code == 404, name
    assert "0001" not in charlie.get(reverse("help:board"), {"show": "all"}).content.decode()
    assert again(request).state == "done"


def test_search_is_by_post_and_scoped() -> None:
    made, far = neighbourhood(), strangers()
    asked(made, title="婴儿奶粉2段", asker_phone="19900000713")
    for said in ("0001", "1", "奶粉", "0713"):
        found = signed_in(made.alice).post(reverse("help:search"), {"q": said})
        assert "婴儿奶粉" in found.content.decode(), said
        assert (
            "婴儿奶粉"
            not in signed_in(far.charlie).post(reverse("help:search"), {"q": said}).content.decode()
        )


def test_a_stairwell_head_sees_no_words_of_illness() -> None:
    made = neighbourhood()
    request = asked(made, title="代配药", words="糖尿病，胰岛素用完了")
    page = signed_in(made.bob).get(reverse("help:request", args=[request.pk])).content.decode()
    assert "代配药" in page
    assert "糖尿病" not in page


def test_a_new_link_is_shown_once() -> None:
    made = neighbourhood()
    request = asked(made)
    appoint(place=made.community, role=Role.CLERK, holder=made.bob, by=made.alice, at=AT)
    page = post(signed_in(made.bob), "help:link", request.pk)
    assert page.status_code == 200
    assert again(request).link_digest
