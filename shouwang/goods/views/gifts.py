"""Pages of gifts: lists, their doors on the phone, the sheet to sign, and what is posted for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.errors import Refusal
from shouwang.core.forms import press
from shouwang.goods.forms.gifts import DoorForm, GiverForm, HandForm, ListForm
from shouwang.goods.models import GiftLine, GiftList
from shouwang.goods.selectors import gifts as selectors
from shouwang.goods.selectors.gifts import GIFTS
from shouwang.goods.services import gifts as services
from shouwang.goods.services import gifts_posting as posting
from shouwang.goods.states import GiftState
from shouwang.places.selectors import communities_for
from shouwang.ui.paper import pdf_response, render_pdf
from shouwang.volunteers.selectors import volunteer_by_id

LIST_ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "close": (services.close_list, gettext_lazy("The list is closed.")),
    "reopen": (services.reopen_list, gettext_lazy("The list goes on.")),
    "post": (posting.publish_list, gettext_lazy("Posted for everybody.")),
    "unpost": (posting.take_back_posting, gettext_lazy("The posting is taken back.")),
}
LINE_ACTS: dict[str, Callable[..., Any]] = {
    "not_wanted": lambda **act: services.settle_gift(to=GiftState.NOT_WANTED, **act),
    "moved": lambda **act: services.settle_gift(to=GiftState.MOVED, **act),
    "undo": services.take_back_gift,
}


@needs(GIFTS)
@require_GET
def gifts(request: Any) -> HttpResponse:
    """All lists, those that go on first."""
    return render(request, "goods/gifts.html", {"rows": selectors.list_rows(request.scope)})


@needs(GIFTS)
@require_http_methods(["GET", "POST"])
def new_list(request: Any) -> HttpResponse:
    """A new list, from care flags, buildings, or to be filled by hand."""
    community = communities_for(request.scope, GIFTS)[0]
    form = ListForm(request.POST or None, community_id=community.pk)
    act = {"community": community, "scope": request.scope, "by": request.user, "at": request.at}
    if form.is_bound and (
        receipt := form.apply(
            request, "goods.gifts", lambda: str(services.make_list(**form.said(), **act).pk)
        )
    ):
        return redirect("goods:gift_list", receipt.answer)
    return render(request, "goods/gifts_new.html", {"form": form}, status=form.status)


@needs(GIFTS)
@require_GET
def gift_list(request: Any, gift_list_id: UUID) -> HttpResponse:
    """One list: its doors, who goes, and what is posted of it."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    return shown(request, found)


def shown(request: Any, found: GiftList, door: DoorForm | None = None, status: int = 200) -> HttpResponse:
    services.record_doors_read(gift_list=found, by=request.user, at=request.at)
    stairs = selectors.stairs_of(found)
    context = {
        "list": found, "stairs": stairs, "amount": selectors.amount_of(found), "posting": selectors.posting_of(found),
        "posted": selectors.posted(found), "givers": selectors.givers_of(found), "door_form": door or DoorForm(),
        "giver_form": GiverForm(community_id=found.community_id, at=request.at), **selectors.counts_in(stairs),
    }  # fmt: skip
    return render(request, "goods/gifts_list.html", context, status=status)


@needs(GIFTS)
@require_POST
def add_door(request: Any, gift_list_id: UUID) -> HttpResponse:
    """One household more, by its door."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    form = DoorForm(request.POST)

    def do() -> str:
        home = selectors.household_said(request.scope, found, form.cleaned_data["door"])
        act = {"by": request.user, "at": request.at}
        return str(services.add_household(gift_list=found, household=home, **act).pk)

    if form.apply(request, "goods.gift_add", do, also={"list": found.pk}) is None:
        return shown(request, found, form, form.status)
    return redirect("goods:gift_list", found.pk)


@needs(GIFTS)
@require_POST
def drop_door(request: Any, gift_line_id: UUID) -> HttpResponse:
    """Takes a household off that is there by mistake."""
    line = selectors.line_for(request.scope, gift_line_id)
    found = selectors.gift_list_for(request.scope, line.gift_list_id)
    act = {"line": line, "by": request.user, "at": request.at}
    press(request, "goods.gift_drop", lambda: services.drop_line(**act), line=line.pk)
    return redirect("goods:gift_list", found.pk)


@needs(GIFTS)
@require_POST
def name_giver(request: Any, gift_list_id: UUID) -> HttpResponse:
    """Names a volunteer to carry the list."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    form = GiverForm(request.POST, community_id=found.community_id, at=request.at)
    act = {"gift_list": found, "by": request.user, "at": request.at}
    receipt = form.apply(
        request, "goods.gift_giver", lambda: services.name_giver(volunteer=form.cleaned_data["volunteer"], **act),
        also={"list": found.pk},
    )  # fmt: skip
    if receipt is None:
        raise form.refusal or Refusal("nobody-chosen", _("Choose who goes."))
    return redirect("goods:gift_list", found.pk)


@needs(GIFTS)
@require_POST
def release_giver(request: Any, gift_list_id: UUID, volunteer_id: UUID) -> HttpResponse:
    """The volunteer carries it no more."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    volunteer = volunteer_by_id(volunteer_id)
    if volunteer is None or volunteer.community_id != found.community_id:
        raise Http404
    act = {"gift_list": found, "volunteer": volunteer, "by": request.user, "at": request.at}
    press(
        request, "goods.gift_release", lambda: services.release_giver(**act), list=found.pk, who=volunteer.pk
    )
    return redirect("goods:gift_list", found.pk)


@needs(GIFTS)
@require_POST
def change_list(request: Any, gift_list_id: UUID, what: str) -> HttpResponse:
    """Closes it, opens it again, posts it for everybody, takes the posting back."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    do, words = LIST_ACTS[what]
    act = {"gift_list": found, "by": request.user, "at": request.at}
    press(request, f"goods.gifts_{what}", lambda: bool(do(**act)), list=found.pk)
    messages.success(request, words)
    return redirect("goods:gift_list", found.pk)


@signed_in
@require_GET
def gift_doors(request: Any, gift_list_id: UUID) -> HttpResponse:
    """The doors in the hand, stairwell by stairwell; what to hand over, never why."""
    found = selectors.doors_list_for(request.scope, gift_list_id)
    services.record_doors_read(gift_list=found, by=request.user, at=request.at)
    return render(request, "goods/gifts_doors.html", doors_context(request, found))


def doors_context(request: Any, found: GiftList) -> dict[str, Any]:
    stairs = selectors.stairs_of(found)
    return {
        "list": found, "stairs": stairs, "amount": selectors.amount_of(found), **selectors.counts_in(stairs),
        "looks_after": request.scope.covers(GIFTS, found), "now": request.at,
    }  # fmt: skip


@signed_in
@require_GET
def gift_sheet(request: Any, gift_list_id: UUID) -> HttpResponse:
    """The same on paper, with a column to sign in."""
    found = selectors.doors_list_for(request.scope, gift_list_id)
    services.record_doors_read(gift_list=found, by=request.user, at=request.at)
    return pdf_response(render_pdf("goods/gifts_sheet.html", doors_context(request, found), request), "gifts")


@needs(GIFTS)
@require_GET
def gift_wall(request: Any, gift_list_id: UUID) -> HttpResponse:
    """The posting as a sheet for the wall."""
    found = selectors.gift_list_for(request.scope, gift_list_id)
    context = {
        "one": selectors.posted(found, selectors.posting_of(found)),
        "amount": selectors.amount_of(found),
    }
    return pdf_response(render_pdf("goods/gifts_wall.html", context, request), "posting")


@signed_in
@require_http_methods(["GET", "POST"])
def hand_gift(request: Any, gift_line_id: UUID) -> HttpResponse:
    """Handed over: at once with one press, or with a word and a photo on a page of its own."""
    line = selectors.line_for(request.scope, gift_line_id)
    form = HandForm(request.POST or None, request.FILES or None)

    def do() -> str:
        said = {name: form.cleaned_data[name] for name in ("to_words", "photo")}
        return str(services.hand_over_gift(line=line, by=request.user, at=request.at, **said).pk)

    if form.is_bound and form.apply(request, "goods.gift_hand", do, also={"line": line.pk}):
        return to_doors(line)
    return render(request, "goods/gifts_hand.html", hand_context(line, form), status=form.status)


def hand_context(line: GiftLine, form: HandForm) -> dict[str, Any]:
    found = selectors.door_of(line)
    return {
        "form": form,
        "line": line,
        "list": line.gift_list,
        "door": found,
        "amount": selectors.amount_of(line.gift_list),
    }


def to_doors(line: GiftLine) -> HttpResponse:
    answer = redirect("goods:gift_doors", line.gift_list_id)
    answer["Location"] += f"#l-{line.pk}"
    return answer


@signed_in
@require_POST
def settle_gift(request: Any, gift_line_id: UUID, what: str) -> HttpResponse:
    """Not wanted, moved away, or taken back."""
    line = selectors.line_for(request.scope, gift_line_id)
    act = {"line": line, "by": request.user, "at": request.at}
    press(request, f"goods.gift_{what}", lambda: str(LINE_ACTS[what](**act).pk), line=line.pk)
    return to_doors(line)
