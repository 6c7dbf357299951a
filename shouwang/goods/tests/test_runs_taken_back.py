"""'Handed over' pressed by mistake: the parcel is in the cart again, and so is the stop; nothing is left on its way for ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from shouwang.core.errors import Conflict
from shouwang.core.ids import uuid7
from shouwang.core.registry import Author, OfflineCommand, offline_kinds
from shouwang.core.scope import scope_for
from shouwang.goods.commands.runs import AtStop, HandedOver
from shouwang.goods.models import Parcel, Run, RunStop
from shouwang.goods.selectors.run_promises import brought_twice, in_cart_not_on_the_way, runs_with_nobody
from shouwang.goods.services import take_back_handing
from shouwang.goods.services.run_stops import arrive_at, hand_over_stop, nobody_there, take_back_stop
from shouwang.goods.services.run_trips import end_run, hand_on_run
from shouwang.goods.tests.gate import HOUR, arrive
from shouwang.goods.tests.rounds_of_carts import helped, out, serving
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, settle, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def walking(here: Neighbourhood, *homes: int) -> tuple[Run, list[RunStop]]:
    """A cart that is out, with a parcel for each of these households; its stops in order."""
    for home in homes:
        arrive(here, home)
    helped(here, "Dora")
    run = out(here, Run.objects.get())
    return run, list(run.stops.order_by("order"))


def holds() -> None:
    for promise in (brought_twice, in_cart_not_on_the_way, runs_with_nobody):
        assert promise(AT, None).broken == []


def standing(stop: RunStop) -> tuple[str, set[tuple[str, Any]]]:
    stop.refresh_from_db()
    parcels = Parcel.objects.filter(stops__stop=stop)
    return stop.state, {(row.state, row.holder and row.holder.username) for row in parcels}


def test_the_stop_comes_back_with_its_parcels_and_the_run_goes_on(here: Neighbourhood) -> None:
    run, [first, second] = walking(here, 0, 0, 1)
    act = {"by": here.alice, "at": here.later(5)}
    hand_over_stop(stop=first, **act)
    back = take_back_stop(stop=first, **act)
    assert standing(back) == ("open", {("on_the_way", run.volunteer.user.username)})
    assert back.ended_at is None and take_back_stop(stop=first, **act).state == "open", "twice is once"
    holds()
    arrive_at(stop=first, **act)
    hand_over_stop(stop=first, left=True, **act)
    assert take_back_stop(stop=first, **act).state == "called"
    nobody_there(stop=second, **act)
    hand_over_stop(stop=second, **act)
    assert take_back_stop(stop=second, **act).state == "nobody"
    hand_over_stop(stop=first, **act)
    end_run(run=run, **act)
    assert standing(first)[1] == {("handed_over", None)}
    assert standing(second) == ("brought_back", {("released", None)})
    holds()


def test_taken_back_at_the_gate_the_stop_comes_back_too(here: Neighbourhood) -> None:
    run, [stop] = walking(here, 0, 0)
    hand_over_stop(stop=stop, by=here.alice, at=here.later(5))
    one = Parcel.objects.order_by("number").first()
    assert one is not None
    assert take_back_handing(parcel=one, by=here.alice, at=here.later(6)).state == "on_the_way"
    assert standing(stop) == ("open", {("on_the_way", run.volunteer.user.username)})
    end_run(run=run, by=here.alice, at=here.later(9))
    assert standing(stop) == ("brought_back", {("released", None)}), "nothing stays on its way for ever"
    holds()


def test_after_the_cart_is_back_it_is_at_the_gate(here: Neighbourhood) -> None:
    run, [stop] = walking(here, 0)
    hand_over_stop(stop=stop, by=here.alice, at=here.later(5))
    end_run(run=run, by=here.alice, at=here.later(9))
    take_back_stop(stop=stop, by=here.alice, at=here.later(10))
    assert standing(stop) == ("brought_back", {("released", None)})
    hand_over_stop(stop=stop, by=here.alice, at=here.later(11))
    assert standing(stop) == ("handed_over", {("handed_over", None)})
    with pytest.raises(Conflict, match="too-late"):
        take_back_stop(stop=stop, by=here.alice, at=here.later(12 + 2 * HOUR))


def test_it_lies_with_whoever_has_the_cart_by_now(here: Neighbourhood) -> None:
    run, [first, _second] = walking(here, 0, 1)
    hand_over_stop(stop=first, by=here.alice, at=here.later(5))
    other = serving(here, "Erin")
    hand_on_run(run=run, volunteer=other, by=here.alice, at=here.later(6))
    take_back_stop(stop=first, by=here.alice, at=here.later(7))
    assert standing(first) == ("open", {("on_the_way", other.user.username)})
    holds()


def say(kind: str, body: Any, user: Any) -> Any:
    command = OfflineCommand(uuid7(), kind, None, None, body)
    return offline_kinds.get(kind).apply([command], Author(user, [scope_for(user, AT)]), AT)[0]


def test_said_by_a_phone_and_pressed_on_the_page(here: Neighbourhood) -> None:
    run, [stop] = walking(here, 0)
    user = run.volunteer.user
    assert say("goods.not_handed", AtStop(stop=stop.pk), user) is None, "nothing was said yet"
    assert say("goods.handed_over", HandedOver(stop=stop.pk), user) is None
    for _time in range(2):
        assert say("goods.not_handed", AtStop(stop=stop.pk), user) is None
        assert standing(stop)[0] == "open"
    client, step = signed_in(user), reverse("goods:stop_step", args=[stop.pk])
    page = reverse("goods:run", args=[run.pk])
    for act, then in (("handed", "handed_over"), ("not_handed", "open")):
        assert client.post(step, {"command_id": str(uuid7()), "act": act}).status_code == 302
        assert standing(stop)[0] == then
        assert ("not_handed" in client.get(page).content.decode()) == (act == "handed")
    assert standing(stop) == ("open", {("on_the_way", user.username)})
