"""What changes hands: one pair of hands at a time, two receipts, and twice is once."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from shouwang.accounts.models import User
from shouwang.core.errors import Conflict, NotAllowed, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.goods.models import Handover, Holding
from shouwang.goods.selectors import custody as selectors
from shouwang.goods.services import custody
from shouwang.goods.states import OUT, HoldingState
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, settle
from shouwang.volunteers.services import enrol, stand_down

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return settle()


def card(here: Neighbourhood, holder: User, by: User | None = None, **more: object) -> Holding:
    given = {"kind": "insurance_card", "words": "医保卡", "placed": here.households[0], "at": AT, **more}
    return custody.hold(holder=holder, by=by or holder, household=here.households[0], **given)  # type: ignore[arg-type]


def kit(here: Neighbourhood, holder: User, by: User | None = None) -> Holding:
    return custody.hold(
        kind="kit", words="红外体温计", holder=holder, placed=here.community, by=by or here.alice, at=AT
    )


def photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(content, "JPEG")
    return content.getvalue()


def test_taken_over_at_a_door_it_is_held_at_once_with_both_receipts(here: Neighbourhood) -> None:
    held = card(here, here.bob, from_words="本人", photo=photo())
    (first,) = held.handovers.all()
    assert (held.state, held.holder, first.is_receipted) == (HoldingState.HELD, here.bob, True)
    assert first.said_by == here.bob and StoredFile.objects.get().subject_id == held.pk


def test_given_out_by_the_desk_it_waits_for_the_takers_word(here: Neighbourhood) -> None:
    flag = kit(here, here.bob)
    assert (flag.state, flag.holder) == (HoldingState.OFFERED, here.alice)
    assert list(selectors.held_by(here.bob)) == [flag] == list(selectors.held_by(here.alice))
    assert custody.confirm(holding=flag, by=here.bob, at=AT).holder == here.bob
    assert custody.confirm(holding=flag, by=here.bob, at=AT).state == HoldingState.HELD
    assert list(selectors.held_by(here.alice)) == []
    with pytest.raises(NotAllowed):
        custody.confirm(holding=flag, by=here.charlie, at=AT)


def test_passed_on_in_three_ways(here: Neighbourhood) -> None:
    carol, held = add_user("Carol"), card(here, here.bob)
    # The giver says so, then the taker.
    held = custody.pass_on(holding=held, to_user=carol, by=here.bob, at=AT)
    assert (held.state, held.holder) == (HoldingState.OFFERED, here.bob)
    assert custody.pass_on(holding=held, to_user=carol, by=here.bob, at=AT).handovers.count() == 2
    held = custody.confirm(holding=held, by=carol, at=AT)
    # The taker says so first: it is there, and the giver's receipt is missing.
    held = custody.pass_on(holding=held, to_user=here.bob, by=here.bob, at=AT)
    last = held.handovers.last()
    assert (held.holder, last.given_at, last.said_by) == (here.bob, None, None)
    held = custody.confirm(holding=held, by=carol, at=AT)
    assert held.handovers.last().is_receipted and held.holder == here.bob
    # A third says so: both are missing.
    held = custody.pass_on(holding=held, to_user=carol, by=here.alice, at=AT)
    last = held.handovers.last()
    assert (held.holder, last.given_at, last.taken_at, last.said_by) == (here.bob, None, None, here.alice)


def test_what_was_not_taken_is_with_the_giver_again(here: Neighbourhood) -> None:
    carol, held = add_user("Carol"), card(here, here.bob)
    custody.pass_on(holding=held, to_user=carol, by=here.bob, at=AT)
    held = custody.decline(holding=held, by=carol, at=AT)
    assert (held.state, held.holder) == (HoldingState.HELD, here.bob)
    custody.pass_on(holding=held, to_user=carol, by=here.bob, at=AT)
    held = custody.pass_on(holding=held, to_user=here.alice, by=here.bob, at=AT)
    assert held.handovers.filter(withdrawn_at=None, taken_at=None).get().to_user == here.alice
    # What nobody with an account gave is looked for.
    written = card(here, carol, by=here.alice, from_words="女儿")
    assert custody.decline(holding=written, by=carol, at=AT).state == HoldingState.MISSING
    assert custody.found(holding=written, by=carol, at=AT).state == HoldingState.HELD


def test_given_back_closes_and_kit_returns_to_whoever_took_it_in(here: Neighbourhood) -> None:
    held = custody.give_back(holding=card(here, here.bob), by=here.bob, at=AT, to_words="本人")
    last = held.handovers.last()
    assert (held.state, held.holder, held.ended_at) == (HoldingState.RETURNED, None, AT)
    assert last.is_receipted and (last.to_user, last.to_words, last.said_by) == (None, "本人", here.bob)
    assert custody.give_back(holding=held, by=here.bob, at=AT).handovers.count() == 2
    with pytest.raises(Conflict, match="holding-over"):
        custody.pass_on(holding=held, to_user=here.alice, by=here.bob, at=AT)
    flag = custody.confirm(holding=kit(here, here.bob), by=here.bob, at=AT)
    flag = custody.give_back(holding=flag, by=here.alice, at=AT)
    last = flag.handovers.last()
    assert (last.to_user, last.given_at, last.taken_at) == (here.alice, None, AT)
    custody.confirm(holding=flag, by=here.bob, at=AT)
    assert flag.handovers.last().is_receipted


def test_used_up_and_missing_say_why(here: Neighbourhood) -> None:
    held = card(here, here.bob)
    with pytest.raises(Refusal, match="why-missing"):
        custody.use_up(holding=held, by=here.bob, at=AT, why=" ")
    held = custody.missing(holding=held, by=here.bob, at=AT, why="落在医院")
    assert (held.state, held.holder, held.why) == (HoldingState.MISSING, here.bob, "落在医院")
    held = custody.use_up(holding=held, by=here.bob, at=AT, why="已交药房")
    assert (held.state, held.holder) == (HoldingState.USED_UP, None)


def test_nothing_goes_to_somebody_off_duty_and_cash_has_an_amount(here: Neighbourhood) -> None:
    volunteer = enrol(user=here.bob, by=here.alice, at=AT)
    held = card(here, here.alice)
    stand_down(volunteer=volunteer, reason="ill", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="stood-down"):
        custody.pass_on(holding=held, to_user=here.bob, by=here.alice, at=AT)
    with pytest.raises(Refusal, match="stood-down"):
        kit(here, here.bob)
    # What they say themselves is what happened.
    assert card(here, here.bob).holder == here.bob
    with pytest.raises(Refusal, match="amount-missing"):
        custody.hold(
            kind="cash", words="垫款", holder=here.alice, placed=here.community, by=here.alice, at=AT
        )


def test_a_replay_answers_the_same_holding(here: Neighbourhood) -> None:
    pk = uuid7()
    assert card(here, here.bob, holding_id=pk) == card(here, here.bob, holding_id=pk)
    assert Holding.objects.count() == Handover.objects.count() == 1


def test_whoever_looks_after_custody_sees_all_others_what_went_through_their_hands(
    here: Neighbourhood,
) -> None:
    held, flag = card(here, here.bob), kit(here, here.alice, by=here.alice)
    assert set(selectors.holdings_for(here.scope(here.alice))) == {held, flag}
    assert list(selectors.holdings_for(here.scope(here.bob))) == [held]
    assert not selectors.holdings_for(here.scope(here.charlie)).exists()


def test_what_somebody_off_duty_holds_is_to_be_recovered(here: Neighbourhood) -> None:
    volunteer = enrol(user=here.bob, by=here.alice, at=AT)
    held = card(here, here.bob)
    assert not selectors.to_recover(here.scope(here.alice)).exists()
    stand_down(volunteer=volunteer, reason="ill", by=here.alice, at=AT)
    assert list(selectors.to_recover(here.scope(here.alice, 1))) == [held]
    assert not selectors.to_recover(here.scope(here.bob, 1)).exists()


STEPS = ("pass_on", "confirm", "decline", "give_back", "use_up", "missing", "found")


def step(held: Holding, what: str, by: User, to: User) -> None:
    more = {"to_user": to} if what == "pass_on" else {"why": "用了"} if what == "use_up" else {}
    try:
        with transaction.atomic():
            getattr(custody, what)(holding=held, by=by, at=AT, **more)
    except Refusal as fault:
        assert fault.code, "a refusal is an answer too; what must hold is looked at after it"


def standing(held: Holding) -> list[object]:
    rows = held.handovers.order_by("id").values_list(
        "from_user", "to_user", "given_at", "taken_at", "withdrawn_at"
    )
    held.refresh_from_db()
    return [held.state, held.holder_id, *rows]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.integers(0, 2),
    acts=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2)), max_size=10
    ),
)  # fmt: skip
def test_one_pair_of_hands_whatever_happens(
    here: Neighbourhood, first: int, acts: list[tuple[str, int, int]]
) -> None:
    people = (here.alice, here.bob, here.charlie)
    with transaction.atomic():
        held = card(here, people[first], by=here.alice)
        for what, by, to in acts:
            step(held, what, people[by], people[to])
            once = standing(held)
            step(held, what, people[by], people[to])
            assert standing(held) == once, f"{what} twice is once"
            assert (held.holder is not None) == (held.state in OUT)
            assert selectors.unchained([held]) == []
            taken = held.handovers.filter(taken_at__isnull=True, withdrawn_at__isnull=True)
            assert taken.count() == (held.state == HoldingState.OFFERED)
        transaction.set_rollback(True)


def test_dates_of_a_photo_end_with_the_receipts(here: Neighbourhood) -> None:
    card(here, here.bob, photo=photo())
    assert StoredFile.objects.get().expires_at == AT + timedelta(days=30)
