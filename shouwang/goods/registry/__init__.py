"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import parcels, purposes, runs

__all__ = [
    "parcels",
    "purposes",
    "runs",
]
