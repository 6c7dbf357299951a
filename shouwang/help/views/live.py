"""Pages that renew themselves, and commands that a button sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.core.audit import position_now
from shouwang.core.commands import Receipt, run_once
from shouwang.core.errors import Refusal
from shouwang.core.forms import STALE, CommandForm, actor_of, plain_body
from shouwang.core.live import changed_since

ROOMS = ("help",)


def nothing_new(request: Any) -> bool:
    """Whether this is a page asking again and nothing has changed since."""
    after = request.GET.get("after", "")
    return after.isdigit() and not changed_since(request.scope, int(after), ROOMS)


def render_live(
    request: Any, template: str, part: str, context: Callable[[], Mapping[str, Any]], status: int = 200
) -> HttpResponse:
    """The page; its `part` when it asks again; `whole` (what renews itself, wrapped) for htmx; 204 when nothing is new.

    The position is taken before the rows are read, so that nothing is passed over.
    """
    if nothing_new(request):
        return HttpResponse(status=204)
    after = position_now()
    asked = part if "after" in request.GET else "whole" if request.htmx else ""
    shown = {**context(), "after": after}
    response = render(request, f"{template}#{asked}" if asked else template, shown, status=status)
    response.headers["X-After"] = str(after)
    return response


def once(request: HttpRequest, kind: str, do: Callable[[], Any], /, **about: Any) -> Receipt:
    """Runs what a button asks for, once for its command id; refusals are shown as they come."""
    form = CommandForm(request.POST)
    if not form.is_valid():
        raise Refusal("form-stale", STALE)
    return run_once(
        command_id=form.cleaned_data["command_id"], kind=kind, by=actor_of(request), body=plain_body(about), do=do,
        at=request.at,  # type: ignore[attr-defined]
    )  # fmt: skip


def filled(form: CommandForm) -> dict[str, Any]:
    """The cleaned values, or a Refusal that says what is wrong with the first wrong field."""
    if form.is_valid():
        return {name: value for name, value in form.cleaned_data.items() if name != "command_id"}
    field, errors = next(iter(form.errors.items()))
    raise Refusal("form-wrong", str(errors[0]), field=field)
