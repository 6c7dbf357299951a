"""Sheets as PDF: a template of ours and our own style, set in Chinese type. Nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shouwang.core.errors import Refusal

STYLE = Path(__file__).parent / "static" / "ui" / "paper.css"


class PdfMissing(Refusal):
    """The pdf extra, or the libraries that it draws with, are not on this computer."""

    def __init__(self) -> None:
        super().__init__(
            "pdf-missing",
            _(
                "This computer cannot make PDF files yet. Whoever looks after it: install shouwang[pdf] and Debian's "
                "libpango-1.0-0, libpangoft2-1.0-0 and fonts-noto-cjk. The page itself can be printed meanwhile."
            ),
        )


def render_pdf(template: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> bytes:
    """A sheet of one or many pages from a template that extends ui/paper.html. PdfMissing where it can't be had.

    Rendering takes about 0.3 s and then some 30 ms a page: many pages belong on the worker's lane.
    """
    return pdf_of(render_to_string(template, dict(context), request))


def pdf_of(html: str) -> bytes:
    """The same from finished markup. What the markup would fetch from outside fails it; data addresses are drawn."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as fault:
        raise PdfMissing from fault
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    pdf: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[CSS(filename=str(STYLE), url_fetcher=fetcher)]
    )
    return pdf


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """The file for a browser, shown rather than saved, and never kept on the way; `name` says nothing personal."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def qr_picture(text: str, scale: int = 4) -> str:
    """A QR code as a data address, for an <img> on a sheet."""
    return segno.make(text, error="m").svg_data_uri(scale=scale, border=1)
