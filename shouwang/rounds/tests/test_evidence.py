"""Two people say different things of one entry without knowing of each other: evidence decides, or a person does."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood
from shouwang.rounds import services
from shouwang.rounds.engines.evidence import Weight
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.selectors import kept_counts, recount
from shouwang.rounds.services import Heard, Word
from shouwang.rounds.states import SAYABLE, EntryState
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def say(here: Neighbourhood, entry: Entry, state: str, tube: str = "", base: UUID | None = None) -> Heard:
    word = Word(uuid7(), entry.pk, state, note="说明过", tube=tube, base=base)
    return services.hear_words([word], by=here.alice, at=AT)[0]


def test_a_sample_beats_a_word_whichever_comes_first(here: Neighbourhood) -> None:
    round_ = begun(here)
    first, second = entry_of(round_, "居民0head"), entry_of(round_, "居民1head")
    say(here, first, "done", tube="T1")
    assert say(here, first, "away").weight is Weight.KEPT
    say(here, second, "refused")
    assert say(here, second, "done", tube="T1").weight is Weight.STANDS
    states = {row.state for row in Entry.objects.filter(pk__in=[first.pk, second.pk])}
    assert (states, Attempt.objects.count()) == ({"done"}, 4)


def test_two_samples_leave_it_to_a_person_who_has_seen_both(here: Neighbourhood) -> None:
    entry = entry_of(begun(here), "居民0head")
    first = say(here, entry, "done", tube="T1").word
    second = say(here, entry, "done", tube="T2")
    assert second.weight is Weight.DISPUTES
    entry.refresh_from_db()
    assert (entry.state, entry.disputed) == ("waiting", True)
    for author in (first.id, second.word.id):
        assert say(here, entry, "done", tube="T1", base=author).weight is Weight.KEPT
    services.mark_entry(entry=entry, state="done", tube="T2", by=here.alice, at=AT)
    assert (entry.state, entry.disputed) == ("done", False)


def test_the_same_sample_told_twice_is_no_dispute(here: Neighbourhood) -> None:
    entry = entry_of(begun(here), "居民0head")
    say(here, entry, "done", tube="T1")
    assert say(here, entry, "done", tube="T1").weight is Weight.KEPT
    entry.refresh_from_db()
    assert (entry.state, entry.disputed) == ("done", False)


def test_a_later_word_of_one_who_knew_the_first_stands(here: Neighbourhood) -> None:
    entry = entry_of(begun(here), "居民0head")
    wrong = say(here, entry, "done", tube="T1").word
    assert say(here, entry, "done", tube="T2", base=wrong.id).weight is Weight.STANDS
    entry.refresh_from_db()
    assert not entry.disputed


def test_a_refused_word_changes_nothing_and_the_others_of_its_batch_stand(here: Neighbourhood) -> None:
    round_ = begun(here)
    one, two = entry_of(round_, "居民0head"), entry_of(round_, "居民1head")
    words = [Word(uuid7(), one.pk, "refused"), Word(uuid7(), two.pk, "done"), Word(uuid7(), uuid7(), "done")]
    heard = services.hear_words(words, by=here.alice, at=AT)
    assert [getattr(row.refusal, "code", None) for row in heard] == ["reason-missing", None, "entry-gone"]
    assert list(Attempt.objects.values_list("entry_id", flat=True)) == [two.pk]


said = st.tuples(
    st.integers(0, 2), st.sampled_from(SAYABLE), st.sampled_from(["", "T1", "T2"]), st.integers(-1, 6)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(said, max_size=8), cuts=st.sets(st.integers(1, 7)))
def test_however_the_words_are_split_into_batches_the_roster_is_the_same(
    here: Neighbourhood, words: list[tuple[int, EntryState, str, int]], cuts: set[int]
) -> None:
    """Invariant I3, with the counters held to a recount."""
    results = []
    ids = [uuid7() for _word in words]
    for split in (set(range(1, 8)), cuts, set()):
        with transaction.atomic():
            results.append(_apply(here, begun(here), words, ids, split))
            transaction.set_rollback(True)
    assert results[0] == results[1] == results[2]


def _apply(here: Neighbourhood, round_: Round, words: list, ids: list[UUID], split: set[int]) -> list:  # type: ignore[type-arg]
    rows = [entry_of(round_, f"居民{n}head") for n in range(3)]
    batch: list[Word] = []
    for number, (who, state, tube, seen) in enumerate(words):
        if number in split and batch:
            services.hear_words(batch, by=here.alice, at=AT)
            batch = []
        base = ids[seen] if 0 <= seen < number and words[seen][0] == who else None
        batch.append(Word(ids[number], rows[who].pk, state, note="说明过", tube=tube, base=base))
    services.hear_words(batch, by=here.alice, at=AT)
    assert recount(round_.pk) == kept_counts(round_.pk)
    for row in rows:
        row.refresh_from_db()
    attempts = sorted(Attempt.objects.values_list("pk", "state", "counts"))
    return [(row.state, row.last, row.disputed, row.tries) for row in rows] + attempts
