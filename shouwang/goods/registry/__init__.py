"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import custody, parcels, purposes, store

__all__ = ["custody", "parcels", "purposes", "store"]
