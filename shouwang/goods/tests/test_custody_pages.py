"""Custody on its pages: a card goes to the hospital and back (D10); recovery, reminders, erasure, the phone's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shouwang.core.ids import uuid7
from shouwang.core.registry import (
    Author,
    OfflineCommand,
    copy_sources,
    erasers,
    held_sources,
    invariants,
    offline_kinds,
    phone_parts,
    today_sources,
    work_sources,
)
from shouwang.goods.commands.custody import Confirm, GiveBack
from shouwang.goods.models import Holding
from shouwang.goods.services import custody
from shouwang.goods.tests.test_custody_hands import card, here, kit
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, do_due, signed_in
from shouwang.notices.selectors import unread_for
from shouwang.people.services import add_person
from shouwang.places.services import appoint
from shouwang.volunteers.services import enrol, stand_down

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def send(client: Client, address: str, **said: Any) -> Any:
    return client.post(address, {"command_id": str(uuid7()), **said})


def worker(here: Neighbourhood, name: str) -> Any:
    user = add_user(name)
    appoint(place=here.grid, role="grid_worker", holder=user, by=here.alice, at=AT)
    return user


def test_a_card_and_a_list_go_to_the_hospital_and_back(here: Neighbourhood) -> None:
    first, second = worker(here, "Frank"), worker(here, "Sue")
    home, one, two = here.households[0], signed_in(first), signed_in(second)
    take = f"/goods/custody/households/{home.pk}/"
    assert one.get(take).status_code == 200
    for kind, words in (("insurance_card", "医保卡"), ("prescription", "药品清单")):
        answer = send(
            one, take, kind=kind, words=words, quantity="1", holder=str(first.pk), from_words="本人"
        )
        assert answer.status_code == 302, answer.content.decode()
    held = Holding.objects.get(words="医保卡")
    page = f"/goods/custody/{held.pk}/"
    assert send(one, f"{page}pass/", to_user=str(second.pk)).status_code == 302
    held.refresh_from_db()
    assert held.holder == first
    assert (
        "I have taken it" in two.get("/goods/hands/").content.decode()
        or held.words in two.get("/goods/hands/").content.decode()
    )
    assert send(two, f"{page}confirm/").status_code == 302
    assert send(two, f"{page}back/", to_words="本人").status_code == 302
    assert (
        send(
            one, f"/goods/custody/{Holding.objects.get(words='药品清单').pk}/used/", why="药已买到"
        ).status_code
        == 302
    )
    held.refresh_from_db()
    assert held.state == "returned" and all(row.is_receipted for row in held.handovers.all())
    assert one.get(f"{page}receipt/").content.startswith(b"%PDF")
    assert "医保卡" in one.get(page).content.decode()
    assert "医保卡" in one.get("/goods/custody/?show=over").content.decode()


def test_stood_down_it_is_told_listed_and_shown(here: Neighbourhood) -> None:
    volunteer = enrol(user=here.bob, home=here.stairwells[0], by=here.alice, at=AT)
    held = card(here, here.bob)
    scope = here.scope(here.alice, 1)
    assert [thing.what for thing in held_sources.get("goods.custody").things(here.bob, scope, AT)] == [
        "医保卡"
    ]
    stand_down(volunteer=volunteer, reason="ill", by=here.alice, at=AT)
    do_due("clock", here.later(1))
    assert any("Bob" in row.values.get("name", "") for row in unread_for(here.alice))
    client = signed_in(here.alice)
    assert "医保卡" in client.get("/goods/custody/recover/").content.decode()
    assert [item.key for item in today_sources.get("goods.custody").items(scope, AT)] == ["custody:recover"]
    assert invariants.get("goods.custody.recovered").run(here.later(1), None).broken == []
    custody.give_back(holding=held, by=here.alice, at=here.later(2))
    assert today_sources.get("goods.custody").items(here.scope(here.alice, 3), AT) == []


def test_what_is_overdue_is_asked_for_every_day(here: Neighbourhood) -> None:
    held = card(here, here.bob, due_back_at=AT + timedelta(hours=1))
    do_due("clock", AT + timedelta(hours=2))
    assert [row.template for row in unread_for(here.bob)] == ["goods.due_back"]
    do_due("clock", AT + timedelta(hours=27))
    assert "goods.overdue" in [row.template for row in unread_for(here.alice)]
    custody.give_back(holding=held, by=here.bob, at=AT + timedelta(hours=28))
    assert do_due("clock", AT + timedelta(hours=60)) == 0


def test_forgotten_thirty_days_after_it_is_back(here: Neighbourhood) -> None:
    person = add_person(household=here.households[0], name="李", by=here.alice, at=AT)
    held, eraser = card(here, here.bob), erasers.get("goods.custody")
    assert copy_sources.get("goods.custody").parts(person.pk, AT)[0].title == "医保卡"
    assert eraser.count(AT + timedelta(days=90)) == 0
    custody.give_back(holding=held, by=here.bob, at=AT)
    later = AT + timedelta(days=31)
    assert eraser.count(later) == eraser.verify(later) == eraser.erase_batch(later, 10) == 1
    assert eraser.count(later) == eraser.verify(later) == 0


def say(kind: str, body: Any, user: Any) -> Any:
    command = OfflineCommand(uuid7(), kind, None, None, body)
    return offline_kinds.get(kind).apply([command], Author(user, []), AT)[0]


def test_what_a_phone_says_twice_is_once(here: Neighbourhood) -> None:
    flag = kit(here, here.bob)
    part = phone_parts.get("hands").give(here.scope(here.bob), AT)
    assert [row["acts"] for row in part] == [["goods.confirm_holding"]]
    assert work_sources.get("goods.hands").work_for(here.bob, AT)[0].waiting_for_me
    for _time in range(2):
        assert say("goods.confirm_holding", Confirm(holding=flag.pk), here.bob) is None
    for _time in range(2):
        assert say("goods.give_back", GiveBack(holding=flag.pk, to="库房"), here.bob) is None
    assert flag.handovers.count() == 2
    assert say("goods.confirm_holding", Confirm(holding=flag.pk), here.charlie).code == "gone"
    other = card(here, here.bob)
    custody.pass_on(holding=other, to_user=here.alice, by=here.alice, at=AT)
    assert say("goods.give_back", GiveBack(holding=other.pk), here.bob).code == "not-in-your-hands"


def test_whoever_gave_it_is_asked_for_their_receipt(here: Neighbourhood) -> None:
    """Fetched from somebody who is stood down: their word that they gave it stands on their own page, phone and work."""
    held, frank = card(here, here.bob), worker(here, "Frank")
    custody.pass_on(holding=held, to_user=frank, by=here.alice, at=AT)
    custody.confirm(holding=held, by=frank, at=AT)
    client = signed_in(here.bob)
    assert f"/goods/custody/{held.pk}/confirm/" in client.get("/goods/hands/").content.decode()
    (row,) = phone_parts.get("hands").give(here.scope(here.bob), AT)
    assert (row["acts"], row["gave"]) == (["goods.confirm_holding"], True)
    assert work_sources.get("goods.hands").work_for(here.bob, AT)[0].waiting_for_me
    assert say("goods.confirm_holding", Confirm(holding=held.pk), here.bob) is None
    assert all(change.is_receipted for change in held.handovers.all())
    assert not work_sources.get("goods.hands").work_for(here.bob, AT)
    assert f"{held.pk}" not in client.get("/goods/hands/").content.decode()


def test_several_things_one_after_the_other(here: Neighbourhood) -> None:
    frank = worker(here, "Frank")
    client, take = signed_in(frank), f"/goods/custody/households/{here.households[0].pk}/"
    answer = send(client, take, kind="keys", words="钥匙", quantity="1", holder=str(frank.pk), more="1")
    assert (answer.status_code, answer["Location"]) == (302, take)


def test_so_many_of_them_are_back(here: Neighbourhood) -> None:
    flags = custody.hold(
        kind="kit", words="旗子", quantity=5, holder=here.bob, placed=here.community, by=here.bob, at=AT
    )
    flags = custody.give_back(holding=flags, by=here.alice, at=AT, quantity=2)
    assert (flags.quantity, flags.state, flags.holder) == (3, "held", here.bob)
    assert custody.give_back(holding=flags, by=here.alice, at=AT, quantity=3).state == "returned"
    assert invariants.get("goods.custody.chains").run(AT, None).broken == []
