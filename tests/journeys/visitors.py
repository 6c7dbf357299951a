"""Somebody in front of a screen: a page, the pictures taken of it, and what went wrong on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, npgettext, pgettext
from playwright.sync_api import BrowserContext, Error, Locator, Page, Response

PICTURES = Path(__file__).resolve().parents[2] / "test-results" / "journey"


def zh(sentence: str, context: str = "", **values: object) -> str:
    """The Chinese of an English sentence, as the pages say it."""
    with translation.override("zh-hans"):
        found = pgettext(context, sentence) if context else gettext(sentence)
    assert found != sentence, f"no Chinese for {sentence!r}"
    return found % values if values else found


def zh_many(one: str, many: str, number: int, context: str = "") -> str:
    """The Chinese of a counted sentence."""
    with translation.override("zh-hans"):
        return npgettext(context, one, many, number) if context else translation.ngettext(one, many, number)


class Visitor:
    """One browser context with one page. Paths are relative to the server's address."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda fault: self.complaints.append(f"script: {fault}"))
        self.page.on("console", lambda line: self._heard(line.text))
        self.page.on("response", self._answered)

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.complaints.append(text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def go(self, path: str = "/") -> Response | None:
        """Opens an address of the server, whole or as a path."""
        return self.page.goto(path if path.startswith("http") else self.address + path)

    def sign_in(self, username: str, password: str) -> None:
        """By name and password, as everybody does."""
        self.go("/accounts/sign-in/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(password)
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(lambda address: "/sign-in/" not in address)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def press(self, name: str, within: Locator | None = None, exact: bool = True, patience: int = 15) -> None:
        """Presses the first button of this name; waits so many seconds for what comes of it."""
        button = (within or self.page).get_by_role("button", name=name, exact=exact).first
        button.click(timeout=1000 * patience)

    def follow(self, name: str, within: Locator | None = None, exact: bool = True) -> None:
        """Follows the first link of this name."""
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()

    def says(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def shot(self, name: str, **more: Any) -> Path:
        """A picture of the page, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        try:
            self.page.screenshot(path=path, caret="initial", **more)  # hiding it would need an inline style
        except Error as fault:
            # A busy machine's browser has no frame to give now and then; the second time it has.
            if "Unable to capture screenshot" not in str(fault):
                raise
            self.page.screenshot(path=path, caret="initial", **more)
        return path
