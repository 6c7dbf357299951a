"""Persons: entered, changed, moved, gone, taken back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwang.core.access import needs
from shouwang.core.personal import ID_NUMBER
from shouwang.people import services
from shouwang.people.forms import MoveForm, PersonForm, person_values
from shouwang.people.models import Household, Membership
from shouwang.people.selectors import current_household, household_for, readable_classes
from shouwang.people.selectors.doubles import lookalikes
from shouwang.people.views.shared import ask_first, file_form_page, file_url, form_page, member_for, press


def _reads_id(request: Any, household: Household) -> bool:
    return ID_NUMBER in readable_classes(request.scope, household)


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def add_person(request: Any, household_id: UUID) -> HttpResponse:
    """One more person in a household. Who may not read ID numbers may still write one."""
    household = household_for(request.scope, household_id, "register.edit")
    form = PersonForm(
        request.POST or None, known_as=partial(lookalikes, request.scope, household.community_id)
    )
    if request.method == "POST" and form.apply(
        request, "people.add_person", lambda: _add(household, form, request), also={"household": household_id}
    ):
        return redirect(file_url(household.pk))
    return form_page(request, _("Add a person"), household, form)


def _add(household: Household, form: PersonForm, request: Any) -> dict[str, str]:
    person = services.add_person(
        household=household,
        relation=form.cleaned_data["relation"],
        by=request.user,
        at=request.at,
        **form.particulars(),
    )
    return {"person": str(person.pk)}


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def change_person(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """Particulars of a person; later than any sheet, they win."""
    row = member_for(request, household_id, person_id)
    reads = _reads_id(request, row.household)
    form = PersonForm(request.POST or None, initial=person_values(row, reads_id=reads), reads_id=reads)
    if request.method == "POST" and form.apply(
        request, "people.change_person", lambda: _change(row, form, request), also={"person": person_id}
    ):
        return redirect(file_url(household_id))
    return file_form_page(request, _("A person's particulars"), row.household, form, member=row)


def _change(row: Membership, form: PersonForm, request: Any) -> dict[str, str]:
    services.change_person(
        person=row.person, by=request.user, at=request.at, seen=form.seen(), **form.particulars()
    )
    if form.cleaned_data["relation"] != row.relation:
        services.change_relation(
            membership=row, relation=form.cleaned_data["relation"], by=request.user, at=request.at
        )
    return {"person": str(row.person_id)}


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def move_person(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """To another door of the same community; a household is opened there if nobody lives behind it."""
    row = member_for(request, household_id, person_id)
    form = MoveForm(request.POST or None, community_id=row.household.community_id)
    if request.method == "POST" and form.apply(
        request, "people.move_person", lambda: _move(row, form, request), also={"person": person_id}
    ):
        return redirect(file_url(household_id))
    return form_page(request, _("Moved to another door"), row.household, form)


def _move(row: Membership, form: MoveForm, request: Any) -> dict[str, str]:
    dwelling = form.dwelling
    assert dwelling is not None
    request.scope.require("register.edit", dwelling)
    home = current_household(dwelling) or services.open_household(
        dwelling=dwelling, by=request.user, at=request.at
    )
    services.move_person(
        person=row.person,
        household=home,
        relation=form.cleaned_data["relation"],
        by=request.user,
        at=request.at,
    )
    return {"household": str(home.pk)}


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def end_membership(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """The person has left for good: asks first."""
    row = member_for(request, household_id, person_id)
    if request.method == "GET":
        question = _("Has %(name)s left for good?") % {"name": row.person.name}
        consequence = _("Care flags about this person end; what is kept is erased 180 days later.")
        return ask_first(request, row.household, question, consequence, _("Has left"))

    def leave() -> dict[str, str]:
        return {"membership": str(services.end_membership(membership=row, by=request.user, at=request.at).pk)}

    press(request, "people.end_membership", leave, also={"person": person_id})
    return redirect(file_url(household_id))


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def void_person(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """Entered in error: asks first."""
    row = member_for(request, household_id, person_id)
    if request.method == "GET":
        question = _("Was %(name)s entered in error?") % {"name": row.person.name}
        consequence = _("The person disappears from the register and from every count.")
        return ask_first(request, row.household, question, consequence, _("Entered in error"))

    def take_back() -> dict[str, str]:
        return {"person": str(services.void_person(person=row.person, by=request.user, at=request.at).pk)}

    press(request, "people.void_person", take_back, also={"person": person_id})
    return redirect(file_url(household_id))
