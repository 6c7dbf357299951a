"""One person entered twice, both on a roster: one entry remains, with every try and the counters right."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, do_due
from shouwang.people.models import Person
from shouwang.people.services import add_person, merge_persons, undo_merge
from shouwang.rounds import services
from shouwang.rounds.models import (
    Attempt,
    Entry,
    Proposal,
    Round,
    Slot,
    SlotEntry,
    WalkIn,
    WalkingEntry,
    WalkingList,
)
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.services import Word
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
SAID = st.lists(st.tuples(st.sampled_from(["done", "away", "refused", "waiting"]), st.sampled_from(["", "T1", "T2"])),
                max_size=3)  # fmt: skip


def twice(here: Neighbourhood) -> tuple[Person, Person]:
    """The person, and a second entry of the same in another household."""
    alias = add_person(household=here.households[1], name="居民零", by=OPERATOR, at=AT)
    return Person.objects.get(name="居民0head"), alias


def merged(here: Neighbourhood, survivor: Person, alias: Person) -> object:
    merge = merge_persons(survivor=survivor, alias=alias, by=here.alice, at=AT)
    do_due("clock", AT)
    return merge


def test_what_was_said_of_either_stands_and_every_try_is_kept(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="away", by=here.bob, at=AT)
    services.mark_entry(entry=entry_of(round_, "居民零"), state="done", tube="T1", by=here.alice, at=AT)
    merged(here, survivor, alias)
    entry = round_.entries.get(person=survivor)
    assert (entry.state, entry.tries, entry.attempts.filter(by__isnull=False).count()) == ("done", 2, 2)
    assert (round_.entries.count(), round_.entries.filter(person=alias).count()) == (12, 0)
    assert recount(round_.pk) == kept_counts(round_.pk)
    assert AuditEntry.objects.filter(kind="rounds.entries.joined").count() == 1


def test_an_entry_of_which_nothing_was_said_leaves_the_other_as_it_is(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    services.mark_entry(entry=entry_of(round_, "居民0head"), state="done", by=here.bob, at=AT)
    merged(here, survivor, alias)
    assert round_.entries.get(person=survivor).state == "done"
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_where_only_the_second_entry_was_on_the_roster_it_is_the_survivors_now(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here, places=[here.stairwells[1]])
    services.mark_entry(entry=entry_of(round_, "居民零"), state="done", by=here.alice, at=AT)
    merged(here, survivor, alias)
    assert {(entry.person_id, entry.state) for entry in round_.entries.filter(by__isnull=False)} == {
        (survivor.pk, "done")
    }


def test_two_different_samples_are_for_a_person_to_decide(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    for name, tube in (("居民0head", "T1"), ("居民零", "T2")):
        services.mark_entry(entry=entry_of(round_, name), state="done", tube=tube, by=here.alice, at=AT)
    merged(here, survivor, alias)
    entry = round_.entries.get(person=survivor)
    assert (entry.state, entry.disputed) == ("waiting", True)
    services.mark_entry(entry=entry, state="done", tube="T2", by=here.alice, at=AT)
    assert not entry.disputed


def test_what_a_phone_still_says_of_the_entry_that_is_gone_reaches_the_one_that_remains(
    here: Neighbourhood,
) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    gone = entry_of(round_, "居民零")
    merged(here, survivor, alias)
    kept = round_.entries.get(person=survivor)
    words = [Word(uuid7(), gone.pk, "away"), Word(uuid7(), kept.pk, "done", tube="T1")]
    heard = services.hear_words(words, by=here.bob, at=AT)
    assert [row.refusal for row in heard] == [None, None]
    kept.refresh_from_db()
    said = Attempt.objects.filter(entry=kept, by__isnull=False).count()
    assert (kept.state, kept.tries, said) == ("done", 2, 2)


def test_what_hangs_on_the_entry_that_goes_hangs_on_the_other(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    gone, kept = entry_of(round_, "居民零"), entry_of(round_, "居民0head")
    made = {"made_at": AT, "what": "request", "urgent": True}
    for entry, rule in ((gone, "breath"), (gone, "medicine"), (kept, "medicine")):
        Proposal.objects.create(entry=entry, rule=rule, **made)
    walk = WalkingList.objects.create(
        round=round_, for_whom="not_come", made_at=AT, made_by=here.alice, **here.buildings[0].stamp()
    )
    WalkingEntry.objects.create(walking_list=walk, entry=gone)
    slot = Slot.objects.create(
        round=round_, lane="usual", starts_at=AT, people=1, households=1, **here.buildings[0].stamp()
    )
    SlotEntry.objects.create(slot=slot, entry=gone)
    walk_in = WalkIn.objects.create(
        round=round_,
        community_id=here.community.pk,
        name="居民零",
        document="none",
        entry=gone,
        by=here.bob,
        at=AT,
    )
    merged(here, survivor, alias)
    kept = round_.entries.get(person=survivor)
    assert sorted(kept.proposals.values_list("rule", flat=True)) == ["breath", "medicine"]
    walk_in.refresh_from_db()
    assert (kept.walks.get().walking_list, kept.slot.slot, walk_in.entry) == (walk, slot, kept)


def test_a_merge_that_was_wrong_leaves_nobody_out(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    merge = merged(here, survivor, alias)
    undo_merge(merge=merge, by=here.alice, at=AT)  # type: ignore[arg-type]
    do_due("clock", AT)
    assert {entry.state for entry in round_.entries.filter(person__in=[survivor, alias])} == {"waiting"}
    assert round_.entries.filter(person=alias).count() == 1
    assert recount(round_.pk) == kept_counts(round_.pk)


def test_a_closed_roster_stays_as_it_was_signed(here: Neighbourhood) -> None:
    survivor, alias = twice(here)
    round_ = begun(here)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    merged(here, survivor, alias)
    assert round_.entries.count() == 13
    assert services.join_entries(alias_id=survivor.pk, at=AT) == 0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(of_survivor=SAID, of_alias=SAID, kept_first=st.booleans())
def test_whatever_was_said_one_entry_remains_and_the_counters_agree(
    here: Neighbourhood, of_survivor: list, of_alias: list, kept_first: bool
) -> None:
    with transaction.atomic():
        survivor, alias = twice(here)
        round_ = begun(here)
        entries = [entry_of(round_, "居民0head"), entry_of(round_, "居民零")]
        for entry, said in zip(entries, (of_survivor, of_alias), strict=True):
            _say(here, entry, said)
        merge_persons(survivor=survivor, alias=alias, by=here.alice, at=AT)
        for step in ("keep", "join") if kept_first else ("join", "keep"):
            _do(round_, alias, step)
        entry = round_.entries.get(person=survivor)
        spoken = Attempt.objects.filter(by__isnull=False)
        assert set(spoken.values_list("entry_id", flat=True)) == (
            {entry.pk} if of_survivor or of_alias else set()
        )
        assert recount(round_.pk) == kept_counts(round_.pk)
        assert sum(recount(round_.pk).values()) == round_.entries.count() == 12
        assert entry.state != "moved"
        transaction.set_rollback(True)


def _say(here: Neighbourhood, entry: Entry, said: list[tuple[str, str]]) -> None:
    for state, tube in said:
        services.hear_words([Word(uuid7(), entry.pk, state, "说明过", tube)], by=here.alice, at=AT)


def _do(round_: Round, alias: Person, step: str) -> None:
    if step == "keep":
        services.keep_true(round_id=round_.pk, at=AT)
    else:
        services.join_entries(alias_id=alias.pk, at=AT)
