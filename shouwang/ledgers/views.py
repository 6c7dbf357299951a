"""Pages of ledgers: upload, preview, confirm, and the register out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import CommandForm, press
from shouwang.core.progress import progress_of
from shouwang.ledgers import selectors, services
from shouwang.ledgers.forms import UploadForm
from shouwang.ledgers.models import RegisterImport
from shouwang.ledgers.states import ImportState
from shouwang.places.selectors import communities_for, place_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("register.import")
@require_http_methods(["GET", "POST"])
def register_imports(request: Any) -> HttpResponse:
    """Choose a ledger; see the ones before."""
    communities = communities_for(request.scope, "register.import")
    form = UploadForm(request.POST or None, request.FILES or None, communities=communities)
    if request.method == "POST":
        receipt = form.apply(request, "ledgers.stage", lambda: _stage(form, request))
        if receipt:
            return redirect("ledgers:preview", import_id=receipt.answer["import"])
    context = {"form": form, "imports": selectors.imports_for(request.scope)[:20], "communities": communities}
    return render(request, "ledgers/imports.html", context, status=form.status)


def _stage(form: UploadForm, request: Any) -> dict[str, str]:
    values = form.cleaned_data
    staged = services.stage_register(
        community=values["community"],
        content=values["file"].read(),
        name=values["file"].name,
        by=request.user,
        at=request.at,
        as_of=values["as_of"],
    )
    return {"import": str(staged.pk)}


@needs("register.import")
@require_GET
def preview(request: Any, import_id: UUID) -> HttpResponse:
    """What came in, what is doubtful, what was refused and why; confirmed with one button."""
    staged = selectors.import_for(request.scope, import_id)
    shown = selectors.preview_of(staged) if staged.staged and staged.state == ImportState.STAGED else None
    doubts = shown.doubts[: selectors.MOST_SHOWN] if shown else selectors.doubts_of(staged)
    context = {
        "progress": progress_of(staged.pk),
        "staged": staged,
        "preview": shown,
        "doubts": doubts,
        "counts": shown.counts if shown else staged.counts,
    }
    return render(request, "ledgers/preview.html", context)


@needs("register.import")
@require_POST
def confirm(request: Any, import_id: UUID) -> HttpResponse:
    """Into the register, in one transaction; a large sheet by the worker, while a bar says how far it is."""
    staged = selectors.import_for(request.scope, import_id)
    form = CommandForm(request.POST)
    receipt = form.apply(
        request, "ledgers.confirm", lambda: _confirm(staged, request), also={"import": staged.pk}
    )
    if receipt is None:
        said = form.refusal.sentence() if form.refusal else _("This page is no longer fresh.")
        messages.error(request, said)
    elif receipt.answer["state"] == ImportState.CONFIRMED:
        said = _("Taken into the register: %(taken)s new, %(merged)s already there.") % receipt.answer
        messages.success(request, said)
    return redirect("ledgers:preview", import_id=import_id)


def _confirm(staged: RegisterImport, request: Any) -> dict[str, Any]:
    taken = services.begin_confirming(register_import=staged, by=request.user, at=request.at)
    return {**taken.counts, "state": taken.state}


@needs("register.import")
@require_GET
def progress(request: Any, import_id: UUID) -> HttpResponse:
    """How far a large sheet is, as a part of its page; when it is over, the page itself."""
    staged = selectors.import_for(request.scope, import_id)
    if staged.state != ImportState.CONFIRMING:
        return redirect("ledgers:preview", import_id=import_id)
    shown = {"staged": staged, "progress": progress_of(staged.pk)}
    return render(request, "ledgers/progress.html", shown)


@needs("register.import")
@require_POST
def stop(request: Any, import_id: UUID) -> HttpResponse:
    """Not after all: what was written is taken back, and the sheet waits as before."""
    staged = selectors.import_for(request.scope, import_id)

    def ask() -> dict[str, str]:
        services.stop_confirming(register_import=staged, by=request.user, at=request.at)
        return {"import": str(staged.pk)}

    press(request, "ledgers.stop", ask, **{"import": staged.pk})
    return redirect("ledgers:preview", import_id=import_id)


@needs("register.import")
@require_POST
def drop(request: Any, import_id: UUID) -> HttpResponse:
    """Thrown away; nothing of it stays."""
    staged = selectors.import_for(request.scope, import_id)
    form = CommandForm(request.POST)
    form.apply(
        request,
        "ledgers.drop",
        lambda: {
            "import": str(services.drop_register(register_import=staged, by=request.user, at=request.at).pk)
        },
        also={"import": staged.pk},
    )
    return redirect("ledgers:imports")


@needs("register.import")
@require_POST
def problems(request: Any, import_id: UUID) -> HttpResponse:
    """The doubtful lines as .xlsx, cells marked."""
    staged = selectors.import_for(request.scope, import_id)
    content = selectors.problems_workbook(staged, _("Lines to look at"))
    return _download(content, _("Lines to look at") + ".xlsx")


@needs("register.export")
@require_POST
def export(request: Any, community_id: UUID) -> HttpResponse:
    """The register as the same sheet; that it left the house is on record."""
    community = place_for(request.scope, community_id, "register.export")
    readable = request.scope.classes_for(community)
    content = services.export_register(community=community, by=request.user, at=request.at, classes=readable)
    return _download(content, f"{community.name}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
