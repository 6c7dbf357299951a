"""Codes: who has one, the sheets, the link for a phone, and reading one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.forms import CommandForm
from shouwang.core.forms import press as press_or_refuse
from shouwang.core.links import page_url
from shouwang.core.sealing import seal_text, unseal_text
from shouwang.people import selectors, services
from shouwang.people.engines.names import masked_name
from shouwang.people.forms import CodeForm
from shouwang.people.models import Household, Membership
from shouwang.people.rules import may_edit_register
from shouwang.people.selectors import code_sheets
from shouwang.people.selectors.codes import CodeRead, is_number
from shouwang.people.views.shared import ask_first, file_url, frame, member_for, press
from shouwang.places.models import Place
from shouwang.places.selectors import communities_for, door_label, label_of


@needs("register.see")
@require_GET
def codes(request: Any, household_id: UUID) -> HttpResponse:
    """Who of a household has a code, and what can be done about it."""
    household = selectors.household_for(request.scope, household_id)
    lines = code_sheets.code_lines(selectors.members_of(household), request.at)
    may_edit = may_edit_register(request.scope, household) and household.until_on is None
    return render(request, "people/codes.html", frame(household, lines=lines, may_edit=may_edit))


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def family_sheet(request: Any, household_id: UUID) -> HttpResponse:
    """The sheet of one household; sending the form makes what is missing and comes back to it."""
    household = selectors.household_for(request.scope, household_id, "register.edit")
    if request.method == "POST":
        press(
            request,
            "people.family_sheet",
            lambda: _complete([row.person for row in selectors.members_of(household)], request),
            also={"household": household_id},
        )
        return redirect("people:family_sheet", household_id=household_id)
    sheet = code_sheets.household_sheet(household, request.at)
    return _sheets(request, [sheet], sheet.door, file_url(household.pk))


def _complete(persons: list[Any], request: Any) -> dict[str, int]:
    return {"codes": len(services.complete_codes(persons=persons, by=request.user, at=request.at))}


def _sheets(request: Any, sheets: list[Any], title: str, back_url: str) -> HttpResponse:
    shown = {
        "sheets": sheets,
        "cards": sum(len(sheet.cards) for sheet in sheets),
        "missing": sum(sheet.missing for sheet in sheets),
        "title": title,
        "back_url": back_url,
    }
    return render(request, "people/code_sheets.html", shown)


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def renew_codes(request: Any, household_id: UUID) -> HttpResponse:
    """The sheet is lost: its codes end, new ones are made; asks first."""
    household = selectors.household_for(request.scope, household_id, "register.edit")
    if request.method == "GET":
        consequence = _(
            "The printed codes of this family end at once, and new ones are made. Codes on phones stay."
        )
        return ask_first(
            request, household, _("Is the sheet lost?"), consequence, _("End them, make new ones")
        )
    persons = [row.person for row in selectors.members_of(household)]
    press(request, "people.renew_codes", lambda: _renew(persons, request), also={"household": household_id})
    return redirect("people:family_sheet", household_id=household_id)


def _renew(persons: list[Any], request: Any) -> dict[str, int]:
    made = services.issue_codes(persons=persons, lost=True, by=request.user, at=request.at)
    return {"codes": len(made)}


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def revoke_codes(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """All codes of one person end: asks first."""
    row = member_for(request, household_id, person_id)
    if request.method == "GET":
        question = _("Revoke every code of %(name)s?") % {"name": row.person.name}
        consequence = _(
            "The printed code and the one on the phone end at once. A new one can be made at any time."
        )
        return ask_first(request, row.household, question, consequence, pgettext("code", "Revoke"))

    def revoke() -> dict[str, int]:
        return {"codes": services.revoke_codes(person=row.person, by=request.user, at=request.at)}

    press(request, "people.revoke_codes", revoke, also={"person": person_id})
    return redirect("people:codes", household_id=household_id)


@needs("register.edit")
@require_POST
def phone_code(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """A code for the phone: its private link is shown once, to be photographed or copied."""
    row = member_for(request, household_id, person_id)
    receipt = press_or_refuse(request, "people.phone_code", lambda: _give(row, request), person=person_id)
    token = unseal_text(receipt.answer["link"], str(receipt.command_id))
    address = request.build_absolute_uri(page_url("portal.code", phone_link=token) or "/")
    shown = frame(row.household, member=row, address=address, picture=code_sheets.link_picture(address))
    return render(request, "people/phone_code.html", shown)


def _give(row: Membership, request: Any) -> dict[str, str]:
    """The receipt keeps the link sealed, so that sending twice shows the same one."""
    form = CommandForm(request.POST)
    form.full_clean()
    _code, token = services.give_phone_code(person=row.person, by=request.user, at=request.at)
    return {"link": seal_text(token, str(form.cleaned_data["command_id"]))}


@needs("register.edit")
@require_GET
def code_places(request: Any) -> HttpResponse:
    """Buildings and stairwells, to print the sheets of all their families at once."""
    lines = code_sheets.place_lines(request.scope, request.at)
    return render(request, "people/code_places.html", {"lines": lines})


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def place_sheets(request: Any, place_id: UUID) -> HttpResponse:
    """The sheets of a building or stairwell; sending the form makes what is missing and comes back to them."""
    place = code_sheets.printing_place(request.scope, place_id)
    if request.method == "GET":
        return _place_sheets(request, place)
    persons = code_sheets.persons_to_print(request.scope, place)
    press_or_refuse(request, "people.place_sheets", lambda: _complete(persons, request), place=place_id)
    return redirect("people:place_sheets", place_id=place_id)


def _place_sheets(request: Any, place: Place) -> HttpResponse:
    sheets = code_sheets.place_sheets(request.scope, place, request.at)
    return _sheets(request, sheets, label_of(place), page_url("people.code_places"))


@needs("register.see")
@require_http_methods(["GET", "POST"])
def read_code(request: Any) -> HttpResponse:
    """One field for a handheld scanner, which types and presses Enter: who it is, or what to do instead."""
    form = CodeForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    shown = _answer(request, form.cleaned_data["q"]) if asked else {}
    fresh = CodeForm() if asked else form
    return render(request, "people/read_code.html", {"form": fresh, **shown})


def _answer(request: Any, said: str) -> dict[str, Any]:
    """Names and doors alone, as at the counter. Numbers of nobody are counted, so that nobody guesses them."""
    communities = communities_for(request.scope, "register.see")
    counted = communities[0].pk if communities and is_number(said) else None
    if counted:
        services.refuse_guessing(community_id=counted, at=request.at)
    read = selectors.identify(request.scope, said, request.at)
    if counted and read.person is None:
        services.note_unknown_number(community_id=counted, by=request.user, at=request.at)
    return {"read": read, "said": said, **_who(request, read)}


def _who(request: Any, read: CodeRead) -> dict[str, Any]:
    home: Household | None = selectors.household_of(read.person) if read.person else None
    name = masked_name(read.person.name) if read.person else ""
    if home is None or not request.scope.covers("register.see", home):
        return {"name": name}
    edits = may_edit_register(request.scope, home)
    return {
        "name": name,
        "door": door_label(home.dwelling),
        "url": file_url(home.pk),
        "codes_url": page_url("people.codes", household_id=home.pk) if edits else "",
    }
