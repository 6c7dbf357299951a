"""One volunteer: what somebody can do and when, and what they have in hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import signed_in
from shouwang.core.audit import position_now
from shouwang.core.forms import press
from shouwang.core.live import changed_since
from shouwang.places.selectors import label_of
from shouwang.volunteers import rules, selectors, services
from shouwang.volunteers.forms import AbilityForm, PeriodForm
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors.held import held_things


def editable(request: Any, volunteer_id: UUID) -> Volunteer:
    """The volunteer, if the reader may change the record; else 404."""
    record = selectors.volunteer_for(request.scope, volunteer_id)
    if not rules.may_edit(request.scope, record):
        raise Http404
    return record


def frame_of(request: Any, record: Volunteer, period: PeriodForm | None = None) -> dict[str, Any]:
    """What the page of a volunteer shows to this reader; the reason of a stand-down only to some."""
    scope = request.scope
    stand_down = selectors.stand_down_of(record, scope.at)
    return {
        "volunteer": record,
        "row": selectors.row_of(record, scope.at),
        "posts": selectors.posts_of_all(record, scope.at),
        "checklist": selectors.checklist_for(scope, record),
        "held": held_things(scope, record),
        "stand_down": stand_down,
        "why": stand_down.why if stand_down and rules.may_know_why(scope, record) else "",
        "periods": selectors.availability_of(record, scope.at),
        "period_form": period or PeriodForm(),
        "may_edit": rules.may_edit(scope, record),
        "is_own": rules.is_own(scope, record),
        "may_phone": rules.may_phone(scope, record),
        "home": label_of(record.home) if record.home is not None else "",
        "after": position_now(),
    }


@signed_in
@require_GET
def volunteer(request: Any, volunteer_id: UUID) -> HttpResponse:
    """The page of one volunteer; its checklist is live."""
    after = request.GET.get("after", "")
    record = selectors.volunteer_for(request.scope, volunteer_id)
    if after.isdigit() and not changed_since(
        request.scope, int(after), ["volunteers", "places", "help", "goods"]
    ):
        return HttpResponse(status=204)
    frame = frame_of(request, record)
    template = "volunteers/volunteer.html#duty" if after else "volunteers/volunteer.html"
    answer = render(request, template, frame)
    answer["X-After"] = str(frame["after"])
    return answer


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """To my own record; 404 for those who have none."""
    record = selectors.volunteer_of(request.user)
    if record is None:
        raise Http404
    return redirect("volunteers:volunteer", record.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: Any, volunteer_id: UUID) -> HttpResponse:
    """Changes what somebody can do and how much at a time."""
    record = editable(request, volunteer_id)
    given = {name: getattr(record, name) for name in AbilityForm.base_fields if hasattr(record, name)}
    form = AbilityForm(request.POST or None, initial=given)
    if form.is_bound and form.apply(request, "volunteers.change", lambda: change_as_said(request, record, form),
                                    also={"volunteer_id": volunteer_id}):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("volunteers:volunteer", record.pk)
    return render(request, "volunteers/change.html", {"form": form, "volunteer": record}, status=form.status)


def change_as_said(request: Any, record: Volunteer, form: AbilityForm) -> str:
    values = form.abilities()
    services.set_skills(volunteer=record, skills=values.pop("skills"), by=request.user, at=request.at)
    services.change_volunteer(volunteer=record, by=request.user, at=request.at, **values)
    return str(record.pk)


@signed_in
@require_POST
def add_period(request: Any, volunteer_id: UUID) -> HttpResponse:
    """Adds a time at which the volunteer can be asked."""
    record = editable(request, volunteer_id)
    form = PeriodForm(request.POST)

    def do() -> int:
        there = [(time.from_at, time.until_at) for time in selectors.availability_of(record, request.at)]
        periods = [*there, form.period()]
        return len(
            services.set_availability(volunteer=record, periods=periods, by=request.user, at=request.at)
        )

    if form.apply(request, "volunteers.add_period", do, also={"volunteer_id": volunteer_id}):
        return redirect("volunteers:volunteer", record.pk)
    return render(request, "volunteers/volunteer.html", frame_of(request, record, form), status=form.status)


@signed_in
@require_POST
def end_period(request: Any, volunteer_id: UUID, period_id: UUID) -> HttpResponse:
    """Takes a time away again."""
    record = editable(request, volunteer_id)

    def do() -> int:
        times = selectors.availability_of(record, request.at)
        left = [(time.from_at, time.until_at) for time in times if time.pk != period_id]
        return len(services.set_availability(volunteer=record, periods=left, by=request.user, at=request.at))

    press(request, "volunteers.end_period", do, period_id=period_id)
    return redirect("volunteers:volunteer", record.pk)
