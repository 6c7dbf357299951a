"""A round misses nobody: its roster is frozen and kept true, each entry is in one state, the counters agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due, settle, signed_in
from shouwang.people.models import Person
from shouwang.people.services import add_flag, add_person, end_membership, move_person, record_stay
from shouwang.rounds import services
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.registry.roster import rounds_going_on
from shouwang.rounds.selectors import (
    buildings_of,
    counts_of,
    kept_counts,
    missing_rows,
    recount,
    rounds_for,
    uneven_rounds,
)
from shouwang.rounds.states import OPEN_STATES, SAYABLE, WITH_REASON, EntryState

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    return people_in(settle())


def people_in(here: Neighbourhood) -> Neighbourhood:
    """Two people in every household: twelve in all."""
    for number, home in enumerate(here.households):
        for relation in ("head", "spouse"):
            add_person(
                household=home, name=f"居民{number}{relation}", relation=relation, phone=f"1990000{number:04d}",
                by=OPERATOR, at=AT,
            )  # fmt: skip
    return here


def begun(here: Neighbourhood, **changes: object) -> Round:
    said = {
        "community": here.community,
        "name": "第三轮",
        "whom": "people",
        "places": here.buildings,
        "by": here.alice,
        "at": AT,
    }
    return services.begin_round(**(said | changes))


def entry_of(round_: Round, name: str) -> Entry:
    return round_.entries.get(person__name=name)


def test_the_roster_is_frozen_with_everybody_who_lives_there(here: Neighbourhood) -> None:
    round_ = begun(here)
    assert (round_.frozen_count, round_.entries.count()) == (12, 12)
    assert {row.counts.total for row in buildings_of(here.scope(here.alice), round_)} == {4}
    assert AuditEntry.objects.filter(kind="rounds.round.begun", subject_id=round_.pk).count() == 1


def test_whoever_stays_elsewhere_is_on_it_exempt(here: Neighbourhood) -> None:
    person = Person.objects.get(name="居民0head")
    record_stay(person=person, kind="hospital", where="区医院", by=here.alice, at=AT)
    round_ = begun(here)
    assert entry_of(round_, "居民0head").state == EntryState.EXEMPT
    assert counts_of(here.scope(here.alice), round_).open == 11


def test_a_round_over_households_has_one_entry_each(here: Neighbourhood) -> None:
    round_ = begun(here, whom="households", places=here.buildings[:2])
    assert round_.entries.count() == 4 and not round_.entries.filter(person__isnull=False).exists()


def test_a_care_flag_and_an_age_narrow_it_and_an_unknown_age_does_not(here: Neighbourhood) -> None:
    person = Person.objects.get(name="居民3spouse")
    add_flag(
        household=here.households[3], person=person, kind="walks_badly", source="登记", by=here.alice, at=AT
    )
    Person.objects.filter(name="居民1head").update(birth_year=2010)
    assert [entry.person for entry in begun(here, flag="walks_badly").entries.select_related("person")] == [
        person
    ]
    assert begun(here, from_age=60).entries.count() == 11


@pytest.mark.parametrize("changes", [{"name": " "}, {"places": []}, {"flag": "oxygen"}])
def test_a_round_without_name_place_or_people_is_refused(
    here: Neighbourhood, changes: dict[str, object]
) -> None:
    with pytest.raises(Refusal):
        begun(here, **changes)


def test_another_communitys_building_is_refused(here: Neighbourhood) -> None:
    with pytest.raises(Refusal, match="no-places"):
        begun(here, community=here.elsewhere)


def test_every_try_is_kept_and_the_last_word_stands(here: Neighbourhood) -> None:
    round_ = begun(here)
    entry = entry_of(round_, "居民0head")
    for state in ("away", "away", "done"):
        services.mark_entry(entry=entry, state=state, by=here.bob, at=AT)
    assert (entry.state, entry.tries, entry.by) == ("done", 3, here.bob)
    assert Attempt.objects.filter(entry=entry).count() == 3
    services.mark_entry(entry=entry, state="waiting", by=here.bob, at=AT)
    assert counts_of(here.scope(here.alice), round_).open == 12


@pytest.mark.parametrize("state", WITH_REASON)
def test_what_is_an_exception_needs_a_reason(here: Neighbourhood, state: str) -> None:
    entry = entry_of(begun(here), "居民0head")
    with pytest.raises(Refusal) as refused:
        services.mark_entry(entry=entry, state=state, by=here.bob, at=AT)
    assert refused.value.field == "note"
    services.mark_entry(entry=entry, state=state, note="已解释政策，愿意下次再来", by=here.bob, at=AT)
    assert entry.state == state


def test_nobody_is_asked_more_than_three_times(here: Neighbourhood) -> None:
    entry = entry_of(begun(here), "居民0head")
    for _turn in range(3):
        services.mark_entry(entry=entry, state="refused", note="已解释", by=here.bob, at=AT)
    with pytest.raises(Refusal, match="asked-enough"):
        services.mark_entry(entry=entry, state="refused", note="已解释", by=here.bob, at=AT)
    services.mark_entry(entry=entry, state="done", by=here.bob, at=AT)


@pytest.mark.parametrize("state", ["not_reached", "angry", ""])
def test_nothing_else_can_be_said(here: Neighbourhood, state: str) -> None:
    with pytest.raises(Refusal):
        services.mark_entry(entry=entry_of(begun(here), "居民0head"), state=state, by=here.bob, at=AT)


def test_who_moves_in_is_added_and_who_leaves_is_closed_with_the_reason(here: Neighbourhood) -> None:
    round_ = begun(here)
    later = AT + timedelta(minutes=5)
    child = add_person(household=here.households[0], name="新生儿", relation="child", by=here.alice, at=later)
    leaver = Person.objects.get(name="居民1head")
    end_membership(membership=leaver.memberships.get(), by=here.alice, at=later)
    do_due("clock", later)
    assert (round_.entries.get(person=child).why, round_.entries.get(person=leaver).state) == (
        "came",
        "moved",
    )
    assert round_.entries.get(person=leaver).by is None
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_whoever_moves_within_the_round_is_looked_for_behind_the_new_door(here: Neighbourhood) -> None:
    round_ = begun(here)
    mover, settled = Person.objects.get(name="居民0spouse"), Person.objects.get(name="居民0head")
    services.mark_entry(entry=round_.entries.get(person=settled), state="done", by=here.bob, at=AT)
    for person in (mover, settled):
        move_person(person=person, household=here.households[4], relation="other", by=here.alice, at=AT)
    services.keep_true(round_id=round_.pk, at=AT)
    entry = round_.entries.get(person=mover)
    assert (entry.household, entry.state, entry.stairwell_id) == (
        here.households[4],
        "waiting",
        here.stairwells[4].pk,
    )
    assert round_.entries.get(person=settled).household == here.households[0]
    assert (round_.entries.count(), recount(round_.pk)) == (12, kept_counts(round_.pk))


def test_a_settled_entry_stays_settled_when_its_person_leaves(here: Neighbourhood) -> None:
    round_ = begun(here)
    entry = entry_of(round_, "居民1head")
    services.mark_entry(entry=entry, state="done", by=here.bob, at=AT)
    end_membership(membership=entry.person.memberships.get(), by=here.alice, at=AT)
    services.keep_true(round_id=round_.pk, at=AT)
    entry.refresh_from_db()
    assert entry.state == "done"


def test_a_roster_compared_twice_is_the_same(here: Neighbourhood) -> None:
    round_ = begun(here)
    add_person(household=here.households[0], name="新生儿", relation="child", by=here.alice, at=AT)
    assert [services.keep_true(round_id=round_.pk, at=AT) for _turn in range(2)] == [True, True]
    assert round_.entries.count() == 13
    assert AuditEntry.objects.filter(kind="rounds.roster.kept").count() == 1


def test_a_round_with_open_entries_closes_only_signed_off_by_name(here: Neighbourhood) -> None:
    round_ = begun(here)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    services.mark_entry(entry=entry_of(round_, "居民0spouse"), state="away", by=here.bob, at=AT)
    for nothing in ("", "  "):
        with pytest.raises(Refusal, match="entries-open"):
            services.close_round(round_=round_, reason=nothing, by=here.alice, at=AT)
    closed = services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    assert closed.signed_off_why == "到此为止"
    assert AuditEntry.objects.filter(kind="rounds.round.signed_off").count() == 1
    assert not AuditEntry.objects.filter(payload__icontains="到此为止").exists()
    assert (closed.state, closed.signed_off_count, closed.closed_by) == ("closed", 11, here.alice)
    states = sorted(round_.entries.values_list("state", flat=True))
    assert states == ["away", "done", *["not_reached"] * 10]
    assert recount(round_.pk) == kept_counts(round_.pk)
    with pytest.raises(Conflict):
        services.mark_entry(entry=entry_of(round_, "居民0head"), state="away", by=here.bob, at=AT)
    assert not services.keep_true(round_id=round_.pk, at=AT)


def test_the_page_of_closing_names_who_is_open_by_building_and_asks_why(here: Neighbourhood) -> None:
    round_, client = begun(here), signed_in(here.alice)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    url = reverse("rounds:close", args=[round_.pk])
    page = client.get(url).content.decode()
    assert "还有11个没有着落" in page and "为什么签字了结" in page
    for building in here.buildings:
        assert f"{reverse('rounds:missing', args=[round_.pk])}?building={building.pk}" in page
    answer = client.post(url, {"command_id": str(uuid7())})
    assert answer.status_code == 422 and Round.objects.get().state == "open"
    answer = client.post(url, {"command_id": str(uuid7()), "reason": "中午收摊，明天再来"})
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "11个未完时签字了结" in shown and "中午收摊，明天再来" in shown
    assert "中午收摊" not in signed_in(here.bob).get(answer.headers["Location"]).content.decode()
    assert client.get(url).status_code == 404
    again = client.post(url, {"command_id": str(uuid7()), "reason": "再来"})
    assert again.status_code == 409


def test_a_round_without_anybody_open_closes_without_a_word(here: Neighbourhood) -> None:
    round_, client = begun(here, places=here.buildings[2:]), signed_in(here.alice)
    for entry in round_.entries.all():
        services.mark_entry(entry=entry, state="done", by=here.alice, at=AT)
    url = reverse("rounds:close", args=[round_.pk])
    assert "为什么签字了结" not in client.get(url).content.decode()
    assert client.post(url, {"command_id": str(uuid7())}).status_code == 302
    round_.refresh_from_db()
    assert (round_.state, round_.signed_off_why) == ("closed", "")
    assert AuditEntry.objects.filter(kind="rounds.round.closed").count() == 1


def test_a_roster_is_erased_after_its_days_and_the_counts_remain(here: Neighbourhood) -> None:
    round_ = begun(here)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    soon, late = AT + timedelta(days=29), AT + timedelta(days=31)
    assert (services.count_past(soon), services.count_past(late), services.verify_past(late)) == (0, 13, 13)
    assert (services.erase_past(late, 10), services.erase_past(late, 10)) == (10, 3)
    assert (services.count_past(late), services.verify_past(late), Attempt.objects.count()) == (0, 0, 0)
    assert sum(kept_counts(round_.pk).values()) == 12


def test_a_head_sees_and_marks_the_own_stairwell_only(here: Neighbourhood) -> None:
    round_ = begun(here)
    scope = here.scope(here.bob)
    rows, total = missing_rows(scope, round_)
    assert (total, counts_of(scope, round_).total, {row.entry.stairwell_id for row in rows}) == (
        2,
        2,
        {here.stairwells[0].pk},
    )
    assert rows[0].phone == "19900000000"
    assert not rounds_for(here.scope(here.charlie)).exists()
    assert [item.key for item in rounds_going_on(scope, AT)] == [f"round:{round_.pk}"]
    client = signed_in(here.bob)
    foreign = entry_of(round_, "居民5head")
    assert client.get(reverse("rounds:entry", args=[foreign.pk])).status_code == 404


def test_the_list_is_on_record_and_one_press_settles_once(here: Neighbourhood) -> None:
    round_ = begun(here)
    client = signed_in(here.bob)
    assert "居民0head" in client.get(reverse("rounds:missing", args=[round_.pk])).content.decode()
    assert AuditEntry.objects.filter(kind="rounds.missing.read").count() == 1
    entry = entry_of(round_, "居民0head")
    form = {"command_id": "018f2a3c-0000-7000-8000-000000000001", "building": "no building"}
    for _turn in range(2):
        assert client.post(reverse("rounds:quick", args=[entry.pk, "done"]), form).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.tries) == ("done", 1)
    page = client.get(reverse("rounds:missing", args=[round_.pk])).content.decode()
    assert f'<a href="{reverse("rounds:entry", args=[entry.pk])}">' in page


def test_counters_that_differ_break_the_promise(here: Neighbourhood) -> None:
    round_ = begun(here)
    assert uneven_rounds(here.community.pk) == (1, [])
    Entry.objects.filter(pk=entry_of(round_, "居民0head").pk).update(state="done")
    assert uneven_rounds(None) == (1, [round_.pk])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from([*SAYABLE, "keep", "leave"])), max_size=25))
def test_whatever_is_said_everybody_is_in_one_state_and_the_counters_agree(
    here: Neighbourhood, steps: list
) -> None:
    with transaction.atomic():
        round_ = walk(here, steps)
        assert recount(round_.pk) == kept_counts(round_.pk)
        assert round_.entries.values("person").distinct().count() == round_.entries.count() == 12
        transaction.set_rollback(True)


def walk(here: Neighbourhood, steps: list[tuple[int, str]]) -> Round:
    """Says one thing after another; each time the counters are as the entries say."""
    round_ = begun(here)
    entries = list(round_.entries.order_by("id"))
    for number, step in steps:
        entry = entries[number]
        if step == "keep":
            services.keep_true(round_id=round_.pk, at=AT)
        elif step == "leave":
            for living in entry.person.memberships.filter(until_on__isnull=True):
                end_membership(membership=living, by=here.alice, at=AT)
        else:
            try:
                services.mark_entry(entry=entry, state=step, note="已解释", by=here.alice, at=AT)
            except Refusal:
                assert step == EntryState.REFUSED
        assert recount(round_.pk) == kept_counts(round_.pk)
    total = counts_of(here.scope(here.alice), round_)
    assert total.total == round_.entries.count() >= 1
    assert total.open == round_.entries.filter(state__in=OPEN_STATES).count()
    return round_
