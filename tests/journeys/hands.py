"""Somebody who has a keyboard and no mouse: Tab to what is meant, type, press."""

from __future__ import annotations

from typing import Any

from tests.journeys.visitors import Visitor

MOST = 140
HERE = "document.activeElement"
# An outline or a ring: whoever tabs must see where they are.
SHOWN = """(() => { const e = document.activeElement, look = getComputedStyle(e);
  const parts = [e, e.closest('label'), e.parentElement].filter(Boolean).map(part => getComputedStyle(part));
  return parts.some(p => (p.outlineStyle !== 'none' && parseFloat(p.outlineWidth) >= 2) || p.boxShadow !== 'none'); })()"""


class Hands:
    """Everything a visitor does, by keys alone. Each place that is reached must show that it is reached."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def tab_to(self, selector: str, text: str = "") -> None:
        """Tabs on until what is focused fits the selector and says the text."""
        fits = (
            "([s, t]) => document.activeElement.matches(s) && document.activeElement.textContent.includes(t)"
        )
        for _time in range(MOST):
            if self.page.evaluate(fits, [selector, text]):
                assert self.page.evaluate(SHOWN), f"nothing shows that {selector} {text} has the focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} {text} is not reached within {MOST} tabs on {self.page.url}")

    def press(self, selector: str, text: str = "", key: str = "Enter") -> None:
        """Goes to a link or button and presses it."""
        self.tab_to(selector, text)
        self.page.keyboard.press(key)

    def press_to(self, address: Any, selector: str, text: str = "", key: str = "Enter") -> None:
        """Presses what leads to another page, and waits for it."""
        self.press(selector, text, key)
        self.page.wait_for_url(address)

    def write(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Walks down a closed list until the value stands there."""
        self.tab_to(selector)
        for _time in range(40):
            if self.page.evaluate(f"{HERE}.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in {selector}")

    def attach(self, selector: str, name: str, content: bytes) -> None:
        """Opens the machine's own dialog for files by key; what happens in there is not ours."""
        self.tab_to(selector)
        with self.page.expect_file_chooser() as waiting:
            self.page.keyboard.press("Space")
        waiting.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
