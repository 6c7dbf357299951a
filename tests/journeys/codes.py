"""Reading a QR code back from its picture, so that a test scans what was printed and not what was meant.

Enough of ISO/IEC 18004 for a clean picture: versions 1 to 6, bytes or the alphanumeric mode, no error correction needed
or done.
"""

from __future__ import annotations

import io

from PIL import Image

# Data codewords of each block at level M, by version.
BLOCKS_M = {1: [16], 2: [28], 3: [44], 4: [32, 32], 5: [43, 43], 6: [27, 27, 27, 27]}
ALIGNMENT = {1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34]}
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
Matrix = list[list[bool]]


def modules_of(picture: bytes) -> Matrix:
    """The dark squares of a picture of a code with a light border."""
    grey = Image.open(io.BytesIO(picture)).convert("L")
    dark = grey.point(lambda level: 255 if level < 128 else 0)
    box = dark.getbbox()
    assert box is not None, "nothing dark in the picture"
    code = dark.crop(box)
    row = [code.getpixel((x, 1)) for x in range(code.width)]
    side = row.index(0) / 7  # the finder pattern is seven modules wide
    size = round(code.width / side)
    assert size % 4 == 1, f"{size} is no size of a code"
    step = code.width / size
    return [
        [bool(code.getpixel((int((c + 0.5) * step), int((r + 0.5) * step)))) for c in range(size)]
        for r in range(size)
    ]


def is_function(r: int, c: int, size: int) -> bool:
    """Whether a square belongs to a pattern or the format, not to the data."""
    version = (size - 17) // 4
    if (r < 9 and c < 9) or (r < 9 and c >= size - 8) or (r >= size - 8 and c < 9) or r == 6 or c == 6:
        return True
    last = ALIGNMENT[version][-1:]
    return bool(last) and abs(r - last[0]) <= 2 and abs(c - last[0]) <= 2


def bits_of(code: Matrix) -> list[int]:
    """The data in the order it was written: pairs of columns from the right, up and down."""
    size = len(code)
    mask = MASKS[(code[8][2] << 2 | code[8][3] << 1 | code[8][4]) ^ 0b101]
    found = []
    columns = [c for c in range(size - 1, 0, -2) if c > 6] + [5, 3, 1]
    for at, right in enumerate(columns):
        rows = range(size) if at % 2 else range(size - 1, -1, -1)
        for r in rows:
            for c in (right, right - 1):
                if not is_function(r, c, size):
                    found.append(int(code[r][c] != mask(r, c)))
    return found


def read_code(picture: bytes) -> str:
    """The text in a picture of a code."""
    code = modules_of(picture)
    level = (code[8][0] << 1 | code[8][1]) ^ 0b10
    assert level == 0b00, "not of level M"
    bits = bits_of(code)
    words = [int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - 7, 8)]
    data = in_order(words, BLOCKS_M[(len(code) - 17) // 4])
    stream = "".join(f"{word:08b}" for word in data)
    if stream[:4] == "0010":
        return alphanumeric(stream[13:], int(stream[4:13], 2))
    assert stream[:4] == "0100", "neither bytes nor the alphanumeric mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * i : 20 + 8 * i], 2) for i in range(length)).decode()


def alphanumeric(stream: str, length: int) -> str:
    """Two signs in eleven bits, a last one alone in six."""
    pairs = [int(stream[11 * i : 11 * i + 11], 2) for i in range(length // 2)]
    said = "".join(SIGNS[pair // 45] + SIGNS[pair % 45] for pair in pairs)
    at = 11 * (length // 2)
    return said + (SIGNS[int(stream[at : at + 6], 2)] if length % 2 else "")


def in_order(words: list[int], blocks: list[int]) -> list[int]:
    """Codewords of all blocks one after another; they are written taking turns."""
    rows: list[list[int]] = [[] for _block in blocks]
    at = 0
    for place in range(max(blocks)):
        for row, length in zip(rows, blocks, strict=True):
            if place < length:
                row.append(words[at])
                at += 1
    return [word for row in rows for word in row]
