"""Templates name only their own room or rooms below, carry nothing inline, and say nothing untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.guards.reading import Source, floors, may_name, python_sources, source, template_sources, told

FILES_NAMED = re.compile(r"""\{%\s*(?:include|extends)\s+["']([\w/.#-]+)["']""")
ROUTES_NAMED = re.compile(r"""\{%\s*url\s+["']([\w:.-]+)["']""")
REVERSERS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
# Routes that belong to no room: site lends them to everybody.
NOBODYS = {"set_language", "front_door"}
# Core sends whoever is not signed in to the door, which stands in accounts, and its middleware answers errors
# in the dress of ui.
EXCEPTED = {("core", "accounts:sign_in"), ("core", "ui/refused.html"), ("core", "ui/flash.html")}

COMMENTS = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.S)
SPOKEN_BLOCKS = re.compile(r"\{%\s*(blocktranslate|blocktrans)\b.*?%\}.*?\{%\s*end\1\s*%\}", re.S)
SILENT_BLOCKS = re.compile(
    r"<(script|style|svg|code|kbd)\b[^>]*>.*?</\1\s*>|\{%\s*verbatim.*?endverbatim\s*%\}", re.S | re.I
)
# A block that hands a class name to its frame.
CLASS_BLOCKS = re.compile(r"\{%\s*block\s+\w+\s*%\}\s*[a-z][a-z0-9 -]*\s*\{%\s*endblock\b.*?%\}")
# Components take their words translated: {% button _("Send") %}.
BARE_BUTTONS = re.compile(r"""\{%\s*(?:button|link_button|post_button|tag)\s+(["'][^"']*["'])""")
# The specimen page of the design system shows components with a made-up day's content.
SPECIMENS = re.compile(r"shouwang/ui/templates/ui/gallery\w*\.html")
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<[!/]?[a-zA-Z][^<>]*>", re.S)
READ_ALOUD = re.compile(
    r"""\s(?:aria-label|aria-description|title|placeholder|alt)\s*=\s*(["'])(.*?)\1""", re.S
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Said alike in every language: the product's name, telephone numbers' letters, units.
ALIKE = re.compile(
    r"Shouwang|守望|SOS|QR|Excel|CSV|HTTPS?|API|&\w+;|\b(?:kg|km|px|xlsx|csv)\b|中文|简体中文|繁體中文|English"
)

INLINE = {
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>", re.I
    ),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "a handler in a tag": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a handler of htmx in a tag": re.compile(
        r"\shx-on\b|\shx-on:|\shx-(?:vals|headers)\s*=\s*[\"']js:", re.I
    ),
    "an address that is a script": re.compile(r"javascript:", re.I),
}


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """Takes `pattern` out and keeps the lines, so that line numbers stay right."""
    return pattern.sub(lambda match: "\n" * match.group().count("\n"), text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def upward_names(sources: Iterable[Source]) -> list[str]:
    """Templates included or routes linked that belong to a room above or beside."""
    found = []
    for file in sources:
        named = names_in_python(file) if file.path.endswith(".py") else names_in_template(file)
        for name, line in named:
            room = re.split(r"[/:]", name)[0]
            if name in NOBODYS or (file.room, name) in EXCEPTED:
                continue
            if room not in floors():
                if ":" in name or name.endswith(".html"):
                    continue  # of a library
                found.append(f"{file.path}:{line}: {name} says no room")
            elif not may_name(file.room, room):
                found.append(f"{file.path}:{line}: {name} is not below {file.room}; use a registry")
    return found


def names_in_template(file: Source) -> Iterator[tuple[str, int]]:
    text = blank(file.text, COMMENTS)
    for pattern in (FILES_NAMED, ROUTES_NAMED):
        yield from ((match[1], line_of(text, match.start())) for match in pattern.finditer(text))


def names_in_python(file: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).split(".")[-1]
        words = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if called in REVERSERS:
            yield from ((word, node.lineno) for word in words[:1] if re.fullmatch(r"\w+:[\w.-]+", word))
        yield from (
            (word, node.lineno) for word in words if re.fullmatch(r"[a-z]+/[\w/.-]+\.html(#\w+)?", word)
        )


def inline_code(sources: Iterable[Source]) -> list[str]:
    """What a content security policy without 'unsafe-inline' would block."""
    return [
        f"{file.path}:{line_of(text, match.start())}: {what}"
        for file in sources
        for text in [blank(file.text, COMMENTS)]
        for what, pattern in INLINE.items()
        for match in pattern.finditer(text)
    ]


def unspoken_words(sources: Iterable[Source]) -> list[str]:
    """Words in templates that no translation would reach."""
    return [
        f"{file.path}:{line}: {word!r}"
        for file in sources
        if not SPECIMENS.fullmatch(file.path)
        for word, line in words_left(file.text)
    ]


def words_left(text: str) -> Iterator[tuple[str, int]]:
    text = blank(text, COMMENTS)
    for match in BARE_BUTTONS.finditer(text):
        if LETTERS.search(match[1]):
            yield match[1], line_of(text, match.start())
    for pattern in (SPOKEN_BLOCKS, SILENT_BLOCKS, CLASS_BLOCKS, DJANGO):
        text = blank(text, pattern)
    text = ALIKE.sub("", text)
    for match in READ_ALOUD.finditer(text):
        if LETTERS.search(match[2]):
            yield match[2].strip(), line_of(text, match.start())
    for number, line in enumerate(blank(text, TAG).split("\n"), 1):
        if LETTERS.search(line):
            yield line.strip(), number


def test_templates_and_links_point_downwards() -> None:
    found = upward_names([*template_sources(), *(file for file in python_sources() if not file.is_test)])
    assert not found, told(found)


def test_an_upward_link_is_noticed() -> None:
    def above(text: str, path: str = "shouwang/people/templates/people/person.html") -> list[str]:
        return upward_names([source(path, text)])

    assert above('{% include "help/card.html" %}')
    assert above("{% url 'desk:today' %}")
    assert above('{% include "help/card.html#row" %}')
    assert above("{% url 'today' %}") == [
        "shouwang/people/templates/people/person.html:1: today says no room"
    ]
    assert above('render(request, "help/card.html")', "shouwang/people/views.py")
    assert above('reverse("help:board")', "shouwang/people/views.py")
    assert not above(
        '{% extends "ui/base.html" %}{% include "people/part.html" %}{% include section.template %}'
    )
    assert not above("{# {% url 'desk:today' %} #}")


def test_nothing_inline() -> None:
    found = inline_code(template_sources())
    assert not found, told(found)


def test_inline_code_is_noticed() -> None:
    bad = [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
    ]
    for text in bad:
        assert inline_code([source("shouwang/ui/templates/ui/a.html", text)]), text
    good = '<script src="a.js" defer></script><script type="application/json">{}</script><p data-on="x">'
    assert not inline_code([source("shouwang/ui/templates/ui/a.html", good)])


def test_every_word_is_translated() -> None:
    found = unspoken_words(template_sources())
    assert not found, told(found)


def test_untranslated_words_are_noticed() -> None:
    def left(text: str) -> list[str]:
        return unspoken_words([source("shouwang/ui/templates/ui/a.html", text)])

    assert left("<p>Today</p>") == ["shouwang/ui/templates/ui/a.html:1: 'Today'"]
    assert left("<p>\n今天</p>") == ["shouwang/ui/templates/ui/a.html:2: '今天'"]
    assert left('<input placeholder="Name">')
    assert left('{% button "Send" icon="send" %}')
    assert left("{% block title %}Today{% endblock %}")
    assert not left('{% block room %}phone{% endblock %}{% button _("Send") icon="send" %}')
    assert not left(
        '<input placeholder="{% translate "Name" %}"><p>{% blocktranslate %}Today{% endblocktranslate %}'
    )
    assert not left(
        '{% if a > 3 %}<b class="big">{{ name }}</b> · 守望{% endif %}<svg><title>x</title></svg>'
    )
