"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import custody, purposes

__all__ = ["custody", "purposes"]
