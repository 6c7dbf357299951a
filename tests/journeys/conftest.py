"""A browser for the journeys, the words compiled, and people who sit in front of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import trans_real
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.journeys.visitors import Visitor

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = (1440, 900), (390, 844)


def stale_rooms() -> list[Path]:
    """Translation files that were not compiled since they were last written."""
    files = ROOT.glob("shouwang/*/locale/zh_Hans/LC_MESSAGES/django.po")
    made = {po: po.with_suffix(".mo") for po in files}
    return [po for po, mo in made.items() if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]


@pytest.fixture(scope="session", autouse=True)
def compiled_words() -> None:
    """The Chinese of every room: compiled files are not kept in the repository."""
    if stale_rooms():
        subprocess.run([sys.executable, "tools/translations.py", "compile"], cwd=ROOT, check=True)
        trans_real._translations = {}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=15000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield found
    found.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Visitor]]:
    """`visit(user=None, size=DESK, language="zh-CN")` seats somebody at a screen of their own; signed in when a
    user is given. When the test ends, nobody may have met a broken page or a blocked script."""
    settings.SHOUWANG_BASE_URL = live_server.url
    seated: list[Visitor] = []

    def seat(user: Any = None, size: tuple[int, int] = DESK, language: str = "zh-CN") -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(15000)
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
            )
        visitor = Visitor(context, live_server.url)
        seated.append(visitor)
        return visitor

    yield seat
    for visitor in seated:
        visitor.context.close()
    assert [complaint for visitor in seated for complaint in visitor.complaints] == []
