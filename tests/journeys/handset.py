"""A phone that can be killed: a Chromium of its own with its storage on disk, and the app in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

from tests.journeys.conftest import CHROMIUM, FLAGS, PHONE
from tests.journeys.visitors import zh

PIN = "482913"
ENDPOINT = re.compile(r"DevTools listening on (ws://\S+)")
# What lies in the browser's storage, as text: databases, caches, local and session storage.
DUMP = """async () => {
  const texts = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  const plain = (key, value) => value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value;
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done, fail) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = fail;
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise(done => {
        db.transaction(store).objectStore(store).getAll().onsuccess = event => done(event.target.result);
      });
      texts.push(name, store, JSON.stringify(rows, plain));
    }
    db.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      texts.push(request.url, await (await caches.match(request)).text());
  return texts.join('\\n');
}"""


def say(sentence: str, **values: object) -> str:
    """The Chinese of what the app says."""
    text = zh(sentence, "phone")
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


class App:
    """The app in one page: what a hand does, by the words on the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def button(self, sentence: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=say(sentence, **values), exact=True)

    def press(self, sentence: str, which: int = 0, **values: object) -> None:
        self.button(sentence, **values).nth(which).click()

    def set_up(self, pin: str = PIN) -> None:
        """The first time: a PIN, twice."""
        for at in (0, 1):
            self.page.locator("input[type=password]").nth(at).fill(pin)
        self.press("Set up")
        self.page.locator(".tabs").wait_for()

    def unlock(self, pin: str = PIN) -> None:
        self.page.locator("input[type=password]").fill(pin)
        self.press("Unlock")
        self.page.locator(".tabs").wait_for()

    def tab(self, sentence: str) -> None:
        self.page.locator(".tabs").get_by_role("button", name=say(sentence), exact=True).click()

    def key_in(self, text: str) -> None:
        """As a handheld scanner does: the text, then Enter."""
        field = self.page.locator(".keyed input")
        field.fill(text)
        field.press("Enter")

    @property
    def standing(self) -> str:
        """The line in the head: what has arrived and what has not."""
        return self.page.locator(".net").inner_text()

    def ready_for_no_signal(self) -> None:
        """Waits until the worker has everything that the app needs to start."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def stored(self) -> str:
        """Everything that lies on the phone, as text."""
        return str(self.page.evaluate(DUMP))


class Handset:
    """The machine. Its storage outlives `kill`."""

    def __init__(self, playwright: Playwright, home: Path) -> None:
        self.playwright, self.home = playwright, home
        self.complaints: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self.browser: Browser | None = None

    def start(self) -> BrowserContext:
        own = ["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--accept-lang=zh-CN"]
        words = [CHROMIUM, *FLAGS, *own, f"--user-data-dir={self.home}", "about:blank"]
        self.process = subprocess.Popen(
            words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
            env={**os.environ, "TZ": "Asia/Shanghai"},
        )  # fmt: skip
        self.browser = self.playwright.chromium.connect_over_cdp(self._endpoint())
        context = self.browser.contexts[0]
        context.set_default_timeout(15000)
        return context

    def _endpoint(self) -> str:
        assert self.process is not None and self.process.stderr is not None
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := ENDPOINT.search(self.process.stderr.readline()):
                return found[1]
        raise AssertionError("the browser did not start")

    def open(self, context: BrowserContext, address: str) -> App:
        page = context.pages[0] if context.pages else context.new_page()
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on(
            "console", lambda line: self.complaints.append(line.text) if "Content Sec" in line.text else None
        )
        page.goto(f"{address}/field/app/")
        page.locator("input[type=password]").first.wait_for()
        return App(page)

    def kill(self) -> None:
        """As when the battery falls out: no goodbye to anybody."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


def sign_in(context: BrowserContext, address: str, user: Any, settings: Any) -> None:
    """Puts the session of `user` into the browser."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
