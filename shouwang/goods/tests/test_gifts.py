"""Lists of gifts: once each, out of the store, undone for a while, and posted without anybody being recognised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry
from shouwang.core.registry import copy_sources, invariants, today_sources, work_sources
from shouwang.goods.engines.posting import LEAST, fold
from shouwang.goods.models import GiftLine, GiftList
from shouwang.goods.selectors import gifts as selectors
from shouwang.goods.selectors.store import stock_of
from shouwang.goods.services import gifts as services
from shouwang.goods.services.gifts_posting import (
    count_past_gifts,
    erase_past_gifts,
    publish_list,
    take_back_posting,
    verify_past_gifts,
)
from shouwang.goods.services.store import bring_in
from shouwang.goods.services.store_items import add_item, add_shelf
from shouwang.goods.states import GiftState, MovementKind
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, do_due, settle, signed_in
from shouwang.people.services import add_flag, add_person
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.services import enrol, stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def made(here: Neighbourhood, **more: object) -> GiftList:
    said = {
        "name": "困难家庭蔬菜",
        "what": "蔬菜包",
        "why": "困难家庭与高龄独居",
        "community": here.community,
        **more,
    }
    scope = here.scope(here.alice)
    return services.make_list(scope=scope, by=here.alice, at=AT, **said)  # type: ignore[arg-type]


def everywhere(here: Neighbourhood, **more: object) -> GiftList:
    return made(here, buildings=[one.pk for one in here.buildings], **more)


def stocked(here: Neighbourhood, number: int) -> GiftList:
    shelf = add_shelf(community=here.community, name="仓库", by=here.alice, at=AT)
    item = add_item(community=here.community, name="蔬菜包", unit="袋", by=here.alice, at=AT)
    bring_in(item=item, shelf=shelf, quantity=number, kind=MovementKind.DONATED, by=here.alice, at=AT)
    return everywhere(here, item=item, shelf=shelf)


def volunteer(here: Neighbourhood, name: str = "Vera") -> Volunteer:
    return enrol(user=add_user(name), home=here.stairwells[0], by=here.alice, at=AT)


def test_by_flags_by_buildings_and_by_hand(here: Neighbourhood) -> None:
    add_flag(household=here.households[0], kind="dibao", source="登记", by=here.alice, at=AT)
    add_person(household=here.households[3], name="老人", birth=(1938, 1, 1), by=here.alice, at=AT)
    by_flags = made(here, kinds=["dibao", "aged_80"])
    assert {line.household for line in by_flags.lines.all()} == {here.households[0], here.households[3]}
    row = AuditEntry.objects.get(kind="goods.gifts.flags_read")
    assert row.payload["kinds"] == ["aged_80", "dibao"] and row.payload["households"] == 2
    assert "dibao" not in str([field.value_from_object(by_flags) for field in GiftList._meta.fields])
    assert made(here, kinds=["dibao"], buildings=[here.buildings[2].pk]).lines.count() == 0
    assert everywhere(here).lines.count() == 6
    empty = made(here)
    services.add_household(gift_list=empty, household=here.households[5], by=here.alice, at=AT)
    line = services.add_household(gift_list=empty, household=here.households[5], by=here.alice, at=AT)
    assert empty.lines.count() == 1
    services.drop_line(line=line, by=here.alice, at=AT)
    assert empty.lines.count() == 0


def test_each_once_out_of_the_store_and_undone_for_a_while(here: Neighbourhood) -> None:
    gifts = stocked(here, 2)
    first, second, third = gifts.lines.all()[:3]
    for line in (first, first, second):
        services.hand_over_gift(line=line, by=here.bob, at=AT, to_words="本人")
    assert stock_of(gifts.item) == 0
    with pytest.raises(Refusal, match="not-enough"):
        services.hand_over_gift(line=third, by=here.bob, at=AT)
    third.refresh_from_db()
    assert third.state == GiftState.TO_GIVE
    services.take_back_gift(line=first, by=here.bob, at=here.later(30))
    services.take_back_gift(line=first, by=here.bob, at=here.later(30))
    assert stock_of(gifts.item) == 1
    services.hand_over_gift(line=first, by=here.bob, at=here.later(40))
    assert stock_of(gifts.item) == 0
    with pytest.raises(Refusal, match="too-late"):
        services.take_back_gift(line=second, by=here.bob, at=here.later(180))
    assert invariants.get("goods.gifts.once").run(AT, None).broken == []
    assert invariants.get("goods.gifts.once").run(AT, None).counted == 2


def test_refusal_is_an_outcome_and_a_closed_list_gives_nothing(here: Neighbourhood) -> None:
    gifts = everywhere(here)
    first, second = gifts.lines.all()[:2]
    services.settle_gift(line=first, to=GiftState.NOT_WANTED, by=here.bob, at=AT)
    services.settle_gift(line=second, to=GiftState.MOVED, by=here.bob, at=AT)
    assert selectors.lists_open(here.scope(here.alice)) == [(gifts, 4)]
    services.close_list(gift_list=gifts, by=here.alice, at=AT)
    with pytest.raises(Conflict, match="gifts-closed"):
        services.hand_over_gift(line=gifts.lines.all()[2], by=here.bob, at=AT)
    services.reopen_list(gift_list=gifts, by=here.alice, at=AT)
    services.take_back_gift(line=first, by=here.bob, at=here.later(600))


def test_who_has_had_one_at_the_same_occasion_shows(here: Neighbourhood) -> None:
    before, now = everywhere(here, occasion="三月"), everywhere(here, occasion="三月")
    services.hand_over_gift(line=before.lines.get(household=here.households[0]), by=here.bob, at=AT)
    had = [one.had for group in selectors.stairs_of(now) for one in group.lines if one.had]
    assert had == [AT]


def test_a_volunteer_sees_the_doors_while_named_and_never_why(here: Neighbourhood) -> None:
    vera, gifts = volunteer(here), everywhere(here)
    client, address = signed_in(vera.user), f"/goods/gifts/{gifts.pk}/doors/"
    assert client.get(address).status_code == 404
    services.name_giver(gift_list=gifts, volunteer=vera, by=here.alice, at=AT)
    services.name_giver(gift_list=gifts, volunteer=vera, by=here.alice, at=AT)
    page = client.get(address)
    assert page.status_code == 200 and "困难" not in page.content.decode() and "101" in page.content.decode()
    assert len(work_sources.get("goods.gifts").work_for(vera.user, AT)) == 1
    assert client.get(f"/goods/gifts/{gifts.pk}/").status_code == 404
    line = gifts.lines.first()
    for _time in range(2):
        client.post(
            f"/goods/gifts/lines/{line.pk}/hand/", {"command_id": "01900000-0000-7000-8000-000000000001"}
        )
    line.refresh_from_db()
    assert line.state == GiftState.HANDED_OVER and line.settled_by == vera.user
    stand_down(volunteer=vera, reason="ill", by=here.alice, at=AT)
    do_due("clock", here.later(1))
    assert selectors.givers_of(gifts) == []
    assert client.get(address).status_code == 404


def test_posted_by_somebody_by_name_and_taken_back(here: Neighbourhood) -> None:
    gifts = everywhere(here)
    rows = list(gifts.lines.all())
    for line in rows[:2]:
        services.hand_over_gift(line=line, by=here.bob, at=AT)
    with pytest.raises(Refusal, match="too-few"):
        publish_list(gift_list=gifts, by=here.alice, at=AT)
    for line in rows[2:]:
        services.hand_over_gift(line=line, by=here.bob, at=AT)
    assert publish_list(gift_list=gifts, by=here.alice, at=AT) == publish_list(
        gift_list=gifts, by=here.alice, at=AT
    )
    (one,) = selectors.postings_in(here.community.pk)
    # Two in each of three buildings: none stands by itself.
    assert (one.rows, one.elsewhere, one.total) == ([], 6, 6)
    assert one.posting.published_by == here.alice
    take_back_posting(gift_list=gifts, by=here.alice, at=AT)
    assert selectors.postings_in(here.community.pk) == []
    with pytest.raises(Conflict, match="not-posted"):
        take_back_posting(gift_list=gifts, by=here.alice, at=AT)


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 12), max_size=20))
def test_what_is_posted_adds_up_and_shows_nobody(counts: dict[int, int]) -> None:
    shown, elsewhere = fold(counts)
    assert sum(shown.values()) + elsewhere == sum(counts.values())
    assert all(number == counts[key] >= LEAST for key, number in shown.items())
    assert elsewhere == 0 or elsewhere >= LEAST or not shown


ACTS = ("hand_over_gift", "take_back_gift", "not_wanted", "moved")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 1)), max_size=14))
def test_once_each_whatever_the_order(here: Neighbourhood, acts: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        gifts = stocked(here, 4)
        rows = list(gifts.lines.all())
        for what, which, who in acts:
            act(rows[which], what, (here.alice, here.bob)[who])
            handed = gifts.lines.filter(state=GiftState.HANDED_OVER).count()
            assert stock_of(gifts.item) == 4 - handed
            assert selectors.posted(gifts).total == handed
        assert invariants.get("goods.gifts.once").run(AT, None).broken == []
        transaction.set_rollback(True)


def act(line: GiftLine, what: str, by: object) -> None:
    try:
        with transaction.atomic():
            if what in ("not_wanted", "moved"):
                services.settle_gift(line=line, to=GiftState(what), by=by, at=AT)  # type: ignore[arg-type]
            else:
                getattr(services, what)(line=line, by=by, at=AT)
    except Refusal as fault:
        assert fault.code, "a refusal is an answer too; what must hold is looked at after it"


def test_forgotten_a_year_after_it_was_closed(here: Neighbourhood) -> None:
    person = add_person(household=here.households[0], name="李", by=here.alice, at=AT)
    gifts = everywhere(here)
    services.hand_over_gift(line=gifts.lines.get(household=here.households[0]), by=here.bob, at=AT)
    assert copy_sources.get("goods.gifts").parts(person.pk, AT)[0].lines
    assert len(today_sources.get("goods.gifts").items(here.scope(here.alice), AT)) == 1
    services.close_list(gift_list=gifts, by=here.alice, at=AT)
    later = AT + timedelta(days=366)
    assert count_past_gifts(later) == verify_past_gifts(later) == 6
    assert erase_past_gifts(later, 4) == 4 and erase_past_gifts(later, 4) == 2
    gifts.refresh_from_db()
    assert count_past_gifts(later) == 0 and gifts.handed_count == 1


def test_the_pages_answer(here: Neighbourhood) -> None:
    gifts = stocked(here, 6)
    for line in gifts.lines.all():
        services.hand_over_gift(line=line, by=here.bob, at=AT)
    publish_list(gift_list=gifts, by=here.alice, at=AT)
    client = signed_in(here.alice)
    for address in ("", "new/", f"{gifts.pk}/", f"{gifts.pk}/doors/", f"lines/{line.pk}/hand/"):
        assert client.get(f"/goods/gifts/{address}").status_code == 200, address
    for address in ("sheet", "wall"):
        assert client.get(f"/goods/gifts/{gifts.pk}/{address}/").content.startswith(b"%PDF")
    door = here.households[0].dwelling
    answer = client.post(f"/goods/gifts/{gifts.pk}/add/", {"command_id": "01900000-0000-7000-8000-000000000002",
                                                           "door": f"1-1-{door.door}"})  # fmt: skip
    assert answer.status_code == 302 and gifts.lines.count() == 6
