"""Sends a text through the library that knows the messengers. Says whether everybody took it, never why not:
what a provider answers may hold the address."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from apprise import Apprise, AppriseAsset

# The library writes addresses and answers to its log; both are somebody's.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


def send(addresses: Sequence[str], text: str, *, title: str) -> bool:
    """True when every address took the text. Waits at most some 8 s for each."""
    sender = Apprise(asset=AppriseAsset(async_mode=False))
    usable = [sender.add(address) for address in addresses]
    return bool(usable) and all(usable) and bool(sender.notify(body=text, title=title))
