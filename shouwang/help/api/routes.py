"""The one router of this room: two would hide each other's methods of one address."""

from ninja import Router

router = Router(tags=["help"])
