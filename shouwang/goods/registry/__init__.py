"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import custody, medicine, parcels, purposes, store

__all__ = ["custody", "medicine", "parcels", "purposes", "store"]
