"""Codes as pictures."""

from __future__ import annotations

import segno

# The mask is meant to break up patterns in what is written. A signature has none, so any mask is as good as the best
# of the eight, and trying them all would take four fifths of the time: a building has some hundred and fifty codes.
MASK = 4
# Light modules around the code, without which scanners don't find it.
QUIET = 4


def code_svg(text: str) -> str:
    """The QR code of a resident's code as an SVG element without a size; a stylesheet gives it one."""
    return qr_svg(text, MASK)


def qr_svg(text: str, mask: int | None = None) -> str:
    """A QR code (level M: 15 % may be dirty) of any text, with the best mask unless one is given."""
    drawn = segno.make(text, error="m", micro=False, boost_error=False, mask=mask)
    return str(drawn.svg_inline(border=QUIET, omitsize=True))
