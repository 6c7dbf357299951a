"""Residents' pages: ask at a door's code, follow on a private link, confirm; one's own code on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import public
from shouwang.core.actors import RESIDENT
from shouwang.core.sealing import seal_text, unseal_text
from shouwang.goods.selectors.gifts import amount_of, postings_in
from shouwang.goods.selectors.medicine_board import grown_in
from shouwang.goods.selectors.medicine_lacks import has_bank, lacks_in
from shouwang.help import selectors as help_selectors
from shouwang.help import services as help_services
from shouwang.help.models import HelpRequest
from shouwang.help.selectors import resident
from shouwang.people import selectors as people
from shouwang.people.selectors.code_sheets import picture_of
from shouwang.places import selectors as places
from shouwang.places.models import Place
from shouwang.portal import selectors, services
from shouwang.portal.forms import AskForm, ConfirmForm, SpareForm, WordsForm, YesNoForm
from shouwang.portal.rules import BY_CODE, CHOICES
from shouwang.ui.paper import pdf_response, render_pdf

AT_THE_DOOR = "whoever stands at the door may ask; the answer never says who lives there"
POSTED = "what is posted is meant for everybody: counts by building, without names or doors"
BY_CODE_LINK = "whoever holds the code's private link sees the code, as on a printed sheet, and no name"
LACKING = (
    "what the bank lacks is asked of everybody: medicines and counts, nobody and no door; anybody may offer"
)
BY_LINK = "whoever holds the private link sees the state of that one request"


def _place(door_code: str) -> Place:
    place = places.place_by_door_code(door_code)
    if place is None:
        raise Http404
    return place


@public(AT_THE_DOOR)
@require_GET
def choose(request: Any, door_code: str) -> HttpResponse:
    """Five choices at most; 120 comes first."""
    place = _place(door_code)
    context = {
        "choices": CHOICES, "place": place, "label": places.label_of(place), "code": door_code,
        "bank": has_bank(place.community_id),
    }  # fmt: skip
    return render(request, "portal/choose.html", context)


@public(POSTED)
@require_GET
def handed_out(request: Any, door_code: str) -> HttpResponse:
    """What was handed out where in this community, and why; as the office has posted it."""
    place = _place(door_code)
    posted = postings_in(place.community_id) if place.community_id else []
    context = {"posted": [(one, amount_of(one.gift_list)) for one in posted], "code": door_code}
    return render(request, "portal/handed_out.html", context)


@public(AT_THE_DOOR)
@require_http_methods(["GET", "POST"])
def ask(request: Any, door_code: str, choice: str) -> HttpResponse:
    """One short form; what comes back is a private link."""
    place = _place(door_code)
    if choice not in BY_CODE:
        raise Http404
    form = AskForm(request.POST or None, choice=choice)
    if request.method == "POST":
        receipt = form.apply(
            request, "portal.ask", lambda: _ask(form, place, request), also={"place": place.pk}
        )
        if receipt:
            return redirect(
                "portal:follow", token=unseal_text(receipt.answer["link"], str(receipt.command_id))
            )
    context = {"form": form, "choice": BY_CODE[choice], "label": places.label_of(place), "code": door_code}
    return render(request, "portal/ask.html", context, status=form.status)


def _ask(form: AskForm, place: Place, request: Any) -> dict[str, str]:
    """Writes the request; the receipt keeps the link sealed, so that sending twice leads to the same page."""
    values = {name: form.cleaned_data[name] for name in ("choice", "words", "door", "name", "phone")}
    _written, token = services.ask_for_help(place=place, at=request.at, **values)
    return {"link": seal_text(token, str(form.cleaned_data["command_id"]))}


def _bank_at(door_code: str) -> Place:
    """The place of the code, where its community keeps a medicine bank; else 404."""
    place = _place(door_code)
    if not has_bank(place.community_id):
        raise Http404
    return place


@public(LACKING)
@require_http_methods(["GET", "POST"])
def spare(request: Any, door_code: str) -> HttpResponse:
    """What the bank lacks, and one short form for what a household can spare."""
    place = _bank_at(door_code)
    form = SpareForm(request.POST or None, day=timezone.localtime(request.at).date())
    do = lambda: _spare(form, place, request)  # noqa: E731
    if request.method == "POST" and form.apply(request, "portal.spare", do, also={"place": place.pk}):
        return redirect("portal:spared", door_code)
    context = {
        "form": form, "label": places.label_of(place), "code": door_code, "grown": grown_in([place.community_id]),
        "lacks": lacks_in(place.community_id, request.at),
    }  # fmt: skip
    return render(request, "portal/spare.html", context, status=form.status)


def _spare(form: SpareForm, place: Place, request: Any) -> dict[str, bool]:
    said = {name: value for name, value in form.cleaned_data.items() if name != "command_id"}
    services.spare_medicine(place=place, at=request.at, **said)
    return {"done": True}


@public(LACKING)
@require_GET
def spared(request: Any, door_code: str) -> HttpResponse:
    """What happens next with what was offered; the same for everybody."""
    _bank_at(door_code)
    return render(request, "portal/spared.html", {"code": door_code})


def _request(token: str, at: Any) -> HelpRequest:
    found = help_selectors.request_by_link(token, at)
    if found is None:
        raise Http404
    return found


@public(BY_LINK)
@require_GET
def follow(request: Any, token: str) -> HttpResponse:
    """What happens now, in words; asks again by itself every few seconds."""
    found = help_selectors.request_by_link(token, request.at)
    if found is None:
        return render(request, "portal/ended.html", status=404)
    mark = selectors.change_mark(found)
    if request.GET.get("after") == str(mark):
        return HttpResponse(status=204)
    part = "portal/follow.html#live" if "after" in request.GET else "portal/follow.html"
    context = {**selectors.status_for_resident(found), "token": token, "mark": mark, "now": request.at}
    context["shopping"] = resident.list_behind(found)
    response = render(request, part, {**context, "forms": {"confirm": ConfirmForm(), "words": WordsForm()}})
    return _marked(response, mark)


def _marked(response: HttpResponse, mark: int) -> HttpResponse:
    """With the mark the page stands at; a private link is nothing for search engines."""
    response.headers["X-After"] = str(mark)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _act(request: Any, token: str, form: Any, kind: str, do: Callable[[HelpRequest], Any]) -> HttpResponse:
    """One step of the resident's, done once, and back to the page; what was refused is said there."""
    found = _request(token, request.at)

    def act() -> dict[str, bool]:
        do(found)
        return {"done": True}

    if form.apply(request, f"portal.{kind}", act, also={"request": found.pk}) is None:
        for errors in form.errors.values():
            messages.error(request, errors[0])
    return redirect("portal:follow", token=token)


@public(BY_LINK)
@require_POST
def confirm(request: Any, token: str) -> HttpResponse:
    """Received and right, or something is missing or broken."""
    form = ConfirmForm(request.POST)
    return _act(
        request, token, form, "confirm",
        lambda found: help_services.confirm_request(request=found, by=RESIDENT, at=request.at, **form.said()),
    )  # fmt: skip


@public(BY_LINK)
@require_POST
def withdraw(request: Any, token: str) -> HttpResponse:
    """It is not needed any more."""
    form = WordsForm(request.POST)
    return _act(
        request, token, form, "withdraw",
        lambda found: help_services.withdraw_request(request=found, by=RESIDENT, at=request.at, **form.said()),
    )  # fmt: skip


@public(BY_LINK)
@require_POST
def add_words(request: Any, token: str) -> HttpResponse:
    """Something to add to what was asked."""
    form = WordsForm(request.POST)
    return _act(
        request, token, form, "add_words",
        lambda found: help_services.add_note(
            request=found, by=RESIDENT, at=request.at, text=form.said()["words"]
        ),
    )  # fmt: skip


@public(BY_LINK)
@require_POST
def answer_list(request: Any, token: str, order_line_id: UUID) -> HttpResponse:
    """Yes or no to what there is instead of something on the list."""
    form = YesNoForm(request.POST)

    def answer(found: HelpRequest) -> None:
        line = resident.question_behind(found, order_line_id)
        if line is None:
            raise Http404
        help_services.answer_on_link(line=line, yes=form.cleaned_data["yes"], by=RESIDENT, at=request.at)

    return _act(request, token, form, f"list.{order_line_id}", answer)


@public(BY_LINK)
@require_GET
def statement(request: Any, token: str) -> HttpResponse:
    """What was bought for the household, on paper."""
    shopping = resident.list_behind(_request(token, request.at))
    if shopping is None:
        raise Http404
    sheet = {"told": shopping.statement, "door": ""}
    pdf = render_pdf("help/statement.html", {"statements": [sheet], "now": request.at}, request)
    return _marked(pdf_response(pdf, "statement"), 0)


@public(BY_CODE_LINK)
@require_GET
def code(request: Any, phone_link: str) -> HttpResponse:
    """The code of one resident, large; without signing in."""
    found = people.phone_code(phone_link, request.at)
    if found is None:
        response = render(request, "portal/code_ended.html", status=404)
    else:
        picture = picture_of(found.text) if found.text else ""
        response = render(request, "portal/code.html", {"code": found, "picture": picture})
    response.headers["X-Robots-Tag"] = "noindex"
    # Said here as well as for every page: no proxy and no phone shared by a family keeps it.
    response.headers["Cache-Control"] = "private, no-store"
    return response
