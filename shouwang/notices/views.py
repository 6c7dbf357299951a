"""Pages of notices: my messages, and how I can be reached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as flashes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import signed_in
from shouwang.core.forms import press
from shouwang.notices import selectors, services
from shouwang.notices.forms import ChannelForm

A_PAGE = 50


@signed_in
@require_GET
def messages(request: Any) -> HttpResponse:
    """My messages, newest first; `?show=unread` those that wait."""
    mark = selectors.newest_mark(request.user)
    if "after" in request.GET and request.GET["after"] == str(mark):
        return HttpResponse(status=204)
    unread, show = selectors.unread_for(request.user), request.GET.get("show", "")
    found = unread if show == "unread" else selectors.messages_for(request.user)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    frame = {"page": page, "unread": unread.count(), "show": show, "mark": mark}
    template = "notices/messages.html#list" if "after" in request.GET else "notices/messages.html"
    answer = render(request, template, frame)
    answer["X-After"] = str(mark)
    return answer


@signed_in
@require_POST
def open_message(request: Any, message_id: UUID) -> HttpResponse:
    """Marks a message as read and goes to what it is about."""
    message = selectors.message_for(request.user, message_id)

    def do() -> str:
        services.mark_read(message=message, by=request.user, at=request.at)
        return message.url

    press(request, "notices.read", do, message_id=message_id)
    return redirect(message.url or "notices:messages")


@signed_in
@require_POST
def read_all(request: Any) -> HttpResponse:
    """Marks all my messages as read."""
    press(request, "notices.read_all", lambda: services.mark_all_read(by=request.user, at=request.at))
    return redirect("notices:messages")


@signed_in
@require_http_methods(["GET", "POST"])
def channels(request: Any) -> HttpResponse:
    """How I can be reached outside; a form to add a way."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.apply(request, "notices.add_channel", lambda: _add(request, form)):
        flashes.success(request, _("Added. Send a test to see whether it arrives."))
        return redirect("notices:channels")
    frame = {"form": form, "channels": selectors.channels_for(request.user)}
    return render(request, "notices/channels.html", frame, status=form.status)


def _add(request: Any, form: ChannelForm) -> str:
    values = form.cleaned_data
    channel = services.add_channel(
        user=request.user, label=values["label"], address=values["address"], by=request.user, at=request.at
    )
    return str(channel.pk)


@signed_in
@require_POST
def test_channel(request: Any, channel_id: UUID) -> HttpResponse:
    """Sends a test over one of my channels."""
    channel = selectors.channel_for(request.user, channel_id)

    def do() -> str:
        return str(services.test_channel(channel=channel, by=request.user, at=request.at).pk)

    press(request, "notices.test_channel", do, channel_id=channel_id)
    flashes.info(request, _("A test is on its way. It should arrive within a minute."))
    return redirect("notices:channels")


@signed_in
@require_POST
def end_channel(request: Any, channel_id: UUID) -> HttpResponse:
    """Removes one of my channels."""
    channel = selectors.channel_for(request.user, channel_id)
    press(
        request,
        "notices.end_channel",
        lambda: services.end_channel(channel=channel, by=request.user, at=request.at),
        channel_id=channel_id,
    )
    flashes.success(request, _("Removed. Nothing is sent there any more."))
    return redirect("notices:channels")
