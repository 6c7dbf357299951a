"""Custody and gifts of the small world: what is in the volunteer's hands, a list they carry; and what is sent to the routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shouwang.core.scope import scope_for
from shouwang.goods.services import custody, gifts

if TYPE_CHECKING:
    from tests.guards.routes_world import Corner

HELD = "goods/custody/<uuid:holding_id>/"
GIVEN = "goods/gifts/lines/<uuid:gift_line_id>/"


def hand_around(corner: Corner, photo: bytes, at: datetime) -> None:
    """A card that the volunteer has, kit that waits for their word, keys not found; a list with the corner's door."""
    lead = corner.owners["secretary"].user
    serving = corner.volunteer
    assert serving is not None
    about = {"household": corner.household, "placed": corner.household, "holder": serving.user, "at": at}
    for name in ("card", "keys"):
        corner.custody[name] = custody.hold(
            kind="insurance_card", words=f"医保卡{corner.mark}", by=serving.user, from_words=f"本人{corner.mark}",
            photo=photo, **about,
        )  # fmt: skip
    custody.missing(holding=corner.custody["keys"], why=f"落在医院{corner.mark}", by=serving.user, at=at)
    corner.custody["kit"] = custody.hold(kind="kit", words=f"体温计{corner.mark}", by=lead, **about)
    made = gifts.make_list(
        community=corner.community, name=f"困难家庭{corner.mark}", what=f"蔬菜包{corner.mark}", why=f"困难{corner.mark}",
        scope=scope_for(lead, at), by=lead, at=at,
    )  # fmt: skip
    corner.custody["gift"] = made
    corner.custody["line"] = gifts.add_household(gift_list=made, household=corner.household, by=lead, at=at)
    gifts.name_giver(gift_list=made, volunteer=serving, by=lead, at=at)


def _of(name: str) -> Callable[[Any, Corner, str], Any]:
    return lambda world, corner, role: corner.custody[name].pk


def _photo(world: Any, corner: Corner, role: str) -> Any:
    return corner.custody["card"].handovers.values_list("photo_id", flat=True)[0]


CUSTODY_VALUES = {"holding_id": _of("card"), "gift_list_id": _of("gift"), "gift_line_id": _of("line")}
CUSTODY_ELSEWHERE = {
    (f"{HELD}photos/<uuid:file_id>/", "file_id"): _photo,
    (f"{HELD}decline/", "holding_id"): _of("kit"),
    (f"{HELD}found/", "holding_id"): _of("keys"),
}


def _taken(world: Any, corner: Corner) -> dict[str, Any]:
    return {"kind": "keys", "words": "大门钥匙", "quantity": "1"}


CUSTODY_BODIES: dict[str, Callable[[Any, Corner], dict[str, Any]]] = {
    "goods/custody/new/": _taken,
    "goods/custody/households/<uuid:household_id>/": _taken,
    f"{HELD}pass/": lambda w, c: {"to_user": str(c.owners["secretary"].user.pk)},
    f"{HELD}back/": lambda w, c: {"to_words": "女儿"},
    f"{HELD}missing/": lambda w, c: {"why": "没找到"},
    f"{HELD}used/": lambda w, c: {"why": "已交药房"},
    "goods/gifts/new/": lambda w, c: {
        "name": "蔬菜", "what": "蔬菜包", "quantity": "1", "why": "保供", "buildings": str(c.building.pk),
    },
    "goods/gifts/<uuid:gift_list_id>/add/": lambda w, c: {"door": f"8-{c.stairwell.code}-501"},
    "goods/gifts/<uuid:gift_list_id>/givers/": lambda w, c: {"volunteer": str(c.volunteer.pk)},
    f"{GIVEN}hand/": lambda w, c: {"to_words": "本人"},
}  # fmt: skip
