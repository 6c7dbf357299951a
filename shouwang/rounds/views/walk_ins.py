"""Those who came without an entry: listed, found in the register or entered there, and so placed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.forms import typed
from shouwang.people.selectors import household_for, person_for, search_people
from shouwang.people.states import Relation
from shouwang.rounds import selectors, services
from shouwang.rounds.forms.table import PlaceForm
from shouwang.rounds.models import WalkIn
from shouwang.rounds.selectors import table as at_table
from shouwang.rounds.states import Document


@needs("round.lead")
@require_GET
def walk_ins(request: Any, round_id: UUID) -> HttpResponse:
    """Who came without an entry and is not placed yet."""
    found = selectors.round_for(request.scope, round_id, "round.lead")
    context = {"round": found, "rows": at_table.walk_ins_of(found)}
    return render(request, "rounds/walk_ins.html", context)


@needs("round.lead")
@require_http_methods(["GET", "POST"])
def place(request: Any, walk_in_id: UUID) -> HttpResponse:
    """Looks for somebody in the register, and says that it is they, or whose household they belong to."""
    found = at_table.walk_in_for(request.scope, walk_in_id)
    said = typed(request.POST, "q") if "q" in request.POST else found.name
    form = PlaceForm(request.POST if "command_id" in request.POST else None)
    if form.is_bound:
        do, also = (lambda: placed(request, found, form)), {"walk_in": found.pk}
        if form.apply(request, "rounds.place", do, also=also) is not None:
            messages.success(request, _("Placed. They stand on the roster now."))
            return redirect("rounds:walk_ins", found.round_id)
    hits = search_people(request.scope, said) if said and found.placed_at is None else []
    context = {"walk_in": found, "form": form, "said": said, "hits": hits}
    return render(request, "rounds/place.html", context, status=form.status)


def placed(request: Any, found: WalkIn, form: PlaceForm) -> str:
    said = form.cleaned_data
    about = {"walk_in": found, "by": request.user, "at": request.at}
    if said["person"]:
        person = person_for(request.scope, said["person"])
        return str(services.place_walk_in(person=person, **about).pk)
    household = household_for(request.scope, said["household"], "register.edit")
    relation = Relation.CHILD if found.document == Document.NEWBORN else Relation.OTHER
    return str(services.enter_walk_in_person(household=household, relation=relation, **about).pk)
