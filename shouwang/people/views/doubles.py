"""People entered twice: found, compared, put together, taken apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.people import services
from shouwang.people.forms import MergeForm
from shouwang.people.selectors.doubles import double_pairs, merge_for, merge_sides, merges_for, pair_for
from shouwang.people.views.shared import press


@needs("register.edit")
@require_GET
def doubles(request: Any) -> HttpResponse:
    """Who may have been entered twice, and what was put together lately."""
    pairs, total = double_pairs(request.scope, request.at)
    shown = {"pairs": pairs, "total": total, "merges": merges_for(request.scope, request.at)}
    return render(request, "people/doubles.html", shown)


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def merge_pair(request: Any, first_id: UUID, second_id: UUID) -> HttpResponse:
    """Two entries side by side; which particulars are right is chosen here."""
    pair = pair_for(request.scope, first_id, second_id, request.at)
    form = MergeForm(request.POST or None, sides=merge_sides(request.scope, pair))
    about = {"first": first_id, "second": second_id}
    if request.method == "POST" and form.apply(
        request, "people.merge_pair", lambda: _merge(pair, form, request), also=about
    ):
        messages.success(request, _("Put together. For 30 days this can be undone."))
        return redirect("people:doubles")
    return render(request, "people/merge.html", {"pair": pair, "form": form}, status=form.status)


def _merge(pair: Any, form: MergeForm, request: Any) -> dict[str, str]:
    persons = {str(side.membership.person_id): side.membership.person for side in (pair.first, pair.second)}
    survivor = persons.pop(form.cleaned_data["home"])
    (alias,) = persons.values()
    merge = services.merge_persons(
        survivor=survivor, alias=alias, take=form.taken(), by=request.user, at=request.at
    )
    return {"merge": str(merge.pk)}


@needs("register.edit")
@require_POST
def tell_apart(request: Any, first_id: UUID, second_id: UUID) -> HttpResponse:
    """These are two people; they are not proposed again."""
    pair = pair_for(request.scope, first_id, second_id, request.at)
    one, other = pair.first.membership.person, pair.second.membership.person

    def tell() -> dict[str, str]:
        return {"apart": str(services.tell_apart(one=one, other=other, by=request.user, at=request.at).pk)}

    press(request, "people.tell_apart", tell, also={"first": first_id, "second": second_id})
    return redirect("people:doubles")


@needs("register.edit")
@require_POST
def undo_merge(request: Any, merge_id: UUID) -> HttpResponse:
    """The two were two after all."""
    merge = merge_for(request.scope, merge_id)

    def undo() -> dict[str, str]:
        return {"merge": str(services.undo_merge(merge=merge, by=request.user, at=request.at).pk)}

    done = press(request, "people.undo_merge", undo, also={"merge": merge_id})
    if done:
        messages.success(request, _("They are two again, each at the door it had."))
    return redirect("people:doubles")
