"""What a phone may say of goods while it has no signal, one file a subject. See docs/offline.md."""

from shouwang.goods.commands import custody, runs

__all__ = [
    "custody",
    "runs",
]
