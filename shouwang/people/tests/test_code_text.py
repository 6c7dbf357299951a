"""What a code says, how it is drawn, and the key by which it is known."""

from __future__ import annotations

import base64
import re
import string
from datetime import date, timedelta
from typing import Any

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shouwang.core import sealing
from shouwang.people.engines.codes import (
    FIRST_DAY,
    IDENT_BYTES,
    LETTERS,
    CodeStatus,
    decode_code,
    encode_code,
    make_code,
    verify_code,
)
from shouwang.people.engines.drawings import code_svg
from shouwang.people.engines.names import masked_name
from shouwang.people.engines.numbers import is_resident_id, widened_id
from shouwang.people.tests.house import made_up_id

KEY = ec.derive_private_key(19, ec.SECP256R1())
PUBLIC = KEY.public_key()
DAY = date(2022, 2, 20)
LETTERS_USED = string.ascii_uppercase + "234567"
IDENTS = st.binary(min_size=IDENT_BYTES, max_size=IDENT_BYTES)
DAYS = st.integers(0, 2**16 - 1).map(lambda days: FIRST_DAY + timedelta(days=days))


# The text


@given(IDENTS, DAYS)
def test_what_is_written_is_read(ident: bytes, valid_until: date) -> None:
    code = make_code(ident, valid_until, KEY)
    text = encode_code(code)
    assert re.fullmatch(r"SW1\.[A-Z2-7]{122}", text) and LETTERS == 122
    assert decode_code(text) == code
    assert verify_code(text, PUBLIC, valid_until) == (CodeStatus.OK, code)
    assert encode_code(make_code(ident, valid_until, KEY)) == text, "printed again it is the same"


@given(IDENTS, st.integers(0, 2**16 - 2).map(lambda days: FIRST_DAY + timedelta(days=days)))
def test_the_day_after_it_has_run_out(ident: bytes, valid_until: date) -> None:
    text = encode_code(make_code(ident, valid_until, KEY))
    assert verify_code(text, PUBLIC, valid_until)[0] == CodeStatus.OK
    assert verify_code(text, PUBLIC, valid_until + timedelta(days=1))[0] == CodeStatus.EXPIRED


@given(IDENTS, DAYS, st.integers(0, 75), st.integers(1, 255))
def test_any_changed_byte_is_noticed(ident: bytes, valid_until: date, place: int, change: int) -> None:
    text = encode_code(make_code(ident, valid_until, KEY))
    whole = bytearray(base64.b32decode(text[4:] + "=" * (-LETTERS % 8)))
    whole[place] ^= change
    changed = "SW1." + base64.b32encode(whole).decode().rstrip("=")
    assert verify_code(changed, PUBLIC, FIRST_DAY)[0] == CodeStatus.FORGED


@given(IDENTS, st.integers(0, 125), st.sampled_from(string.ascii_uppercase + string.digits + ".-"))
def test_any_changed_letter_is_noticed(ident: bytes, place: int, letter: str) -> None:
    text = encode_code(make_code(ident, DAY, KEY))
    assume(text[place] != letter)
    changed = text[:place] + letter + text[place + 1 :]
    assert verify_code(changed, PUBLIC, DAY)[0] in (CodeStatus.FORGED, CodeStatus.UNREADABLE)


@given(st.text(max_size=200))
def test_anything_else_is_unreadable(said: str) -> None:
    assert verify_code(said, PUBLIC, DAY) == (CodeStatus.UNREADABLE, None)


def test_another_key_or_another_use_of_the_key_is_forged() -> None:
    text = encode_code(make_code(b"x" * 10, DAY, ec.derive_private_key(20, ec.SECP256R1())))
    assert verify_code(text, PUBLIC, DAY)[0] == CodeStatus.FORGED
    assert decode_code(text[:-1]) is None and decode_code(text + "A") is None
    # The last letter has two bits to spare: one code has one text.
    real = encode_code(make_code(b"x" * 10, DAY, KEY))
    after = LETTERS_USED[LETTERS_USED.index(real[-1]) + 1]
    assert decode_code(real[:-1] + after) is None


def test_a_scanner_that_types_is_understood() -> None:
    """Caps lock turns capitals around; a Chinese input method makes 。 and wide letters."""
    text = encode_code(make_code(b"x" * 10, DAY, KEY))
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in string.ascii_uppercase})
    for typed in (text.lower(), f" {text}\r\n", text.replace(".", "。"), wide):
        assert verify_code(typed, PUBLIC, DAY)[0] == CodeStatus.OK


def test_the_picture_holds_the_text_in_alphanumeric_mode() -> None:
    text = encode_code(make_code(b"x" * 10, DAY, KEY))
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=4)
    assert (code.mode, code.version, code.error) == ("alphanumeric", 6, "M")
    svg = code_svg(text)
    assert 'viewBox="0 0 49 49"' in svg and "width=" not in svg and "style" not in svg
    drawn = [[0] * 49 for _row in range(49)]
    x = y = 0.0
    for command, values in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):  # type: ignore[index]
        numbers = [float(value) for value in re.findall(r"-?\d*\.?\d+", values)]
        if command == "h":
            for step in range(int(numbers[0])):
                drawn[int(y - 0.5)][int(x) + step] = 1
            x += numbers[0]
        else:
            x, y = numbers if command == "M" else (x + numbers[0], y + numbers[1])
    assert drawn == [list(row) for row in code.matrix_iter(border=4)]


@pytest.mark.parametrize(
    ("name", "shown"), [("王桂英", "··英"), ("李强", "··强"), ("王", "··"), ("", "··"), ("Bob", "··b")]
)
def test_a_masked_name(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@given(st.integers(1900, 1999), st.integers(0, 999))
def test_an_old_number_is_widened(year: int, serial: int) -> None:
    now = made_up_id(f"{year}0305", serial)
    assert widened_id(now[:6] + now[8:17]) == now and is_resident_id(now)
    assert widened_id(now) == now


# The key


def test_the_key_is_kept_beside_the_others(tmp_path: Any, settings: Any) -> None:
    settings.SHOUWANG_HOME = tmp_path
    sealing.load_key.cache_clear()
    try:
        key = sealing.signing_key("codes")
        path = tmp_path / "keys" / "codes"
        assert path.stat().st_mode & 0o777 == 0o600 and path.stat().st_size == 32
        sealing.load_key.cache_clear()
        assert sealing.signing_key("codes").private_numbers() == key.private_numbers()
        assert sealing.sealing_keys() == ["k1"], "it seals nothing"
    finally:
        sealing.load_key.cache_clear()


@given(st.binary(min_size=32, max_size=32) | st.sampled_from([b"\0" * 32, b"\xff" * 32]))
@settings(max_examples=30)
def test_any_32_bytes_are_a_key(secret: bytes) -> None:
    number = sealing._signing_key(secret).private_numbers().private_value
    assert 1 <= number < sealing.P256_ORDER
