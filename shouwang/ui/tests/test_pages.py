from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.test import Client

ROOM = Path(__file__).resolve().parents[1]
STATIC = ROOM / "static" / "ui"
FACES = ("desk", "phone", "portal", "sheet", "plain")
pytestmark = pytest.mark.usefixtures("bare_site")


@pytest.mark.django_db
@pytest.mark.parametrize("face", FACES)
def test_every_face_keeps_the_content_security_policy(client: Client, face: str) -> None:
    html = client.get("/", {"face": face}).content.decode()
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son\w+=", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert "<style" not in html


@pytest.mark.django_db
def test_elder_mode_is_kept_and_can_be_left(client: Client) -> None:
    assert 'data-mode="usual"' in client.get("/", {"face": "portal"}).content.decode()
    html = client.get("/", {"face": "portal", "mode": "elder"}).content.decode()
    assert 'data-mode="elder"' in html
    assert "mode=usual" in html
    assert 'data-mode="elder"' in client.get("/", {"face": "portal"}).content.decode()


def test_the_residents_page_is_light() -> None:
    files = ("tokens.css", "base.css", "portal.css", "shouwang.js")
    assert sum((STATIC / name).stat().st_size for name in files) < 30 * 1024


@pytest.mark.parametrize("status", [403, 404, 409, 429, 500])
def test_an_error_page_needs_no_request(status: int) -> None:
    assert str(status) in render_to_string("ui/wrong.html", {"status": status})


def test_flash_messages_are_never_vermilion() -> None:
    class Message:
        def __init__(self, tag: str) -> None:
            self.level_tag = tag

        def __str__(self) -> str:
            return "<b>"

    tags = ("success", "info", "warning", "error", "debug")
    html = render_to_string("ui/flash.html", {"messages": [Message(tag) for tag in tags]})
    assert "danger" not in html
    assert html.count("note-box-need") == 2
    assert "<b>" not in html


def test_every_word_has_its_chinese() -> None:
    with (ROOM / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = {str(word.id): word.string for word in read_po(file) if isinstance(word.id, str) and word.id}
    used: set[str] = set()
    for page in (ROOM / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% translate "([^"]+)"', page.read_text()))
    assert used - known.keys() == set()
    assert [word for word, chinese in known.items() if not chinese] == []


def test_colours_carry_aa_contrast_in_both_lights() -> None:
    """Text tokens against the grounds they stand on: 4.5:1 and more."""
    pairs = [
        ("ink", "paper"),
        ("ink-2", "paper"),
        ("ink-3", "paper"),
        ("ink-3", "card"),
        ("pine-ink", "card"),
        ("pine-ink", "paper"),
        ("pine-ink", "pine-2"),
        ("pine-ink", "pine-3"),
        ("on-pine", "pine"),
        ("lamp-ink", "lamp-2"),
        ("lamp-ink", "lamp-3"),
        ("lamp-ink", "card"),
        ("alarm-ink", "alarm-3"),
        ("alarm-ink", "card"),
        ("on-alarm", "alarm"),
        ("sky-ink", "sky-2"),
        ("mute-ink", "mute"),
        ("calm-mark", "calm-cell"),
    ]
    for light in _lights():
        for front, ground in pairs:
            assert _contrast(light[front], light[ground]) >= 4.5, (front, ground)
        assert _contrast(light["edge"], light["card"]) >= 3


def _lights() -> list[dict[str, str]]:
    text = (STATIC / "tokens.css").read_text()
    day, night = text.split("@media (prefers-color-scheme: dark)")
    tokens = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", part)) for part in (day, night)]
    return [tokens[0], {**tokens[0], **tokens[1]}]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
