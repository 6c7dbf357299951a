"""What is entered in core's registries is complete: sentences, shredders, erasers, handlers."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, get_resolver
from django.utils import timezone, translation

from shouwang.core.audit import payload_digest
from shouwang.core.models import AuditEntry
from shouwang.core.personal import FIELD_CLASSES, Personal, personal_fields
from shouwang.core.registry import (
    AuditKind,
    DueKind,
    Eraser,
    audit_kinds,
    due_kinds,
    erasers,
    invariants,
    nav_entries,
    pages,
    purposes,
    shred_payload,
)
from tests.guards.reading import Source, python_sources, rooms, source, template_sources, told

# Calls whose first word is a kind that must be entered, and the names of those kinds.
ENTERED_BY = {"write_audit": "audit kind", "schedule": "due kind"}
CANARY = "canary-19900001234"
# Fields that can hold somebody's words or numbers. A choice cannot.
HOLDS_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def kinds_used(sources: Iterable[Source], called: str) -> Iterator[tuple[str, str]]:
    """(kind, where) of every literal first argument of `called`; module constants are looked up."""
    for file in sources:
        constants = {
            ast.unparse(target): node.value.value
            for node in file.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
        }
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == called and node.args:
                first = node.args[0]
                for kind in literal_kinds(first, constants):
                    yield kind, f"{file.path}:{node.lineno}"


def literal_kinds(first: ast.expr, constants: dict[str, object]) -> list[str]:
    """The kinds a call may name: a literal, a constant of the module, or either arm of a condition."""
    if isinstance(first, ast.IfExp):
        return literal_kinds(first.body, constants) + literal_kinds(first.orelse, constants)
    value = first.value if isinstance(first, ast.Constant) else constants.get(ast.unparse(first))
    return [value] if isinstance(value, str) else []


def unknown_kinds(sources: Iterable[Source], called: str, known: Iterable[str]) -> list[str]:
    known = set(known)
    used = list(kinds_used(sources, called))
    return [
        f"{where}: {kind!r} is no registered {ENTERED_BY[called]}"
        for kind, where in used
        if kind not in known
    ]


def audit_faults(kinds: Iterable[AuditKind], room_names: Iterable[str]) -> list[str]:
    found = []
    for kind in kinds:
        if not re.fullmatch(rf"(?:{'|'.join(room_names)})(?:\.[a-z_]+){{2,3}}", kind.code):
            found.append(f"{kind.code}: is not room.subject.happened")
        with translation.override("en"):
            if not str(kind.sentence).strip():
                found.append(f"{kind.code}: has no sentence")
        if not callable(kind.shred):
            found.append(f"{kind.code}: has no shredder")
    return found


def due_faults(kinds: Iterable[DueKind]) -> list[str]:
    found = [f"{kind.code}: lane {kind.lane}" for kind in kinds if kind.lane not in {"clock", "worker"}]
    return found + [
        f"{kind.code}: its handler does not take (row, at)" for kind in kinds if not takes(kind.handler, 2)
    ]


def takes(handler: Callable[..., object], number: int) -> bool:
    try:
        inspect.signature(handler).bind(*range(number))
    except TypeError:
        return False
    return True


def undeclared_fields(all_models: Iterable[type[models.Model]]) -> list[str]:
    """Fields that could hold something personal and do not say whether they do."""
    found = []
    for model in all_models:
        said = set(getattr(model, "PERSONAL", {})) | set(getattr(model, "NOT_PERSONAL", ()))
        names = {field.name for field in model._meta.get_fields()}
        found += [f"{model._meta.label}: says {name}, which it has not" for name in sorted(said - names)]
        found += [
            f"{model._meta.label}.{field.name}: neither in PERSONAL nor in NOT_PERSONAL"
            for field in model._meta.concrete_fields
            if may_hold_something(field) and field.name not in said
        ]
    return found


def may_hold_something(field: models.Field) -> bool:
    if field.primary_key or field.is_relation or field.choices:
        return False
    return isinstance(field, HOLDS_TEXT) or field.name.startswith("birth")


def personal_faults(
    fields: Iterable[tuple[str, Personal]], all_erasers: Iterable[Eraser], known_purposes: Iterable[str]
) -> list[str]:
    erased = {name for eraser in all_erasers for name in eraser.fields}
    fields, known_purposes = list(fields), set(known_purposes)
    found = [f"{name}: no eraser answers for it" for name, _ in fields if name not in erased]
    found += [
        f"{name}: purpose {p.purpose!r} is not registered"
        for name, p in fields
        if p.purpose not in known_purposes
    ]
    found += [f"{name}: class {p.field_class!r}" for name, p in fields if p.field_class not in FIELD_CLASSES]
    return found + [
        f"{name}: an eraser names it, no model does" for name in erased - {name for name, _ in fields}
    ]


def program() -> list[Source]:
    return [file for file in python_sources() if not file.is_test]


def our_models() -> list[type[models.Model]]:
    """Models of the rooms. Core knows no person: what its rows say of one is shredded or sealed there."""
    return [model for model in apps.get_models() if model.__module__.startswith("shouwang.") and
            model._meta.app_label != "core"]  # fmt: skip


def test_every_change_written_is_a_registered_kind() -> None:
    found = unknown_kinds(program(), "write_audit", [kind.code for kind in audit_kinds])
    assert not found, told(found)


def test_every_row_scheduled_has_a_handler() -> None:
    found = unknown_kinds(program(), "schedule", [kind.code for kind in due_kinds])
    assert not found, told(found)
    assert not due_faults(due_kinds), told(due_faults(due_kinds))


def test_unknown_kinds_are_noticed() -> None:
    text = 'KIND = "help.lost"\nwrite_audit("help.x", by=by)\ndue.schedule(KIND, at=at)\nschedule(kind)'
    file = source("shouwang/help/services.py", text)
    assert unknown_kinds([file], "write_audit", ["help.y"])
    assert unknown_kinds([file], "schedule", ["help.y"]) == [
        "shouwang/help/services.py:3: 'help.lost' is no registered due kind"
    ]
    either = source("shouwang/help/services.py", 'write_audit("help.a" if x else "help.b", by=by)')
    assert len(unknown_kinds([either], "write_audit", ["help.a"])) == 1
    assert due_faults([DueKind("help.x", lambda row: None, lane="moon")])


def test_every_audit_kind_has_a_sentence_and_a_shredder() -> None:
    assert len(audit_kinds)
    found = audit_faults(audit_kinds, rooms())
    assert not found, told(found)


def test_a_silent_audit_kind_is_noticed() -> None:
    assert audit_faults([AuditKind("help.request.closed", " ")], ["help"])
    assert audit_faults([AuditKind("closed", "Closed")], ["help"])
    assert audit_faults([AuditKind("help.request.closed", "Closed", shred=None)], ["help"])  # type: ignore[arg-type]
    assert not audit_faults([AuditKind("help.request.closed", "Closed")], ["help"])


def leftover(kind: AuditKind) -> bool:
    """Whether anything of a payload survives this kind's shredder."""
    payload = dict.fromkeys([*re.findall(r"%\((\w+)\)", str(kind.sentence)), "note"], CANARY)
    entry = AuditEntry.objects.create(
        at=timezone.now(),
        kind=kind.code,
        actor_kind="user",
        payload=payload,
        payload_hash=payload_digest(payload),
    )
    kind.shred(entry)
    entry.refresh_from_db()
    return CANARY in str(entry.payload)


@pytest.mark.django_db
def test_every_shredder_leaves_nothing() -> None:
    found = [kind.code for kind in audit_kinds if leftover(kind)]
    assert not found, told(found)


@pytest.mark.django_db
def test_a_blunt_shredder_is_noticed() -> None:
    good = AuditKind("help.request.closed", "Closed", shred=shred_payload)
    assert not leftover(good)
    assert leftover(replace(good, shred=lambda entry: None))


def test_every_field_says_whether_it_is_personal() -> None:
    found = undeclared_fields(our_models())
    assert not found, told(found)


@pytest.mark.django_isolate_apps("shouwang.core")
def test_an_undeclared_field_is_noticed() -> None:
    class Diary(models.Model):
        words = models.TextField()
        mood = models.CharField(max_length=1, choices=[("a", "A")])
        colour = models.CharField(max_length=9)
        NOT_PERSONAL = ("colour", "smell")

        class Meta:
            app_label = "core"

    assert undeclared_fields([Diary]) == [
        "core.Diary: says smell, which it has not",
        "core.Diary.words: neither in PERSONAL nor in NOT_PERSONAL",
    ]


def test_every_personal_field_has_an_eraser_and_a_purpose() -> None:
    found = personal_faults(personal_fields(), erasers, [purpose.code for purpose in purposes])
    assert not found, told(found)
    unlimited = [purpose.code for purpose in purposes if purpose.days < 0 or not str(purpose.sentence)]
    assert not unlimited, told(unlimited)


def test_a_field_that_nobody_erases_is_noticed() -> None:
    field = ("people.Person.name", Personal("name", "care"))
    eraser = Eraser("people", frozenset({"people.Person.name"}), lambda at: 0, lambda at, n: 0, lambda at: 0)
    assert not personal_faults([field], [eraser], ["care"])
    assert personal_faults([field], [], ["care"])
    assert personal_faults([field], [eraser], [])
    assert personal_faults([], [eraser], ["care"])
    assert personal_faults([("people.Person.name", Personal("horoscope", "care"))], [eraser], ["care"])


@pytest.mark.django_db
@pytest.mark.both
def test_every_eraser_counts_verifies_and_stops() -> None:
    at = timezone.now()
    for eraser in erasers:
        assert eraser.count(at) == 0, eraser.code
        assert eraser.erase_batch(at, 10) == 0, eraser.code
        assert eraser.verify(at) == 0, eraser.code


@pytest.mark.django_db
@pytest.mark.both
def test_every_invariant_holds_on_an_empty_house() -> None:
    assert len(invariants)
    broken = {invariant.code: list(found.broken) for invariant in invariants
              for found in [invariant.run(timezone.now(), None)] if found.broken}  # fmt: skip
    assert not broken


def lost_routes(names: Iterable[str]) -> list[str]:
    """Route names that no URL answers to, whatever its arguments."""
    return [name for name in names if not answers(name)]


def answers(name: str) -> bool:
    resolver = get_resolver()
    *spaces, last = name.split(":")
    try:
        for space in spaces:
            resolver = resolver.namespace_dict[space][1]
        return last in resolver.reverse_dict
    except (KeyError, NoReverseMatch):
        return False


def test_registered_pages_exist() -> None:
    names = [page.url_name for page in pages] + [entry.url_name for entry in nav_entries]
    assert not lost_routes(names), told(lost_routes(names))
    assert lost_routes(["help:nowhere", "nowhere:at_all"]) == ["help:nowhere", "nowhere:at_all"]


def unknown_pages(sources: Iterable[Source], known: Iterable[str]) -> list[str]:
    """Links upwards, `{% page "people.household" ... %}`, to pages that nobody has entered."""
    known = set(known)
    return [
        f"{file.path}: {code!r} is no registered page"
        for file in sources
        for code in re.findall(r"""\{%\s*page\s+["']([\w.]+)["']""", file.text)
        if code not in known
    ]


def test_links_upwards_lead_to_registered_pages() -> None:
    found = unknown_pages(template_sources(), [page.code for page in pages])
    assert not found, told(found)
    bad = source("shouwang/help/templates/help/a.html", '{% page "moon.map" place_id=x as url %}')
    assert unknown_pages([bad], ["people.household"])
    assert not unknown_pages([bad], ["moon.map"])
