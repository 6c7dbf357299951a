"""Photos: re-encoded (so that nothing but the picture is kept), sealed, on disk, with an end."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import StoredFile
from shouwang.core.sealing import seal, unseal

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
    path.write_bytes(seal(picture, f"file:{file_id}"))
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
    return unseal(_path(stored.pk).read_bytes(), f"file:{stored.pk}")


def count_expired(at: datetime) -> int:
    """How many kept files are past their day."""
    return StoredFile.objects.filter(expires_at__lt=at).count()


def erase_expired(at: datetime, limit: int) -> int:
    """Erases files past their day, from disk first."""
    expired = list(StoredFile.objects.filter(expires_at__lt=at)[:limit])
    for stored in expired:
        _path(stored.pk).unlink(missing_ok=True)
    StoredFile.objects.filter(pk__in=[stored.pk for stored in expired]).delete()
    return len(expired)


def count_expired_on_disk(at: datetime) -> int:
    """Files on disk that no row speaks of any more, or whose row is past its day."""
    kept = {pk.hex for pk in StoredFile.objects.exclude(expires_at__lt=at).values_list("pk", flat=True)}
    root = Path(settings.SHOUWANG_HOME) / "files"
    return sum(1 for path in root.glob("*/*") if path.name not in kept) if root.exists() else 0
