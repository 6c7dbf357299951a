"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import custody, gifts, medicine, parcels, purposes, runs, store

__all__ = [
    "custody",
    "gifts",
    "medicine",
    "parcels",
    "purposes",
    "runs",
    "store",
]
