"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import medicine, parcels, purposes, store

__all__ = ["medicine", "parcels", "purposes", "store"]
