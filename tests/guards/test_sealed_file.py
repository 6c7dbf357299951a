"""What is sealed stands nowhere plain in the database's file: the small world is written, and the file read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from shouwang.volunteers.services import stand_down
from tests.guards.reading import told
from tests.guards.routes_homes import CARE_NOTE
from tests.guards.routes_world import WORDS, build_world, files_taken_back, id_number


def forms_of(secret: str) -> list[bytes]:
    """A text as it may stand in a file: as it is, and as JSON escapes it."""
    return [secret.encode(), json.dumps(secret)[1:-1].encode()]


@pytest.fixture
def files() -> Iterator[Path]:
    with files_taken_back() as folder:
        yield folder


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_is_nowhere_plain(files: Path) -> None:
    world = build_world()
    here = world.here
    stood = stand_down(volunteer=here.volunteer, reason="contact", by=here.owners["secretary"].user)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"SELECT reason FROM {stood._meta.db_table}")
        assert cursor.fetchone()[0].startswith("k1.")
    raw = Path(str(connection.settings_dict["NAME"])).read_bytes()
    sealed = [
        CARE_NOTE + here.mark, WORDS + here.mark, id_number(here.number),
        f"钱{here.mark}", id_number(here.number + 50), "ntfy.example.org", here.link,
        here.owners["secretary"].write_secret,
    ]  # fmt: skip
    found = [secret for secret in sealed if any(form in raw for form in forms_of(secret))]
    assert not found, told(found)
    assert here.person.name.encode() in raw, "names are plain there, so the look sees what there is"
    photos = [path.read_bytes() for path in files.glob("*/*")]
    assert photos and not any(photo.startswith(b"\xff\xd8") for photo in photos)
