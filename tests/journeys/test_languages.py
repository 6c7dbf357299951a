"""Every page in one language: no English left in the Chinese pages, no Chinese in the English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from shouwang.goods.engines.medicines import table
from tests.journeys.busy import Busy, busy_community

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MOST_PAGES = 200
SAID = ("aria-label", "placeholder", "title", "alt", "data-confirm")
UNSEEN = {"script", "style", "kbd"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
HANZI = re.compile(r"[\u3400-\u9fff]+")
TWO_WORDS = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")
# The other language's name stands in its own writing; so does the brand.
ALWAYS = ("简体中文", "繁體中文", "中文", "守望", "English", "Shouwang")


class Words(HTMLParser):
    """What a page says: its texts and the attributes that are read aloud or shown; and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in UNSEEN:
            self._inside.append(tag)
        self.texts += [given[name] or "" for name in given if name in SAID or name.startswith("data-copied")]
        if tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, text: str) -> None:
        if not self._inside and text.strip():
            self.texts.append(" ".join(text.split()))


def shape_of(path: str) -> str:
    """Pages that differ by an id, or by the value of a filter, are one page."""
    address = urlsplit(path)
    return (
        f"{UUID.sub('ID', address.path)}?{'&'.join(sorted({name for name, _v in parse_qsl(address.query)}))}"
    )


def pages(client: Client) -> Iterator[tuple[str, Words]]:
    """Every page that can be reached by links from where somebody comes in, nearest first."""
    waiting, seen = ["/"], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        shape = shape_of(path)
        if shape in seen or not path.startswith("/") or path.startswith(("/static/", "/accounts/sign-out")):
            continue
        seen.add(shape)
        answer = client.get(path, follow=True)
        assert answer.status_code < 400, f"{path}: {answer.status_code}"
        if answer.headers["Content-Type"].startswith("text/html"):
            here = answer.request["PATH_INFO"]
            words = Words(answer.content.decode())
            waiting += [here + link if link.startswith("?") else link for link in words.links]
            yield path, words


def client_of(busy: Busy, username: str, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(busy.world.people[username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def english_sentences() -> set[str]:
    """Sentences of the interface that have Chinese of their own."""
    found = set()
    for path in ROOT.glob("shouwang/*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                one = message.id if isinstance(message.id, str) else ""
                if one and re.search("[a-z]{2}", one) and message.string != one:
                    found.add(one)
    return found


ROLES = ("alice", "clerk", "oncall", "gridhead", "bob", "vera")
# A volunteer without a post sees little more than the own work.
LEAST = {"vera": 3}


def on_the_packet() -> list[str]:
    """Chinese names of medicines, ingredients, classes, and brands: they stand on the packet in whatever language."""
    known = table()
    named = [*known.medicines.values(), *known.substances.values(), *known.classes.values()]
    brands = [brand for one in known.medicines.values() for brand in one.aliases]
    return sorted([*(one.name for one in named), *brands], key=len, reverse=True)


def without_data(text: str, data: list[str]) -> str:
    for piece in data:
        text = text.replace(piece, "")
    return text


def left_in_chinese(text: str, sentences: set[str], usernames: set[str]) -> bool:
    """Whether an English sentence of the interface stands there."""
    if text in ALWAYS or text in usernames:
        return False
    return text in sentences or TWO_WORDS.search(text) is not None


def test_what_is_left_is_found() -> None:
    page = Words(
        '<p title="Not now">今天</p><p>Requests</p><script>var one = two three</script><kbd>Enter</kbd>'
    )
    assert [text for text in page.texts if left_in_chinese(text, {"Requests"}, set())] == [
        "Not now",
        "Requests",
    ]
    assert HANZI.search(without_data("8号楼 waits 今天", ["8号楼"]))
    assert not HANZI.search(without_data("8号楼 waits", ["8号楼"]))


def test_no_english_in_the_chinese_pages() -> None:
    busy, sentences = busy_community(), english_sentences()
    usernames = set(busy.world.people)
    for username in ROLES:
        said = dict(pages(client_of(busy, username, "zh-hans")))
        assert len(said) >= LEAST.get(username, 15), f"{username} reaches only {sorted(said)}"
        found = [(p, t) for p, w in said.items() for t in w.texts if left_in_chinese(t, sentences, usernames)]
        assert found == [], username


def test_no_chinese_in_the_english_pages() -> None:
    busy = busy_community()
    data = [*ALWAYS, *busy.chinese(), *on_the_packet()]
    for username in ROLES:
        said = dict(pages(client_of(busy, username, "en")))
        assert len(said) >= LEAST.get(username, 15), f"{username} reaches only {sorted(said)}"
        found = [(p, t) for p, w in said.items() for t in w.texts if HANZI.search(without_data(t, data))]
        assert found == [], username
