"""The demo neighbourhood: zone C on the second morning of its sealing, busy. Everybody in it is made up.

Built through the same services as a user's own, from the ledger in samples/, repeatable but for the clock.
"""

from shouwang.site.demo.build import build_demo

__all__ = ["build_demo"]
