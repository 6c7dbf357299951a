"""An answer proposes, a person begins: nothing twice, nothing lost, what is taken back goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, signed_in
from shouwang.people.models import CareFlag
from shouwang.places import services as places
from shouwang.rounds import services
from shouwang.rounds.engines.proposals import proposal_id
from shouwang.rounds.models import Entry, Proposal, Round
from shouwang.rounds.registry import count_proposals, danger_in_answers
from shouwang.rounds.selectors.answers import counted_answers, standing_answers
from shouwang.rounds.selectors.proposals import proposals_for, told_proposals
from shouwang.rounds.services import Word
from shouwang.rounds.states import EntryState
from shouwang.rounds.tests.test_kinds import shipped
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
WELL = {"to_buy": False, "family_well": True, "unwell": False}
SHOPPING = WELL | {"to_buy": True, "shopping": "土豆5斤"}
BREATH = WELL | {"unwell": True, "unwell_how": ["breath"]}


def calling(here: Neighbourhood, code: str = "daily_call") -> Round:
    return begun(here, kind=shipped(code), whom="")


def first(round_: Round) -> Entry:
    return round_.entries.order_by("household__dwelling__place__sort_key", "pk").first()  # type: ignore[return-value]


def say(here: Neighbourhood, entry: Entry, answers: dict[str, Any], state: str = "done", **more: Any) -> None:
    services.mark_entry(entry=entry, state=state, answers=answers, by=here.alice, at=AT, **more)


def states(entry: Entry) -> dict[str, str]:
    return dict(Proposal.objects.filter(entry=entry).values_list("rule", "state"))


def test_an_answer_proposes_with_what_was_said_and_nothing_begins(here: Neighbourhood) -> None:
    entry = first(calling(here))
    say(here, entry, SHOPPING)
    proposal = Proposal.objects.get()
    assert (proposal.pk, proposal.rule, proposal.state) == (
        proposal_id(entry.pk, "shopping"),
        "shopping",
        "proposed",
    )
    assert proposal.answers == {"to_buy": True, "shopping": "土豆5斤"}
    assert not HelpRequest.objects.exists()
    assert Proposal.objects.values_list("answers", flat=True)[0].startswith("k1."), "sealed"


def test_said_again_nothing_is_proposed_twice_and_a_correction_changes_the_words(here: Neighbourhood) -> None:
    entry = first(calling(here))
    for what in ("土豆5斤", "土豆3斤"):
        say(here, entry, SHOPPING | {"shopping": what})
    assert Proposal.objects.get().answers["shopping"] == "土豆3斤"
    say(here, entry, WELL)
    assert states(entry) == {"shopping": "withdrawn"}
    say(here, entry, SHOPPING)
    assert states(entry) == {"shopping": "proposed"}
    say(here, entry, {}, state="away")
    assert states(entry) == {"shopping": "proposed"}, "a visit without answers takes none back"
    say(here, entry, {}, state="waiting")
    assert states(entry) == {"shopping": "withdrawn"}


def test_what_a_person_has_begun_stays_whatever_is_answered_later(here: Neighbourhood) -> None:
    entry = first(calling(here))
    say(here, entry, SHOPPING)
    begun_ = services.begin_proposal(proposal=Proposal.objects.get(), by=here.alice, at=AT)
    request = HelpRequest.objects.get()
    assert (begun_.result_id, begun_.state) == (request.pk, "begun")
    assert (request.household_id, request.category, request.source, request.taken_by_id) == (
        entry.household_id, "shopping", "phone", here.alice.pk,
    )  # fmt: skip
    assert "土豆5斤" in request.words
    for answers in (WELL, SHOPPING):
        say(here, entry, answers)
    assert states(entry) == {"shopping": "begun"} and HelpRequest.objects.count() == 1
    with pytest.raises(Conflict):
        services.begin_proposal(proposal=Proposal.objects.get(), by=here.alice, at=AT)


def test_a_proposal_is_left_be_with_a_word_and_stays_so(here: Neighbourhood) -> None:
    entry = first(calling(here))
    say(here, entry, SHOPPING)
    with pytest.raises(Refusal, match="reason-missing"):
        services.decline_proposal(proposal=Proposal.objects.get(), note=" ", by=here.alice, at=AT)
    services.decline_proposal(proposal=Proposal.objects.get(), note="女儿已买", by=here.alice, at=AT)
    say(here, entry, SHOPPING)
    assert (states(entry), Proposal.objects.get().note) == ({"shopping": "declined"}, "女儿已买")


def test_a_care_flag_is_set_by_whoever_begins_it_and_an_observation_waits(here: Neighbourhood) -> None:
    entry = calling(here, "antigen").entries.get(person__name="居民0head")
    say(here, entry, {"strip": "two_lines"})
    services.begin_proposal(proposal=Proposal.objects.get(rule="positive"), by=here.alice, at=AT)
    flag = CareFlag.objects.get()
    assert (flag.kind, flag.state, flag.person_id) == ("positive", "accepted", entry.person_id)
    with pytest.raises(Refusal, match="observation-later"):
        services.begin_proposal(proposal=Proposal.objects.get(rule="watch_positive"), by=here.alice, at=AT)
    assert states(entry) == {"positive": "begun", "watch_positive": "proposed"}


def test_a_call_for_help_is_not_lost_because_somebody_else_was_quicker(here: Neighbourhood) -> None:
    entry = first(calling(here))
    services.hear_words([Word(uuid7(), entry.pk, "done", tube="T1", answers=WELL)], by=here.alice, at=AT)
    late = services.hear_words([Word(uuid7(), entry.pk, "done", answers=BREATH)], by=here.bob, at=AT)
    assert late[0].weight.value == "kept"  # type: ignore[union-attr]
    assert states(entry) == {"breath": "proposed"}
    services.hear_words([Word(uuid7(), entry.pk, "done", answers=WELL)], by=here.bob, at=AT)
    assert states(entry) == {"breath": "proposed"}, "a word that does not stand takes nothing back"


def test_danger_to_life_is_on_today_at_once_for_everybody_who_may_take_it_in(here: Neighbourhood) -> None:
    entry = first(calling(here))
    say(here, entry, BREATH)
    for user, told in ((here.alice, True), (here.bob, False)):
        items = danger_in_answers(here.scope(user), AT)
        assert [(item.rank, item.tone) for item in items] == [(0, "danger")]
        assert ("喘不上气或胸口痛" in str(items[0].title)) is told, "a stairwell head may not read health"
        assert count_proposals(here.scope(user), AT) == 1
    assert danger_in_answers(here.scope(here.charlie), AT) == []
    page = signed_in(here.bob).get(reverse("rounds:proposals")).content.decode()
    assert "喘不上气" not in page and "胸口" not in page
    assert (
        "胸口"
        in signed_in(here.alice)
        .get(reverse("rounds:proposals"), headers={"accept-language": "zh-hans"})
        .content.decode()
    )
    assert AuditEntry.objects.filter(kind="rounds.proposals.read").count() == 1
    services.begin_proposal(proposal=Proposal.objects.get(), by=here.bob, at=AT)
    assert HelpRequest.objects.get().urgency == "life"
    assert danger_in_answers(here.scope(here.alice), AT) == []


def test_only_whoever_may_read_a_danger_to_life_may_put_it_aside(here: Neighbourhood) -> None:
    say(here, first(calling(here)), BREATH)
    found = Proposal.objects.get(urgent=True)
    aside, begin = (reverse(f"rounds:{name}_proposal", args=[found.pk]) for name in ("decline", "begin"))
    page = signed_in(here.bob).get(reverse("rounds:proposals")).content.decode()
    assert begin in page and aside not in page
    assert aside in signed_in(here.alice).get(reverse("rounds:proposals")).content.decode()
    said = {"command_id": str(uuid7()), "note": "没事"}
    assert (
        signed_in(here.bob).get(aside).status_code == 404 == signed_in(here.bob).post(aside, said).status_code
    )
    found.refresh_from_db()
    assert found.state == "proposed"
    assert signed_in(here.bob).post(begin, {"command_id": str(uuid7())}).status_code == 302


def test_who_may_see_what_is_not_urgent(here: Neighbourhood) -> None:
    say(here, first(calling(here)), SHOPPING)
    worker, officer = add_user("Dan"), add_user("Erin")
    places.appoint(place=here.grid, role="grid_worker", holder=worker, by=here.alice, at=AT)
    places.appoint(place=here.grid, role="seconded_officer", holder=officer, by=here.alice, at=AT)
    seen = {
        user.name: proposals_for(here.scope(user)).count()
        for user in (here.alice, here.bob, here.charlie, worker, officer)
    }
    assert seen == {"Alice": 1, "Bob": 0, "Charlie": 0, "Dan": 1, "Erin": 0}
    assert told_proposals(here.scope(worker), "en")[0].answers == [
        ("Is there anything to buy?", "yes"), ("What, and how much?", "土豆5斤"),
    ]  # fmt: skip


def test_answers_go_with_their_entry_when_the_days_are_over(here: Neighbourhood) -> None:
    round_ = calling(here)
    say(here, first(round_), SHOPPING)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    services.erase_past(AT + timedelta(days=31), 10)
    assert not Proposal.objects.exists()


def test_answers_are_checked_with_the_question_named(here: Neighbourhood) -> None:
    round_ = calling(here)
    assert services.clean_answers(round_=round_, answers=SHOPPING, state="done") == SHOPPING
    assert services.clean_answers(round_=round_, answers={}, state="away") == {}
    for answers, field in (({}, "to_buy"), (WELL | {"unwell": "yes"}, "unwell"), (WELL | {"age": 3}, "age")):
        with pytest.raises(Refusal) as refused:
            services.clean_answers(round_=round_, answers=answers, state="done")
        assert refused.value.field == field


def test_the_page_asks_and_a_press_does_not_settle_what_has_to_be_asked(here: Neighbourhood) -> None:
    entry = first(calling(here))
    client, address = signed_in(here.bob), reverse("rounds:entry", args=[entry.pk])
    quick = client.post(reverse("rounds:quick", args=[entry.pk, "done"]), {"command_id": str(uuid7())})
    assert quick.url == f"{address}?ask=1" and first(entry.round).state == "waiting"  # type: ignore[attr-defined]
    form = {
        "command_id": str(uuid7()),
        "state": "done",
        "a-to_buy": "yes",
        "a-family_well": "yes",
        "a-unwell": "no",
    }
    page = client.post(address, form)
    assert page.status_code == 422 and list(page.context["form"].errors) == ["a-shopping"]
    assert client.post(address, form | {"a-shopping": "白菜", "a-temperature": "39"}).status_code == 302
    entry.refresh_from_db()
    said = WELL | {"to_buy": True, "shopping": "白菜"}
    assert standing_answers(here.scope(here.alice), entry) == said
    assert standing_answers(here.scope(here.bob), entry) == {}, "he asked, and may not read health afterwards"
    assert "白菜" not in client.get(address).content.decode()
    assert "白菜" in signed_in(here.alice).get(address).content.decode()
    assert AuditEntry.objects.filter(kind="rounds.answers.read").count() == 1
    away = {"command_id": str(uuid7()), "state": "away", "a-to_buy": "yes"}
    assert client.post(address, away).status_code == 302


def test_counting_opens_what_stands_once_and_that_is_on_record(here: Neighbourhood) -> None:
    round_ = calling(here)
    rows = list(round_.entries.order_by("pk"))
    for entry, answers in zip(rows, (SHOPPING, BREATH, WELL), strict=False):
        say(here, entry, answers)
    say(here, rows[2], SHOPPING)
    counted = counted_answers(here.scope(here.alice), round_)
    assert (counted.there, counted.opened) == (3, 3)
    assert counted.questions[0].values == [(True, 2), (False, 1)]
    building = counted_answers(here.scope(here.alice), round_, rows[0].building_id)
    assert building.opened == sum(row.building_id == rows[0].building_id for row in rows[:3])
    page = signed_in(here.alice).get(
        reverse("rounds:answers", args=[round_.pk]), headers={"accept-language": "en"}
    )
    assert "3 entries with answers" in page.content.decode()
    assert AuditEntry.objects.get(kind="rounds.answers.counted").payload == {"entries": 3}
    assert signed_in(here.bob).get(reverse("rounds:answers", args=[round_.pk])).status_code == 404


said_or_not = st.tuples(
    st.integers(0, 1), st.sampled_from([EntryState.DONE, EntryState.AWAY, EntryState.WAITING]),
    st.sampled_from([{}, WELL, SHOPPING, BREATH]), st.sampled_from(["", "T1", "T2"]), st.integers(-1, 6),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(words=st.lists(said_or_not, max_size=7), cuts=st.sets(st.integers(1, 6)))
def test_however_words_are_split_into_batches_the_proposals_are_the_same(
    here: Neighbourhood, words: list, cuts: set[int]
) -> None:
    ids, found = [uuid7() for _word in words], []
    for split in (set(range(1, 7)), cuts, set()):
        with transaction.atomic():
            found.append(heard(here, words, ids, split))
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]


def heard(here: Neighbourhood, words: list, ids: list, split: set[int]) -> list:
    rows = list(calling(here).entries.order_by("household_id")[:2])
    batch: list[Word] = []
    for number, (who, state, answers, tube, seen) in enumerate(words):
        if number in split:
            services.hear_words(batch, by=here.alice, at=AT)
            batch = []
        base = ids[seen] if 0 <= seen < number and words[seen][0] == who else None
        batch.append(Word(ids[number], rows[who].pk, state, answers=answers, tube=tube, base=base))
    services.hear_words(batch, by=here.alice, at=AT)
    kept = Proposal.objects.select_related("entry").order_by("entry__household_id", "rule")
    danger = {who for who, _state, answers, _tube, _seen in words if answers == BREATH}
    assert {rows.index(row.entry) for row in kept if row.urgent} == danger, "each call for help was proposed"
    return [(rows.index(row.entry), row.rule, row.state, row.answers) for row in kept]
