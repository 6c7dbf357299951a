"""Tickets of hotlines: the list by deadline, a new one, one with its answer and the call back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.core.access import needs
from shouwang.core.errors import NotAllowed
from shouwang.help import services
from shouwang.help.forms import CallBackForm, ReplyForm, TicketForm
from shouwang.help.models import HotlineTicket
from shouwang.help.selectors.tickets import ticket_for, ticket_rows
from shouwang.help.states import TicketState
from shouwang.places.selectors import communities_for


@needs("help.tickets")
@require_GET
def tickets(request: Any) -> HttpResponse:
    """The open ones, those to be rung back, those that are over."""
    show = request.GET.get("show", "")
    show = show if show in TicketState.values else TicketState.OPEN
    context = {
        "rows": ticket_rows(request.scope, show), "show": show, "now": request.at,
        "chips": [
            {"label": label, "url": f"{reverse('help:tickets')}?show={code}", "current": code == show}
            for code, label in TicketState.choices
        ],
    }  # fmt: skip
    return render(request, "help/tickets.html", context)


@needs("help.tickets")
@require_http_methods(["GET", "POST"])
def new_ticket(request: Any) -> HttpResponse:
    """Takes one in."""
    form = TicketForm(request.POST or None)
    receipt = (
        form.apply(request, "help.ticket.take_in", lambda: _take_in(request, form)) if form.is_bound else None
    )
    if receipt:
        messages.success(request, _("Taken in. The deadline is watched from now on."))
        return redirect("help:ticket", receipt.answer)
    return render(request, "help/ticket_new.html", {"form": form}, status=form.status)


def _take_in(request: Any, form: TicketForm) -> str:
    mine = communities_for(request.scope, "help.tickets")
    if not mine:
        raise NotAllowed("not-allowed", _("The community's office takes tickets in. Ask there."))
    values = {
        name: form.cleaned_data[name] for name in ("number", "source", "due_at", "words", "caller_name")
    }
    return str(services.take_in_ticket(
        community=mine[0], caller_phone=form.cleaned_data["caller_phone"], by=request.user, at=request.at, **values,
    ).pk)  # fmt: skip


@needs("help.tickets")
@require_GET
def ticket(request: Any, ticket_id: UUID) -> HttpResponse:
    """One of them, with what is to be done next."""
    return _page(request, ticket_for(request.scope, ticket_id))


def _page(request: Any, found: HotlineTicket, **forms: Any) -> HttpResponse:
    context = {"ticket": found, "reply_form": ReplyForm(), "call_form": CallBackForm(), "now": request.at,
               "late": found.is_late(request.at)} | forms  # fmt: skip
    status = max((form.status for form in forms.values()), default=200)
    return render(request, "help/ticket.html", context, status=status)


@needs("help.tickets")
@require_http_methods(["POST"])
def reply_ticket(request: Any, ticket_id: UUID) -> HttpResponse:
    """The written answer."""
    found, form = ticket_for(request.scope, ticket_id), ReplyForm(request.POST)
    done = form.apply(
        request, "help.ticket.reply",
        lambda: str(services.reply_to_ticket(
            ticket=found, reply=form.cleaned_data["reply"], by=request.user, at=request.at).pk),
        also={"ticket": found.pk},
    )  # fmt: skip
    return redirect("help:ticket", found.pk) if done else _page(request, found, reply_form=form)


@needs("help.tickets")
@require_http_methods(["POST"])
def call_back(request: Any, ticket_id: UUID) -> HttpResponse:
    """How the call back went."""
    found, form = ticket_for(request.scope, ticket_id), CallBackForm(request.POST)
    done = form.apply(
        request, "help.ticket.call_back",
        lambda: str(services.record_call_back(
            ticket=found, outcome=form.cleaned_data["outcome"], by=request.user, at=request.at).pk),
        also={"ticket": found.pk},
    )  # fmt: skip
    return redirect("help:ticket", found.pk) if done else _page(request, found, call_form=form)
