"""Sheets as PDF."""

from __future__ import annotations

import re
import zlib

import pytest
from weasyprint.urls import FatalURLFetchingError

from shouwang.ui.paper import pdf_of, qr_picture, render_pdf


def unpacked(pdf: bytes) -> bytes:
    """What stands in the packed parts of a file."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(part) for part in packed if part[:1] == b"x")


def test_a_sheet_is_set_in_chinese_type() -> None:
    pdf = pdf_of("<p>三号楼二单元</p>")
    assert pdf.startswith(b"%PDF-")
    assert b"NotoSansCJK" in unpacked(pdf).replace(b"-", b""), "no Chinese type was found"
    assert render_pdf("ui/paper.html", {}).startswith(b"%PDF-")


def test_a_code_is_drawn() -> None:
    assert pdf_of(f'<img src="{qr_picture("P1")}">').startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/x.png"])
def test_nothing_is_fetched(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        pdf_of(f'<img src="{address}">')
