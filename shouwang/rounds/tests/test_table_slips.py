"""Slips at the table: two of one name, a number of somebody elsewhere, a barcode that is none."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shouwang.core.ids import uuid7
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.people.models import Person
from shouwang.people.services import change_person
from shouwang.rounds import services
from shouwang.rounds.models import Tube
from shouwang.rounds.tests.table_world import id_number, sampling
from shouwang.rounds.tests.test_rounds import here
from shouwang.rounds.tests.test_table_pages import AtTable, numbered

__all__ = ["here"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_two_of_one_name_are_told_apart_and_those_still_open_come_first(here: Neighbourhood) -> None:
    round_ = sampling(here, 5)
    first, second, other = (Person.objects.get(name=f"居民{n}") for n in ("0head", "0spouse", "1head"))
    for person, year in ((first, 1950), (second, 1978), (other, 1960)):
        name = "王芳" if person is not other else "王方"
        change_person(person=person, name=name, birth=(year, None, None), by=here.alice, at=AT)
    services.mark_entry(entry=round_.entries.get(person=first), state="done", by=here.alice, at=AT)
    url = reverse("rounds:names", args=[round_.pk])
    page = signed_in(here.alice).post(url, {"name": "wangf"}).content.decode()
    assert "王··" not in page and page.count("<b>王芳</b>") == 2 and "<b>王方</b>" in page
    assert "1950" in page and "1978" in page and "1960" not in page, "the year only where two are alike"
    assert page.index("1978") < page.index("1950"), "who is done comes last"


def test_the_number_of_somebody_out_of_scope_tells_nothing_of_them(here: Neighbourhood) -> None:
    round_ = sampling(here, 5)
    numbered(here, "居民1head")
    client = signed_in(here.bob)
    page = client.post(
        reverse("rounds:scan", args=[round_.pk]), {"text": id_number(1), "command_id": str(uuid7())}
    ).content.decode()
    assert "居民1" not in page and "居·" not in page and "您不负责的地方" in page
    for said in ("居民1head", "居民1"):
        page = client.post(reverse("rounds:names", args=[round_.pk]), {"name": said}).content.decode()
        assert "居民1head</b>" not in page


def test_a_barcode_unlike_the_other_tubes_is_asked_about_first(here: Neighbourhood) -> None:
    table = AtTable(here, sampling(here))
    table.scan("TUBE0001")
    table.scan("TUBE0002")
    page = table.scan("QQ12")
    assert "新采样管 QQ12？" in page and "是，新管" in page and "不是，重扫" in page
    assert Tube.objects.count() == 2
    assert "…QQ12" in table.scan("QQ12", is_tube="1") and Tube.objects.count() == 3
    assert "…QQ12" in table.scan("QQ12"), "a tube that is known is not asked about"
    assert "…AB34" in table.scan("AB34"), "it is like one of them now"
    for odd in ("QQ??", "TUBE000?", "TUBE<01>", "TUBE0003;"):
        for said in ({}, {"is_tube": "1"}):
            assert "只有字母、数字" in table.scan(odd, **said), odd
    assert Tube.objects.count() == 4
