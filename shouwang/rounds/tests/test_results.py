"""What the laboratory found: a tube that is not negative opens single samples for everybody in it, once, for few eyes."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.errors import Refusal
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood
from shouwang.notices.models import Message
from shouwang.people.models import Person
from shouwang.people.services import end_membership
from shouwang.rounds import services
from shouwang.rounds.engines.lists import UnreadableList
from shouwang.rounds.engines.results import read_results, result_of
from shouwang.rounds.models import Entry, Round, Tube
from shouwang.rounds.registry import rounds_going_on
from shouwang.rounds.selectors import kept_counts, missing_rows, recount, rounds_for
from shouwang.rounds.tests.table_world import came, filled, put, sampling
from shouwang.rounds.tests.test_rounds import entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def found(here: Neighbourhood, round_: Round, **results: str) -> list[Tube]:
    return services.record_results(round_=round_, results=results, by=here.alice, at=AT)


def singles(round_: Round) -> list[str]:
    """Who is on the rounds that follow this one."""
    return sorted(Entry.objects.filter(round__follows=round_).values_list("person__name", flat=True))


def two_tubes(here: Neighbourhood) -> Round:
    round_ = sampling(here)
    filled(here, round_, "TUBE0001", "居民0head", "居民0spouse")
    filled(here, round_, "TUBE0002", "居民1head", "居民1spouse")
    return round_


@pytest.mark.parametrize(("result", "follow"), [("positive", 2), ("unclear", 2), ("negative", 0)])
def test_a_tube_that_is_not_negative_opens_single_samples(
    here: Neighbourhood, result: str, follow: int
) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001=result, TUBE0002="negative")
    assert len(singles(round_)) == follow
    told = Message.objects.filter(template="rounds.tube_not_negative", to=here.alice)
    assert told.count() == (1 if follow else 0)
    assert not any("居民" in str(one.values) for one in told), "never who"
    for made in round_.follow_ups.all():
        assert (made.tube_size, made.state, made.frozen_count) == (1, "open", 2)
        assert {(entry.state, entry.why) for entry in made.entries.all()} == {("waiting", "tube")}
        assert recount(made.pk) == kept_counts(made.pk)


def test_a_result_sent_twice_makes_nothing_twice(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    for _turn in range(2):
        found(here, round_, TUBE0001="positive")
    assert singles(round_) == ["居民0head", "居民0spouse"]
    assert AuditEntry.objects.filter(kind="rounds.results.recorded").count() == 1
    assert round_.follow_ups.count() == 1


def test_a_result_put_right_takes_those_off_whom_nobody_has_sampled(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    follow = round_.follow_ups.get()
    services.mark_entry(
        entry=entry_of(follow, "居民0head"), state="done", tube="SINGLE01", by=here.alice, at=AT
    )
    found(here, round_, TUBE0001="negative")
    assert singles(round_) == ["居民0head"], "whoever was sampled stays"
    assert recount(follow.pk) == kept_counts(follow.pk)
    assert AuditEntry.objects.filter(kind="rounds.result.corrected").count() == 1
    found(here, round_, TUBE0001="positive")
    assert singles(round_) == ["居民0head", "居民0spouse"]


def test_a_word_that_arrives_after_the_result_is_followed_too(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    put(here, entry_of(round_, "居民2head"), "TUBE0001")
    assert singles(round_) == ["居民0head", "居民0spouse", "居民2head"]
    put(here, entry_of(round_, "居民2head"), "", state="waiting", base=entry_of(round_, "居民2head").last)
    assert singles(round_) == ["居民0head", "居民0spouse"], "taken back: their sample is in it no more"


def test_whoever_may_be_in_the_tube_is_sampled_until_it_is_decided(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    put(here, entry_of(round_, "居民1head"), "TUBE0001")
    found(here, round_, TUBE0001="positive")
    assert "居民1head" in singles(round_)
    entry = entry_of(round_, "居民1head")
    services.mark_entry(entry=entry, state="done", tube="TUBE0002", by=here.alice, at=AT)
    assert "居民1head" not in singles(round_)


def test_somebody_in_two_such_tubes_is_sampled_once(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    put(here, entry_of(round_, "居民1head"), "TUBE0001")
    found(here, round_, TUBE0001="positive", TUBE0002="unclear")
    assert singles(round_).count("居民1head") == 1
    found(here, round_, TUBE0001="negative")
    assert singles(round_).count("居民1head") == 1


def test_a_label_put_right_brings_the_followed_along(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    services.relabel_tube(tube=Tube.objects.get(barcode="TUBE0001"), barcode="TUBE0009", by=here.alice, at=AT)
    assert singles(round_) == ["居民0head", "居民0spouse"]


def test_results_of_a_closed_round_are_kept(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    found(here, round_, TUBE0001="positive")
    assert singles(round_) == ["居民0head", "居民0spouse"]


def test_when_the_singles_are_closed_the_next_result_opens_others(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    services.close_round(round_=round_.follow_ups.get(), reason="到此为止", by=here.alice, at=AT)
    found(here, round_, TUBE0001="positive", TUBE0002="positive")
    assert round_.follow_ups.count() == 2
    assert [entry.person.name for entry in round_.follow_ups.get(state="open").entries.order_by("person__name")] == [
        "居民1head", "居民1spouse",
    ]  # fmt: skip


def test_a_single_sample_is_taken_again_only_when_it_was_unclear(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    follow = round_.follow_ups.get()
    for n, name in enumerate(("居民0head", "居民0spouse")):
        put(here, entry_of(follow, name), f"SINGLE{n}")
    found(here, follow, SINGLE0="positive", SINGLE1="unclear")
    assert singles(follow) == ["居民0spouse"]


def test_only_those_who_lead_rounds_see_who_is_sampled_singly(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    follow = round_.follow_ups.get()
    assert follow in rounds_for(here.scope(here.alice)) and follow not in rounds_for(here.scope(here.bob))
    assert round_ in rounds_for(here.scope(here.bob))
    assert f"round:{follow.pk}" not in [item.key for item in rounds_going_on(here.scope(here.bob), AT)]
    assert missing_rows(here.scope(here.alice), follow)[1] == 2


def test_the_register_adds_nobody_to_single_samples_and_closes_who_left(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    found(here, round_, TUBE0001="positive")
    follow = round_.follow_ups.get()
    end_membership(membership=Person.objects.get(name="居民0head").memberships.get(), by=here.alice, at=AT)
    services.keep_true(round_id=follow.pk, at=AT)
    assert {entry.person.name: entry.state for entry in follow.entries.all()} == {
        "居民0head": "moved", "居民0spouse": "waiting",
    }  # fmt: skip


def test_somebody_without_an_entry_is_followed_as_soon_as_they_are_placed(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    walk_in = came(here, round_, "居民五", tube="TUBE0001").walk_in
    found(here, round_, TUBE0001="positive")
    assert len(singles(round_)) == 2
    services.place_walk_in(walk_in=walk_in, person=Person.objects.get(name="居民5head"), by=here.alice, at=AT)
    assert singles(round_) == ["居民0head", "居民0spouse", "居民5head"]


def test_nor_are_they_lost_when_the_round_was_closed_meanwhile(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    walk_in = came(here, round_, "居民五", tube="TUBE0001").walk_in
    services.close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    person = Person.objects.get(name="居民5head")
    found(here, round_, TUBE0001="positive")
    services.place_walk_in(walk_in=walk_in, person=person, by=here.alice, at=AT)
    assert "居民5head" in singles(round_)
    assert entry_of(round_, "居民5head").state == "not_reached", "the closed roster stays as it is"


def test_a_barcode_of_no_tube_or_a_result_that_is_none_keeps_nothing(here: Neighbourhood) -> None:
    round_ = two_tubes(here)
    for results in (
        {"TUBE0001": "positive", "TUBE9999": "negative"},
        {"TUBE0001": "positive", "TUBE0002": "good"},
    ):
        with pytest.raises(Refusal):
            found(here, round_, **results)
    assert not Tube.objects.exclude(result="").exists() and not singles(round_)


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("result"), st.sampled_from(["TUBE0001", "TUBE0002"]),
            st.sampled_from(["positive", "unclear", "negative"]),
        ),
        st.tuples(st.just("put"), st.sampled_from([0, 1, 2, 3]), st.sampled_from(["TUBE0001", "TUBE0002", ""])),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=steps)
def test_in_whatever_order_words_and_results_come_the_right_people_are_sampled(
    here: Neighbourhood, steps: list[tuple[str, object, str]]
) -> None:
    with transaction.atomic():
        round_ = two_tubes(here)
        heads = [entry_of(round_, f"居民{n}head") for n in range(4)]
        for what, which, value in steps:
            if what == "result":
                found(here, round_, **{str(which): value})
                continue
            entry = heads[int(str(which))]
            entry.refresh_from_db()
            put(here, entry, value, state="done" if value else "waiting", base=entry.last)
        hot = [tube.barcode for tube in Tube.objects.filter(round=round_, result__in=["positive", "unclear"])]
        wanted = sorted(
            entry.person.name
            for entry in round_.entries.filter(state="done", attempts__tube__in=hot).distinct()
            if entry.attempts.get(pk=entry.last).tube in hot
        )
        assert singles(round_) == wanted
        for follow in round_.follow_ups.all():
            assert recount(follow.pk) == kept_counts(follow.pk)
        transaction.set_rollback(True)


# Files


def workbook(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, list(row))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "gbk", "xlsx"])
def test_a_laboratorys_file_is_read_as_it_comes(kind: str) -> None:
    rows = [["某某医学检验所", ""], ["序号", "采样管条码", "检测结果"], [1, "TUBE0001", "阴性"], [2, "20260001", "阳性"],
            [3, "TUBE0003", "可疑"], ["", "", ""]]  # fmt: skip
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    content = {"csv": text.encode("utf-8-sig"), "gbk": text.encode("gb18030"), "xlsx": workbook(rows)}[kind]
    lines = read_results(content)
    assert [(line.number, line.barcode, line.result, line.fault) for line in lines] == [
        (3, "TUBE0001", "negative", ""), (4, "20260001", "positive", ""), (5, "TUBE0003", "unclear", ""),
    ]  # fmt: skip


def test_two_columns_without_a_title_are_enough_and_each_fault_has_its_line() -> None:
    text = f"TUBE0001,阴性\nTUBE0001,阴性\nTUBE0002,很好\n{'1' * 50},阴性\nTUBE0001,阳性\n"
    assert [(line.number, line.fault) for line in read_results(text.encode())] == [
        (1, ""), (3, "result"), (4, "barcode"), (5, "twice"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not-a-sheet"),
        (b"PK\x03\x04 broken", "not-a-sheet"),
        ("姓名,电话\n甲,1\n".encode(), "no-columns"),
        (b"T,\xff\xff\xff\n", "not-a-sheet"),
        (workbook([["x"] * 61]), "too-large"),
        (("TUBE0001,阴性\n" * 20_001).encode(), "too-large"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableList) as fault:
        read_results(content)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("阴性（-）", "negative"),
        ("阴性(+)", ""),
        ("非阴性", ""),
        (" 阴 ", "negative"),
        ("POSITIVE", "positive"),
        ("＋", "positive"),
        ("", ""),
    ],
)
def test_only_a_whole_word_is_a_result(said: str, code: str) -> None:
    assert result_of(said) == code


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        lines = read_results(content)
    except UnreadableList:
        return
    assert all(line.fault or line.result for line in lines)
