"""The pages of the table, end to end: scan, count, undo, label, results by file, walk-ins, the paper sheet, the point."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.help.models import HelpRequest
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.people.models import Person
from shouwang.people.services import change_person
from shouwang.rounds import services
from shouwang.rounds.models import Attempt, Consignment, Round, Tube, WalkIn
from shouwang.rounds.selectors.tubes import row_of
from shouwang.rounds.tests.table_world import came, filled, id_number, sampling
from shouwang.rounds.tests.test_rounds import entry_of, here

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def numbered(here: Neighbourhood, *names: str) -> None:
    for serial, name in enumerate(names, 1):
        person = Person.objects.get(name=name)
        change_person(person=person, id_kind="resident_id", id_number=id_number(serial), by=here.alice, at=AT)


class AtTable:
    """Somebody who scans: each answer's tube stands on the table for the next scan."""

    def __init__(self, here: Neighbourhood, round_: Round) -> None:
        self.client, self.round, self.tube = signed_in(here.alice), round_, ""

    def scan(self, text: str, command: UUID | None = None, **more: str) -> str:
        """The page after one scan."""
        form = {"text": text, "tube": self.tube, "command_id": str(command or uuid7()), **more}
        answer = self.client.post(reverse("rounds:scan", args=[self.round.pk]), form)
        if answer.status_code == 302:
            found = re.search(r"tube=([\w-]+)", answer["Location"])
            self.tube = found[1] if found else ""
            answer = self.client.get(answer["Location"])
        assert answer.status_code in (200, 422, 409)
        return str(answer.content.decode())


def test_a_tube_then_people_and_the_count_in_figures(here: Neighbourhood) -> None:
    round_ = sampling(here, 5)
    numbered(here, "居民0head", "居民1head")
    table = AtTable(here, round_)
    assert "请先扫采样管条码，再扫人" in table.scan(id_number(1))
    assert not Attempt.objects.exists()
    page = table.scan("TUBE0001")
    assert "<b>…0001</b>" in page and "<b>0</b><span> / 5" in page
    page = table.scan(id_number(1))
    assert "<b>1</b><span> / 5" in page and 'data-say="1"' in page
    assert '<b class="taken-name">居民0head</b>' in page, "whoever sits there sees who it is"
    assert entry_of(round_, "居民0head").state == "done"
    assert "已经采过了" in table.scan(id_number(1))
    page = table.scan(id_number(2).lower())
    assert "<b>2</b><span> / 5" in page and '<b class="taken-name">居民1head</b>' in page
    assert "居民0head" not in page and "居·" in page, "of those before nobody: many walk past this screen"


def test_a_full_tube_asks_for_the_next_one(here: Neighbourhood) -> None:
    round_ = sampling(here, 1)
    numbered(here, "居民0head", "居民1head")
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    page = table.scan(id_number(1))
    assert "管满了：请扫下一支" in page and "tube-full" in page
    assert "这支管已满" in table.scan(id_number(2))
    assert entry_of(round_, "居民1head").state == "waiting"
    table.scan("TUBE0002")
    table.scan(id_number(2))
    assert {tube.barcode: row_of(tube).people for tube in Tube.objects.all()} == {
        "TUBE0001": 1,
        "TUBE0002": 1,
    }


def test_a_scan_sent_twice_is_one(here: Neighbourhood) -> None:
    round_, command = sampling(here), uuid7()
    numbered(here, "居民0head")
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    for _turn in range(2):
        table.scan(id_number(1), command)
    assert (Attempt.objects.get().pk, entry_of(round_, "居民0head").tries) == (command, 1)


def test_each_refusal_says_what_comes_next(here: Neighbourhood) -> None:
    table = AtTable(here, sampling(here))
    table.scan("TUBE0001")
    wrong = id_number(1)[:-1] + ("1" if id_number(1)[-1] != "1" else "2")
    for text, words in (
        ("", "请扫码、身份证或采样管"), ("SW1.ABC", "请改扫身份证"), (wrong, "末位校验不对"), (id_number(8), "不在名单上"),
        ("E12345678", "是护照，不在名单上"),
    ):  # fmt: skip
        assert words in table.scan(text), text
    assert "…5678" in table.scan("E12345678", is_tube="1")
    assert Tube.objects.count() == 2


def test_a_name_is_looked_for_and_taken_from_the_list(here: Neighbourhood) -> None:
    round_ = sampling(here)
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    page = table.scan("居民3")
    entry = entry_of(round_, "居民3head")
    assert str(entry.pk) in page and "<b>居民3head</b>" in page
    table.scan("", entry=str(entry.pk))
    assert entry_of(round_, "居民3head").state == "done"
    assert "没有这个名字" in table.scan("无此人")


def test_the_last_one_is_taken_back_and_a_stale_button_does_nothing(here: Neighbourhood) -> None:
    round_ = sampling(here)
    numbered(here, "居民0head")
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    table.scan(id_number(1))
    entry = entry_of(round_, "居民0head")
    seen = entry.last
    url = reverse("rounds:undo", args=[round_.pk])
    form = {"entry": str(entry.pk), "seen": str(seen), "tube": table.tube}
    page = table.client.post(url, {**form, "command_id": str(uuid7())}, follow=True).content.decode()
    assert "已撤回" in page and "<b>0</b><span> / 10" in page
    table.scan(id_number(1))
    page = table.client.post(url, {**form, "command_id": str(uuid7())}, follow=True).content.decode()
    assert entry_of(round_, "居民0head").state == "done" and "<b>1</b><span> / 10" in page


def test_somebody_not_on_the_list_is_taken_in_and_back(here: Neighbourhood) -> None:
    round_ = sampling(here)
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    url = reverse("rounds:walk_in", args=[round_.pk])
    form = {
        "name": "约翰",
        "document": "passport",
        "number": "E12345678",
        "tube": table.tube,
        "command_id": str(uuid7()),
    }
    page = table.client.post(url, form, follow=True).content.decode()
    assert "<b>1</b><span> / 10" in page and "另有1人不在名单上" in page and "E12345678" not in page
    walk_in = WalkIn.objects.get()
    assert (walk_in.tube, str(walk_in.pk)) == ("TUBE0001", form["command_id"])
    form |= {"number": "", "command_id": str(uuid7())}
    answer = table.client.post(url, form)
    assert answer.status_code == 422 and "请写护照或证件号码" in answer.content.decode()
    undo = {"walk_in": str(walk_in.pk), "command_id": str(uuid7())}
    table.client.post(reverse("rounds:undo", args=[round_.pk]), undo)
    walk_in.refresh_from_db()
    assert walk_in.taken_back_at is not None


def test_a_wrong_label_is_put_right_at_the_table_by_who_opened_it(here: Neighbourhood) -> None:
    round_ = sampling(here)
    numbered(here, "居民0head")
    table = AtTable(here, round_)
    table.scan("TUBE0001")
    table.scan(id_number(1))
    url = reverse("rounds:label", args=[table.tube])
    assert "TUBE0001" in table.client.get(url).content.decode()
    assert table.client.post(url, {"barcode": "TUBE0001", "command_id": str(uuid7())}).status_code == 422
    assert table.client.post(url, {"barcode": "TUBE0009", "command_id": str(uuid7())}).status_code == 302
    assert Tube.objects.get().barcode == "TUBE0009"
    assert signed_in(here.bob).get(url).status_code == 404
    assert "tube=TUBE" not in str(table.client.get(table_url(round_, table.tube)).content), (
        "no barcode in an address"
    )


def table_url(round_: Round, tube: str) -> str:
    return f"{reverse('rounds:table', args=[round_.pk])}?tube={tube}"


def test_tubes_are_sent_with_a_sheet_and_results_come_by_file(here: Neighbourhood) -> None:
    round_ = sampling(here)
    filled(here, round_, "TUBE0001", "居民0head", "居民0spouse")
    second = filled(here, round_, "TUBE0002", "居民1head")
    client = signed_in(here.alice)
    tubes = reverse("rounds:tubes", args=[round_.pk])
    assert "TUBE0001" in client.get(tubes).content.decode()
    form = {
        "tubes": [str(tube.pk) for tube in Tube.objects.all()],
        "handed_to": "司机老李",
        "command_id": str(uuid7()),
    }
    sheet = client.post(tubes, form, follow=True).content.decode()
    assert "司机老李" in sheet and "共2管，3人份" in sheet and Consignment.objects.count() == 1
    url = reverse("rounds:results", args=[round_.pk])
    bad = SimpleUploadedFile("a.csv", "条码,结果\nTUBE0001,很好\nTUBE0002,阴性\n".encode())
    assert "结果不是阴性、阳性或不确定" in client.post(url, {"file": bad}).content.decode()
    good = SimpleUploadedFile("a.csv", "条码,结果\nTUBE0001,阳性\nTUBE0002,阴性\nTUBE0777,阴性\n".encode())
    page = client.post(url, {"file": good}).content.decode()
    assert "TUBE0777" in page and "2条新结果" in page and not Tube.objects.exclude(result="").exists()
    rows = re.search(r'name="rows" value="([^"]*)"', page)
    assert rows is not None
    client.post(url, {"rows": rows[1], "command_id": str(uuid7())})
    assert {tube.barcode: tube.result for tube in Tube.objects.all()} == {
        "TUBE0001": "positive",
        "TUBE0002": "negative",
    }
    follow = round_.follow_ups.get()
    assert follow.entries.count() == 2
    one = reverse("rounds:tube", args=[second.pk])
    client.post(one, {"result": "unclear", "command_id": str(uuid7())})
    assert follow.entries.count() == 3
    nothing = SimpleUploadedFile("a.csv", b"\x00\x01")
    assert client.post(url, {"file": nothing}).status_code == 422


def test_who_is_in_a_tube_is_read_on_record_and_by_those_who_lead(here: Neighbourhood) -> None:
    round_ = sampling(here)
    tube = filled(here, round_, "TUBE0001", "居民0head")
    client = signed_in(here.alice)
    services.record_results(round_=round_, results={"TUBE0001": "positive"}, by=here.alice, at=AT)
    assert "居民0head" in client.get(reverse("rounds:tube", args=[tube.pk])).content.decode()
    assert AuditEntry.objects.filter(kind="rounds.tube.read").count() == 1
    bob, follow = signed_in(here.bob), round_.follow_ups.get()
    closed = (
        ("rounds:tube", tube.pk),
        ("rounds:tubes", round_.pk),
        ("rounds:results", round_.pk),
        ("rounds:round", follow.pk),
    )
    for name, pk in (*closed, ("rounds:missing", follow.pk), ("rounds:entry", follow.entries.get().pk)):
        assert bob.get(reverse(name, args=[pk])).status_code == 404, name
    for name in ("rounds:round", "rounds:table", "rounds:missing"):
        page = bob.get(reverse(name, args=[round_.pk])).content.decode()
        assert "阳性" not in page and "单采" not in page
    entry = bob.get(reverse("rounds:entry", args=[entry_of(round_, "居民0head").pk])).content.decode()
    assert "阳性" not in entry and "单采" not in entry


def test_walk_ins_are_placed_by_name(here: Neighbourhood) -> None:
    round_ = sampling(here)
    walk_in = came(here, round_, "居民2head", document="id", number=id_number(9), tube="TUBE0001").walk_in
    client = signed_in(here.alice)
    assert "居民2head" in client.get(reverse("rounds:walk_ins", args=[round_.pk])).content.decode()
    url = reverse("rounds:place", args=[walk_in.pk])
    person = Person.objects.get(name="居民2head")
    page = client.get(url).content.decode()
    assert str(person.pk) in page and id_number(9) not in page
    client.post(url, {"person": str(person.pk), "command_id": str(uuid7())})
    assert entry_of(round_, "居民2head").state == "done"
    child = came(here, round_, "小宝", document="newborn", tube="TUBE0001").walk_in
    url = reverse("rounds:place", args=[child.pk])
    client.post(url, {"household": str(here.households[0].pk), "command_id": str(uuid7())})
    assert round_.entries.get(person__name="小宝").household == here.households[0]
    assert client.post(url, {"command_id": str(uuid7())}).status_code == 404


def sheet_form(round_: Round, **tubes: str) -> dict[str, str]:
    form = {"command_id": str(uuid7())}
    for name, tube in tubes.items():
        entry = entry_of(round_, name)
        form |= {f"tube-{entry.pk.hex}": tube, f"seen-{entry.pk.hex}": str(entry.last or "")}
    return form


def test_a_paper_sheet_is_kept_whole_or_comes_back_with_what_was_typed(here: Neighbourhood) -> None:
    round_ = sampling(here)
    client = signed_in(here.bob)
    assert "1单元" in client.get(reverse("rounds:sheets", args=[round_.pk])).content.decode()
    url = reverse("rounds:sheet", args=[round_.pk, here.stairwells[0].pk])
    assert "居民0head" in client.get(url).content.decode()
    bad = client.post(url, sheet_form(round_, 居民0head="TUBE0001", 居民0spouse=id_number(3)))
    page = bad.content.decode()
    assert bad.status_code == 422 and "TUBE0001" in page and "这是身份证号，不是采样管" in page
    assert not Attempt.objects.exists()
    good = client.post(url, sheet_form(round_, 居民0head="TUBE0001", 居民0spouse="TUBE0001"))
    assert good.status_code == 302 and row_of(Tube.objects.get()).people == 2
    assert client.post(url, {"command_id": str(uuid7())}).status_code == 422, "nothing was ticked"
    foreign = reverse("rounds:sheet", args=[round_.pk, here.stairwells[5].pk])
    assert client.get(foreign).status_code == 404


def test_a_sheet_without_a_tube_is_asked_for_it(here: Neighbourhood) -> None:
    round_ = sampling(here)
    entry = entry_of(round_, "居民0head")
    url = reverse("rounds:sheet", args=[round_.pk, here.stairwells[0].pk])
    page = (
        signed_in(here.bob)
        .post(url, {f"done-{entry.pk.hex}": "on", "command_id": str(uuid7())})
        .content.decode()
    )
    assert "请写采样管条码" in page and "checked" in page


def test_the_point_is_ticked_off_and_bags_counted(here: Neighbourhood) -> None:
    round_ = sampling(here)
    client = signed_in(here.bob)
    point, bags = reverse("rounds:point", args=[round_.pk]), reverse("rounds:bags", args=[round_.pk])

    def step(name: str) -> str:
        form = {"step": name, "command_id": str(uuid7())}
        return client.post(reverse("rounds:point_step", args=[round_.pk]), form, follow=True).content.decode()

    step("opened")
    assert "请先给采样点消杀" in step("upstairs")
    step("disinfected")
    assert "采样点消杀完才能上楼" not in client.get(point).content.decode()
    client.post(bags, {"number": "3", "command_id": str(uuid7())})
    assert (
        client.post(
            bags, {"numbers": "1-9", "collected_by": "清运员", "command_id": str(uuid7())}
        ).status_code
        == 422
    )
    assert (
        client.post(
            bags, {"numbers": "eins", "collected_by": "清运员", "command_id": str(uuid7())}
        ).status_code
        == 422
    )
    client.post(bags, {"numbers": "1-2", "collected_by": "清运员", "command_id": str(uuid7())})
    came(here, round_)
    asked = signed_in(here.alice).get(reverse("rounds:close", args=[round_.pk])).content.decode()
    assert "有1个医废袋发出后还没清走" in asked and "有1人不在名单上" in asked


def test_a_trouble_becomes_a_request_in_two_taps(here: Neighbourhood) -> None:
    round_, command = sampling(here), str(uuid7())
    client, entry = signed_in(here.bob), entry_of(round_, "居民0head")
    assert "路上遇到的难事" in client.get(reverse("rounds:entry", args=[entry.pk])).content.decode()
    url = reverse("rounds:trouble", args=[entry.pk])
    for _turn in range(2):
        page = client.post(url, {"category": "shopping", "command_id": command}, follow=True).content.decode()
    request = HelpRequest.objects.get()
    assert request.spoken_number in page and request.taken_by == here.bob
    assert "请先选是什么事" in client.post(url, {"command_id": str(uuid7())}, follow=True).content.decode()


def test_a_dispute_is_settled_with_the_tube_that_holds_the_sample(here: Neighbourhood) -> None:
    round_ = sampling(here)
    filled(here, round_, "TUBE0001", "居民0head")
    filled(here, round_, "TUBE0002", "居民0head")
    entry = entry_of(round_, "居民0head")
    numbered(here, "居民0head")
    table = AtTable(here, round_)
    table.scan("TUBE0003")
    assert "不要再采第三管" in table.scan(id_number(1))
    client: Client = signed_in(here.bob)
    url = reverse("rounds:entry", args=[entry.pk])
    assert "记录里有两份样本" in client.get(url).content.decode()
    client.post(url, {"state": "done", "tube": "TUBE0002", "command_id": str(uuid7())})
    entry.refresh_from_db()
    assert not entry.disputed
    assert {tube.barcode: row_of(tube).people for tube in Tube.objects.exclude(barcode="TUBE0003")} == {
        "TUBE0001": 0,
        "TUBE0002": 1,
    }
