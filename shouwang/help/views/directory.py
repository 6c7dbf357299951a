"""The directory to ring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import NotAllowed
from shouwang.help import selectors, services
from shouwang.help.forms import DirectoryForm
from shouwang.help.selectors.emergency import communities_with_directory, entry_for
from shouwang.help.views.live import once


@needs("help.see")
@require_http_methods(["GET", "POST"])
def directory(request: Any) -> HttpResponse:
    """Whom to ring; whoever keeps the list adds to it here."""
    mine = communities_with_directory(request.scope, "directory.edit")
    form = DirectoryForm(request.POST or None, initial={"community": mine[0] if mine else None})
    if request.method == "POST" and form.apply(
        request, "help.directory.add", lambda: _add(request, form, mine)
    ):
        return redirect("help:directory")
    context = {
        "entries": list(selectors.directory_for(request.scope)), "form": form, "may_edit": bool(mine),
        "sent": request.method == "POST",
    }  # fmt: skip
    return render(request, "help/directory.html", context, status=form.status)


def _add(request: Any, form: DirectoryForm, mine: list[UUID]) -> str:
    values = {name: form.cleaned_data[name] for name in ("name", "phone", "kind", "order")}
    community = form.cleaned_data["community"] or (mine[0] if mine else None)
    if community not in mine:
        raise NotAllowed("not-allowed", _("The community's office keeps this list. Ask there."))
    entry = services.add_directory_entry(community_id=community, by=request.user, at=request.at, **values)
    return str(entry.pk)


@needs("directory.edit")
@require_http_methods(["GET", "POST"])
def directory_entry(request: Any, entry_id: UUID) -> HttpResponse:
    """One entry, to be written anew or ended."""
    entry = entry_for(request.scope, entry_id)
    start = {"name": entry.name, "phone": entry.phone, "kind": entry.kind, "order": entry.order}
    form = DirectoryForm(request.POST or None, initial=start)
    names = ("name", "phone", "kind", "order")
    if request.method == "POST" and form.apply(
        request, "help.directory.change", lambda: str(services.change_directory_entry(
            entry=entry, by=request.user, at=request.at, **{n: form.cleaned_data[n] for n in names}).pk),
        also={"entry": entry.pk},
    ):  # fmt: skip
        return redirect("help:directory")
    return render(request, "help/directory_entry.html", {"entry": entry, "form": form}, status=form.status)


@needs("directory.edit")
@require_POST
def end_entry(request: Any, entry_id: UUID) -> HttpResponse:
    """Off the list."""
    entry = entry_for(request.scope, entry_id)
    once(
        request, "help.directory.end",
        lambda: services.end_directory_entry(entry=entry, by=request.user, at=request.at), entry=entry,
    )  # fmt: skip
    return redirect("help:directory")
