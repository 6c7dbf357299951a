"""Shopping of the small world: a list and a run in each state that a page may meet, and what is sent to their routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from shouwang.help import services
from shouwang.help.models import Order, OrderLine

Find = Callable[[Any, Any, str], Any]
ORDER, LINE = "help/orders/<uuid:order_id>/", "help/order-lines/<uuid:order_line_id>/"
RUN = "help/shopping/<uuid:shopping_id>/"
# In the order of their steps: what a run has behind it when it waits for the next one.
RUNS = ("gathering", "nobody", "shopping", "ready", "bought", "counted", "delivered", "paid")


def go_shopping(corner: Any, photo: bytes, at: datetime) -> None:
    """One list that waits, and a run with one list in each state."""
    by: dict[str, Any] = {"by": corner.owners["secretary"].user, "at": at}
    corner.orders["waiting"] = _listed(corner, by)
    corner.orders["portal"] = services.make_order(request=corner.requests["portal"], **by)
    for name in RUNS:
        order = corner.orders[name] = _listed(corner, by)
        run = services.gather_run(orders=[order], shop=f"超市{corner.mark}", volunteer=corner.volunteer, **by)
        corner.shopping_runs[name] = run
        steps = RUNS.index(name)
        if name == "nobody":
            services.take_run_off(run=run, **by)
        if steps > RUNS.index("nobody"):
            services.start_run(run=run, **by)
            services.tick_line(line=_line(order, "白菜"), price_fen=500, **by)
        if steps > RUNS.index("shopping"):
            services.tick_line(line=_line(order, "土豆"), price_fen=1000, **by)
            services.fetch_parcel(line=_line(order, "快递"), **by)
        if steps > RUNS.index("ready"):
            services.leave_shop(run=run, **by)
        if steps > RUNS.index("bought"):
            services.record_receipt(run=run, total_fen=1500, photo=photo, **by)
            services.end_count(run=run, **by)
        if steps > RUNS.index("counted"):
            services.deliver_line(line=_line(order, "土豆"), delivered=Decimal(4), **by)
            services.deliver_order(order=order, **by)
            services.hand_out_advance(run=run, amount_fen=9000, **by)
    services.pay_order(order=corner.orders["paid"], amount_fen=1300, how="cash", **by)


def _listed(corner: Any, by: dict[str, Any]) -> Order:
    request, _token = services.take_in_request(
        community_id=corner.community.pk, place=None, dwelling=corner.dwelling, household=corner.household,
        category="shopping", urgency="normal", source="phone", title=f"买菜{corner.mark}",
        words=f"快递也取一下{corner.mark}",
        lines=[{"name": f"{name}{corner.mark}", "quantity": "5", "unit": "斤"} for name in ("土豆", "白菜")],
        asker_name=f"来人{corner.mark}", asker_phone=corner.phone, **by,
    )  # fmt: skip
    return services.make_order(request=request, **by)


def _line(order: Order, name: str) -> OrderLine:
    """By its place in the list: trials write other words into the names."""
    return order.lines.order_by("position")[("土豆", "白菜", "快递").index(name)]


def _order(name: str) -> Find:
    return lambda world, corner, role: corner.orders[name].pk


def _run(name: str) -> Find:
    return lambda world, corner, role: corner.shopping_runs[name].pk


def _of(order: str, name: str) -> Find:
    return lambda world, corner, role: _line(corner.orders[order], name).pk


def _portal(world: Any, corner: Any, role: str) -> Any:
    return corner.orders["portal"].lines.order_by("position")[0].pk


SHOPPING_VALUES = {
    "order_id": _order("gathering"), "order_line_id": _of("shopping", "土豆"), "shopping_id": _run("gathering")
}  # fmt: skip
SHOPPING_ELSEWHERE: dict[tuple[str, str], Find] = {
    **{(f"{ORDER}{step}/", "order_id"): _order(name) for step, name in (
        ("statement", "delivered"), ("delivered", "counted"), ("pay", "delivered"), ("bear", "delivered"),
    )},
    **{(f"{RUN}{step}/", "shopping_id"): _run(name) for step, name in (
        ("give", "nobody"), ("price", "shopping"), ("count", "bought"), ("doors", "counted"), ("money", "delivered"),
        ("receipt", "bought"), ("receipt/photo", "delivered"), ("receipt/back", "counted"), ("refund", "delivered"),
        ("change", "delivered"), ("settle", "paid"), ("statements", "delivered"),
    )},
    (f"{LINE}count/", "order_line_id"): _of("bought", "土豆"),
    (f"{LINE}door/", "order_line_id"): _of("counted", "土豆"),
    ("r/<str:token>/list/<uuid:order_line_id>/", "order_line_id"): _portal,
}  # fmt: skip
SHOPPING_WORDS = {
    "order_step": ("out", "drop"),
    "run_step": ("start", "leave", "back", "count", "gate", "cancel", "give_back"),
    "line_step": ("untick", "miss", "out", "fetched", "no_parcel"),
}
SHOPPING_OF_A_WORD: dict[tuple[str, str], Find] = {
    ("drop", "order_id"): _order("waiting"),
    ("leave", "shopping_id"): _run("ready"),
    ("count", "shopping_id"): _run("bought"),
    ("gate", "shopping_id"): _run("counted"),
    ("back", "shopping_id"): _run("bought"),
    ("untick", "order_line_id"): _of("shopping", "白菜"),
    ("fetched", "order_line_id"): _of("shopping", "快递"),
    ("no_parcel", "order_line_id"): _of("shopping", "快递"),
}


def _gather(world: Any, corner: Any) -> dict[str, Any]:
    return {
        "shop": "惠民超市",
        "volunteer": str(corner.volunteer.pk),
        "orders": [str(corner.orders["waiting"].pk)],
    }


def _receipt(world: Any, corner: Any) -> dict[str, Any]:
    return {"total": "15.00"}


def _priced(world: Any, corner: Any) -> dict[str, Any]:
    return {"price": "5", "each": "total", "lines": [str(_line(corner.orders["shopping"], "白菜").pk)]}


SHOPPING_BODIES: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "help/orders/gather/": _gather,
    f"{ORDER}lines/": lambda w, c: {"text": "鸡蛋30个"},
    f"{ORDER}pay/": lambda w, c: {"amount": "13", "how": "cash"},
    f"{ORDER}bear/": lambda w, c: {"reason": "困难"},
    LINE: lambda w, c: {"name": "土豆", "quantity": "4", "unit": "斤", "shelf": "vegetables"},
    f"{LINE}ask/": lambda w, c: {"question": "红薯5斤"},
    f"{LINE}answer/": lambda w, c: {"instead": "红薯5斤", "how": "rang", "verdict": "yes"},
    f"{LINE}count/": lambda w, c: {"received": "5"},
    f"{LINE}door/": lambda w, c: {"delivered": "5"},
    f"{RUN}give/": lambda w, c: {"volunteer": str(c.volunteer.pk)},
    f"{RUN}price/": _priced,
    f"{RUN}receipt/": _receipt,
    f"{RUN}advance/": lambda w, c: {"amount": "100"},
    f"{RUN}refund/": lambda w, c: {"amount": "2"},
    f"{RUN}change/": lambda w, c: {"amount": "10", "holder": str(c.volunteer.user_id)},
    f"{RUN}settle/": lambda w, c: {"reason": "差额"},
    "r/<str:token>/list/<uuid:order_line_id>/": lambda w, c: {"yes": "yes"},
}
