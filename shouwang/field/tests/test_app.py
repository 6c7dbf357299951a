"""The phone app as the program serves it: the same for everybody, its words in every language, its worker true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from shouwang.core.middleware import CONTENT_SECURITY_POLICY
from shouwang.field.engines.phone_app import BuiltApp, worker_script
from shouwang.field.views import app as views
from shouwang.incidents.tests.neighbourhood import settle, signed_in

ROOT = Path(__file__).resolve().parents[3]
KEYS = re.compile(r'^  "(\w+)",$', re.M)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def keys_used() -> list[str]:
    return KEYS.findall((ROOT / "phone/src/keys_of_words.ts").read_text("utf-8"))


def words(language: str) -> dict[str, str]:
    answer = Client().get("/field/app/words.json", {"language": language})
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_app_may_say_and_what_it_is_given_agree(language: str) -> None:
    assert list(words(language)) == keys_used()


def test_every_key_is_said_somewhere_in_the_app() -> None:
    sources = [path for path in (ROOT / "phone/src").rglob("*.ts*") if path.name != "keys_of_words.ts"]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    unsaid = [key for key in keys_used() if f'"{key}"' not in text and f"{key}:" not in text]
    assert unsaid == []


def test_words_have_the_same_gaps_in_every_language() -> None:
    gaps = [
        {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in words(code).items()} for code in LANGUAGES
    ]
    assert gaps[0] == gaps[1] == gaps[2]
    assert "全部已送达" in words("zh-hans")["all_arrived"]
    assert "全部已送達" in words("zh-hant")["all_arrived"]
    assert words("en")["all_arrived"] == "Everything has arrived"
    assert words("klingon") == words("zh-hans")


@pytest.mark.django_db
def test_the_page_is_the_same_whoever_asks() -> None:
    here = settle()
    pages = [client.get("/field/app/") for client in (Client(), signed_in(here.bob))]
    assert pages[0].content == pages[1].content
    assert here.bob.name not in pages[1].content.decode()


def test_only_the_apps_page_may_compile_the_decoder() -> None:
    policy = Client().get("/field/app/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert policy.replace(" 'wasm-unsafe-eval'", "") == CONTENT_SECURITY_POLICY
    for path in ("/field/app/sw.js", "/accounts/sign-in/"):
        assert "wasm" not in Client().get(path).headers["Content-Security-Policy"]


def test_what_the_worker_keeps_is_all_served() -> None:
    script = Client().get("/field/app/sw.js").content.decode()
    house = json.loads(script.split("\n")[0].removeprefix("self.HOUSE = ").removesuffix(";"))
    built = re.findall(r'"url":"([^"]+)"', script)
    assert any(name.endswith(".wasm") for name in built)
    for name in built:
        assert finders.find(f"field/app/{name}"), name
    for address in house["addresses"]:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
        else:
            assert Client().get(address).status_code == 200, address
    page = Client().get(house["page"]).content.decode()
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    kept = {*house["addresses"], *(house["base"] + name for name in built)}
    assert links and not set(links) - kept


def test_another_page_makes_another_worker() -> None:
    app = BuiltApp("app.js", "worker")

    def mark(*parts: bytes) -> Any:
        script = worker_script(app, "/p/", "/s/", ["/a"], parts)
        return json.loads(script.split("\n")[0].removeprefix("self.HOUSE = ").removesuffix(";"))["mark"]

    assert mark(b"one") == mark(b"one") != mark(b"two")
    assert mark(b"ab", b"c") != mark(b"a", b"bc")


def test_the_manifest_names_pictures_that_are_there() -> None:
    manifest = Client().get("/field/app/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@pytest.mark.django_db
def test_without_a_built_app_it_says_so_and_leads_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(views, "BUILT", tmp_path)
    page = Client(headers={"accept-language": "en"}).get("/field/app/")
    assert page.status_code == 200
    assert 'href="/field/"' in page.content.decode() and "node was missing" in page.content.decode()
    assert "unregister" in Client().get("/field/app/sw.js").content.decode()
