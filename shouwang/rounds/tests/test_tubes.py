"""Who is in which tube: made by the first word that names it, in whatever order, never refused for being full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.rounds import services
from shouwang.rounds.models import Attempt, Consignment, Entry, Kind, Round, Tube, WalkIn
from shouwang.rounds.registry.table import results_awaited
from shouwang.rounds.selectors.tubes import (
    contents_of,
    entries_in,
    row_of,
    rows_of,
    strays_of,
    tubes_in,
    undecided_in,
)
from shouwang.rounds.services import Word
from shouwang.rounds.states import TubeState
from shouwang.rounds.tests.table_world import came, filled, id_number, put, sampling
from shouwang.rounds.tests.test_rounds import begun, entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_the_first_word_makes_the_tube_and_the_others_join_it(here: Neighbourhood) -> None:
    tube = filled(here, sampling(here), "TUBE0001", "居民0head", "居民0spouse", "居民1head")
    assert (tube.size, tube.state, tube.opened_by, Tube.objects.count()) == (10, "filling", here.alice, 1)
    assert row_of(tube).people == 3
    assert {entry.person.name for entry in entries_in(tube)} == {"居民0head", "居民0spouse", "居民1head"}


def test_a_round_without_tubes_has_none(here: Neighbourhood) -> None:
    round_ = begun(here)
    put(here, entry_of(round_, "居民0head"), "TUBE0001")
    assert not Tube.objects.exists()
    with pytest.raises(Refusal, match="no-tubes"):
        services.open_tube(round_=round_, barcode="TUBE0001", by=here.alice, at=AT)


@pytest.mark.parametrize("size", [0, 3, 50])
def test_tubes_are_of_four_sizes(here: Neighbourhood, size: int) -> None:
    with pytest.raises(Refusal, match="tube-size"):
        sampling(here, size)


def test_more_than_a_tube_is_for_are_in_it_and_a_person_is_shown(here: Neighbourhood) -> None:
    round_ = sampling(here, 1)
    tube = filled(here, round_, "TUBE0001", "居民0head", "居民1head")
    row = row_of(tube)
    assert (row.people, row.is_full, row.is_over, row.left) == (2, True, True, 0)
    assert entry_of(round_, "居民1head").state == "done"


def test_somebody_taken_back_or_put_into_another_is_in_it_no_more(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head", "居民1head")
    put(here, entry_of(round_, "居民0head"), "", state="waiting", base=entry_of(round_, "居民0head").last)
    put(here, entry_of(round_, "居民1head"), "TUBE0002", base=entry_of(round_, "居民1head").last)
    assert [row.people for row in rows_of([tube, Tube.objects.get(barcode="TUBE0002")])] == [0, 1]


def test_a_sample_that_two_tubes_claim_is_counted_in_neither_and_looked_for_in_both(
    here: Neighbourhood,
) -> None:
    round_ = sampling(here)
    first = filled(here, round_, "TUBE0001", "居民0head")
    put(here, entry_of(round_, "居民0head"), "TUBE0002")
    second = Tube.objects.get(barcode="TUBE0002")
    for tube in (first, second):
        assert (row_of(tube).people, undecided_in(tube).count(), len(contents_of(tube))) == (0, 1, 1)


@pytest.mark.parametrize(
    ("barcode", "code"),
    [
        (id_number(12), "tube-id-number"),
        ("SW1.ABCDEFGH", "tube-code"),
        ("T" * 41, "tube-length"),
        ("TUBE 0001", "tube-blank"),
    ],
)
def test_what_is_no_tube_is_refused_wherever_it_is_said(here: Neighbourhood, barcode: str, code: str) -> None:
    round_ = sampling(here)
    entry = entry_of(round_, "居民0head")
    refusal = put(here, entry, barcode).refusal
    assert refusal is not None and (refusal.code, refusal.field) == (code, "tube")
    assert "%" not in refusal.sentence()
    with pytest.raises(Refusal, match=code):
        services.open_tube(round_=round_, barcode=barcode, by=here.alice, at=AT)
    assert not Attempt.objects.exists() and not Tube.objects.exists()


def test_a_slip_of_the_keyboard_is_no_barcode_at_the_table(here: Neighbourhood) -> None:
    with pytest.raises(Refusal, match="tube-length"):
        services.open_tube(round_=sampling(here), barcode="T1", by=here.alice, at=AT)


def test_a_tube_scanned_twice_is_one(here: Neighbourhood) -> None:
    round_ = sampling(here)
    ids = {
        services.open_tube(round_=round_, barcode=said, by=here.alice, at=AT).pk
        for said in ("TUBE0001", " TUBE0001 ")
    }
    assert len(ids) == 1
    assert AuditEntry.objects.filter(kind="rounds.tube.opened").count() == 1


def test_a_barcode_of_another_round_is_refused_at_the_table_and_shown_when_a_phone_says_it(
    here: Neighbourhood,
) -> None:
    before, round_ = sampling(here), sampling(here)
    filled(here, before, "TUBE0001", "居民0head")
    with pytest.raises(Refusal, match="tube-elsewhere"):
        services.open_tube(round_=round_, barcode="TUBE0001", by=here.alice, at=AT)
    put(here, entry_of(round_, "居民1head"), "TUBE0001")
    assert strays_of(round_) == [("TUBE0001", 1)] and not strays_of(before)
    assert row_of(Tube.objects.get()).people == 1


def test_a_wrong_label_is_put_right_for_everybody_in_the_tube_as_one_act(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head", "居民1head")
    came(here, round_, tube="TUBE0001")
    marks = AuditEntry.objects.filter(kind__startswith="rounds.entr").count()
    services.relabel_tube(tube=tube, barcode="TUBE0009", by=here.alice, at=AT)
    assert (tube.pk, Tube.objects.get().barcode) == (Tube.objects.get().pk, "TUBE0009")
    assert row_of(Tube.objects.get()).people == 3
    assert Attempt.objects.filter(tube="TUBE0009", by=here.alice).count() == 2
    assert Attempt.objects.filter(tube="TUBE0001").count() == 2, "what was said before is kept"
    assert AuditEntry.objects.filter(kind="rounds.tube.relabelled").count() == 1
    assert AuditEntry.objects.filter(kind__startswith="rounds.entr").count() == marks
    assert WalkIn.objects.get().tube == "TUBE0009"


def test_a_label_of_a_tube_in_use_is_not_taken_and_an_empty_one_gives_way(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    filled(here, round_, "TUBE0002", "居民1head")
    services.open_tube(round_=round_, barcode="TUBE0003", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="barcode-taken"):
        services.relabel_tube(tube=tube, barcode="TUBE0002", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="same-barcode"):
        services.relabel_tube(tube=tube, barcode="TUBE0001", by=here.alice, at=AT)
    services.relabel_tube(tube=tube, barcode="TUBE0003", by=here.alice, at=AT)
    assert {row.tube.barcode: row.people for row in tubes_in(round_)} == {"TUBE0002": 1, "TUBE0003": 1}


def test_answers_and_notes_go_with_a_label_put_right(here: Neighbourhood) -> None:
    round_ = sampling(here)
    entry = entry_of(round_, "居民0head")
    word = Word(uuid7(), entry.pk, "done", note="坐轮椅", tube="TUBE0001", answers={"fever": False})
    services.hear_words([word], by=here.alice, at=AT)
    services.relabel_tube(tube=Tube.objects.get(), barcode="TUBE0002", by=here.alice, at=AT)
    entry.refresh_from_db()
    last = Attempt.objects.get(pk=entry.last)
    assert (last.note, last.answers, last.tube) == ("坐轮椅", {"fever": False}, "TUBE0002")


def test_a_tube_is_closed_early_and_opened_again(here: Neighbourhood) -> None:
    tube = filled(here, sampling(here), "TUBE0001", "居民0head")
    services.close_tube(tube=tube, by=here.alice, at=AT)
    assert tube.state == TubeState.FULL and row_of(tube).is_full
    with pytest.raises(Conflict):
        services.close_tube(tube=tube, by=here.alice, at=AT)
    services.reopen_tube(tube=tube, by=here.alice, at=AT)
    assert tube.state == TubeState.FILLING and not row_of(tube).is_full


def test_tubes_leave_together_with_whom_they_were_handed_to(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tubes = [filled(here, round_, f"TUBE000{n}", f"居民{n}head") for n in range(2)]
    empty = services.open_tube(round_=round_, barcode="TUBE0009", by=here.alice, at=AT)
    about = {"round_": round_, "by": here.alice, "at": AT}
    with pytest.raises(Refusal, match="no-tubes-chosen"):
        services.send_tubes(tube_ids=[], handed_to="司机老李", **about)
    with pytest.raises(Refusal, match="handed-to-missing"):
        services.send_tubes(tube_ids=[tubes[0].pk], handed_to=" ", **about)
    with pytest.raises(Refusal, match="tube-empty"):
        services.send_tubes(tube_ids=[empty.pk], handed_to="司机老李", **about)
    sent = services.send_tubes(tube_ids=[tube.pk for tube in tubes], handed_to="司机老李", **about)
    assert sent.tubes.count() == 2 and {tube.state for tube in sent.tubes.all()} == {"away"}
    with pytest.raises(Conflict):
        services.send_tubes(tube_ids=[tubes[0].pk], handed_to="司机老李", **about)
    assert Consignment.objects.count() == 1


def test_another_rounds_tube_is_not_sent_along(here: Neighbourhood) -> None:
    tube = filled(here, sampling(here), "TUBE0001", "居民0head")
    with pytest.raises(Refusal, match="no-tubes-chosen"):
        services.send_tubes(round_=sampling(here), tube_ids=[tube.pk], handed_to="司机", by=here.alice, at=AT)


def test_a_tube_without_a_result_after_a_day_stands_in_today(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    services.send_tubes(round_=round_, tube_ids=[tube.pk], handed_to="司机", by=here.alice, at=AT)
    scope = here.scope(here.alice)
    assert not results_awaited(scope, AT + timedelta(hours=23))
    assert [item.key for item in results_awaited(scope, AT + timedelta(hours=25))] == [f"results:{round_.pk}"]
    assert not results_awaited(here.scope(here.bob), AT + timedelta(hours=25)), (
        "for those who lead rounds alone"
    )
    services.record_results(round_=round_, results={"TUBE0001": "negative"}, by=here.alice, at=AT)
    assert not results_awaited(scope, AT + timedelta(hours=25))


def test_what_stood_on_the_table_goes_with_the_roster(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    came(here, round_, tube="TUBE0001")
    services.send_tubes(round_=round_, tube_ids=[tube.pk], handed_to="司机", by=here.alice, at=AT)
    services.issue_bags(round_=round_, number=2, by=here.alice, at=AT)
    services.take_bags_away(round_=round_, numbers=[1], collected_by="清运员", by=here.alice, at=AT)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    soon, late = AT + timedelta(days=29), AT + timedelta(days=31)
    assert (
        services.count_table_past(soon),
        services.count_table_past(late),
        services.verify_table_past(late),
    ) == (0, 1, 4)
    assert services.erase_table_past(late, 10) == 1
    assert (services.count_table_past(late), services.verify_table_past(late)) == (0, 0)
    assert round_.bags.count() == 2 and not Tube.objects.exists() and not WalkIn.objects.exists()
    assert services.erase_past(late, 100) == round_.frozen_count + 1, "and why it was signed off"
    assert not Entry.objects.exists()


said = st.tuples(st.integers(0, 3), st.sampled_from(["TUBE0001", "TUBE0002", ""]), st.booleans())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(said, max_size=8))
def test_everybody_is_in_one_tube_or_none_whatever_is_said(
    here: Neighbourhood, words: list[tuple[int, str, bool]]
) -> None:
    """The counts of the tubes are those of the entries, and a tube exists for every barcode that a sample is in."""
    with transaction.atomic():
        round_ = sampling(here)
        rows = [entry_of(round_, f"居民{n}head") for n in range(4)]
        for who, tube, knows in words:
            rows[who].refresh_from_db()
            put(
                here,
                rows[who],
                tube,
                state="done" if tube else "waiting",
                base=rows[who].last if knows else None,
            )
        counted = {row.tube.barcode: row.people for row in tubes_in(round_)}
        done = Entry.objects.filter(round=round_, state="done").values_list("last", flat=True)
        in_tubes = list(Attempt.objects.filter(pk__in=done).values_list("tube", flat=True))
        assert {code: n for code, n in counted.items() if n} == {
            code: in_tubes.count(code) for code in set(in_tubes)
        }
        assert sum(entries_in(row.tube).count() for row in tubes_in(round_)) == len(in_tubes)
        transaction.set_rollback(True)


def test_a_round_begins_with_tubes(here: Neighbourhood) -> None:
    client = signed_in(here.alice)
    form = {
        "name": "第三轮采样", "community": str(here.community.pk), "tube_size": "20",
        "command_id": str(uuid7()),
    }  # fmt: skip
    answer = client.post(
        reverse("rounds:begin", args=[Kind.objects.get(community_id=None, code="sampling").pk]), form
    )
    assert answer.status_code == 302 and Round.objects.get().tube_size == 20
    page = client.get(answer["Location"]).content.decode()
    assert "去采样台" in page and "采样管与结果" in page
