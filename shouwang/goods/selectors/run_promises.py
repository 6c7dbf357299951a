"""What `check` asks of delivery runs, and what Today, the wall, the file and My work say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.core.registry import Finding, WorkItem
from shouwang.core.scope import Scope
from shouwang.goods.models import Parcel, Run, RunStop, StopParcel
from shouwang.goods.selectors.runs import CAN, RUN
from shouwang.goods.states import BEGUN, GIVEN, IN_CART, LIVE, OPEN_STOPS, ParcelState, RunState, StopState
from shouwang.people.selectors import file_household
from shouwang.places.selectors import door_labels
from shouwang.volunteers.selectors import can_serve

# A planned run that should have left so long ago has been forgotten.
LATE_START = timedelta(minutes=15)


def _in(community: UUID | None, column: str = "community_id") -> Q:
    return Q(**{column: community}) if community else Q()


# The promise


def brought_twice(at: datetime, community: UUID | None) -> Finding:
    """Parcels of which stops bring, or have brought, more pieces than there are."""
    live = Q(stop__run__state__in=LIVE, stop__state__in=IN_CART) | Q(stop__state__in=GIVEN)
    rows = StopParcel.objects.filter(live, _in(community, "parcel__community_id")).values("parcel_id")
    counted = rows.annotate(brought=Sum("pieces"), all=F("parcel__pieces"))
    broken = [row["parcel_id"] for row in counted if row["brought"] > row["all"]]
    return Finding(len(counted), broken)


def in_cart_not_on_the_way(at: datetime, community: UUID | None) -> Finding:
    """Parcels that lie in a cart by the runs, and are somewhere else by their own way."""
    there = Q(stop__run__state__in=BEGUN, stop__state__in=IN_CART)
    rows = StopParcel.objects.filter(there, _in(community, "parcel__community_id"))
    broken = rows.exclude(parcel__state=ParcelState.ON_THE_WAY).values_list("parcel_id", flat=True)
    return Finding(rows.count(), list(broken.distinct()))


def runs_with_nobody(at: datetime, community: UUID | None) -> Finding:
    """Runs that have begun, whose volunteer is off duty, and of which nobody was told so."""
    rows = Run.objects.filter(_in(community), state__in=BEGUN)
    with_them = rows.filter(volunteer__in=can_serve(at).values("pk"))
    broken = rows.exclude(pk__in=with_them.values("pk")).filter(waits_since__isnull=True)
    return Finding(rows.count(), list(broken.values_list("pk", flat=True)))


def describe_runs(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Runs by who carries them."""
    rows = Run.objects.filter(pk__in=list(ids)).select_related("carrier__volunteer__user")
    return [(row.carrier.volunteer.user.name, reverse("goods:run", args=[row.pk])) for row in rows]


# Today


def forgotten_runs(scope: Scope, at: datetime) -> list[Run]:
    """Planned runs that should have left LATE_START ago, the longest first."""
    rows = Run.objects.filter(scope.q(CAN), state=RunState.PLANNED, starts_at__lt=at - LATE_START)
    return list(rows.select_related("carrier__volunteer__user", "plan").order_by("starts_at")[:10])


def carts_without_anybody(scope: Scope) -> list[Run]:
    """Loaded carts whose volunteer was stood down."""
    rows = Run.objects.filter(scope.q(CAN), state__in=BEGUN, waits_since__isnull=False)
    return list(rows.select_related("taken_by__user", "plan").order_by("waits_since")[:10])


def without_run(scope: Scope) -> QuerySet[Parcel]:
    """Released parcels with a door that no run is going to bring."""
    on_run = StopParcel.objects.filter(stop__run__state__in=LIVE, stop__state__in=IN_CART)
    rows = Parcel.objects.filter(scope.q(CAN), state=ParcelState.RELEASED, household__isnull=False)
    return rows.exclude(pk__in=on_run.values("parcel_id"))


def count_without_run(scope: Scope) -> tuple[int, datetime | None]:
    """How many, and since when the first waits."""
    found = without_run(scope).aggregate(n=Count("pk"), since=Min("released_at"))
    return found["n"], found["since"]


# The wall, the file, My work


def delivery_marks(community_id: UUID, scope: Scope, at: datetime) -> Mapping[UUID, str]:
    """By door: `there` the cart is at the stairwell, `coming` a run will bring something, `nobody` nobody came."""
    rows = RunStop.objects.filter(
        scope.q("wall.see"),
        community_id=community_id,
        run__state__in=LIVE,
        state__in=IN_CART,
        dwelling__isnull=False,
    ).values_list("dwelling_id", "state")
    rank = {"coming": 0, "there": 1, "nobody": 2}
    found: dict[UUID, str] = {}
    for dwelling_id, state in rows:
        mark = _mark(state)
        if dwelling_id and rank[mark] >= rank.get(found.get(dwelling_id, ""), -1):
            found[dwelling_id] = mark
    return found


def _mark(state: str) -> str:
    if state == StopState.CALLED:
        return "there"
    return "nobody" if state in (StopState.NOBODY, StopState.NOT_WANTED) else "coming"


def household_section(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """What is on its way to a household and when it is expected; None where nothing is, or nobody here may know."""
    household = file_household(scope, household_id)
    if not scope.covers(CAN, household):
        return None
    rows = RunStop.objects.filter(household=household, run__state__in=LIVE, state__in=IN_CART)
    stops = list(rows.select_related("run").order_by("arrive_at"))
    return {"stops": stops} if stops else None


def work_for(user: Any, at: datetime) -> list[WorkItem]:
    """The run in this user's hands, else the next one that is planned for them."""
    rows = Run.objects.filter(volunteer__user=user, state__in=(*BEGUN, RunState.PLANNED)).annotate(
        total=Count("stops"), waits=Count("stops", filter=Q(stops__state__in=OPEN_STOPS))
    )
    found = list(rows.order_by("starts_at"))
    begun = [row for row in found if row.state in BEGUN]
    return [_in_hand(row) for row in begun] or [_to_come(row) for row in found[:1]]


def _in_hand(run: Any) -> WorkItem:
    first = run.stops.filter(state__in=OPEN_STOPS).select_related("dwelling__place").order_by("order").first()
    labels = door_labels([first.dwelling]) if first is not None and first.dwelling else {}
    return WorkItem(
        key=f"run:{run.pk}", kind=RUN, title=_("Delivery run"), door=next(iter(labels.values()), ""),
        small=ngettext("%(n)s stop to come", "%(n)s stops to come", run.waits) % {"n": run.waits},
        url=reverse("goods:run", args=[run.pk]), rank=2, tone="need", subject=run.pk,
    )  # fmt: skip


def _to_come(run: Any) -> WorkItem:
    said = ngettext("%(n)s stop, %(kg)s kg", "%(n)s stops, %(kg)s kg", run.total)
    words = said % {"n": run.total, "kg": f"{run.load_kg:.0f}"}
    return WorkItem(
        key=f"run:{run.pk}", kind=RUN, title=_("Your next delivery run"), door="",
        small=f"{localtime(run.starts_at):%H:%M} · {words}", url=reverse("goods:run", args=[run.pk]), rank=3,
        subject=run.pk,
    )  # fmt: skip
