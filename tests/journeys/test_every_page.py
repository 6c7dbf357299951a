"""Every page that somebody can reach, in a real browser: nothing for the checker to find at AA, in the light and in the
dark; nothing wider than the screen, down to 320 px; nothing cut off when the text is twice as large."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Response

from shouwang.accounts.models import User
from tests.journeys.busy import Busy, busy_community, share_medicine
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_languages import shape_of
from tests.journeys.visitors import Visitor
from tests.journeys.world import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Who looks, one after the other; a page that several reach is looked at as the first of them sees it.
OFFICE = {"alice": 25, "clerk": 1, "technician": 1}
OUTSIDE = {"vera": 4, "bob": 2, "": 9}
MOST = 200
# 1280 px at 400 %, a phone, 1440 px at 200 %: WCAG 1.4.10 and 1.4.4.
WIDTHS = (320, PHONE[0], 720)
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
WIDE = "document.documentElement.scrollWidth"
TWICE = "document.documentElement.style.setProperty('--text', `${2 * %d}px`)"
# Text in a box that cuts it off; what may be scrolled to, or is spelled out elsewhere (sr), is not cut off.
CUT_OFF = """[...document.querySelectorAll('body *')].filter(e => {
  const look = getComputedStyle(e), hides = way => ['hidden', 'clip'].includes(way);
  const cut = (hides(look.overflowX) && e.scrollWidth > e.clientWidth + 2)
    || (hides(look.overflowY) && e.scrollHeight > e.clientHeight + 2);
  return cut && e.checkVisibility() && !e.closest('.sr, svg, dialog:not([open])') && !e.matches('.sr, svg')
    && e.textContent.trim();
}).map(e => e.outerHTML.slice(0, 120))"""


def violations_of(visitor: Visitor) -> list[dict[str, Any]]:
    """What the checker finds on the page as it is now; its script is put into a page once."""
    if not visitor.page.evaluate("typeof axe === 'object'"):
        return Axe().run(visitor.page, options=RULES).response["violations"]
    return visitor.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]


def seen_by_checker(visitor: Visitor, path: str, scheme: str, size: tuple[int, int]) -> list[str]:
    visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    return [
        f"{path} at {size[0]} in the {scheme}: {v['id']}: {v['nodes'][0]['html']}: "
        f"{v['nodes'][0].get('failureSummary', '')}"
        for v in violations_of(visitor)
    ]


def too_wide(visitor: Visitor, path: str) -> list[str]:
    found = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 800})
        wide = visitor.page.evaluate(WIDE)
        if wide > width:
            found.append(f"{path} at {width}: {wide} wide")
    return found


def cut_off(visitor: Visitor, path: str) -> list[str]:
    """What is hidden when the text alone is twice as large, at the desk."""
    visitor.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    visitor.page.evaluate(TWICE % 15)
    return [f"{path} with large text: {piece}" for piece in visitor.page.evaluate(CUT_OFF)]


def faults_of(visitor: Visitor, path: str) -> list[str]:
    """Everything that is wrong with the page that is open. The nightly profile looks at all four pictures of it."""
    looks = [("light", DESK), ("dark", PHONE)]
    if nightly():
        looks += [("dark", DESK), ("light", PHONE)]
    found = [fault for scheme, size in looks for fault in seen_by_checker(visitor, path, scheme, size)]
    return [*found, *too_wide(visitor, path), *cut_off(visitor, path)]


def nightly() -> bool:
    return os.environ.get("SHOUWANG_TEST_PROFILE") == "nightly"


def is_page(answer: Response | None) -> bool:
    return answer is not None and answer.headers.get("content-type", "").startswith("text/html")


def pages_of(visitor: Visitor, beginnings: tuple[str, ...], seen: set[str]) -> Iterator[str]:
    """Opens every page that links lead to from there and that is not among the seen, and names it."""
    waiting, begun = list(beginnings), set(beginnings)
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path not in begun and (not is_ours(path) or kind_of(path) in seen or leads_to_file(path)):
            continue
        begun.discard(path)
        seen.add(kind_of(path))
        if not is_page(opened(visitor, path)):
            continue
        here = visitor.page.evaluate("location.pathname")
        waiting += [here + link if link.startswith("?") else link for link in visitor.page.evaluate(LINKS)]
        yield path


def opened(visitor: Visitor, path: str) -> Response | None:
    """The answer; None where it is a file, a sheet of labels or a ledger, that the browser saves."""
    try:
        return visitor.go(path)
    except Error as fault:
        if "Download is starting" not in str(fault):
            raise
        return None


def kind_of(path: str) -> str:
    """Pages of one kind are looked at once; every night, once a set of filters."""
    return shape_of(path) if nightly() else shape_of(path).split("?")[0]


def is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("/static/", "/accounts/sign-out", "/api/"))


def leads_to_file(path: str) -> bool:
    """Downloads have no page to look at."""
    return any(
        word in path for word in ("/export", "/download", "/template", "/doubts", "/problems", ".xlsx")
    )


def door_pages(busy: Busy) -> tuple[str, ...]:
    share_medicine(busy.world)
    code = busy.world.leaf("8", "2").door_code
    doors = (
        f"/q/{code}/", f"/q/{code}/unwell/", f"/q/{code}/shopping/", f"/r/{busy.link}/",
        f"/q/{code}/medicine-to-spare/", f"/q/{code}/medicine-to-spare/thanks/",
    )  # fmt: skip
    return (*doors, *(f"{path}?mode=elder" for path in doors))


@pytest.mark.parametrize("who", [OFFICE, OUTSIDE], ids=["office", "outside"])
def test_no_fault_on_any_page(visit: Any, who: dict[str, int]) -> None:
    busy, seen = busy_community(), set[str]()
    person(busy.world, "technician", "赵工")
    User.objects.filter(username="technician").update(is_technician=True)
    found = []
    for name, least in who.items():
        visitor = visit(busy.world.people[name] if name else None)
        beginnings = ("/",) if name else ("/accounts/sign-in/", "/nowhere/", *door_pages(busy))
        looked_at = 0
        for path in pages_of(visitor, beginnings, seen):
            looked_at += 1
            found += [f"{name} {fault}" for fault in faults_of(visitor, path)]
        assert looked_at >= least, f"{name or 'a stranger'} sees {looked_at} pages: {sorted(seen)}"
    assert found == [], "\n".join(found)


def test_the_checks_find_what_is_wrong(visit: Any) -> None:
    stranger = visit()
    stranger.go("/accounts/sign-in/")
    stranger.page.evaluate("""() => {
      const wide = document.createElement('p');
      wide.textContent = '守'.repeat(10);
      wide.style.cssText = 'width: 500px; height: 18px; overflow: hidden; font-size: 3rem; color: #999; background: #aaa';
      document.querySelector('main').append(wide);
    }""")
    assert [v["id"] for v in violations_of(stranger)] == ["color-contrast"]
    assert [v["id"] for v in violations_of(stranger)] == ["color-contrast"], "and again on the same page"
    assert [fault.split(":")[0] for fault in too_wide(stranger, "here")] == ["here at 320", "here at 390"]
    assert any("width: 500px" in fault for fault in cut_off(stranger, "here"))
