"""A ledger into the register and out again: counts, merging, absence, all or nothing."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.personal import BIRTH, CARE, DOOR, NAME, PHONE
from shouwang.ledgers import services
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.selectors import as_contract, preview_of
from shouwang.ledgers.states import ImportState
from shouwang.people.models import DoorState, Household, Person
from shouwang.people.selectors import door_counts, register_snapshot
from shouwang.places import selectors as places
from shouwang.places.models import Dwelling, Place
from shouwang.places.services import create_community

AT = dt.datetime(2022, 12, 24, 1, 0, tzinfo=dt.UTC)
SAMPLES = Path(__file__).resolve().parents[3] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.django_db]
HEAD = ["门牌", "姓名", "与户主关系", "身份证号", "联系电话", "特殊情况"]


@pytest.fixture
def community() -> Place:
    return create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)


def sheet(*rows: Sequence[Any], title: str = "居民登记表 2022年2月19日") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [title])
        page.write_row(1, 0, HEAD)
        for number, row in enumerate(rows, 2):
            page.write_row(number, 0, row)
    return content.getvalue()


def take(community: Place, content: bytes, **more: Any) -> dict[str, Any]:
    _staged, preview = services.import_at_once(
        community=community, content=content, name="t.xlsx", by=OPERATOR, at=AT, **more
    )
    answer = as_contract(preview)
    assert answer["rows"] == answer["taken"] + answer["merged"] + answer["refused"]
    return answer


@pytest.mark.parametrize(
    "name", ["guihu-street.xlsx", "guihu-street-2020.3.4.csv", "biantai.xlsx", "tower.xlsx"]
)
def test_the_real_ledgers_come_out_at_their_figures(community: Place, name: str) -> None:
    expected = EXPECTED[name]
    answer = take(community, (SAMPLES / name).read_bytes())
    assert [answer[key] for key in ("rows", "taken", "refused", "households")] == [
        expected[key] for key in ("rows", "taken", "refused", "households")
    ]
    assert Person.objects.count() == expected["taken"]
    assert Household.objects.count() == expected["households"]
    again = take(community, (SAMPLES / name).read_bytes())
    assert (again["taken"], again["merged"], again["absent"]) == (0, expected["taken"], 0)
    assert Person.objects.count() == expected["taken"], "nobody is doubled"


def test_the_named_figures_of_the_sources(community: Place) -> None:
    """Guihu Street 28 and 41; Biantai 2 grids, 22 yards, 165; the tower 109 and 253."""
    figures = {name: (EXPECTED[name]["households"], EXPECTED[name]["taken"]) for name in EXPECTED}
    assert figures["guihu-street.xlsx"] == (28, 41)
    assert figures["tower.xlsx"] == (109, 253)
    take(community, (SAMPLES / "biantai.xlsx").read_bytes())
    assert Person.objects.count() == 165
    assert len(places.grids_in(community.pk)) == 2
    assert len(places.buildings_in(community.pk)) == 22
    assert {place.name[-2:] for place in places.buildings_in(community.pk)} == {"号院"}


def test_zone_c_is_the_whole_compound(community: Place) -> None:
    expected = EXPECTED["zone-c.xlsx"]
    answer = take(community, (SAMPLES / "zone-c.xlsx").read_bytes())
    assert (answer["taken"], answer["refused"]) == (expected["taken"], expected["refused"])
    assert len(places.buildings_in(community.pk)) == 24
    assert len(places.leaf_places(community.pk)) == 118
    assert Dwelling.objects.count() == DoorState.objects.count() == 1214
    counts = door_counts(community.pk)
    assert (counts["doors"], counts["gaps"]) == (1214, 11)


def test_a_typing_error_takes_the_person_all_the_same(community: Place) -> None:
    answer = take(
        community,
        sheet(
            ["3号楼2单元501", "王桂英", "户主", "150199194103040x12", "1990001", "独居"],
            ["3-2-502", "赵磊", "户主", "", "19900010002", ""],
            ["", "", "户主", "150199198803150018", "19900010003", ""],
        ),
    )
    assert (answer["taken"], answer["refused"]) == (2, 1)
    assert {line["column"] for line in answer["warnings"]} >= {"身份证号", "联系电话"}
    wang = Person.objects.get(name="王桂英")
    assert (wang.phone, wang.id_number) == ("", "")
    assert wang.flags.get().kind == "lives_alone"


def test_a_later_edit_by_hand_wins_and_is_listed(community: Place) -> None:
    from shouwang.people.services import change_person

    row = ["3-2-501", "王桂英", "户主", "", "19900010001", ""]
    take(community, sheet(row))
    person = Person.objects.get()
    change_person(person=person, by=OPERATOR, at=AT, phone="19900019999")
    answer = take(community, sheet([*row[:4], "19900010009", ""]))
    person.refresh_from_db()
    assert person.phone == "19900019999"
    assert [line["code"] for line in answer["warnings"]] == ["edited.later"]
    newer = [*row[:4], "19900010009", ""]
    take(community, sheet(newer, title="登记表 2022年12月24日"), as_of=dt.date(2022, 12, 24))
    person.refresh_from_db()
    assert person.phone == "19900010009", "a sheet of the day of the edit, or later, is news again"


def test_the_absent_are_listed_and_not_ended(community: Place) -> None:
    first = ["3-2-501", "王桂英", "户主", "", "19900010001", ""]
    second = ["3-2-502", "赵磊", "户主", "", "19900010002", ""]
    take(community, sheet(first, second))
    answer = take(community, sheet(first))
    assert (answer["merged"], answer["absent"]) == (1, 1)
    assert len(register_snapshot(community.pk)) == 2


def test_confirming_twice_is_refused_and_dropping_leaves_nothing(community: Place) -> None:
    content = sheet(["3-2-501", "王桂英", "户主", "", "", ""])
    staged = services.stage_register(community=community, content=content, name="t.xlsx", by=OPERATOR, at=AT)
    assert not Person.objects.exists(), "nothing is written before it is confirmed"
    services.confirm_register(register_import=RegisterImport.objects.get(pk=staged.pk), by=OPERATOR, at=AT)
    with pytest.raises(Conflict):
        services.confirm_register(register_import=staged, by=OPERATOR, at=AT)
    assert Person.objects.count() == 1
    other = services.stage_register(community=community, content=content, name="t.xlsx", by=OPERATOR, at=AT)
    dropped = services.drop_register(register_import=other, by=OPERATOR, at=AT)
    assert (dropped.state, dropped.staged, dropped.file_name) == (ImportState.DROPPED, "", "")


def test_an_error_half_way_writes_nothing(community: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from shouwang.ledgers.services import confirming

    content = sheet(["3-2-501", "王桂英", "户主", "", "", ""])
    staged = services.stage_register(community=community, content=content, name="t.xlsx", by=OPERATOR, at=AT)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(confirming, "_write_doors", broken)
    with pytest.raises(OSError, match="disk"):
        services.confirm_register(register_import=staged, by=OPERATOR, at=AT)
    assert not Person.objects.exists() and not Dwelling.objects.exists()
    assert RegisterImport.objects.get().state == ImportState.STAGED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet.empty"),
        (b"\x00\x01nothing", "sheet.not_a_spreadsheet"),
        ("甲,乙\n1,2\n".encode(), "sheet.no_header"),
    ],
)
def test_what_is_no_register_is_refused_in_words(community: Place, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.stage_register(community=community, content=content, name="x.csv", by=OPERATOR, at=AT)
    assert refused.value.code == code
    assert refused.value.field == "file"
    assert not RegisterImport.objects.exists()


def test_a_sheet_from_the_future_is_refused(community: Place) -> None:
    with pytest.raises(Refusal, match="as-of-future"):
        take(community, sheet(["3-2-501", "王桂英", "户主", "", "", ""]), as_of=dt.date(2030, 1, 1))


def test_the_register_comes_out_as_the_sheet_that_goes_in(community: Place) -> None:
    take(community, (SAMPLES / "tower.xlsx").read_bytes())
    take(community, sheet(["3-2-501", "=cmd|' /C calc'!A0", "户主", "", "19900010001", "透析"]))
    content = services.export_register(community=community, by=OPERATOR, at=AT)
    out = read_register(content)
    assert len(out.rows) == Person.objects.count()
    again = take(community, content)
    assert (again["taken"], again["absent"]) == (0, 0)


def test_what_may_not_be_read_stands_empty_in_the_sheet(community: Place) -> None:
    """And coming back in, the empty cells take nothing away."""
    take(community, (SAMPLES / "tower.xlsx").read_bytes())
    take(community, sheet(["3-2-501", "王桂英", "户主", "", "19900010001", "透析"]))
    whole = read_register(services.export_register(community=community, by=OPERATOR, at=AT)).rows
    assert any(row.id_number for row in whole) and any("dialysis" in row.care for row in whole)
    content = services.export_register(
        community=community, by=OPERATOR, at=AT, classes={NAME, DOOR, PHONE, BIRTH, CARE}
    )
    out = read_register(content).rows
    assert [row.name for row in out] == [row.name for row in whole]
    assert not any(row.id_number or row.remarks or "dialysis" in row.care for row in out)
    again = take(community, content)
    assert (again["taken"], again["absent"]) == (0, 0)
    kept = read_register(services.export_register(community=community, by=OPERATOR, at=AT)).rows
    assert [row.id_number for row in kept] == [row.id_number for row in whole]


def test_the_command_answers_the_contract(community: Place, tmp_path: Path) -> None:
    out = io.StringIO()
    file = SAMPLES / "guihu-street.xlsx"
    call_command("import_register", str(file), "--community", "jinxiu", "--dry-run", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["rows"], answer["taken"], answer["households"]) == (41, 41, 28)
    assert not Person.objects.exists()
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"nothing of the kind")
    for words in (
        (str(bad), "--community", "jinxiu"),
        (str(file), "--community", "nowhere"),
        ("/none", "--community", "jinxiu"),
    ):
        with pytest.raises(CommandError) as refused:
            call_command("import_register", *words)
        assert refused.value.returncode == 2
        assert "\n" not in str(refused.value)


def test_preview_names_doubts_refused_first(community: Place) -> None:
    content = sheet(["3-2-501", "王桂英", "户主", "", "1990", ""], ["", "", "户主", "", "19900010003", ""])
    staged = services.stage_register(community=community, content=content, name="t.xlsx", by=OPERATOR, at=AT)
    doubts = preview_of(staged).doubts
    assert [doubt.refused for doubt in doubts] == [True, False]
    assert doubts[1].door == "3-2-501"
