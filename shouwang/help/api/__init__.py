"""Requests for help, for programs: taking in, asking a volunteer, doing, confirming, closing."""

from shouwang.help.api import reading, writing  # noqa: F401  (they enter their operations)
from shouwang.help.api.routes import router

__all__ = ["router"]
