"""Links upwards: present when the page is registered and open to the reader, else absent."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest
from django.template import Context, Template

from shouwang.core import clock
from shouwang.core.ids import uuid7
from shouwang.core.registry import Page, Registry
from shouwang.core.scope import Grant, Scope
from shouwang.core.templatetags import pages as tag

HERE, ELSEWHERE = uuid7(), uuid7()


def scope_of(*capabilities: str, place: UUID = HERE) -> Scope:
    grant = Grant("community_id", place, "clerk", frozenset(capabilities), frozenset())
    return Scope(user=None, at=clock.now(), grants=(grant,))


def drawn(source: str, scope: Scope, **values: object) -> str:
    template = Template("{% load pages %}" + source)
    return template.render(Context({"request": SimpleNamespace(scope=scope), **values}))


@pytest.fixture(autouse=True)
def some_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: Registry[Page] = Registry("pages")
    pages.add(Page("core.health", "healthz"))
    pages.add(Page("core.guarded", "healthz", capability="audit.see"))
    pages.add(Page("core.nowhere", "no_such_url"))
    monkeypatch.setattr(tag, "pages", pages)


@pytest.mark.parametrize(
    ("code", "address"),
    [("core.health", "/healthz"), ("core.nowhere", ""), ("core.unknown", ""), ("core.guarded", "")],
)
def test_address_of_a_page(code: str, address: str) -> None:
    assert drawn(f'{{% page "{code}" as url %}}{{{{ url }}}}', scope_of("help.see")) == address


def test_guarded_page_is_linked_for_whoever_may_open_it() -> None:
    assert drawn('{% page "core.guarded" as url %}{{ url }}', scope_of("audit.see")) == "/healthz"


def test_can_asks_for_the_place_when_one_is_given() -> None:
    source = '{% can "help.see" placed as ok %}{{ ok }}'
    assert drawn(source, scope_of("help.see"), placed=SimpleNamespace(community_id=HERE)) == "True"
    assert drawn(source, scope_of("help.see"), placed=SimpleNamespace(community_id=ELSEWHERE)) == "False"
    assert drawn('{% can "help.see" as ok %}{{ ok }}', scope_of("audit.see")) == "False"
