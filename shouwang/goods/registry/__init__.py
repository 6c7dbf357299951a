"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import purposes, store

__all__ = ["purposes", "store"]
from shouwang.goods.registry import parcels, purposes

__all__ = ["parcels", "purposes"]
