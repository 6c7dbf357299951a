"""What phones may say of goods while they have no signal, one file a subject."""

from shouwang.goods.commands import runs

__all__ = ["runs"]
