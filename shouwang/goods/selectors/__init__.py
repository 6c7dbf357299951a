"""Reads of goods, always scoped where a scope is given; a foreign object is a 404."""

from shouwang.goods.selectors.doors import goes_to_door

__all__ = ["goes_to_door"]
