"""The scripts and the sizes, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from shouwang.ui.tests import urls

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bare_site"),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        args = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None,
    )
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("face", ["desk", "phone", "portal", "plain", "sheet"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_finding_at_aa(browser: Browser, live_server: Any, face: str, scheme: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{live_server.url}/?face={face}&mode={'elder' if face == 'portal' else 'usual'}")
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert wide <= width or face == "sheet"


TARGETS = """(least) => [...document.querySelectorAll('a.btn, button, a.big, .choice, .input')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least).map(e => e.outerHTML)"""


def test_phone_targets_are_48_px_and_elder_ones_60_at_21_px(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/?face=phone")
    assert page.evaluate(TARGETS, 48) == []
    page.goto(f"{live_server.url}/?face=portal&mode=elder")
    assert page.evaluate(TARGETS, 60) == []
    small = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && e.children.length === 0
           && e.textContent.trim() && !e.closest('.sr, template, svg') && parseFloat(getComputedStyle(e).fontSize) < 21)
           .map(e => e.outerHTML)"""
    )
    loose = page.evaluate(
        "parseFloat(getComputedStyle(document.body).lineHeight) / parseFloat(getComputedStyle(document.body).fontSize)"
    )
    context.close()
    assert small == []
    assert loose >= 1.4


def test_a_whole_compound_fits_the_screen(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/?face=desk")
    wall = page.locator(".wall").first.bounding_box()
    assert wall is not None
    assert wall["height"] < 760
    assert wall["x"] + wall["width"] <= 1440
    assert page.locator(".wall").first.locator("a.bld").count() == 24


def test_the_wall_walks_by_arrow_keys_from_one_tab_stop(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/?face=desk")
    grid = page.locator(".zoom")
    assert grid.locator('.cell[tabindex="0"]').count() == 1
    sizes = grid.locator(".cell").evaluate_all(
        "cells => cells.map(c => Math.min(c.offsetWidth, c.offsetHeight))"
    )
    assert min(sizes) >= 24

    def at() -> str:
        return page.evaluate("document.activeElement.textContent.slice(0, 3)")

    grid.locator('.cell[tabindex="0"]').focus()
    assert at() == "501"
    for key, door in (
        ("ArrowRight", "502"),
        ("ArrowDown", "402"),
        ("Home", "401"),
        ("End", "402"),
        ("ArrowUp", "502"),
    ):
        page.keyboard.press(key)
        assert at() == door
    page.keyboard.press("Control+End")
    assert at() == "102"
    assert grid.locator('.cell[tabindex="0"]').count() == 1


def test_a_live_part_renews_keeps_the_focus_and_says_since_when_the_line_is_cut(
    page: Page, live_server: Any
) -> None:
    urls.asked.clear()
    page.goto(f"{live_server.url}/page")
    page.locator("#kept").focus()
    expect(page.locator("#kept")).to_have_text("new", timeout=8000)
    assert page.evaluate("document.activeElement.id") == "kept"
    expect(page.locator("[data-connection]")).to_have_class("connection is-lost", timeout=8000)
    assert page.locator("[data-connection]").text_content()
    assert urls.asked[:2] == ["3", "3"]
    assert "7" in urls.asked


def test_a_form_is_sent_once_with_its_command(page: Page, live_server: Any) -> None:
    urls.sent.clear()
    page.goto(f"{live_server.url}/page")
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('#once button').click()")
    page.wait_for_timeout(600)
    assert len(urls.sent) == 1
    assert len(urls.sent[0]) == 36


def test_a_grave_button_asks_first(page: Page, live_server: Any) -> None:
    urls.sent.clear()
    page.goto(f"{live_server.url}/page")
    ask = page.get_by_role("button", name="ask")
    ask.click()
    expect(page.locator("dialog[open] .question")).to_have_text("sure?")
    page.locator('dialog[open] [value="no"]').click()
    page.wait_for_timeout(300)
    assert urls.sent == []
    # By keyboard: the page's failing live part may push the button down between aiming and clicking.
    ask.press("Enter")
    page.locator('dialog[open] [value="yes"]').press("Enter")
    page.wait_for_timeout(600)
    assert len(urls.sent) == 1


def test_keys_a_file_beside_and_a_refusal_in_its_place(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/page")
    page.locator("#file").click()
    expect(page.locator("#beside")).to_have_text("the file")
    page.locator("#refuse").click()
    expect(page.locator("#flash")).to_contain_text("taken")
    assert page.locator("#kept").count() == 1
    page.goto(f"{live_server.url}/?face=desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".is-here").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
