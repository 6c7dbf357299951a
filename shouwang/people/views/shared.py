"""What several pages of people do: go back to the file, and act on a button's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shouwang.core.forms import CommandForm
from shouwang.people import services
from shouwang.people.models import Household, Membership
from shouwang.people.selectors import household_for, household_title, members_of
from shouwang.people.selectors.finding import household_url
from shouwang.places.selectors import door_label


def file_url(household_id: UUID | None) -> str:
    """The household's file; the list when no room shows files, or nobody lives there."""
    return (household_url(household_id) if household_id else "") or reverse("people:household_list")


def frame(household: Household, **more: Any) -> dict[str, Any]:
    """What every form about a household shows above it."""
    return {
        "household": household,
        "door": door_label(household.dwelling),
        "title_of": household_title(household),
        "back_url": file_url(household.pk),
        **more,
    }


def form_page(
    request: Any, question: str, household: Household, form: CommandForm, **more: Any
) -> HttpResponse:
    """The form's page under its `question`, with the status of how it was answered."""
    context = frame(household, form=form, question=question, **more)
    return render(request, "people/form.html", context, status=form.status)


def file_form_page(
    request: Any, question: str, household: Household, form: CommandForm, **more: Any
) -> HttpResponse:
    """The same for a form that shows what is sealed: whoever opens it has read the file."""
    if request.method == "GET":
        services.record_file_read(household=household, by=request.user, at=request.at, why="form")
    return form_page(request, question, household, form, **more)


def ask_first(
    request: Any, household: Household, question: str, consequence: str, action_label: str
) -> HttpResponse:
    """The page that asks before something that is hard to take back; its form posts to the same address."""
    said = {
        "question": question,
        "consequence": consequence,
        "action_label": action_label,
        "action_url": request.path,
    }
    return render(request, "people/confirm.html", frame(household, **said))


def member_for(request: Any, household_id: UUID, person_id: UUID) -> Membership:
    """The membership of somebody in a household that the reader may edit, or 404."""
    household = household_for(request.scope, household_id, "register.edit")
    for row in members_of(household):
        if row.person_id == person_id:
            return row
    raise Http404


def press(
    request: Any, kind: str, do: Callable[[], Any], *, also: dict[str, Any], form: CommandForm | None = None
) -> bool:
    """Acts on a button's form once; a refusal is told at the top of the next page. Whether it was done."""
    form = form or CommandForm(request.POST)
    if form.apply(request, kind, do, also=also) is not None:
        return True
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return False


def back_to(request: Any, household_id: UUID | None) -> HttpResponse:
    """To where the button was: the queue when it says so, else the file."""
    if request.POST.get("from") == "queue":
        return redirect("people:care_queue")
    return redirect(file_url(household_id))
