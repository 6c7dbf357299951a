"""One parcel: its whole way, one step further, put right, let go early; its photo and its label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.errors import Refusal
from shouwang.core.files import read_file
from shouwang.core.forms import CommandForm
from shouwang.goods import services
from shouwang.goods.forms import ChangeForm, DoorForm, EarlyForm, NoteForm, StepForm
from shouwang.goods.models import Parcel
from shouwang.goods.rules import MOST_LABELS
from shouwang.goods.selectors import gate
from shouwang.goods.selectors import parcels as selectors
from shouwang.goods.selectors.labels import labels_for
from shouwang.people.selectors import flag_words
from shouwang.ui.paper import pdf_response, render_pdf


@needs("goods.gate")
@require_GET
def parcel(request: Any, parcel_id: UUID) -> HttpResponse:
    """The parcel with its whole way, and what can be done with it now."""
    return parcel_page(request, selectors.parcel_for(request.scope, parcel_id))


def parcel_page(request: Any, found: Parcel, **forms: CommandForm) -> HttpResponse:
    """The page; of `forms` the one that was sent shows what is wrong with it."""
    way = selectors.way_of(request.scope, found, request.at)
    sent = next(iter(forms.values()), None)
    context = {
        "way": way, "line": way.line, "parcel": found, "now": request.at, "door_form": DoorForm(),
        "early_form": EarlyForm(), "note_form": NoteForm(initial={"note": way.line.note}), **forms,
        "may_leave": found.may_leave(request.at),
    }  # fmt: skip
    return render(request, "goods/gate_parcel.html", context, status=sent.status if sent else 200)


Act = Callable[[Parcel, str, Any], Any]
# Each step that a button of the page asks for: parcel, words, who and when.
STEPS: dict[str, Act] = {
    "disinfect": lambda row, _words, act: services.disinfect(parcels=[row], **act),
    "not_disinfected": lambda row, _words, act: services.take_back_disinfecting(parcels=[row], **act),
    "hand_over": lambda row, words, act: services.hand_over(parcel=row, to_words=words, **act),
    "not_handed": lambda row, _words, act: services.take_back_handing(parcel=row, **act),
    "bring_back": lambda row, words, act: services.bring_back(parcel=row, reason=words, **act),
    "send_back": lambda row, words, act: services.send_back(parcel=row, reason=words, **act),
    "lost": lambda row, words, act: services.mark_lost(parcel=row, reason=words, **act),
    "found": lambda row, _words, act: services.found(parcel=row, **act),
    "void": lambda row, _words, act: services.void_parcel(parcel=row, **act),
}


@needs("goods.gate")
@require_POST
def step(request: Any, parcel_id: UUID) -> HttpResponse:
    """One step further, or back: `step` names it."""
    found = selectors.parcel_for(request.scope, parcel_id)
    form = StepForm(request.POST)
    receipt = form.apply(
        request, "goods.step", lambda: stepped(request, found, form), also={"parcel": found.pk}
    )
    if receipt is None:
        raise form.refusal or Refusal("step-unknown", _("Choose what was done."))
    messages.success(request, _("Written down."))
    back = request.POST.get("back", "")
    return redirect("goods:take_in") if back == "take_in" else redirect("goods:parcel", parcel_id)


def stepped(request: Any, found: Parcel, form: StepForm) -> str:
    do = STEPS.get(form.cleaned_data["step"])
    if do is None:
        raise Refusal("step-unknown", _("Choose what was done."))
    do(found, form.cleaned_data["words"], {"by": request.user, "at": request.at})
    return str(found.pk)


@needs("goods.gate")
@require_POST
def early(request: Any, parcel_id: UUID) -> HttpResponse:
    """Lets it go before its hour, with a reason."""
    found = selectors.parcel_for(request.scope, parcel_id)
    form = EarlyForm(request.POST)
    act = {"parcel": found, "by": request.user, "at": request.at}
    receipt = form.apply(
        request, "goods.early", lambda: str(services.let_go_early(reason=form.cleaned_data["reason"], **act).pk),
        also={"parcel": found.pk},
    )  # fmt: skip
    if receipt is None:
        return parcel_page(request, found, early_form=form)
    messages.success(request, _("It may leave now. The reason is on record with your name."))
    return redirect("goods:parcel", parcel_id)


@needs("goods.gate")
@require_POST
def place(request: Any, parcel_id: UUID) -> HttpResponse:
    """Puts it to a door, or to another one."""
    found = selectors.parcel_for(request.scope, parcel_id)
    form = DoorForm(request.POST)
    receipt = form.apply(
        request, "goods.place", lambda: placed(request, found, form), also={"parcel": found.pk}
    )
    if receipt is None:
        return parcel_page(request, found, door_form=form)
    messages.success(request, _("It goes to this door now."))
    return redirect("goods:unplaced") if "unplaced" in request.POST else redirect("goods:parcel", parcel_id)


def placed(request: Any, found: Parcel, form: DoorForm) -> str:
    dwelling = gate.said_door(request.scope, form.cleaned_data["door"])
    if dwelling is None:
        raise Refusal("door-unknown", _("There is no such door here. Say it as 3-2-501."), field="door")
    services.place_parcel(parcel=found, dwelling=dwelling, by=request.user, at=request.at)
    return str(found.pk)


@needs("goods.gate")
@require_http_methods(["GET", "POST"])
def change(request: Any, parcel_id: UUID) -> HttpResponse:
    """Puts right what it is."""
    found = selectors.parcel_for(request.scope, parcel_id)
    names = ("kind", "pieces", "cold", "medicine", "urgent")
    begin = {**{name: getattr(found, name) for name in names}, "weight": found.weight_class}
    form = ChangeForm(request.POST or None, initial=begin)
    act = {"parcel": found, "by": request.user, "at": request.at}
    if form.is_bound and form.apply(
        request, "goods.change", lambda: str(services.change_parcel(**act, **form.looks()).pk), also={"parcel": found.pk}
    ):  # fmt: skip
        return redirect("goods:parcel", parcel_id)
    line = selectors.lines_of(request.scope, [found])[0]
    return render(request, "goods/gate_change.html", {"form": form, "line": line}, status=form.status)


@needs("goods.gate")
@require_POST
def note(request: Any, parcel_id: UUID) -> HttpResponse:
    """Keeps what is written on it; what that says of the household is proposed for its file."""
    found = selectors.parcel_for(request.scope, parcel_id)
    form = NoteForm(request.POST)
    act = {"parcel": found, "by": request.user, "at": request.at}
    receipt = form.apply(
        request, "goods.note", lambda: services.note_parcel(note=form.cleaned_data["note"], **act),
        also={"parcel": found.pk},
    )  # fmt: skip
    if receipt is None:
        return parcel_page(request, found, note_form=form)
    messages.success(request, noted_words(receipt.answer))
    return redirect("goods:parcel", parcel_id)


def noted_words(kinds: list[str]) -> str:
    """What was proposed because of a note."""
    if not kinds:
        return _("Kept. It says nothing that belongs in a file.")
    words = ", ".join(flag_words(kind) for kind in kinds)
    return _("Kept, and proposed for the household's file: %(flags)s. Somebody there accepts it or not.") % {
        "flags": words
    }


@needs("goods.gate")
@require_GET
def photo(request: Any, parcel_id: UUID) -> HttpResponse:
    """The photo of its label."""
    found = selectors.parcel_for(request.scope, parcel_id)
    if found.photo is None:
        raise Http404
    return HttpResponse(read_file(found.photo), content_type=found.photo.media_type)


@needs("goods.gate")
@require_GET
def label(request: Any, parcel_id: UUID) -> HttpResponse:
    """Its label, 60 x 40 mm, as PDF."""
    return labels_pdf(request, [selectors.parcel_for(request.scope, parcel_id)])


@needs("goods.gate")
@require_POST
def labels(request: Any) -> HttpResponse:
    """The labels of the parcels that are ticked, one file for the roll."""
    rows = selectors.chosen_parcels(request.scope, request.POST.getlist("parcel"))
    if not rows:
        raise Refusal("nothing-chosen", _("Choose at least one parcel."))
    if len(rows) > MOST_LABELS:
        raise Refusal(
            "too-many-labels",
            ngettext("At most %(n)s label at once.", "At most %(n)s labels at once.", MOST_LABELS)
            % {"n": MOST_LABELS},
        )
    return labels_pdf(request, rows)


def labels_pdf(request: Any, rows: list[Parcel]) -> HttpResponse:
    found = labels_for(request.scope, rows)
    return pdf_response(render_pdf("goods/gate_labels.html", {"labels": found}, request), "labels")


@needs("goods.gate")
@require_GET
def unplaced(request: Any) -> HttpResponse:
    """What has no door yet: each with its photo and one field."""
    lines = selectors.gate_lines(request.scope, "unplaced", request.at)
    rows = [{"line": line, "form": DoorForm(initial={"door": line.parcel.door_said})} for line in lines]
    return render(request, "goods/gate_unplaced.html", {"rows": rows, "now": request.at})
