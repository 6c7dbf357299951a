"""The volunteer's pages that work without installing: my work, and one job with its next step at the thumb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import signed_in
from shouwang.core.audit import position_now
from shouwang.field import selectors
from shouwang.field.forms import CouldNotForm, FinishForm, WordsForm
from shouwang.help import selectors as help_selectors
from shouwang.help import services
from shouwang.help.models import HelpRequest
from shouwang.help.services.serving import serving_record


@signed_in
@require_GET
def my_work(request: Any) -> HttpResponse:
    """Everything I have been asked or have taken on, from every room."""
    items = selectors.my_work(request.user, request.at)
    mark = selectors.mark_of(items)
    if request.GET.get("after") == str(mark):
        return HttpResponse(status=204)
    part = "field/my_work.html#live" if "after" in request.GET else "field/my_work.html"
    context = {
        "items": items,
        "mark": mark,
        "now": request.at,
        **selectors.standing(request.user, request.at),
    }
    response = render(request, part, context)
    response.headers["X-After"] = str(mark)
    return response


@signed_in
@require_GET
def job(request: Any, request_id: UUID) -> HttpResponse:
    """One job: door, lift, what to bring, whom to ring, and the next step."""
    found = help_selectors.request_for(request.scope, request_id)
    services.mark_seen(request=found, by=request.user, at=request.at)
    context = {
        **selectors.job_for(request.scope, found, request.at),
        "could_not": CouldNotForm(),
        "words": WordsForm(),
    }
    return render(request, "field/job.html", {**context, "position": position_now()})


def _act(
    request: Any, request_id: UUID, form: Any, kind: str, do: Callable[[HelpRequest], Any]
) -> HttpResponse:
    """Does one step; a refusal is said on the job's page, or on My work when the job is gone."""
    found = help_selectors.request_for(request.scope, request_id)
    receipt = form.apply(request, f"field.{kind}", lambda: _done(do(found)), also={"request": found.pk})
    if receipt is None:
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, error)
        return redirect("field:request", request_id=request_id)
    return redirect("field:request", request_id=request_id) if kind in STAYS else redirect("field:my_work")


STAYS = frozenset({"take", "start", "attempt"})


def _done(_written: Any) -> dict[str, bool]:
    return {"done": True}


def _mine(found: HelpRequest, request: Any) -> Any:
    assignment = help_selectors.live_assignment_of(found, request.user)
    if assignment is None:
        raise Http404
    return assignment


@signed_in
@require_POST
def take(request: Any, request_id: UUID) -> HttpResponse:
    """I take it; or, of a danger to life I was told of: I am on my way."""
    form = WordsForm(request.POST)
    return _act(
        request,
        request_id,
        form,
        "take",
        lambda found: services.accept_offer(
            request=found,
            volunteer=serving_record(request.user, at=request.at),
            by=request.user,
            at=request.at,
        ),
    )


@signed_in
@require_POST
def decline(request: Any, request_id: UUID) -> HttpResponse:
    """I can't; nobody asks why."""
    form = WordsForm(request.POST)
    return _act(
        request,
        request_id,
        form,
        "decline",
        lambda found: services.decline_offer(
            assignment=_mine(found, request), by=request.user, at=request.at, words=form.cleaned_data["words"]
        ),
    )


@signed_in
@require_POST
def give_back(request: Any, request_id: UUID) -> HttpResponse:
    """I can't go on with it: it is offered again at once."""
    form = WordsForm(request.POST)
    return _act(
        request,
        request_id,
        form,
        "give_back",
        lambda found: services.release(
            assignment=_mine(found, request), by=request.user, at=request.at, words=form.cleaned_data["words"]
        ),
    )


@signed_in
@require_POST
def start(request: Any, request_id: UUID) -> HttpResponse:
    """I set out."""
    form = WordsForm(request.POST)
    return _act(
        request,
        request_id,
        form,
        "start",
        lambda found: services.start_request(
            request=found, by=request.user, at=request.at, assignment=_mine(found, request)
        ),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def finish(request: Any, request_id: UUID) -> HttpResponse:
    """Done, with a note or a photo if one likes."""
    found = help_selectors.request_for(request.scope, request_id)
    _mine(found, request)
    form = FinishForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        receipt = form.apply(
            request, "field.finish", lambda: _done(_finish(found, form, request)), also={"request": found.pk}
        )
        if receipt:
            return redirect("field:my_work")
    context = {**selectors.job_for(request.scope, found, request.at), "form": form}
    return render(request, "field/finish.html", context, status=form.status)


def _finish(found: HelpRequest, form: FinishForm, request: Any) -> HelpRequest:
    values = form.cleaned_data
    return services.finish_request(
        request=found, by=request.user, at=request.at, note=values["note"], photo=values["photo"]
    )


@signed_in
@require_POST
def attempt(request: Any, request_id: UUID) -> HttpResponse:
    """It did not work this time; what was tried is on record."""
    _mine(help_selectors.request_for(request.scope, request_id), request)
    form = CouldNotForm(request.POST)
    return _act(request, request_id, form, "attempt", lambda found: _tried(found, form, request))


def _tried(found: HelpRequest, form: CouldNotForm, request: Any) -> Any:
    values = form.cleaned_data
    return services.record_attempt(
        request=found, outcome=values["outcome"], by=request.user, at=request.at, note=values["note"]
    )
