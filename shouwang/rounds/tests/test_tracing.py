"""Tracing lists: read as they come, compared with the register, answered one by one, passed on, erased when done."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import python_calamine as calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.models import AuditEntry
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, add_user, signed_in
from shouwang.people.models import Person
from shouwang.people.services import add_person, merge_persons
from shouwang.places import services as places
from shouwang.rounds import services
from shouwang.rounds.models import TracingLine, TracingList
from shouwang.rounds.registry.tracing import lists_to_answer
from shouwang.rounds.selectors.tracing import lists_for
from shouwang.rounds.tests.test_rounds import here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]

NUMBER = "150199194103050018"
DUE = AT + timedelta(hours=4)
SHEET = f"""协查名单,,,,
序号,姓名,身份证号码,联系电话,现住址,需核实内容
1,居民六,{NUMBER},,锦绣社区1号楼,2月18日是否去过农贸市场
2,居民0head,,19900000000,,同上
3,查无此人,,19909998888,,同上
4,居民9,,,锦绣社区,
"""


@pytest.fixture
def known(here: Neighbourhood) -> Person:
    return add_person(
        household=here.households[5], name="居民六", id_kind="resident_id", id_number=NUMBER, birth=(1941, 3, 5),
        by=OPERATOR, at=AT,
    )  # fmt: skip


def taken(here: Neighbourhood, **changes: object) -> TracingList:
    said = {
        "community": here.community, "name": "农贸市场", "sender": "区疾控", "due_at": DUE, "content": SHEET.encode(),
        "by": here.alice, "at": AT,
    }  # fmt: skip
    return services.take_in_list(**(said | changes))  # type: ignore[arg-type]


def test_a_list_is_compared_with_the_register_and_only_an_id_number_is_certain(
    here: Neighbourhood, known: Person
) -> None:
    lines = list(taken(here).lines.order_by("number"))
    resident = Person.objects.get(name="居民0head")
    assert [(line.found, line.person_id, line.proposed) for line in lines] == [
        ("matched", known.pk, []), ("proposed", None, [str(resident.pk)]), ("none", None, []), ("none", None, []),
    ]  # fmt: skip
    assert (lines[0].name, lines[0].asked, lines[0].door) == (
        "居民六",
        "2月18日是否去过农贸市场",
        "锦绣社区1号楼",
    )
    stored = TracingLine.objects.values_list("name", "id_number", "phone", "asked", "door")
    assert not [text for row in stored for text in row if "居民" in text or "1990" in text or NUMBER in text]


def test_somebody_looks_whom_a_line_means(here: Neighbourhood) -> None:
    line = taken(here).lines.get(number=2)
    resident, other = Person.objects.get(name="居民0head"), Person.objects.get(name="居民1head")
    with pytest.raises(Refusal, match="not-proposed"):
        services.settle_match(line=line, person_id=other.pk, by=here.alice, at=AT)
    services.settle_match(line=line, person_id=resident.pk, by=here.alice, at=AT)
    assert (line.found, line.person_id) == ("matched", resident.pk)
    services.settle_match(line=line, person_id=None, by=here.alice, at=AT)
    assert (line.found, line.person_id) == ("none", None)


def test_each_line_is_answered_and_only_then_the_list_is_closed(here: Neighbourhood) -> None:
    found = taken(here)
    lines = list(found.lines.order_by("number"))
    for change, code in (
        ({"outcome": ""}, "outcome-missing"), ({"outcome": "elsewhere"}, "where-to"), ({"outcome": "not_reached"}, "tried-what"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            services.answer_line(line=lines[0], by=here.alice, at=AT, **change)
    services.answer_line(line=lines[0], outcome="reached", by=here.alice, at=AT)
    services.answer_line(line=lines[1], outcome="not_reached", note="打了三次", by=here.alice, at=AT)
    services.answer_line(line=lines[2], outcome="elsewhere", passed_to="河西社区王书记", by=here.alice, at=AT)
    with pytest.raises(Refusal, match="lines-open"):
        services.close_list(tracing_list=found, by=here.alice, at=AT)
    services.answer_line(line=lines[3], outcome="reached", by=here.alice, at=AT)
    services.answer_line(line=lines[3], outcome="not_known", by=here.alice, at=AT)
    services.close_list(tracing_list=found, by=here.alice, at=AT)
    found.refresh_from_db()
    assert found.counts == {"reached": 1, "not_reached": 1, "elsewhere": 1, "not_known": 1}
    with pytest.raises(Conflict):
        services.answer_line(line=lines[3], outcome="reached", by=here.alice, at=AT)
    with pytest.raises(Conflict):
        services.close_list(tracing_list=found, by=here.alice, at=AT)


def test_whoever_lives_elsewhere_is_passed_on_once_and_stands_on_a_list_there(here: Neighbourhood) -> None:
    office = places.add_office(level="subdistrict", code="s1", name="东街道", by=OPERATOR, at=AT)
    for community in (here.community, here.elsewhere):
        places.place_under(community=community, office=office, by=OPERATOR, at=AT)
    found = taken(here)
    first, second = found.lines.order_by("number")[:2]
    for line in (first, second, first):
        services.answer_line(line=line, outcome="elsewhere", community=here.elsewhere, by=here.alice, at=AT)
    [theirs] = lists_for(here.scope(here.charlie))
    assert (theirs.origin, theirs.line_count, theirs.due_at, theirs.left) == (found, 2, DUE, 2)
    assert sorted(line.name for line in theirs.lines.all()) == ["居民0head", "居民六"]
    first.refresh_from_db()
    assert first.passed_to == "和平社区"
    with pytest.raises(Refusal, match="passed-here"):
        services.answer_line(line=second, outcome="elsewhere", community=here.community, by=here.alice, at=AT)


def test_lines_are_erased_seven_days_after_closing_and_the_counts_remain(here: Neighbourhood) -> None:
    found = taken(here)
    for line in found.lines.all():
        services.answer_line(line=line, outcome="reached", by=here.alice, at=AT)
    services.close_list(tracing_list=found, by=here.alice, at=AT)
    soon, late = AT + timedelta(days=6), AT + timedelta(days=8)
    assert (services.count_tracing(soon), services.count_tracing(late), services.verify_tracing(late)) == (
        0,
        4,
        4,
    )
    assert (services.erase_tracing(late, 3), services.erase_tracing(late, 3)) == (3, 1)
    found.refresh_from_db()
    assert (services.verify_tracing(late), found.erased_at, found.counts) == (0, late, {"reached": 4})
    assert signed_in(here.alice).get(reverse("rounds:tracing_list", args=[found.pk])).status_code == 200


def test_a_list_that_is_late_stands_first_in_today(here: Neighbourhood) -> None:
    found = taken(here)
    scope = here.scope(here.alice)
    [early], [late] = lists_to_answer(scope, AT), lists_to_answer(scope, DUE + timedelta(minutes=1))
    assert (early.rank, late.rank, late.key) == (3, 1, f"tracing:{found.pk}")
    assert not lists_to_answer(here.scope(here.bob), AT)
    assert not lists_to_answer(here.scope(here.charlie), AT)
    assert not lists_to_answer(scope.at_the_counter(), AT)


def test_a_person_merged_is_still_whom_the_line_means(here: Neighbourhood, known: Person) -> None:
    line = taken(here).lines.get(number=1)
    survivor = Person.objects.get(name="居民5head")
    merge_persons(survivor=survivor, alias=known, by=here.alice, at=AT)
    services.join_entries(alias_id=known.pk, at=AT)
    line.refresh_from_db()
    assert line.person_id == survivor.pk


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"PK\x03\x04 no zip", "not-a-sheet"), (b"\x00\x01\x02", "not-a-sheet"),
        (("姓名,电话\n" + "张三,1990\n" * 5001).encode(), "too-large"), ("姓名,电话,住址\n,,1号楼\n".encode(), "line-names-nobody"),
        ("姓名,电话\n".encode(), "empty"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_whole(here: Neighbourhood, content: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        taken(here, content=content)
    assert not TracingList.objects.exists()


def test_pasted_lines_without_headings_are_read_by_what_they_hold(here: Neighbourhood) -> None:
    text = f"1\t赵一\t{NUMBER}\t19900001234\t锦绣社区8号楼2单元501\t农贸市场\n2\t钱二\t\t19900001235\t\t\n"
    lines = list(taken(here, content=b"", text=text).lines.order_by("number"))
    assert [(line.name, line.phone, line.door, line.asked) for line in lines] == [
        ("赵一", "19900001234", "锦绣社区8号楼2单元501", "农贸市场"), ("钱二", "19900001235", "", ""),
    ]  # fmt: skip
    assert lines[0].id_number == NUMBER


def upload(here: Neighbourhood, **changes: object) -> dict[str, object]:
    return {
        "command_id": "018f2a3c-0000-7000-8000-000000000001", "community": str(here.community.pk), "name": "农贸市场",
        "sender": "区疾控", "due_at": "2026-02-20T18:00", "text": "",
        "file": SimpleUploadedFile("名单.csv", SHEET.encode("gb18030")),
    } | changes  # fmt: skip


def test_a_list_is_taken_in_answered_and_sent_back_by_the_pages_each_reading_on_record(
    here: Neighbourhood,
) -> None:
    client = signed_in(here.alice)
    for _turn in range(2):
        assert client.post(reverse("rounds:tracing_lists"), upload(here)).status_code == 302
    [found] = TracingList.objects.all()
    page = client.get(reverse("rounds:tracing_list", args=[found.pk])).content.decode()
    assert "居民六" in page and NUMBER not in page
    line = found.lines.get(number=2)
    url = reverse("rounds:tracing_line", args=[line.pk])
    assert (
        NUMBER
        in client.get(reverse("rounds:tracing_line", args=[found.lines.get(number=1).pk])).content.decode()
    )
    press = {"command_id": "018f2a3c-0000-7000-8000-000000000002", "person": line.proposed[0]}
    assert client.post(reverse("rounds:tracing_match", args=[line.pk]), press).status_code == 302
    answer = {"command_id": "018f2a3c-0000-7000-8000-000000000003", "outcome": "not_reached", "note": ""}
    assert client.post(url, answer).status_code == 422
    assert client.post(url, answer | {"note": "=cmd|'/c calc'!A1"}).status_code == 302
    sheet = client.post(reverse("rounds:tracing_answers", args=[found.pk]))
    rows = (
        calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    )
    assert rows[3][1] == "居民0head" and rows[3][7] == "=cmd|'/c calc'!A1"
    assert b"<f>" not in sheet.content
    kinds = list(AuditEntry.objects.filter(kind__startswith="rounds.tracing.").values_list("kind", flat=True))
    assert kinds.count("rounds.tracing.read") >= 3 and "rounds.tracing.exported" in kinds
    assert client.get(reverse("rounds:close_tracing", args=[found.pk])).status_code == 200


def test_a_list_is_nobody_elses(here: Neighbourhood) -> None:
    found = taken(here)
    line = found.lines.get(number=1)
    press = {"command_id": "018f2a3c-0000-7000-8000-000000000004"}
    for user in (here.bob, here.charlie, add_user("Dora")):
        client = signed_in(user)
        for name, pk in (("tracing_list", found.pk), ("tracing_line", line.pk), ("close_tracing", found.pk)):
            assert client.get(reverse(f"rounds:{name}", args=[pk])).status_code == 404
        assert client.post(reverse("rounds:tracing_answers", args=[found.pk]), press).status_code == 404


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: ("姓名,电话\n" + text).encode())
    )
)
def test_whatever_is_sent_is_taken_in_whole_or_refused(here: Neighbourhood, content: bytes) -> None:
    with transaction.atomic():
        try:
            found = taken(here, content=content)
        except Refusal:
            assert not TracingList.objects.exists()
        else:
            assert found.lines.count() == found.line_count > 0
        transaction.set_rollback(True)
