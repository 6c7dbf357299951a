"""The pages of group purchases, as an organiser clicks through them and as somebody of another place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from shouwang.core.ids import uuid7
from shouwang.help.models import GroupPart, GroupPurchase
from shouwang.help.selectors.groups import part_rows, reach_of
from shouwang.help.states import GroupState
from shouwang.help.tests.groups_world import MIXED, estate, join_all, parts_of, purchase
from shouwang.help.tests.scene import strangers
from shouwang.help.tests.test_pages import post, signed_in

pytestmark = pytest.mark.django_db

CHAIN = """#接龙 鲜牛奶团购
1. 8-2-501 王阿姨 2份
2. 张先生 8号楼2单元502 1份 已转账
3. 9-1-101 三份
4. 12-3-404 1份
5. 钱奶奶 一份"""
GROWN = CHAIN.replace("8-2-501 王阿姨 2份", "8-2-501 王阿姨 3份").replace("9-1-101 三份", "9-1-101 取消")


def fields(rows: Any) -> dict[str, str]:
    """What the browser sends back of these rows."""
    sent = {"verb": "confirm", "number": str(len(rows)), "command_id": str(uuid7())}
    for row in rows:
        for bound in row.form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = str(value)
    return sent


def chain_page(client: Any, group: GroupPurchase, text: str) -> Any:
    return client.post(
        reverse("help:group_paste", args=[group.pk]), {"text": text, "command_id": str(uuid7())}
    )


def now_purchase(made: Any, **more: Any) -> GroupPurchase:
    at = timezone.now()
    return purchase(made, at=at, closes_at=at + timedelta(days=1), **more)


def test_a_chain_is_shown_first_then_taken_in_and_grows() -> None:
    made = estate(4)
    group, client = now_purchase(made, minimum=3), signed_in(made.alice)
    page = chain_page(client, group, CHAIN)
    rows = page.context["rows"]
    assert [row.change for row in rows] == ["unclear", "unclear", "new", "new", "new"]
    assert not GroupPart.objects.exists()
    url = reverse("help:group_paste", args=[group.pk])
    sent = fields(rows)
    refused = client.post(url, sent)
    assert refused.status_code == 422 and not GroupPart.objects.exists()
    errors = {row.index: row.form.errors for row in refused.context["rows"]}
    assert "door" in errors[3] and "door" in errors[4] and not errors[0]
    good = sent | {"r3-leave_out": "on", "r4-as_said": "on"}
    assert client.post(url, good).status_code == 302
    assert client.post(url, good).status_code == 302, "sent twice, taken in once"
    assert reach_of([group])[group.pk].pieces == 7
    again = chain_page(client, group, GROWN).context["rows"]
    assert {row.index: row.change for row in again} == {
        0: "changed",
        1: "same",
        2: "back",
        3: "unclear",
        4: "unclear",
    }
    assert client.post(url, fields(again) | {"r3-leave_out": "on", "r4-leave_out": "on"}).status_code == 302
    assert reach_of([group])[group.pk].pieces == 5
    assert [part.name_said for part in parts_of(group)][:2] == ["王阿姨", "张先生"]


def test_what_nobody_can_read_is_said_on_the_page() -> None:
    made = estate(4)
    group, client = now_purchase(made), signed_in(made.alice)
    page = chain_page(client, group, "大家好")
    assert page.status_code == 200 and page.context["rows"] == []
    assert chain_page(client, group, "").status_code == 422
    wrong = chain_page(client, group, "1. 8-2-501 半份\n2. 8-2-502")
    assert [row.change for row in wrong.context["rows"]] == ["unclear", "unclear"]


def test_from_the_new_form_to_settled_by_buttons_alone() -> None:
    made = estate(4)
    client = signed_in(made.alice)
    assert client.get(reverse("help:new_group")).status_code == 200
    body = {
        "title": "鲜牛奶", "place": str(made.community.pk), "supplier": "城东奶站", "minimum_kind": "quantity",
        "minimum": "3", "payer": str(made.alice.pk), "rule": "by_order", "name0": "鲜牛奶", "unit0": "箱",
        "price0": "49.90", "closes_at": f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert post(client, "help:new_group", **(body | {"price0": ""})).status_code == 422
    assert post(client, "help:new_group", **body).status_code == 302
    group = GroupPurchase.objects.get()
    join_all(made, group, [1, 1, 1])
    for part in parts_of(group):
        assert post(client, "help:group_paid", part.pk).status_code == 302
    _look(client, group)
    post(client, "help:group_close", group.pk)
    _look(client, group)
    assert post(client, "help:group_order", group.pk, amount="149.70").status_code == 302
    assert post(client, "help:group_count", group.pk, came0="2").status_code == 302
    assert "49.90" in client.get(reverse("help:group", args=[group.pk])).content.decode()
    preview = client.get(reverse("help:group_split", args=[group.pk]))
    assert preview.context["short"] == 1
    post(client, "help:group_split", group.pk, rule="by_order")
    _look(client, group)
    (owed,) = [row.part for row in part_rows(GroupPurchase.objects.get()) if row.back]
    assert "49.90" in client.get(reverse("help:group_refunds", args=[group.pk])).content.decode()
    sent = {"command_id": str(uuid7()), "from": "refunds"}
    for _twice in range(2):
        assert client.post(reverse("help:group_paid_back", args=[owed.pk]), sent).status_code == 302
    assert post(client, "help:group_supplier_back", group.pk, amount="49.90").status_code == 302
    assert post(client, "help:group_settle", group.pk).status_code == 302
    assert GroupPurchase.objects.get().state == GroupState.SETTLED
    _look(client, group)
    assert client.get(reverse("help:groups"), {"show": "over"}).status_code == 200


def _look(client: Any, group: GroupPurchase) -> None:
    assert client.get(reverse("help:group", args=[group.pk])).status_code == 200
    assert client.get(reverse("help:groups")).status_code == 200
    for part in parts_of(group):
        assert client.get(reverse("help:group_part", args=[part.pk])).status_code == 200


def test_a_door_is_found_changed_and_taken_back_by_hand() -> None:
    made = estate(4)
    group, client = now_purchase(made, things=MIXED), signed_in(made.alice)
    assert client.get(reverse("help:group_part_new", args=[group.pk])).status_code == 200
    assert post(client, "help:group_part_new", group.pk, door="8-2-501", name="王", q0="1").status_code == 302
    assert (
        post(client, "help:group_part_new", group.pk, door="77-1-101", name="王", q0="1").status_code == 422
    )
    (part,) = parts_of(group)
    assert part.household == made.household
    found = post(client, "help:group_find", group.pk, words="501")
    assert len(found.context["lines"]) == 1
    assert not post(client, "help:group_find", group.pk, words="909").context["lines"]
    assert post(client, "help:group_part_change", part.pk, name="王", q0="2", q1="1").status_code == 302
    assert reach_of([group])[group.pk].fen == 2 * 4990 + 1255
    assert post(client, "help:group_part_back", part.pk).status_code == 302
    assert reach_of([group])[group.pk].pieces == 0
    assert post(client, "help:group_part_again", part.pk).status_code == 302
    assert post(client, "help:group_change", group.pk, title="").status_code == 422


def test_papers_are_pdf_and_show_nobody_else() -> None:
    made = estate(6)
    group, client = now_purchase(made), signed_in(made.alice)
    join_all(made, group, [1, 2, 3, 1])
    (part, *_others) = parts_of(group)
    for name, about in (("statement", part), ("sheets", group), ("table", group)):
        answer = client.get(reverse(f"help:group_{name}", args=[about.pk]))
        assert answer.content[:5] == b"%PDF-", name
        assert answer.headers["Cache-Control"] == "no-store"


def test_another_place_sees_nothing_of_it() -> None:
    made, far = estate(4), strangers()
    group = now_purchase(made)
    join_all(made, group, [1])
    client = signed_in(far.charlie)
    assert str(group.pk) not in client.get(reverse("help:groups")).content.decode()
    assert client.get(reverse("help:group", args=[group.pk])).status_code == 404
    assert post(client, "help:group_paid", parts_of(group)[0].pk).status_code == 404
    assert signed_in(made.bob).get(reverse("help:groups")).status_code == 404
