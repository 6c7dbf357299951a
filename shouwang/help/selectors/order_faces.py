"""What Today and the household file ask of orders and shopping runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.registry import TodayItem
from shouwang.core.scope import Scope
from shouwang.help.models import OrderLine, ShoppingRun
from shouwang.help.selectors.accounts import unsettled_runs
from shouwang.help.selectors.orders import (
    SHOP,
    orders_for,
    orders_of_household,
    unanswered,
    waiting_orders,
)
from shouwang.help.selectors.shopping import runs_for
from shouwang.help.states import LIVE_RUNS, LineState

MOST = 6
# Money that is not settled the same evening is asked for the next morning.
SETTLE_WITHIN = timedelta(hours=12)


def today_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Households to be asked, runs that nobody has, runs whose money nobody has settled, lists that wait."""
    if not scope.can(SHOP) or scope.counter:
        return []
    runs = runs_for(scope).filter(scope.q(SHOP))
    nobody = runs.filter(state__in=LIVE_RUNS, volunteer__isnull=True).order_by("made_at")[:MOST]
    return [
        *(_answer(line, at) for line in unanswered(scope).filter(order__in=_led(scope))[:MOST]),
        *(_nobody(run) for run in nobody),
        *(_unsettled(run) for run in unsettled_runs(runs, at, SETTLE_WITHIN)[:MOST]),
        *_lists(scope),
    ]


def _led(scope: Scope) -> Any:
    return orders_for(scope).filter(scope.q(SHOP)).values("pk")


def _answer(line: OrderLine, at: datetime) -> TodayItem:
    asked = line.state == LineState.ASKED
    said = {"number": line.order.request.spoken_number, "name": line.name}
    return TodayItem(
        key=f"order:{line.pk}", tone="need" if line.is_late(at) else "calm", rank=1 if line.is_late(at) else 3,
        title=_("%(number)s: %(name)s waits for an answer") % said if asked
        else _("%(number)s: ask about %(name)s") % said,
        small=line.question, action=_("Note the answer") if asked else _("Ask the household"),
        url=reverse("help:order", args=[line.order_id]), since=line.asked_at or line.order.made_at,
    )  # fmt: skip


def _nobody(run: ShoppingRun) -> TodayItem:
    return TodayItem(
        key=f"run:{run.pk}", tone="need", rank=2, title=_("%(shop)s: nobody has this shopping run") % {"shop": run.shop},
        small=_("Choose who goes."), action=_("Choose who goes"), url=reverse("help:shopping_run", args=[run.pk]),
        since=run.made_at,
    )  # fmt: skip


def _unsettled(run: ShoppingRun) -> TodayItem:
    return TodayItem(
        key=f"run:{run.pk}:money", tone="need", rank=3,
        title=_("%(shop)s: the money of this run is not settled") % {"shop": run.shop}, small="",
        action=_("Settle it"), url=reverse("help:run_money", args=[run.pk]), since=run.delivered_at or run.made_at,
    )  # fmt: skip


def _lists(scope: Scope) -> list[TodayItem]:
    rows = waiting_orders(scope)
    if not rows:
        return []
    number = len(rows)
    return [
        TodayItem(
            key="orders:waiting", tone="calm", rank=3,
            title=ngettext("%(n)s shopping list waits for a run", "%(n)s shopping lists wait for a run", number)
            % {"n": number},
            small="", action=_("Gather them"), url=reverse("help:orders"), since=rows[0].order.made_at,
        )
    ]  # fmt: skip


def household_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """The household's lists: those under way, and the last that were settled."""
    found = orders_of_household(scope, household_id)
    return {"orders": found, "now": at} if found else None
