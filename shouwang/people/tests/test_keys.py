"""Changing the key that seals: everything stays readable, nothing stays under the old one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from shouwang.core import files, keys, sealing
from shouwang.core.command_line import Unusable
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, StoredFile
from shouwang.core.sealing import SealedTextField
from shouwang.people.models import Person

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: Path) -> Iterator[None]:
    """A home with keys of its own: those of the other tests stay as they are."""
    settings.SHOUWANG_HOME = tmp_path  # type: ignore[attr-defined]
    sealing.load_key.cache_clear()
    yield
    sealing.load_key.cache_clear()


def people(count: int) -> list[Person]:
    return [
        Person.objects.create(
            name=f"王{number}", id_number=f"1501{number:04d}", extra={"单位": f"{number}厂"}
        )
        for number in range(count)
    ]


def picture() -> StoredFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    return files.keep_photo(
        content.getvalue(), kind="test", subject_id=uuid7(), at=AT, expires_at=None, community_id=None
    )


def names_in_database() -> set[str]:
    """The keys' names as they stand in the column itself."""
    return {str(token).partition(".")[0] for token in Person.objects.values_list("id_number", flat=True)}


def test_everything_stands_under_the_new_key_and_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "A_STEP", 3)
    known, kept = people(8), picture()
    shown = files.read_file(kept)
    told: list[tuple[str, int]] = []
    assert keys.change_key(AT, lambda column, count: told.append((column, count))) == "k2"
    assert dict(told)["people.Person.id_number"] == 8 and dict(told)["files"] == 1
    assert names_in_database() == {"k2"} and keys.count_old() == {}
    for row in Person.objects.all():
        assert row.id_number == f"1501{int(row.name[1:]):04d}" and row.extra == {"单位": f"{row.name[1:]}厂"}
    assert files.read_file(kept) == shown
    assert keys.retire_keys() == ["k1"]
    sealing.load_key.cache_clear()
    assert Person.objects.get(pk=known[3].pk).id_number == "15010003" and files.read_file(kept) == shown
    entry = AuditEntry.objects.get(kind="core.keys.changed")
    assert entry.payload == {"key": "k2", "values": 16, "files": 1}


def test_a_change_that_was_stopped_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    people(5)
    monkeypatch.setattr(keys, "A_STEP", 2)
    sealed, times = SealedTextField.sealed_anew, iter(range(3))

    def stops(self: SealedTextField, instance: Person, token: str) -> object:
        if next(times, None) is None:
            raise KeyboardInterrupt
        return sealed(self, instance, token)

    with monkeypatch.context() as patched:
        patched.setattr(SealedTextField, "sealed_anew", stops)
        with pytest.raises(KeyboardInterrupt):
            keys.change_key(AT, lambda column, count: None)
    assert names_in_database() == {"k1", "k2"}
    assert {row.id_number for row in Person.objects.all()} == {f"1501{number:04d}" for number in range(5)}
    with pytest.raises(ValueError, match="older key"):
        keys.retire_keys()
    with pytest.raises(Unusable):
        call_command("keys", "retire")
    call_command("keys", "go-on", stdout=io.StringIO())
    assert names_in_database() == {"k2"}


def test_who_was_running_goes_on_with_the_new_key() -> None:
    people(1)
    keys.make_next_key()
    people(1)
    assert names_in_database() == {"k1", "k2"}


def test_what_is_written_meanwhile_is_kept() -> None:
    (person,) = people(1)
    keys.make_next_key()
    stale = list(keys._under_another_key(Person, Person._meta.get_field("id_number")))
    person.id_number = "15019999"
    person.save()
    field = Person._meta.get_field("id_number")
    token = stale[0].__dict__["id_number"]
    assert not Person.objects.filter(pk=person.pk, id_number=token).exists()
    assert keys.seal_column_anew(Person, field) == 0
    assert Person.objects.get().id_number == "15019999"


def test_the_command_shows_what_there_is() -> None:
    people(2)
    keys.make_next_key()
    said = io.StringIO()
    call_command("keys", "show", stdout=said)
    assert said.getvalue().startswith("k1 k2\n") and "people.Person.id_number" in said.getvalue()
