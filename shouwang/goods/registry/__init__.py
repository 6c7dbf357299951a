"""What goods enters into core's registries, one file a subject."""

from shouwang.goods.registry import purposes

__all__ = ["purposes"]
