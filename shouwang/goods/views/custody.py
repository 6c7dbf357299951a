"""Pages of custody: what is in whose hands, one thing's way, and every change of hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs, signed_in
from shouwang.core.files import read_file
from shouwang.core.forms import press
from shouwang.goods.forms.custody import BackForm, PassForm, TakeForm, WhyForm
from shouwang.goods.models import Holding
from shouwang.goods.selectors import custody_lines as lines
from shouwang.goods.selectors.custody import CUSTODY, custody_place, holding_for, standing_for, waiting_on
from shouwang.goods.services import custody as services
from shouwang.people.selectors import household_for
from shouwang.places.selectors import door_label
from shouwang.ui.paper import pdf_response, render_pdf

HOW: dict[str, Callable[..., Holding]] = {"missing": services.missing, "used": services.use_up}


@needs(CUSTODY)
@require_GET
def custody(request: Any) -> HttpResponse:
    """What is in whose hands."""
    return render(request, "goods/custody_list.html", lines.list_for(request.scope, request.GET))


@needs(CUSTODY)
@require_GET
def recover(request: Any) -> HttpResponse:
    """What those off duty hold, and who could fetch it."""
    return render(request, "goods/custody_recover.html", {"recoveries": lines.recoveries(request.scope)})


@signed_in
@require_GET
def hands(request: Any) -> HttpResponse:
    """What is in my own hands, and what waits for my word."""
    stands: dict[str, list[lines.HandLine]] = {"held": [], "take": [], "gave": []}
    for line in lines.hand_lines(waiting_on(request.user), request.at):
        stands[standing_for(request.user, line.holding)].append(line)
    waiting = len(stands["take"]) + len(stands["gave"])
    shown = {"mine": stands["held"], "offered": stands["take"], "owed": stands["gave"], "waiting": waiting}
    return render(request, "goods/custody_hands.html", shown)


@needs(CUSTODY)
@require_http_methods(["GET", "POST"])
def hand_out(request: Any) -> HttpResponse:
    """Kit, cash or keys of the community into somebody's hands."""
    return take(request, custody_place(request.scope), None)


@signed_in
@require_http_methods(["GET", "POST"])
def take_over(request: Any, household_id: UUID) -> HttpResponse:
    """Something of a household is taken over."""
    home = household_for(request.scope, household_id)
    return take(request, home, home)


def take(request: Any, placed: Any, home: Any) -> HttpResponse:
    chooses = request.scope.covers(CUSTODY, placed)
    about = {"community_id": placed.community_id, "user": request.user, "chooses": chooses, "at": request.at}
    form = TakeForm(request.POST or None, request.FILES or None, **about)
    act = {"placed": placed, "household": home, "by": request.user, "at": request.at}
    also = {"placed": placed.pk, "household": home.pk if home else None}
    if form.is_bound and (
        receipt := form.apply(
            request, "goods.take", lambda: str(services.hold(**form.said(), **act).pk), also=also
        )
    ):
        messages.success(request, _("Written down."))
        return after_taking(request, receipt.answer)
    shown = {"form": form, "door": door_label(home.dwelling) if home else "", "back": back_of(request, home)}
    return render(request, "goods/custody_take.html", shown, status=form.status)


def after_taking(request: Any, holding_id: Any) -> HttpResponse:
    """The receipt; or the same form once more, where somebody gives several things."""
    return redirect(request.path) if "more" in request.POST else redirect("goods:holding", holding_id)


def back_of(request: Any, home: Any) -> str:
    return reverse("goods:custody") if request.scope.can(CUSTODY) and home is None else reverse("goods:hands")


@signed_in
@require_GET
def holding(request: Any, holding_id: UUID) -> HttpResponse:
    """One thing: what it is, who has it, and every change of hands with its two receipts."""
    found = holding_for(request.scope, holding_id)
    return render(request, "goods/custody_holding.html", shown(request, found))


def shown(request: Any, found: Holding) -> dict[str, Any]:
    return {
        "holding": found, "line": lines.hand_lines([found], request.at)[0], "changes": lines.changes_of(found),
        "acts": lines.acts_on(request.scope, found), "looks_after": request.scope.can(CUSTODY),
    }  # fmt: skip


@signed_in
@require_GET
def receipt(request: Any, holding_id: UUID) -> HttpResponse:
    """The receipt as PDF, to be signed and kept."""
    found = holding_for(request.scope, holding_id)
    return pdf_response(render_pdf("goods/custody_receipt.html", shown(request, found), request), "receipt")


@signed_in
@require_GET
def handover_photo(request: Any, holding_id: UUID, file_id: UUID) -> HttpResponse:
    """A photo of a handover."""
    stored = lines.photo_for(request.scope, holding_id, file_id)
    return HttpResponse(read_file(stored), content_type=stored.media_type)


@signed_in
@require_http_methods(["GET", "POST"])
def pass_on(request: Any, holding_id: UUID) -> HttpResponse:
    """Into other hands."""
    found = lines.require_act(request.scope, holding_id, "pass")
    about = {"community_id": found.community_id, "without": found.holder_id, "at": request.at}
    form = PassForm(
        request.POST or None, request.FILES or None, initial={"to_user": request.GET.get("to")}, **about
    )
    return change(request, found, form, "pass", services.pass_on, ("to_user", "photo"))


@signed_in
@require_http_methods(["GET", "POST"])
def give_back(request: Any, holding_id: UUID) -> HttpResponse:
    """Back where it came from."""
    found = lines.require_act(request.scope, holding_id, "back")
    form = BackForm(request.POST or None, request.FILES or None)
    return change(request, found, form, "back", services.give_back, ("to_words", "photo"))


@signed_in
@require_http_methods(["GET", "POST"])
def end_holding(request: Any, holding_id: UUID, how: str) -> HttpResponse:
    """Not found, or used for what it was meant for: with a reason."""
    found = lines.require_act(request.scope, holding_id, how)
    return change(request, found, WhyForm(request.POST or None), how, HOW[how], ("why",))


def change(
    request: Any, found: Holding, form: Any, what: str, do: Callable[..., Holding], names: tuple[str, ...]
) -> HttpResponse:
    def act() -> str:
        said = {name: form.cleaned_data[name] for name in names}
        return str(do(holding=found, by=request.user, at=request.at, **said).pk)

    if form.is_bound and form.apply(request, f"goods.{what}", act, also={"holding": found.pk}):
        messages.success(request, _("Written down."))
        return redirect("goods:holding", found.pk)
    context = {"form": form, "what": what, **shown(request, found)}
    return render(request, "goods/custody_change.html", context, status=form.status)


@signed_in
@require_POST
def confirm(request: Any, holding_id: UUID) -> HttpResponse:
    """My receipt: I have taken it, I have given it."""
    return pressed(request, holding_id, "confirm", services.confirm)


@signed_in
@require_POST
def decline(request: Any, holding_id: UUID) -> HttpResponse:
    """What was offered was not taken."""
    return pressed(request, holding_id, "decline", services.decline)


@signed_in
@require_POST
def found(request: Any, holding_id: UUID) -> HttpResponse:
    """It is there again."""
    return pressed(request, holding_id, "found", services.found)


def pressed(request: Any, holding_id: UUID, what: str, do: Callable[..., Holding]) -> HttpResponse:
    row = lines.require_act(request.scope, holding_id, what)
    act = {"holding": row, "by": request.user, "at": request.at}
    press(request, f"goods.{what}", lambda: str(do(**act).pk), holding=row.pk)
    messages.success(request, _("Written down."))
    return redirect("goods:holding", row.pk)
