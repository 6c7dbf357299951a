"""Care flags: added, decided, looked at again, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.people import selectors, services
from shouwang.people.forms import DecisionForm, FlagForm
from shouwang.people.models import CareFlag, Household
from shouwang.people.selectors.listing import care_rows
from shouwang.people.views.shared import back_to, file_url, form_page, press


@needs("care.edit")
@require_GET
def care_queue(request: Any) -> HttpResponse:
    """Flags that wait for a decision, and those to be looked at again."""
    return render(request, "people/care_queue.html", care_rows(request.scope, request.at))


@needs("care.edit")
@require_http_methods(["GET", "POST"])
def add_flag(request: Any, household_id: UUID) -> HttpResponse:
    """A reason to think of a household or of one of its people."""
    household = selectors.household_for(request.scope, household_id, "care.edit")
    members, classes = selectors.members_of(household), selectors.readable_classes(request.scope, household)
    form = FlagForm(request.POST or None, members=members, classes=classes)
    if request.method == "POST" and form.apply(
        request, "people.add_flag", lambda: _add(household, form, request), also={"household": household_id}
    ):
        return redirect(file_url(household.pk))
    return form_page(request, _("Add a care flag"), household, form)


def _add(household: Household, form: FlagForm, request: Any) -> dict[str, str]:
    said = form.cleaned_data
    flag = services.add_flag(
        household=household,
        person=form.persons.get(said["about"]),
        kind=said["kind"],
        source=said["source"],
        note=said.get("note", ""),
        review_on=said["review_on"],
        by=request.user,
        at=request.at,
    )
    return {"flag": str(flag.pk)}


@needs("care.edit")
@require_POST
def decide_flag(request: Any, flag_id: UUID) -> HttpResponse:
    """Takes a proposal over, or not."""
    flag, form = selectors.flag_for(request.scope, flag_id), DecisionForm(request.POST)

    def decide() -> dict[str, str]:
        accept = form.cleaned_data["accept"] == "yes"
        return {"state": services.decide_flag(flag=flag, accept=accept, by=request.user, at=request.at).state}

    press(request, "people.decide_flag", decide, also={"flag": flag_id}, form=form)
    return back_to(request, flag.household_id)


def _press_flag(request: Any, flag_id: UUID, kind: str, service: Callable[..., CareFlag]) -> HttpResponse:
    flag = selectors.flag_for(request.scope, flag_id)

    def act() -> dict[str, str]:
        return {"state": service(flag=flag, by=request.user, at=request.at).state}

    press(request, kind, act, also={"flag": flag_id})
    return back_to(request, flag.household_id)


@needs("care.edit")
@require_POST
def review_flag(request: Any, flag_id: UUID) -> HttpResponse:
    """Still so."""
    return _press_flag(request, flag_id, "people.review_flag", services.review_flag)


@needs("care.edit")
@require_POST
def end_flag(request: Any, flag_id: UUID) -> HttpResponse:
    """No longer so."""
    return _press_flag(request, flag_id, "people.end_flag", services.end_flag)
