"""The list of households, the search, and leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.people import services
from shouwang.people.forms import NoteForm, SearchForm
from shouwang.people.selectors import household_for, search_people
from shouwang.people.selectors.finding import household_url
from shouwang.people.selectors.listing import household_page, search_page
from shouwang.people.views.shared import ask_first, file_form_page, file_url, press


@needs("register.see")
@require_http_methods(["GET", "POST"])
def household_list(request: Any) -> HttpResponse:
    """Everybody behind the doors that I answer for; a search comes by POST and leaves no trace in the address."""
    form = SearchForm(request.POST or None)
    said = form.cleaned_data["q"] if request.method == "POST" and form.is_valid() else ""
    shown = search_page(request.scope, said) if said else household_page(request.scope, request.GET)
    template = "people/household_list.html#rows" if request.htmx else "people/household_list.html"
    return render(request, template, {"shown": shown, "q": said, "form": form})


@needs("register.see")
@require_POST
def search(request: Any) -> HttpResponse:
    """People for the search on top of a page, as a partial."""
    form = SearchForm(request.POST)
    said = form.cleaned_data["q"] if form.is_valid() else ""
    found = [(row, household_url(row.household_id)) for row in search_people(request.scope, said)]
    template = "people/search.html#found" if request.htmx else "people/search.html"
    return render(request, template, {"found": found, "q": said})


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def note_household(request: Any, household_id: UUID) -> HttpResponse:
    """The household's note."""
    household = household_for(request.scope, household_id, "register.edit")
    form = NoteForm(request.POST or None, initial={"note": household.note})

    def write() -> dict[str, str]:
        services.note_household(
            household=household, note=form.cleaned_data["note"], by=request.user, at=request.at
        )
        return {"household": str(household.pk)}

    if request.method == "POST" and form.apply(
        request, "people.note_household", write, also={"household": household_id}
    ):
        return redirect(file_url(household.pk))
    return file_form_page(request, _("The household's note"), household, form)


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def close_household(request: Any, household_id: UUID) -> HttpResponse:
    """The household has moved out: asks first."""
    household = household_for(request.scope, household_id, "register.edit")
    if request.method == "GET":
        consequence = _("Everybody in it leaves this door; what is kept is erased 180 days later.")
        return ask_first(request, household, _("Has this household moved out?"), consequence, _("Moved out"))

    def leave() -> dict[str, str]:
        return {
            "household": str(services.close_household(household=household, by=request.user, at=request.at).pk)
        }

    press(request, "people.close_household", leave, also={"household": household_id})
    return redirect("people:door", dwelling_id=household.dwelling_id)
