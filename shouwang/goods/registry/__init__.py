"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import custody, gifts, parcels, purposes, store

__all__ = ["custody", "gifts", "parcels", "purposes", "store"]
