"""Two different words about one field: a person says which holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.core.access import needs
from shouwang.people import services
from shouwang.people.forms import WordForm
from shouwang.people.selectors.contradictions import contradiction_for, contradictions_told
from shouwang.people.views.shared import press


@needs("register.edit")
@require_GET
def contradictions(request: Any) -> HttpResponse:
    """What waits for a decision, side by side."""
    return render(request, "people/contradictions.html", {"rows": contradictions_told(request.scope)})


@needs("register.edit")
@require_POST
def decide_contradiction(request: Any, contradiction_id: UUID) -> HttpResponse:
    """The one word or the other."""
    row, form = contradiction_for(request.scope, contradiction_id), WordForm(request.POST)

    def decide() -> dict[str, str]:
        take = form.cleaned_data["holds"] == "other"
        services.decide_contradiction(contradiction=row, take_other=take, by=request.user, at=request.at)
        return {"contradiction": str(row.pk)}

    if press(
        request, "people.decide_contradiction", decide, also={"contradiction": contradiction_id}, form=form
    ):
        messages.success(request, _("Decided. Both words stay on record for a while."))
    return redirect("people:contradictions")
