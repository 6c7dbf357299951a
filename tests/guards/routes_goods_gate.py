"""What stands at the gate in the small world, and what the gate's routes are sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from shouwang.goods.models import ParcelNumber
from shouwang.goods.services import take_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.guards.routes_world import Corner, World


BAG_NOTE = "袋上字条"
LOOKS = {"kind": "parcel", "pieces": "1", "weight": "2"}


def stock_gate(corner: Corner, at: datetime, picture: bytes) -> None:
    """A parcel with all that may stand on one, ready to go. Its number is nobody's request's."""
    ParcelNumber.objects.get_or_create(community_id=corner.community.pk, defaults={"next_number": 7001})
    corner.parcel = take_in(
        community=corner.community, household=corner.household, note=BAG_NOTE + corner.mark, photo=picture,
        carrier_code=f"SF{corner.mark}", medicine=True, by=corner.owners["secretary"].user, at=at,
    )  # fmt: skip


def gate_bodies(photo: Callable[[], bytes]) -> dict[str, Callable[[World, Corner], dict[str, Any]]]:
    """By route: what a person at the gate would send."""

    def chosen(corner: Corner) -> dict[str, Any]:
        return {"parcel": [str(corner.parcel.pk)]}

    def picture() -> SimpleUploadedFile:
        return SimpleUploadedFile("面单.jpg", photo(), "image/jpeg")

    one = "goods/parcels/<uuid:parcel_id>/"
    return {
        "goods/search/": lambda w, c: {"q": "8-1-501"},
        "goods/scan/": lambda w, c: {"text": c.parcel.code},
        "goods/many/": lambda w, c: {"act": "hand_over", "show": "released", **chosen(c)},
        "goods/labels/": lambda w, c: chosen(c),
        "goods/take-in/keep/": lambda w, c: {**LOOKS, "door": "8-1-501"},
        "goods/take-in/photo/": lambda w, c: {"photo": picture()},
        f"{one}step/": lambda w, c: {"step": "hand_over", "words": "女儿"},
        f"{one}early/": lambda w, c: {"reason": "婴儿奶粉断了"},
        f"{one}door/": lambda w, c: {"door": "8-1-501"},
        f"{one}change/": lambda w, c: dict(LOOKS),
        f"{one}note/": lambda w, c: {"note": "请送到家门口"},
    }
