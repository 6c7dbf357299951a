"""Every sentence has its Chinese, and the check that says so is awake."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.guards.reading import told
from tools import translations

needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is missing")


def catalog(text: str) -> Catalog:
    return read_po(io.BytesIO((translations.HEADER + "\n" + text).encode()), locale="zh_Hans")


SAID = catalog('msgid "%(number)s doors"\nmsgstr ""\n\nmsgid "Today"\nmsgstr ""\n')


@needs_gettext
def test_every_sentence_has_its_chinese() -> None:
    found = translations.check()
    assert not found, told(found)


DOORS = 'msgid "%(number)s doors"\nmsgstr "%(number)s户"\n\n'
TODAY = 'msgid "Today"\nmsgstr "今天"\n\n'


@pytest.mark.parametrize(
    ("kept", "fault"),
    [
        (TODAY, "not entered"),
        (DOORS + 'msgid "Today"\nmsgstr ""', "no Chinese"),
        ('msgid "%(number)s doors"\nmsgstr "%(count)s户"\n\n' + TODAY, "placeholders differ"),
        (DOORS + "#, fuzzy\n" + TODAY, "fuzzy"),
        (DOORS + TODAY + 'msgid "Old"\nmsgstr "旧"', "nobody says it any more"),
        (DOORS + TODAY + '#~ msgid "Old"\n#~ msgstr "旧"', "marked obsolete"),
    ],
)
def test_a_fault_is_noticed(kept: str, fault: str) -> None:
    found = translations.faults_of(SAID, catalog(kept))
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_good_file_has_no_fault() -> None:
    kept = catalog('msgid "%(number)s doors"\nmsgstr "共%(number)s户"\n\nmsgid "Today"\nmsgstr "今天"\n')
    assert translations.faults_of(SAID, kept) == []


def test_two_translations_of_one_sentence_are_noticed() -> None:
    one, two = catalog('msgid "Round"\nmsgstr "轮次"'), catalog('msgid "Round"\nmsgstr "圆"')
    assert translations.quarrels({"help": one, "people": two})
    assert not translations.quarrels({"help": one, "people": one})


@needs_gettext
def test_python_and_templates_are_read(tmp_path: Path) -> None:
    room = tmp_path / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "views.py").write_text('x = _("From Python")\ny = ngettext("%(n)s door", "%(n)s doors", n)\n')
    page = '{% load i18n %}{% translate "From a page" %}'
    page += "{% blocktranslate count n=n %}one{% plural %}{{ n }}{% endblocktranslate %}"
    (room / "templates" / "room" / "page.html").write_text(page)
    said = {key[0] for key in translations.keyed(translations.sentences_of(room))}
    assert said == {"From Python", "%(n)s door", "From a page", "one"}
    assert translations.extract(room) == 4
    assert translations.extract(room) == 0
    assert len(translations.faults_of(translations.sentences_of(room), translations.kept_of(room))) == 4


def test_compiling_gives_both_scripts(tmp_path: Path) -> None:
    from opencc import OpenCC

    room = tmp_path / "room"
    path = translations.po_path(room)
    path.parent.mkdir(parents=True)
    path.write_text(translations.HEADER + '\nmsgid "%(n)s doors"\nmsgstr "%(n)s户门"\n', "utf-8")
    assert translations.compile_room(room, OpenCC("s2twp"))
    assert not translations.compile_room(room, OpenCC("s2twp"))
    texts = {}
    for language in ("zh_Hans", "zh_Hant"):
        with translations.po_path(room, language).with_suffix(".mo").open("rb") as file:
            texts[language] = read_mo(file).get("%(n)s doors").string
    assert texts == {"zh_Hans": "%(n)s户门", "zh_Hant": "%(n)s戶門"}
