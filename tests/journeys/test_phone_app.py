"""The phone app against the real server: a shared phone, a full one, a forgotten one; WeChat; codes by camera and
from a photo; and every screen looked at for those who see or reach badly."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Playwright

from shouwang.accounts.models import Device
from shouwang.core.models import CommandReceipt
from shouwang.rounds.models import Attempt, Entry
from tests.journeys.conftest import CHROMIUM, FLAGS, PHONE
from tests.journeys.handset import PIN, App, say, sign_in
from tests.journeys.roster import Swept, swept_building
from tests.journeys.world import post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SHORT = """least => [...document.querySelectorAll('button, summary, input:not([type=hidden]), textarea, a[href].btn')]
  .filter(e => e.checkVisibility())
  .map(e => { const label = e.matches('[type=radio], [type=checkbox], [type=file]') && e.closest('label');
    return [Math.round((label || e).getBoundingClientRect().height), (label || e).textContent.trim() || e.id]; })
  .filter(([height]) => height > 0 && height < least).map(([height, text]) => `${height} px: ${text}`)"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


def small() -> Swept:
    return swept_building(floors=2, doors=2, stairwells=1, at_home=1)


@pytest.fixture
def opened(visit: Callable[..., Any]) -> Callable[..., tuple[App, Any]]:
    """The app, set up for a user."""

    def open_for(user: Any) -> tuple[App, Any]:
        visitor = visit(user, size=PHONE)
        visitor.go("/field/app/")
        app = App(visitor.page)
        app.set_up()
        return app, visitor

    return open_for


def to_roster(app: App) -> None:
    app.tab("Rounds")
    app.press("Roster")
    app.page.locator(".roster-row").first.wait_for()


def all_arrived(app: App) -> None:
    """Until the one command of the test has its receipt: the head says that all has arrived before a press, too."""
    end = time.monotonic() + 20
    while not CommandReceipt.objects.exists():
        assert time.monotonic() < end, app.standing
        app.page.wait_for_timeout(50)
    app.page.locator(".net", has_text=say("Everything has arrived")).wait_for()


def test_the_next_user_of_a_phone_reads_nothing(opened: Any, settings: Any) -> None:
    swept = small()
    app, visitor = opened(swept.head)
    to_roster(app)
    app.press("Done")
    all_arrived(app)
    secrets = [*swept.names, "8号楼", "1单元", PIN, swept.round.name]
    app.press("Lock")
    other = post(swept.world, "secretary", swept.world.community, "zhou", "周海", "19900000003")
    sign_in(visitor.context, visitor.address, other, settings)
    visitor.page.reload()
    app.press("Set this phone up for {name}", name="周海")
    app.set_up("730518")
    app.page.locator(".net").wait_for()
    app.press("Lock")
    stored = app.stored()
    assert "张敏" in stored and "周海" in stored, "who may unlock the phone is all that can be read"
    assert [secret for secret in secrets if secret in stored] == []
    app.page.get_by_role("button", name="周海", exact=True).click()
    app.unlock("730518")
    app.tab("Saved here")
    assert not any(name in app.page.locator("main").inner_text() for name in swept.names)


def test_what_cannot_be_stored_is_never_called_saved(opened: Any) -> None:
    swept = small()
    app, _visitor = opened(swept.head)
    to_roster(app)
    app.page.evaluate("""() => {
      window.kept = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); };
    }""")
    app.press("Done")
    app.page.get_by_role("alert").get_by_text(say("NOT saved. Please note it on paper.")).wait_for()
    assert not app.page.get_by_text(say("Saved on this phone: {who}", who="")).count()
    assert app.page.locator(".roster-row").count() == len(swept.names)
    app.page.evaluate("() => { IDBObjectStore.prototype.add = window.kept; }")
    app.press("I have noted it")
    app.press("Done")
    all_arrived(app)
    assert list(CommandReceipt.objects.values_list("device_seq", flat=True)) == [1]


def test_a_phone_that_is_nearly_full_says_so(opened: Any) -> None:
    swept = small()
    app, _visitor = opened(swept.head)
    app.page.evaluate("() => { navigator.storage.estimate = async () => ({usage: 90, quota: 100}); }")
    app.tab("Saved here")
    warning = app.page.get_by_text(say("The storage of this phone is {n} %% full", n=90).replace("%%", "%"))
    warning.wait_for()
    assert warning.is_visible()


def test_a_phone_that_was_emptied_says_so(opened: Any) -> None:
    app, visitor = opened(small().head)
    app.page.evaluate("""async () => {
      for (const {name} of await indexedDB.databases()) indexedDB.deleteDatabase(name);
    }""")
    visitor.page.reload()
    app.page.get_by_text(say("This phone has cleared its storage"), exact=True).wait_for()
    app.set_up()
    assert Device.objects.count() == 2, "it has enrolled anew"


def test_a_phone_that_the_server_forgot_is_enrolled_anew(opened: Any) -> None:
    swept = small()
    app, _visitor = opened(swept.head)
    to_roster(app)
    Device.objects.all().delete()
    app.press("Done")
    all_arrived(app)
    assert Attempt.objects.count() == 1 and Device.objects.count() == 1


def test_wrong_pins_are_counted_and_the_right_one_opens(opened: Any) -> None:
    app, visitor = opened(small().head)
    app.press("Lock")
    app.page.locator("input[type=password]").fill("482914")
    app.press("Unlock")
    app.page.get_by_text(say("This PIN is not right. Tries left: {n}", n=9)).wait_for()
    visitor.page.reload()
    app.unlock()
    assert not app.page.locator("input[type=password]").count()
    assert app.page.locator(".tabs").is_visible()


def test_inside_wechat_it_leads_to_a_browser(visit: Any) -> None:
    visitor = visit(size=PHONE)
    agent = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0.42"
    visitor.page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {{get: () => '{agent}'}})")
    visitor.go("/field/app/")
    visitor.page.get_by_role("heading", name=say("Please open it in the browser")).wait_for()
    visitor.page.get_by_role("button", name=say("Copy the address")).click()
    assert visitor.page.locator("#address").inner_text() == f"{visitor.address}/field/app/"
    assert faults_of(visitor.page, "wechat") == []
    visitor.page.get_by_role("link", name=say("The simple pages, without installing")).click()
    visitor.page.wait_for_url("**/accounts/sign-in/?next=/field/")


# Codes


def picture_of(text: str) -> bytes:
    """A photo of a code lying on a table."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=6, border=6)
    code = Image.open(buffer).convert("RGB")
    table = Image.new("RGB", (1200, 900), (120, 110, 100))
    table.paste(code.rotate(7, expand=True, fillcolor=(240, 240, 240)), (250, 120))
    buffer = io.BytesIO()
    table.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def film_of(text: str, path: Path) -> None:
    """What a camera sees that is held over the code: one picture, again and again."""
    still = Image.open(io.BytesIO(picture_of(text))).convert("YCbCr").resize((640, 480))
    y, cb, cr = still.split()
    half = [plane.resize((320, 240)).tobytes() for plane in (cb, cr)]
    frame = b"FRAME\n" + y.tobytes() + b"".join(half)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 3)


def test_a_code_is_read_from_a_photo(opened: Any) -> None:
    swept = small()
    app, _visitor = opened(swept.head)
    app.tab("Rounds")
    app.press("Scan")
    forged = swept.codes[0][:-2] + ("AA" if swept.codes[0][-2:] != "AA" else "BA")
    for code, said in ((forged, say("This code was not made here. Ask for the ID number or the name.")),
                       (swept.codes[0], swept.names[0])):  # fmt: skip
        app.page.locator("input[type=file]").set_input_files(
            {"name": "code.jpg", "mimeType": "image/jpeg", "buffer": picture_of(code)}
        )
        app.page.locator(".said-now", has_text=said).wait_for()
    all_arrived(app)
    assert Entry.objects.get(person__name=swept.names[0]).state == "done"
    assert CommandReceipt.objects.filter(kind="rounds.mark").count() == 1


@contextmanager
def filming(playwright: Playwright, code: str, film: Path) -> Iterator[Page]:
    """A phone whose camera is held over a code."""
    film_of(code, film)
    fake = [f"--use-file-for-fake-video-capture={film}", "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream"]  # fmt: skip
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *fake])
    size = {"width": PHONE[0], "height": PHONE[1]}
    context = browser.new_context(viewport=size, locale="zh-CN", permissions=["camera"])
    yield context.new_page()
    browser.close()


def test_a_code_is_read_by_the_camera_and_counts_once(
    playwright: Playwright, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    swept = small()
    with filming(playwright, swept.codes[1], tmp_path / "code.y4m") as page:
        sign_in(page.context, live_server.url, swept.head, settings)
        page.goto(f"{live_server.url}/field/app/")
        app = App(page)
        app.set_up()
        app.tab("Rounds")
        app.press("Scan")
        app.press("Scan with the camera")
        app.page.locator(".said-now", has_text=swept.names[1]).wait_for()
        app.page.wait_for_timeout(4000)
        app.press("Camera off")
        all_arrived(app)
    assert Entry.objects.get(person__name=swept.names[1]).state == "done"
    assert CommandReceipt.objects.filter(kind="rounds.mark").count() == 1


# Every screen


def faults_of(page: Page, name: str, least: int = 48) -> list[str]:
    """What hinders whoever sees or reaches badly."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    found = [f"{name}: {one['id']} {one['nodes'][0]['target']}"
             for one in page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]]  # fmt: skip
    found += [f"{name}: {text}" for text in page.evaluate(SHORT, least)]
    return found + ([f"{name}: wider than the phone"] if page.evaluate(WIDE) else [])


def screens(app: App) -> Iterator[str]:
    """Goes through every screen of the app; says where it is."""
    page = app.page
    yield "work"
    app.tab("Rounds")
    yield "rounds"
    app.press("Roster")
    yield "roster"
    app.press("Something else")
    page.get_by_label(say("Not this time"), exact=True).check()
    app.press("Save")
    yield "entry"
    app.press("Met a trouble")
    yield "trouble"
    page.get_by_label(say("medicine"), exact=True).check()
    yield "trouble chosen"
    page.go_back()
    page.go_back()
    app.press("Scan")
    yield "scan"
    app.key_in("8号楼")
    page.locator(".roster-row").first.wait_for()
    yield "choose"
    page.locator(".roster-row button").first.click()
    app.button("The last one was wrong").wait_for()
    yield "scanned"
    app.press("Not on the list")
    app.press("Save")
    yield "walk-in"
    app.tab("Saved here")
    yield "outbox"
    app.press("Menu")
    yield "menu"
    app.press("Lock")
    yield "locked"


@pytest.mark.parametrize("mode", ["usual", "elder"])
def test_every_screen_is_for_everybody(opened: Any, mode: str) -> None:
    app, visitor = opened(small().head)
    app.page.evaluate("mode => localStorage.setItem('mode', mode)", mode)
    visitor.page.reload()
    app.unlock()
    found = []
    for name in screens(app):
        found += faults_of(app.page, name, 60 if mode == "elder" else 48)
        visitor.shot(f"phone-{mode}-{name.replace(' ', '-')}", full_page=True)
    assert found == []
