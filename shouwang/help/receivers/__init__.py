"""News from below. A receiver writes its own due rows and nothing else."""

from shouwang.help.receivers import orders, requests

__all__ = ["orders", "requests"]
