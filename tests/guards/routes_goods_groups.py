"""Group purchases of the small world, one in each state that a page may meet, and what is sent to their routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from shouwang.help.models import GroupPart, GroupPurchase, MoneyEntry
from shouwang.help.services import groups, groups_goods, groups_joining, groups_money

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner

PHRASE = "奶站"
ROUTE = "help/groups/<uuid:group_id>/"
PART = "help/groups/parts/<uuid:part_id>/"


def open_purchases(corner: Corner, photo: bytes, at: datetime) -> None:
    """One that takes sign-ups, and one each that waits for the next step."""
    lead: dict[str, Any] = {"by": corner.owners["secretary"].user, "at": at}
    for name in ("open", "closed", "not_reached", "ordered", "arrived", "split", "empty"):
        corner.groups[name] = _gathered(corner, name, at)
    for name in ("closed", "not_reached", "ordered", "arrived", "split"):
        groups.close_group(group=corner.groups[name], **lead)
    for name in ("ordered", "arrived", "split"):
        groups_goods.order_group(group=corner.groups[name], paid_fen=3000, receipt=photo, **lead)
    for name in ("arrived", "split"):
        counted = {item.pk: (1, 0) for item in corner.groups[name].items.all()}
        groups_goods.count_arrival(group=corner.groups[name], counted=counted, **lead)
    groups_goods.split_group(group=corner.groups["split"], rule="by_order", **lead)
    groups.withdraw_group(group=corner.groups["empty"], reason=f"没人报名{corner.mark}", **lead)


def _gathered(corner: Corner, name: str, at: datetime) -> GroupPurchase:
    user = corner.owners["secretary"].user
    group = groups.open_group(
        place=corner.grid, title=f"牛奶{corner.mark}", supplier=f"{PHRASE}{corner.mark}", organiser=user, payer=user,
        things=[groups.Thing("鲜牛奶", "箱", 1500)], minimum=99 if name == "not_reached" else 1,
        closes_at=at + timedelta(days=9), by=user, at=at,
    )  # fmt: skip
    if name == "empty":
        return group
    item = group.items.get()
    first = groups_joining.Joining(
        {item.pk: 2}, corner.dwelling, corner.household, name_said=f"李{corner.mark}"
    )
    second = groups_joining.Joining({item.pk: 1}, door_said=f"五楼东{corner.mark}")
    groups_joining.join_group(group=group, rows=[first, second], by=user, at=at)
    one, two = group.parts.order_by("order")
    if name != "open":
        groups_money.pay_in(part=one, by=user, at=at)
    else:
        groups_joining.take_back_part(part=two, by=user, at=at)
    return group


def _group(name: str) -> Callable[[Any, Corner, str], Any]:
    return lambda world, corner, role: corner.groups[name].pk


def _part(name: str, order: int = 1) -> Callable[[Any, Corner, str], Any]:
    def find(world: Any, corner: Corner, role: str) -> Any:
        return GroupPart.objects.get(group=corner.groups[name], order=order).pk

    return find


def _payment(world: Any, corner: Corner, role: str) -> Any:
    paid = MoneyEntry.objects.filter(subject_id=corner.groups["split"].pk, kind="paid_in")
    return paid.order_by("id").values_list("act", flat=True)[0]


def _receipt(world: Any, corner: Corner, role: str) -> Any:
    rows = MoneyEntry.objects.filter(subject_id=corner.groups["ordered"].pk, receipt__isnull=False)
    return rows.values_list("receipt_id", flat=True)[0]


GROUP_VALUES = {"group_id": _group("open"), "part_id": _part("open")}
GROUP_ELSEWHERE = {
    **{(f"{ROUTE}{step}/", "group_id"): _group(name) for step, name in (
        ("reopen", "not_reached"), ("order", "closed"), ("count", "ordered"), ("split", "arrived"),
        ("refunds", "split"), ("supplier", "ordered"), ("supplier/back", "ordered"), ("settle", "empty"),
        ("receipts/<uuid:file_id>", "ordered"),
    )},
    (f"{ROUTE}receipts/<uuid:file_id>/", "file_id"): _receipt,
    (f"{PART}again/", "part_id"): _part("open", 2),
    (f"{PART}given/", "part_id"): _part("split"),
    (f"{PART}paid-back/", "part_id"): _part("split"),
    (f"{PART}payments/<uuid:act_id>/undo/", "part_id"): _part("split"),
    (f"{PART}payments/<uuid:act_id>/undo/", "act_id"): _payment,
}  # fmt: skip


def _when() -> str:
    return f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"


def _changed(world: Any, corner: Corner) -> dict[str, Any]:
    return {
        "title": "牛奶", "minimum_kind": "quantity", "minimum": "2", "closes_at": _when(), "rule": "by_order",
        "payer": str(corner.owners["secretary"].user.pk),
    }  # fmt: skip


GROUP_BODIES: dict[str, Callable[[Any, Corner], dict[str, Any]]] = {
    "help/groups/new/": lambda w, c: (
        _changed(w, c) | {"place": str(c.grid.pk), "name0": "鲜牛奶", "price0": "15"}
    ),
    f"{ROUTE}find/": lambda w, c: {"words": "李"},
    f"{ROUTE}change/": _changed,
    f"{ROUTE}paste/": lambda w, c: {"text": "1. 8-1-501 2份"},
    f"{ROUTE}parts/": lambda w, c: {"door": "门房", "as_said": "on", "q0": "1"},
    f"{ROUTE}reopen/": lambda w, c: {"closes_at": _when()},
    f"{ROUTE}withdraw/": lambda w, c: {"reason": "供货商不来"},
    f"{ROUTE}order/": lambda w, c: {"amount": "45"},
    f"{ROUTE}count/": lambda w, c: {"came0": "3"},
    f"{ROUTE}split/": lambda w, c: {"rule": "by_order"},
    f"{ROUTE}supplier/": lambda w, c: {"amount": "5"},
    f"{ROUTE}supplier/back/": lambda w, c: {"amount": "5"},
    f"{PART}change/": lambda w, c: {"name": "李", "q0": "3"},
    f"{PART}given/": lambda w, c: {"given0": "0"},
}
