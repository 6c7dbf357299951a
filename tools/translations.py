"""The translations of every room: check them, enter new sentences, compile them.

    python tools/translations.py check            every sentence has its Chinese, and no Chinese is left over
    python tools/translations.py extract [ROOM..] append the missing sentences to the room's file, to be filled
    python tools/translations.py prune [ROOM..]   take out sentences that nobody says any more
    python tools/translations.py compile          write the .mo files (needs no gettext on the machine)

English is the sentence in the source; `shouwang/<room>/locale/zh_Hans/LC_MESSAGES/django.po` is kept by hand.
Traditional Chinese is converted from it when compiling and is never kept.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "shouwang"
LANGUAGE, DERIVED = "zh_Hans", "zh_Hant"
KEYWORDS = [
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
]
UNREAD = {"tests", "migrations", "locale", "static", "node_modules", "__pycache__"}

NAMED = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]")
BRACES = re.compile(r"(?<!\{)\{(\w*)(?:[:!][^{}]*)?\}(?!\})")
PLAIN = re.compile(r"(?<!%)%[sd]")

Key = tuple[str, str | None]


class Unusable(Exception):
    """Said to the person who typed the command."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


def rooms(package: Path = PACKAGE) -> list[Path]:
    return sorted(path for path in package.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def po_path(room: Path, language: str = LANGUAGE) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def sources_in(room: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(room):
        names[:] = sorted(set(names) - UNREAD)
        endings = (".py", ".html", ".txt", *((".json",) if "templates" in Path(folder).parts else ()))
        yield from (Path(folder) / name for name in sorted(files) if name.endswith(endings))


def is_template(path: Path) -> bool:
    return path.suffix != ".py" and "templates" in path.parts


def sentences_of(room: Path) -> Catalog:
    """Every sentence that the room says, read by xgettext as Django's makemessages would."""
    if shutil.which("xgettext") is None:
        raise Unusable("xgettext is missing; on Debian: apt-get install gettext")
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(readable_copy(path, room, Path(folder))) for path in sources_in(room)]
        return extracted(paths, Path(folder) / "room.pot") if paths else Catalog()


def readable_copy(path: Path, room: Path, folder: Path) -> Path:
    """Templates become something that xgettext takes for Python; Python stays where it is."""
    if not is_template(path):
        return path
    from django.utils.translation.template import templatize

    copy = folder / (str(path.relative_to(room)).replace("/", "__") + ".py")
    copy.write_text(templatize(path.read_text("utf-8"), origin=str(path)), "utf-8")
    return copy


def extracted(paths: list[str], pot: Path) -> Catalog:
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--no-wrap", "--output", str(pot)]
    command += [f"--keyword={keyword}" for keyword in KEYWORDS]
    listing = pot.with_suffix(".files")
    listing.write_text("\n".join(path for path in paths if not path.endswith(".txt")), "utf-8")
    done = subprocess.run([*command, "--files-from", str(listing)], capture_output=True, text=True)
    if done.returncode:
        raise Unusable(f"xgettext failed: {done.stderr.strip()}")
    if not pot.exists():
        return Catalog()
    # xgettext leaves gaps in the heading that Babel would take at their word.
    text = pot.read_text("utf-8")
    for gap, filled in (
        ("charset=CHARSET", "charset=UTF-8"),
        ("=INTEGER", "=2"),
        ("=EXPRESSION", "=(n != 1)"),
    ):
        text = text.replace(gap, filled, 1)
    return read_po(io.BytesIO(text.encode()))


def kept_of(room: Path) -> Catalog:
    path = po_path(room)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def keyed(catalog: Catalog) -> dict[Key, Message]:
    return {(first(message.id), message.context): message for message in catalog if message.id}


def first(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def forms(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────


def placeholders(text: str) -> list[str]:
    named = {f"%({name})" for name in NAMED.findall(text)}
    braces = {f"{{{name}}}" for name in BRACES.findall(text)}
    return sorted(named | braces) + PLAIN.findall(NAMED.sub("", text))


def faults_of(said: Catalog, kept: Catalog) -> list[str]:
    """What is wrong with one room's file, a sentence each; empty when all is well."""
    spoken, written = keyed(said), keyed(kept)
    found = [f"not entered: {show(key)}" for key in spoken if key not in written]
    found += [f"nobody says it any more: {show(key)}" for key in written if key not in spoken]
    found += [f"marked obsolete: {first(message.id)!r}" for message in kept.obsolete.values()]
    for key in spoken.keys() & written.keys():
        found += [f"{fault}: {show(key)}" for fault in faults_of_one(spoken[key], written[key])]
    return sorted(found)


def faults_of_one(source: Message, target: Message) -> Iterator[str]:
    if target.fuzzy:
        yield "fuzzy"
    if not all(forms(target.string)) or not forms(target.string):
        yield "no Chinese"
        return
    wanted = placeholders(forms(source.id)[-1])
    for form in forms(target.string):
        if placeholders(form) != wanted:
            yield f"placeholders differ ({placeholders(form)} for {wanted})"


def show(key: Key) -> str:
    text, context = key
    return repr(text) + (f" in the sense of {context!r}" if context else "")


def quarrels(catalogs: dict[str, Catalog]) -> list[str]:
    """One sentence, two translations: Django would silently take one of them for both rooms."""
    seen: dict[Key, tuple[str, str]] = {}
    found = []
    for room, catalog in catalogs.items():
        for key, message in keyed(catalog).items():
            text = "|".join(forms(message.string))
            other, before = seen.setdefault(key, (room, text))
            if text and before and before != text:
                found.append(
                    f"{show(key)} is {before!r} in {other} and {text!r} in {room}; use pgettext for one"
                )
    return found


def check(package: Path = PACKAGE) -> list[str]:
    catalogs, found = {}, []
    for room in rooms(package):
        catalogs[room.name] = kept_of(room)
        found += [f"{room.name}: {fault}" for fault in faults_of(sentences_of(room), catalogs[room.name])]
    return found + quarrels(catalogs)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────


def extract(room: Path) -> int:
    """Appends what is missing at the end of the file, so that the order kept by hand stays."""
    written = keyed(kept_of(room))
    missing = Catalog(locale=LANGUAGE)
    for key, message in keyed(sentences_of(room)).items():
        if key not in written:
            # Chinese has one form where English has two.
            empty = ("",) if message.pluralizable else ""
            missing.add(message.id, empty, context=message.context, flags=message.flags - {"fuzzy"})
    if not len(missing):
        return 0
    path = po_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if file.tell() == 0:
            file.write(HEADER.encode())
        file.write(b"\n")
        write_po(file, missing, omit_header=True, no_location=True, width=110)
    return len(missing)


HEADER = f"""\
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def prune(room: Path) -> int:
    said, kept = keyed(sentences_of(room)), kept_of(room)
    gone = [key for key in keyed(kept) if key not in said]
    if not gone and not kept.obsolete:
        return 0
    tidy = Catalog(locale=LANGUAGE)
    for key, message in keyed(kept).items():
        if key in said:
            flags = message.flags | (said[key].flags - {"fuzzy"})
            tidy.add(message.id, message.string, context=message.context, flags=flags)
    buffer = io.BytesIO()
    write_po(buffer, tidy, omit_header=True, no_location=True, width=110)
    po_path(room).write_bytes(HEADER.encode() + b"\n" + buffer.getvalue())
    return len(gone) + len(kept.obsolete)


def compile_room(room: Path, converter: object) -> bool:
    """Writes both .mo files if the .po is newer; says whether it did."""
    path = po_path(room)
    targets = [po_path(room, language).with_suffix(".mo") for language in (LANGUAGE, DERIVED)]
    newest = max(path.stat().st_mtime, Path(__file__).stat().st_mtime)
    if all(target.exists() and target.stat().st_mtime >= newest for target in targets):
        return False
    kept = kept_of(room)
    write_atomically(targets[0], kept)
    write_atomically(targets[1], converted(kept, converter))
    return True


def converted(kept: Catalog, converter: object) -> Catalog:
    """The same in Traditional Chinese; placeholders and markup are ASCII and come through as they are."""
    turned = Catalog(locale=DERIVED)
    for message in keyed(kept).values():
        string = message.string
        text = (
            convert(converter, string)
            if isinstance(string, str)
            else tuple(convert(converter, s) for s in string)
        )
        turned.add(message.id, text, context=message.context, flags=message.flags)
    return turned


def convert(converter: object, text: str) -> str:
    return str(converter.convert(text)) if text else ""  # type: ignore[attr-defined]


def write_atomically(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        write_mo(file, catalog)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────


def chosen(names: list[str]) -> list[Path]:
    known = {room.name: room for room in rooms()}
    if unknown := [name for name in names if name not in known]:
        raise Unusable(f"no such room: {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] or list(known.values())


def run(verb: str, names: list[str], quiet: bool) -> int:
    if verb == "check":
        found = check()
        print("\n".join(found) if found else "Every sentence has its Chinese.")
        return 1 if found else 0
    if verb == "compile":
        from opencc import OpenCC

        done = [
            room.name
            for room in chosen(names)
            if po_path(room).exists() and compile_room(room, OpenCC("s2twp"))
        ]
        if done and not quiet:
            print(f"compiled: {', '.join(done)}")
        return 0
    for room in chosen(names):
        if number := (extract if verb == "extract" else prune)(room):
            print(
                f"{room.name}: {number} {'to fill in' if verb == 'extract' else 'taken out'}: {po_path(room)}"
            )
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=["check", "extract", "prune", "compile"])
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    try:
        return run(given.verb, given.rooms, given.quiet)
    except Unusable as reason:
        print(f"✗ {reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
