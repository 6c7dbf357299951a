"""Pages of the deliveries of a day: who carries, what would go, the runs as planned, who is kept apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.core.access import needs
from shouwang.core.audit import position_now
from shouwang.core.errors import Refusal
from shouwang.core.forms import CommandForm, press
from shouwang.core.live import asks_again, changed_since
from shouwang.goods.forms import ApartForm, CarrierForm, CartForm, OpenForm
from shouwang.goods.models import RunPlan
from shouwang.goods.selectors import run_board, run_instance
from shouwang.goods.selectors import runs as selectors
from shouwang.goods.selectors.gate import said_door
from shouwang.goods.selectors.run_sheets import sheets_of
from shouwang.goods.services import run_carriers, run_plans
from shouwang.people.models import Household
from shouwang.people.selectors import current_household
from shouwang.places.selectors import areas_in
from shouwang.ui.paper import pdf_response, render_pdf
from shouwang.volunteers.selectors import volunteer_by_id


@needs("goods.runs")
@require_GET
def runs(request: Any) -> HttpResponse:
    """Where deliveries go on; straight to them where that is one place."""
    live = selectors.live_plans(request.scope)
    communities = selectors.own_communities(request.scope)
    if len(communities) == 1 and live:
        return redirect("goods:plan", live[0].pk)
    going = {row.community_id: row for row in live}
    rows = [{"community": one, "plan": going.get(one.pk), "areas": areas_in(one.pk)} for one in communities]
    return render(
        request, "goods/runs_begin.html", {"rows": rows, "before": selectors.plans_for(request.scope)[:5]}
    )


@needs("goods.runs")
@require_POST
def open_runs(request: Any) -> HttpResponse:
    """Begins the deliveries of a day."""
    form = OpenForm(request.POST)

    def do() -> str:
        said = form.cleaned_data
        community = found_or_404(selectors.own_communities(request.scope), said["community"])
        area = found_or_404(areas_in(community.pk), said["area"]) if said["area"] else None
        return str(run_plans.open_plan(community=community, area=area, by=request.user, at=request.at).pk)

    return redirect("goods:plan", UUID(applied(request, form, "goods.open_runs", do).answer))


def found_or_404(rows: Any, pk: UUID) -> Any:
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


def applied(request: Any, form: CommandForm, kind: str, do: Any, **also: Any) -> Any:
    """The receipt of a small form on a page of others; what is wrong with it is said on a page of its own."""
    receipt = form.apply(request, kind, do, also=also)
    if receipt is None:
        words = str(next(iter(form.errors.values()))[0])
        raise form.refusal or Refusal("form-wrong", words)
    return receipt


@asks_again("goods")
@needs("goods.runs")
@require_GET
def plan(request: Any, plan_id: UUID) -> HttpResponse:
    """The deliveries of a day; the runs alone when the page asks again."""
    found = selectors.plan_for(request.scope, plan_id)
    after = request.GET.get("after", "")
    if after.isdigit() and not changed_since(request.scope, int(after), ["goods"]):
        return HttpResponse(status=204)
    position = position_now()
    context = (
        board_context(request, found)
        if after
        else {**board_context(request, found), **side_context(request, found)}
    )
    template = "goods/runs_plan.html#board" if after else "goods/runs_plan.html"
    answer = render(request, template, {**context, "after": position})
    answer.headers["X-After"] = str(position)
    return answer


def board_context(request: Any, found: RunPlan) -> dict[str, Any]:
    return {
        "plan": found, "board": run_board.plan_board(found, request.at), "now": request.at,
        "bring": run_instance.waiting_to_go(found, request.at), "late": run_board.late_stops(found),
        "waiting": selectors.waiting_runs(found), "refused": run_board.at_doors(selectors.refused_stops(found)),
        "live_url": reverse("goods:plan", args=[found.pk]), "going": found.state in ("asked", "planning"),
    }  # fmt: skip


def side_context(request: Any, found: RunPlan) -> dict[str, Any]:
    carriers = run_instance.carriers_of(found)
    candidates = selectors.candidates_for(found, request.at, but=[row.volunteer_id for row in carriers])
    apart = selectors.apart_in(request.scope, found.community_id) if found.community_id else []
    return {
        "carrier_form": CarrierForm(plan=found, candidates=candidates), "candidates": candidates, "apart": apart,
        "apart_form": ApartForm(candidates=selectors.candidates_for(found, request.at)),
    }  # fmt: skip


@needs("goods.runs")
@require_POST
def ask(request: Any, plan_id: UUID) -> HttpResponse:
    """Has the runs planned now."""
    found = selectors.plan_for(request.scope, plan_id)
    act = {"plan": found, "by": request.user, "at": request.at}
    press(request, "goods.ask_plan", lambda: str(run_plans.ask_plan(**act).pk), plan=found.pk)
    return redirect("goods:plan", plan_id)


@needs("goods.runs")
@require_POST
def end(request: Any, plan_id: UUID) -> HttpResponse:
    """Ends the deliveries of the day."""
    found = selectors.plan_for(request.scope, plan_id)
    act = {"plan": found, "by": request.user, "at": request.at}
    press(request, "goods.end_plan", lambda: str(run_plans.end_plan(**act).pk), plan=found.pk)
    messages.success(request, _("The deliveries are over. What is left waits at the gate."))
    return redirect("goods:runs")


@needs("goods.runs")
@require_POST
def add_carrier(request: Any, plan_id: UUID) -> HttpResponse:
    """Somebody carries."""
    found = selectors.plan_for(request.scope, plan_id)
    form = CarrierForm(request.POST, plan=found, candidates=selectors.candidates_for(found, request.at))

    def do() -> str:
        volunteer = volunteer_by_id(UUID(form.cleaned_data["volunteer"]))
        assert volunteer is not None
        act = {"plan": found, "volunteer": volunteer, "by": request.user, "at": request.at}
        return str(run_carriers.add_carrier(**act, **form.said()).pk)

    applied(request, form, "goods.add_carrier", do, plan=found.pk)
    return redirect("goods:plan", plan_id)


@needs("goods.runs")
@require_http_methods(["GET", "POST"])
def carrier(request: Any, carrier_id: UUID) -> HttpResponse:
    """Changes what somebody's cart holds, and until when they help."""
    found = selectors.carrier_for(request.scope, carrier_id)
    initial = {"cart_kg": found.cart_kg, "strength_kg": found.strength_kg, "until": found.until_at}
    form = CartForm(request.POST or None, plan=found.plan, initial=initial)
    act = {"carrier": found, "by": request.user, "at": request.at}
    if request.method == "POST" and form.apply(
        request,
        "goods.carrier",
        lambda: str(run_carriers.change_carrier(**act, **form.said()).pk),
        also={"carrier": found.pk},
    ):
        return redirect("goods:plan", found.plan_id)
    return render(request, "goods/runs_carrier.html", {"carrier": found, "form": form}, status=form.status)


@needs("goods.runs")
@require_POST
def remove_carrier(request: Any, carrier_id: UUID) -> HttpResponse:
    """Lets somebody go."""
    found = selectors.carrier_for(request.scope, carrier_id)
    act = {"carrier": found, "by": request.user, "at": request.at}
    press(request, "goods.remove_carrier", lambda: run_carriers.remove_carrier(**act), carrier=found.pk)
    return redirect("goods:plan", found.plan_id)


@needs("goods.runs")
@require_POST
def apart(request: Any, plan_id: UUID) -> HttpResponse:
    """Keeps a volunteer and a door apart."""
    found = selectors.plan_for(request.scope, plan_id)
    form = ApartForm(request.POST, candidates=selectors.candidates_for(found, request.at))

    def do() -> str:
        volunteer = volunteer_by_id(UUID(form.cleaned_data["volunteer"]))
        assert volunteer is not None
        household = household_said(request, found, form.cleaned_data["door"])
        act = {"volunteer": volunteer, "household": household, "by": request.user, "at": request.at}
        return str(run_carriers.keep_apart(**act).pk)

    applied(request, form, "goods.apart", do, plan=found.pk)
    return redirect("goods:plan", plan_id)


def household_said(request: Any, found: RunPlan, said: str) -> Household:
    """The household behind a door as people say it. Refusal when there is none."""
    dwelling = said_door(request.scope, said)
    here = dwelling is not None and dwelling.community_id == found.community_id
    household = current_household(dwelling) if dwelling is not None and here else None
    if household is None:
        raise Refusal("door-unknown", _("No household is on file behind this door."), field="door")
    return household


@needs("goods.runs")
@require_POST
def end_apart(request: Any, apart_id: UUID) -> HttpResponse:
    """They may meet again."""
    found = selectors.apart_for(request.scope, apart_id)
    act = {"apart": found, "by": request.user, "at": request.at}
    press(request, "goods.end_apart", lambda: run_carriers.end_apart(**act), apart=found.pk)
    return redirect("goods:runs")


@needs("goods.runs")
@require_GET
def sheets(request: Any, plan_id: UUID) -> HttpResponse:
    """What goes next, a page a run, on paper."""
    found = selectors.plan_for(request.scope, plan_id)
    pages = sheets_of(request.scope, found, by=request.user, at=request.at)
    return pdf_response(
        render_pdf("goods/runs_sheet.html", {"pages": pages, "now": request.at}, request), "runs"
    )
