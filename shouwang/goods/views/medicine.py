"""The medicine bank: the board, taking an ask down, the page of an ask, changing what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import Refusal
from shouwang.core.forms import typed
from shouwang.goods.engines.medicines.figures import TARGET
from shouwang.goods.forms.medicine import AnswersForm, AskForm, DoctorForm, answered, community_meant
from shouwang.goods.models import MedicineAsk
from shouwang.goods.selectors import medicine as selectors
from shouwang.goods.selectors import medicine_board as boards
from shouwang.goods.selectors import medicine_checks as checks
from shouwang.goods.selectors import medicine_people as people
from shouwang.goods.selectors.medicine_naming import both_named
from shouwang.goods.services import medicine_asks as services
from shouwang.goods.services.medicine_notes import record_ask_read
from shouwang.people.services import record_file_read

KEEP = selectors.KEEP
WHOLE_NUMBER = 7
TARGET_MINUTES = int(TARGET["now"].total_seconds() // 60)


@needs(KEEP)
@require_GET
def board(request: Any) -> HttpResponse:
    """What runs, each with its clock and one next action; with ?rows the part that is kept fresh."""
    found = boards.board_for(request.scope, request.at)
    context = {
        "board": found,
        "offers": len(selectors.open_offers(request.scope)),
        "target": TARGET_MINUTES,
        "now": request.at,
    }
    template = "goods/medicine_rows.html" if "rows" in request.GET else "goods/medicine_board.html"
    return render(request, template, context)


@needs(KEEP)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Two minutes on the phone: whose, how old, allergic to what, taken what."""
    places = selectors.banks_for(request.scope)
    form = AskForm(
        request.POST or None, things=selectors.things_of([place.pk for place in places]),
        initial={"community": places[0].pk if places else None},
    )  # fmt: skip
    if request.method == "POST":
        receipt = form.apply(request, "goods.medicine_ask", lambda: _take_down(request, form))
        if receipt:
            return _after(request, UUID(receipt.answer))
    context = {"form": form, "callers": [], "now": request.at}
    return render(request, "goods/medicine_new.html", context, status=form.status)


def _after(request: Any, ask_id: UUID) -> HttpResponse:
    """To the ask; or to the board, when the taker's posts do not reach its door."""
    if selectors.asks_for(request.scope).filter(pk=ask_id).exists():
        return redirect("goods:medicine_ask", ask_id)
    messages.success(request, _("Taken down. It goes to the community's desk."))
    return redirect("goods:medicine")


def _take_down(request: Any, form: AskForm) -> str:
    said = form.cleaned_data
    place = community_meant(selectors.banks_for(request.scope), said["community"])
    if place is None:
        raise Refusal("community-missing", _("Say which community it is for."), field="door")
    asker = _asker(request, said)
    door = asker.door
    if door is not None and not request.scope.covers(KEEP, door):
        raise Http404
    ask = services.ask_for_medicine(
        community=place, asker=asker, wanted=form.wanted(), by=request.user, at=request.at
    )
    return str(ask.pk)


def _asker(request: Any, said: dict[str, Any]) -> services.Asker:
    person, household = people.person_asked(request.scope, said["person"]) if said["person"] else (None, None)
    if household is None and said["household"]:
        household = people.household_asked(request.scope, said["household"])
    dwelling = None if household or not said["door"] else selectors.door_said(request.scope, said["door"])
    return services.Asker(
        household=household, dwelling=dwelling, person=person, name=said["asker_name"], phone=said["phone"],
        door_said="" if household or dwelling else said["door"], may_be_named=said["may_be_named"],
    )  # fmt: skip


@needs(KEEP)
@require_POST
def lookup(request: Any) -> HttpResponse:
    """Who is calling, as the number or the door is typed. By POST, so that it is in no log."""
    phone, door = typed(request.POST, "phone"), typed(request.POST, "door")
    found = people.callers(request.scope, phone if len(phone) >= WHOLE_NUMBER else "", door, request.at)
    for caller in found:
        record_file_read(household=caller.household, by=request.user, at=request.at, why="call")
    context = {
        "callers": found,
        "asked": phone or door,
        "chosen": str(found[0].household.pk) if len(found) == 1 else "",
    }
    return render(request, "goods/medicine_caller.html", context)


@needs(KEEP)
@require_GET
def ask(request: Any, ask_id: UUID) -> HttpResponse:
    """One ask: what was said, what the check says, and the one next thing. Opening it is on record."""
    found = selectors.ask_for(request.scope, ask_id)
    record_ask_read(ask=found, by=request.user, at=request.at)
    return render(request, "goods/medicine_ask.html", ask_context(request, found))


def ask_context(request: Any, found: MedicineAsk) -> dict[str, Any]:
    """What the page of an ask shows."""
    issue, errand = selectors.issue_of(found), selectors.errand_of(found)
    open_ = found.is_open()
    lots = _lots(found, request.at) if found.state in ("asked", "matched") else []
    there = sum(row.quantity for row in lots)
    going = found.offer if found.state == "matched" else found
    return {
        "ask": found, "title": boards.title_of(found), "door": selectors.door_of(found), "now": request.at,
        "minutes": found.minutes(request.at), "late": found.is_late(request.at), "target": TARGET_MINUTES,
        "told": checks.told(checks.verdict_of(found, request.at)) if found.medicine and open_ else [],
        "answers": checks.answers_told(found, request.at) if found.medicine else [], "issue": issue, "errand": errand,
        "lots": lots, "offers": selectors.offers_near(found) if found.state == "asked" and found.medicine else [],
        "next": boards.next_of(found, issue, there, errand is not None), "doctor_form": DoctorForm(auto_id="doctor_%s"),
        "goers": people.goers(going, request.at) if open_ and errand is None and going is not None else [],
        "both": both_named(issue), "mine": issue is not None and issue.counted_by_id == request.user.pk,
    }  # fmt: skip


def _lots(found: MedicineAsk, at: Any) -> list[Any]:
    if found.item is not None:
        return selectors.stock_of_things(found.item)
    return selectors.lots_for(found.community_id, found.medicine, localtime(at).date())


@needs(KEEP)
@require_http_methods(["GET", "POST"])
def answer(request: Any, ask_id: UUID) -> HttpResponse:
    """Something else was said, or another medicine is right."""
    found = selectors.ask_for(request.scope, ask_id)
    things = selectors.things_of([found.community_id] if found.community_id else [])
    form = AnswersForm(request.POST or None, things=things, initial=answered(found))
    act = {"ask": found, "by": request.user, "at": request.at}
    if request.method == "POST":
        do = lambda: str(services.answer_again(wanted=form.wanted(), **act).pk)  # noqa: E731
        if form.apply(request, "goods.medicine_answer", do, also={"ask": found.pk}):
            messages.success(request, _("Checked again with what was said now."))
            return redirect("goods:medicine_ask", found.pk)
    return render(request, "goods/medicine_answer.html", {"form": form, "ask": found}, status=form.status)


@needs(KEEP)
@require_POST
def doctor(request: Any, ask_id: UUID) -> HttpResponse:
    """A doctor was asked and said yes."""
    found = selectors.ask_for(request.scope, ask_id)
    form = DoctorForm(request.POST)
    act = {"ask": found, "by": request.user, "at": request.at}
    do = lambda: str(services.doctor_agreed(words=form.cleaned_data["words"], **act).pk)  # noqa: E731
    if form.apply(request, "goods.medicine_doctor", do, also={"ask": found.pk}) is None:
        raise refused(form, "words")
    return redirect("goods:medicine_ask", found.pk)


def refused(form: Any, field: str = "") -> Refusal:
    """Why nothing was done, for a page of its own."""
    words = str(next(iter(form.errors.values()))[0]) if form.errors else ""
    return form.refusal or Refusal("form-wrong", words, field=field)


__all__ = ["answer", "ask", "ask_context", "board", "doctor", "lookup", "new", "refused"]
