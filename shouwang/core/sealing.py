"""Sealed fields: AES-256-GCM with a key id, bound to the row and field they stand in.

A token is "k1.<base64 of nonce + ciphertext>". A value found by whole value only has a blind index
beside it: HMAC-SHA-256 under a key of its own. What others must be able to check is signed, with ECDSA P-256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

FIRST_KEY = "k1"
# How many private keys the curve P-256 has, and one (FIPS 186-5): they are the numbers from 1 up to below it.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def keys_folder() -> Path:
    """Where the keys are: never in the database, never in a backup of it."""
    return _folder(settings.SHOUWANG_HOME)


@lru_cache(maxsize=4)
def _folder(home: str | Path) -> Path:
    return Path(home) / "keys"


def _key_path(name: str) -> Path:
    return keys_folder() / name


def sealing_keys() -> list[str]:
    """The names of the keys that seal fields and files, the oldest first: k1, k2 ..."""
    names = (path.name for path in keys_folder().glob("k*"))
    return sorted((name for name in names if name[1:].isdigit()), key=lambda name: int(name[1:])) or [
        FIRST_KEY
    ]


def current_key() -> str:
    """The name of the key that seals from now on: the newest. Asked anew when the folder has changed, so that a
    process which was running while the keys were changed goes on with the new one."""
    folder = _folder(settings.SHOUWANG_HOME)
    try:
        changed = folder.stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    return _newest(str(folder), changed)


@lru_cache(maxsize=4)
def _newest(folder: str, changed: int) -> str:
    return sealing_keys()[-1]


def make_next_key() -> str:
    """A new key after the newest, which is current from now on; its name."""
    load_key(current_key())
    name = f"k{int(sealing_keys()[-1][1:]) + 1}"
    load_key(name)
    _newest.cache_clear()  # a folder changed twice within one tick of the disk's clock looks unchanged
    return name


@cache
def load_key(name: str) -> bytes:
    """The 32-byte key of that name, made on first use and readable by the owner alone."""
    path = _key_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    for _attempt in range(50):
        key = path.read_bytes()
        if len(key) == 32:
            return key
        os.sched_yield()
    raise RuntimeError(f"{path.name} is not a key")


def signing_key(name: str) -> ec.EllipticCurvePrivateKey:
    """The P-256 key that signs under that name: made on first use and kept as the other keys are, by its number alone."""
    return _signing_key(load_key(name))


@lru_cache(maxsize=4)
def _signing_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """32 random bytes are a private key, but for one in 2^32, which is folded back among the others."""
    return ec.derive_private_key(int.from_bytes(secret) % (P256_ORDER - 1) + 1, ec.SECP256R1())


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, bound_to: str) -> tuple[str, bytes]:
    """`plain` sealed and bound to `bound_to`, with the name of the key; only the same three open it again."""
    name, nonce = current_key(), os.urandom(12)
    return name, nonce + _cipher(load_key(name)).encrypt(nonce, plain, bound_to.encode())


def unseal(key_name: str, sealed: bytes, bound_to: str) -> bytes:
    """What `seal` sealed. Raises InvalidTag if moved to another row or changed."""
    return _cipher(load_key(key_name)).decrypt(sealed[:12], sealed[12:], bound_to.encode())


def seal_text(plain: str, bound_to: str) -> str:
    """A text token for a database column; empty stays empty."""
    if not plain:
        return ""
    name, sealed = seal(plain.encode(), bound_to)
    return f"{name}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal_text(token: str, bound_to: str) -> str:
    """The text of a token made by `seal_text`."""
    if not token:
        return ""
    key_name, _, body = token.partition(".")
    return unseal(key_name, base64.urlsafe_b64decode(body), bound_to).decode()


def keyed_hash(context: str, value: str) -> str:
    """A keyed hash (hex) of `value`; `context` keeps different uses apart. Used for blind indexes and tombstones."""
    key = load_key("index")
    return hmac.new(key, f"{context}\0{value}".encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Plain text on the instance, a token in the database. Bound to model, row and field.

    Query expressions and `values()` see the token only. The row's id must be set before saving, as it is for
    every UUIDv7 row; a row that the database numbers names another column of its own in `bound_by`.
    """

    def __init__(self, *args: Any, bound_by: str = "pk", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bound_by = bound_by

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.bound_by != "pk":
            kwargs["bound_by"] = self.bound_by
        return name, path, args, kwargs

    def _bound_to(self, instance: models.Model) -> str:
        return f"{instance._meta.label_lower}:{getattr(instance, self.bound_by)}:{self.attname}"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _SealedAttribute(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else Token(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        raw = model_instance.__dict__.get(self.attname)
        if raw is None or isinstance(raw, Token):
            return raw
        return self.sealed_for(model_instance, raw)

    def get_prep_value(self, value: Any) -> Any:
        """Refuses plain text on its way to the database: `update()` must be given what `sealed_for` made."""
        if value and not isinstance(value, Token):
            raise TypeError(f"{self.name} is sealed; give update() a token")
        return super().get_prep_value(value)

    def sealed_anew(self, instance: models.Model, token: str) -> Token:
        """The same value under the key that is current now; `token` as it stands in the database."""
        bound_to = self._bound_to(instance)
        return Token(seal_text(unseal_text(token, bound_to), bound_to))

    def sealed_for(self, instance: models.Model, plain: Any) -> Token:
        """The token of `plain` for this row, for use in `update()`."""
        return Token(seal_text(self.as_text(plain), self._bound_to(instance)))

    def as_text(self, value: Any) -> str:
        """The value as the text that is sealed."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """The value of an opened text."""
        return text


class SealedJSONField(SealedTextField):
    """A mapping on the instance, a token in the database; an empty mapping is kept as nothing at all."""

    def as_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""

    def from_text(self, text: str) -> Any:
        return json.loads(text) if text else {}


class Token(str):
    """A value as it stands in the database."""


class _SealedAttribute:
    """Opens a token when it is read, not when it is loaded."""

    def __init__(self, field: SealedTextField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self.field
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, Token):
            return self.field.from_text(unseal_text(value, self.field._bound_to(instance)))
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value
