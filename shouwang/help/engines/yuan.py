"""Fen as people read them."""

from __future__ import annotations


def in_yuan(fen: int) -> str:
    """1250 is 12.50, 1200 is 12, -5 is -0.05: yuan without a sign of currency."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}" + (f".{rest:02d}" if rest else "")
