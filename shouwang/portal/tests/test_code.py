"""A resident's code on the phone: without signing in, and without a word about the resident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.people import selectors as people
from shouwang.people.engines.drawings import code_svg
from shouwang.people.models import Person
from shouwang.people.rules import CODE_LIVES
from shouwang.people.services import add_person, give_phone_code, open_household, revoke_codes
from shouwang.places import services as places

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def resident() -> Person:
    at = clock.now() - timedelta(days=90)
    community = places.create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=at)
    building = places.ensure_building(community=community, code="8", by=OPERATOR, at=at)
    door = places.ensure_dwelling(leaf=building, door="501", by=OPERATOR, at=at)
    home = open_household(dwelling=door, by=OPERATOR, at=at)
    return add_person(household=home, name="王桂英", relation="head", phone="19900010713", by=OPERATOR, at=at)


def open_link(token: str, language: str = "zh-hans") -> Any:
    return Client(headers={"accept-language": language}).get(f"/c/{token}/")


def test_the_code_is_shown_large_to_whoever_has_the_link(resident: Person) -> None:
    code, token = give_phone_code(person=resident, by=OPERATOR)
    answer = open_link(token)
    page = answer.content.decode()
    assert answer.status_code == 200 and code_svg(people.code_text(code)) in page
    assert "··英" in page and code.valid_until.isoformat() in page
    for said in ("王桂英", "桂", "19900010713", "501", "锦绣", str(resident.pk), code.short):
        assert said not in page
    assert "no-store" in answer.headers["Cache-Control"] and "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies.get("sessionid")
    assert 'data-mode="elder"' in Client().get(f"/c/{token}/?mode=elder").content.decode()


def test_what_has_ended_says_whom_to_ask(resident: Person) -> None:
    _code, old = give_phone_code(
        person=resident, by=OPERATOR, at=clock.now() - CODE_LIVES - timedelta(days=2)
    )
    _code, token = give_phone_code(person=resident, by=OPERATOR)
    assert "这个码已过期" in open_link(old).content.decode()
    revoke_codes(person=resident, by=OPERATOR)
    ended = open_link(token)
    assert ended.status_code == 200
    for answer, sentence in ((ended, "这个码已失效"), (open_link("x" * 32), "这个链接已失效")):
        page = answer.content.decode()
        assert "请找单元负责人" in page and "code-picture" not in page and "··英" not in page, sentence
    assert open_link("x" * 32).status_code == 404
