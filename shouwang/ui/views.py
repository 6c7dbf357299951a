"""The gallery: every component once, for whoever writes a screen. Shown in the demo only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shouwang.core.access import public
from shouwang.ui import sample

FACES = {
    "desk": "ui/gallery.html",
    "phone": "ui/gallery_phone.html",
    "portal": "ui/gallery_portal.html",
    "sheet": "ui/gallery_sheet.html",
    "plain": "ui/gallery_plain.html",
}


@public("shows made-up samples of the design alone; the address exists in the demo only")
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """?face=desk|phone|portal|sheet|plain"""
    return render(request, FACES.get(request.GET.get("face", ""), FACES["desk"]), sample.everything())
