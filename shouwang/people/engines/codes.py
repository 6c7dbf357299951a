"""What a resident's code says: ten random bytes and its last day, signed. Nothing of the person stands in it.

The text is "SW1." and the base32 of those 76 bytes in capitals, so that a QR code of it stays in its alphanumeric mode.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

PREFIX = "SW1."
# What is signed begins with this, so that no signature made for something else passes for a code's.
CONTEXT = b"shouwang code 1"
FIRST_DAY = date(2020, 1, 1)
IDENT_BYTES, DAY_BYTES, HALF = 10, 2, 32
WHOLE = IDENT_BYTES + DAY_BYTES + 2 * HALF
LETTERS = -(-WHOLE * 8 // 5)
_FORM = re.compile(rf"SW1\.([A-Z2-7]{{{LETTERS}}})")


class CodeStatus(StrEnum):
    """What became of reading a code."""

    OK = "ok"
    UNKNOWN = "unknown"  # genuine, and of nobody on file here
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNREADABLE = "unreadable"  # no code at all, or half of one
    FORGED = "forged"  # has the form of a code and was not signed here


@dataclass(frozen=True)
class Code:
    """A code taken apart; whether it is genuine is another question. `signature` is r and s, 32 bytes each."""

    ident: bytes
    valid_until: date
    signature: bytes

    @property
    def short(self) -> str:
        """The random bytes as hex: by this the register knows whose code it is."""
        return self.ident.hex()

    @property
    def signed(self) -> bytes:
        """What the signature is over."""
        return CONTEXT + _body(self.ident, self.valid_until)


def _body(ident: bytes, valid_until: date) -> bytes:
    return ident + (valid_until - FIRST_DAY).days.to_bytes(DAY_BYTES)


def make_code(ident: bytes, valid_until: date, key: ec.EllipticCurvePrivateKey) -> Code:
    """Signs. The same code comes out each time, so that a sheet printed again is the same sheet."""
    if len(ident) != IDENT_BYTES:
        raise ValueError(f"a code's id has {IDENT_BYTES} bytes")
    der = key.sign(CONTEXT + _body(ident, valid_until), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return Code(ident, valid_until, r.to_bytes(HALF) + s.to_bytes(HALF))


def encode_code(code: Code) -> str:
    """The text of the QR code: 126 characters."""
    whole = _body(code.ident, code.valid_until) + code.signature
    return PREFIX + base64.b32encode(whole).decode().rstrip("=")


def clean_code(text: str) -> str:
    """The text as it was meant. A handheld scanner types like a keyboard: with caps lock it turns the case around, and
    a Chinese input method makes wide letters and 。 of it."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".")
    return re.sub(r"\s", "", plain).upper()


def decode_code(text: str) -> Code | None:
    """The code that a text says; None when it is none. One code has one text: spare bits must be nought."""
    found = _FORM.fullmatch(clean_code(text))
    if not found:
        return None
    try:
        whole = base64.b32decode(found[1] + "=" * (-LETTERS % 8))
    except binascii.Error:
        return None
    ident, days, signature = (
        whole[:IDENT_BYTES],
        whole[IDENT_BYTES : IDENT_BYTES + DAY_BYTES],
        whole[-2 * HALF :],
    )
    code = Code(ident, FIRST_DAY + timedelta(days=int.from_bytes(days)), signature)
    return code if encode_code(code) == clean_code(text) else None


def is_genuine(code: Code, key: ec.EllipticCurvePublicKey) -> bool:
    """Whether the code was signed with the key to which this public one belongs."""
    r, s = int.from_bytes(code.signature[:HALF]), int.from_bytes(code.signature[HALF:])
    try:
        key.verify(encode_dss_signature(r, s), code.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def verify_code(text: str, key: ec.EllipticCurvePublicKey, day: date) -> tuple[CodeStatus, Code | None]:
    """All that can be known of a text without the register, as a phone without signal does it: `ok`, `expired` (the day
    after its last one), `forged` or `unreadable`."""
    code = decode_code(text)
    if code is None:
        return CodeStatus.UNREADABLE, None
    if not is_genuine(code, key):
        return CodeStatus.FORGED, None
    return (CodeStatus.OK if day <= code.valid_until else CodeStatus.EXPIRED), code
