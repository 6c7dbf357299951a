"""Photos: re-encoded (so that nothing but the picture is kept), sealed, on disk, with an end."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.core.sealing import current_key, seal, unseal

LARGEST_UPLOAD = 12 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000


def _path(file_id: UUID) -> Path:
    name = file_id.hex
    return Path(settings.SHOUWANG_HOME) / "files" / name[-2:] / name


def clean_photo(raw: bytes) -> bytes:
    """A JPEG of at most 1600 px a side, upright, without any of the original's metadata."""
    if len(raw) > LARGEST_UPLOAD:
        raise Refusal(
            "photo-too-large",
            _("The photo is larger than 12 MB. Take it anew with fewer pixels."),
            field="photo",
        )
    try:
        with Image.open(io.BytesIO(raw)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal(
                    "photo-too-large",
                    _("The photo has too many pixels. Take it anew with fewer."),
                    field="photo",
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as fault:
        raise Refusal(
            "photo-unreadable", _("This file is not a photo that can be read."), field="photo"
        ) from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def keep_photo(
    raw: bytes,
    *,
    kind: str,
    subject_id: UUID,
    at: datetime,
    expires_at: datetime | None,
    community_id: UUID | None,
) -> StoredFile:
    """Cleans, seals and keeps a photo. Call inside the service's transaction."""
    picture = clean_photo(raw)
    file_id = uuid7()
    path = _path(file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(_sealed(picture, file_id))
    return StoredFile.objects.create(
        id=file_id,
        kind=kind,
        subject_id=subject_id,
        media_type="image/jpeg",
        size=len(picture),
        digest=hashlib.sha256(picture).hexdigest(),
        added_at=at,
        expires_at=expires_at,
        community_id=community_id,
    )


def read_file(stored: StoredFile) -> bytes:
    """The plain bytes of a kept file."""
    name, _dot, body = _path(stored.pk).read_bytes().partition(b".")
    return unseal(name.decode(), body, f"file:{stored.pk}")


def _sealed(plain: bytes, file_id: UUID) -> bytes:
    """As it stands on disk: the key's name, a dot, what is sealed."""
    name, sealed = seal(plain, f"file:{file_id}")
    return name.encode() + b"." + sealed


def stands_under(stored: StoredFile) -> str:
    """The name of the key a kept file is sealed with; '' when it is gone from the disk."""
    path = _path(stored.pk)
    return path.read_bytes().partition(b".")[0].decode() if path.exists() else ""


def seal_files_anew(rows: Iterable[StoredFile]) -> int:
    """Seals these files with the key that is current now; how many. Each is replaced whole."""
    counted = 0
    for stored in rows:
        path = _path(stored.pk)
        if stands_under(stored) not in ("", current_key()):
            beside = path.with_suffix(".new")
            beside.write_bytes(_sealed(read_file(stored), stored.pk))
            beside.replace(path)
            counted += 1
    return counted


# A file is written before the transaction that speaks of it ends; one that nothing speaks of after this was orphaned.
ORPHANED_AFTER = timedelta(hours=1)


def _on_disk() -> Iterator[Path]:
    root = Path(settings.SHOUWANG_HOME) / "files"
    yield from (path for path in root.glob("*/*") if path.is_file()) if root.exists() else ()


def _orphans(at: datetime) -> list[Path]:
    """Files that no row speaks of, an hour after they were written: their transaction did not end well."""
    known = {pk.hex for pk in StoredFile.objects.values_list("pk", flat=True)}
    limit = (at - ORPHANED_AFTER).timestamp()
    return [path for path in _on_disk() if path.name not in known and path.stat().st_mtime < limit]


def count_expired(at: datetime) -> int:
    """How many kept files are past their day, and files that nothing speaks of."""
    return StoredFile.objects.filter(expires_at__lt=at).count() + len(_orphans(at))


def erase_expired(at: datetime, limit: int) -> int:
    """Erases files past their day, from disk first, and those that nothing speaks of."""
    expired = list(StoredFile.objects.filter(expires_at__lt=at)[:limit])
    orphans = _orphans(at)[: limit - len(expired)]
    for path in (*(_path(stored.pk) for stored in expired), *orphans):
        path.unlink(missing_ok=True)
    StoredFile.objects.filter(pk__in=[stored.pk for stored in expired]).delete()
    return len(expired) + len(orphans)


def count_expired_on_disk(at: datetime) -> int:
    """The same, counted file by file on the disk."""
    kept = {pk.hex: until for pk, until in StoredFile.objects.values_list("pk", "expires_at")}
    limit = (at - ORPHANED_AFTER).timestamp()

    def is_past(path: Path) -> bool:
        if path.name in kept:
            until = kept[path.name]
            return until is not None and until < at
        return path.stat().st_mtime < limit

    return sum(1 for path in _on_disk() if is_past(path))
