"""A command on its way: sealed under the phone's key, bound to its id, device and number."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


@dataclass(frozen=True)
class Parcel:
    """What anybody may carry: `sealed` is base64 of nonce, ciphertext and tag."""

    id: UUID
    device: UUID
    seq: int
    sealed: str


@dataclass(frozen=True)
class Content:
    """What was inside: `text` as its author's phone wrote it, `said` the same as a mapping."""

    text: str
    said: dict[str, Any]


class Unreadable(ValueError):
    """It does not open under this key, or holds no JSON object."""


def bound_to(parcel: Parcel) -> bytes:
    """The additional data to which a parcel is bound."""
    return f"shouwang command 1|{parcel.id}|{parcel.device}|{parcel.seq}".encode("ascii")


def open_parcel(parcel: Parcel, key: str) -> Content:
    """What is in the parcel; `key` base64 of 32 bytes. Raises Unreadable."""
    try:
        sealed = base64.b64decode(parcel.sealed, validate=True)
        text = _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to(parcel)).decode()
        said = json.loads(text)
    except (InvalidTag, binascii.Error, ValueError, RecursionError) as fault:
        raise Unreadable(str(parcel.id)) from fault
    if not isinstance(said, dict):
        raise Unreadable(str(parcel.id))
    return Content(text, said)


def seal_parcel(*, id: UUID, device: UUID, seq: int, key: str, said: dict[str, Any], nonce: bytes) -> Parcel:  # noqa: A002
    """The same as a phone does it, for trials and for programs that speak for a phone. `nonce`: 12 random bytes."""
    empty = Parcel(id, device, seq, "")
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = nonce + _cipher(key).encrypt(nonce, text, bound_to(empty))
    return Parcel(id, device, seq, base64.b64encode(sealed).decode())


@lru_cache(maxsize=4096)
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))
