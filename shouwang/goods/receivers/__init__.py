"""News from below, one file a subject. A receiver writes its own due rows and nothing else."""

from shouwang.goods.receivers import custody, gifts, medicine, parcels, runs

__all__ = [
    "custody",
    "gifts",
    "medicine",
    "parcels",
    "runs",
]
