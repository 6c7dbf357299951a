"""Whom to ring, who may speak for a household, and where somebody is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.people import selectors, services
from shouwang.people.forms import ContactForm, ProxyForm, StayForm
from shouwang.people.models import Household, Membership
from shouwang.people.states import StayKind
from shouwang.people.views.shared import file_url, form_page, member_for, press


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def add_contact(request: Any, household_id: UUID) -> HttpResponse:
    """One more to ring."""
    household = selectors.household_for(request.scope, household_id, "register.edit")
    form = ContactForm(request.POST or None, members=selectors.members_of(household))
    if request.method == "POST" and form.apply(
        request, "people.add_contact", lambda: _add_contact(form, request), also={"household": household_id}
    ):
        return redirect(file_url(household.pk))
    return form_page(request, _("Somebody to ring"), household, form)


def _add_contact(form: ContactForm, request: Any) -> dict[str, str]:
    said = {name: form.cleaned_data[name] for name in ("name", "phone", "relation", "order")}
    person = form.persons[form.cleaned_data["person"]]
    return {"contact": str(services.add_contact(person=person, by=request.user, at=request.at, **said).pk)}


@needs("register.edit")
@require_POST
def end_contact(request: Any, contact_id: UUID) -> HttpResponse:
    """Not rung any more."""
    contact = selectors.contact_for(request.scope, contact_id)
    home = selectors.household_of(contact.person)

    def end() -> dict[str, str]:
        return {"contact": str(services.end_contact(contact=contact, by=request.user, at=request.at).pk)}

    press(request, "people.end_contact", end, also={"contact": contact_id})
    return redirect(file_url(home.pk if home else None))


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def add_proxy(request: Any, household_id: UUID) -> HttpResponse:
    """Somebody who may speak for the household."""
    household = selectors.household_for(request.scope, household_id, "register.edit")
    form = ProxyForm(request.POST or None)
    if request.method == "POST" and form.apply(
        request,
        "people.add_proxy",
        lambda: _add_proxy(household, form, request),
        also={"household": household_id},
    ):
        return redirect(file_url(household.pk))
    return form_page(request, _("Who may speak for the household"), household, form)


def _add_proxy(household: Household, form: ProxyForm, request: Any) -> dict[str, str]:
    said = {name: form.cleaned_data[name] for name in ("kind", "name", "phone")}
    return {"proxy": str(services.add_proxy(household=household, by=request.user, at=request.at, **said).pk)}


@needs("register.edit")
@require_POST
def end_proxy(request: Any, proxy_id: UUID) -> HttpResponse:
    """No longer speaks for the household."""
    proxy = selectors.proxy_for(request.scope, proxy_id)

    def end() -> dict[str, str]:
        return {"proxy": str(services.end_proxy(proxy=proxy, by=request.user, at=request.at).pk)}

    press(request, "people.end_proxy", end, also={"proxy": proxy_id})
    return redirect(file_url(proxy.household_id))


@needs("register.edit")
@require_http_methods(["GET", "POST"])
def record_stay(request: Any, household_id: UUID, person_id: UUID) -> HttpResponse:
    """Where somebody is now; 'at home' ends it."""
    row = member_for(request, household_id, person_id)
    stay = selectors.stay_of(row.person)
    known = {"kind": stay.kind, "where": stay.where} if stay else {"kind": StayKind.HOME}
    form = StayForm(request.POST or None, initial=known)
    if request.method == "POST" and form.apply(
        request, "people.record_stay", lambda: _record(row, form, request), also={"person": person_id}
    ):
        return redirect(file_url(household_id))
    return form_page(request, _("Where somebody is now"), row.household, form)


def _record(row: Membership, form: StayForm, request: Any) -> dict[str, str]:
    said = {name: form.cleaned_data[name] for name in ("kind", "where", "from_at")}
    services.record_stay(person=row.person, by=request.user, at=request.at, **said)
    return {"person": str(row.person_id)}
