"""Photos: cleaned, sealed on disk, gone when their days are over or when nothing speaks of them."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from PIL import Image

from shouwang.core import clock, files
from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile

pytestmark = pytest.mark.django_db


def photo(size: tuple[int, int] = (3000, 1500)) -> bytes:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    Image.new("RGB", size, "green").save(content, "JPEG", exif=exif)
    return content.getvalue()


def keep(days: int | None = 30) -> StoredFile:
    at = clock.now()
    until = at + timedelta(days=days) if days is not None else None
    return files.keep_photo(
        photo(), kind="test", subject_id=uuid7(), at=at, expires_at=until, community_id=None
    )


def test_a_photo_is_small_bare_and_sealed() -> None:
    stored = keep()
    on_disk = files._path(stored.pk).read_bytes()
    assert b"CANARY-CAMERA" not in on_disk and b"JFIF" not in on_disk
    with Image.open(io.BytesIO(files.read_file(stored))) as picture:
        assert max(picture.size) == files.LONGEST_SIDE and not picture.getexif()


@pytest.mark.parametrize("raw", [b"", b"<svg onload=alert(1)>", b"GIF89a", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_photo_is_refused(raw: bytes) -> None:
    with pytest.raises(Refusal, match="photo-unreadable"):
        files.clean_photo(raw)


def test_too_large_is_refused_before_it_is_opened() -> None:
    with pytest.raises(Refusal, match="photo-too-large"):
        files.clean_photo(b"x" * (files.LARGEST_UPLOAD + 1))


def test_past_its_days_it_leaves_disk_and_table() -> None:
    stored, lasting = keep(days=1), keep(days=None)
    later = clock.now() + timedelta(days=2)
    before = files.count_expired(later)
    assert before >= 1 and files.count_expired_on_disk(later) == before
    assert files.erase_expired(later, 500) == before
    assert (files.count_expired(later), files.count_expired_on_disk(later)) == (0, 0)
    assert not files._path(stored.pk).exists() and files._path(lasting.pk).exists()


def test_a_file_whose_transaction_failed_is_found_and_erased() -> None:
    stored = keep()
    path = files._path(stored.pk)
    StoredFile.objects.filter(pk=stored.pk).delete()
    now = clock.now()
    known = files.count_expired(now)
    old = (now - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))
    assert files.count_expired(now) == known + 1 == files.count_expired_on_disk(now)
    files.erase_expired(now, 500)
    assert not path.exists()
