"""Addresses of channels in Apprise's URL form: which may be used, and what is wrong with the others."""

from __future__ import annotations

import ipaddress
from typing import Any

from apprise import Apprise

# Services that talk to a person or a group over the network. Others that the library knows would act on this
# machine itself (dbus, syslog, windows ...), post in public, or cost money.
ALLOWED = frozenset(
    {
        "wecombot", "dingtalk", "feishu", "lark", "qq", "wxpusher", "pushplus", "schan", "tgram", "matrix", "matrixs",
        "mailto", "mailtos", "ntfy", "ntfys", "bark", "barks", "gotify", "gotifys", "pushdeer", "pushdeers",
        "rocket", "rockets", "zulip", "slack", "signal", "signals", "json", "jsons",
    }
)  # fmt: skip


def fault_of(address: str, *, own_machine_too: bool = False) -> str:
    """What is wrong with an address: "" nothing, else "unreadable", "service" or "own-machine".

    `own_machine_too` allows loopback addresses, as the demonstration and tests need.
    """
    scheme = address.partition("://")[0].strip().lower()
    if "://" not in address or len(address) > 400:
        return "unreadable"
    if scheme not in ALLOWED:
        return "service"
    found = Apprise.instantiate(address, suppress_exceptions=True)
    if found is None:
        return "unreadable"
    return "own-machine" if not own_machine_too and is_own_machine(found) else ""


def is_own_machine(found: Any) -> bool:
    """Whether the host is this machine or its neighbourhood without a name: nobody's telephone is there."""
    host = (getattr(found, "host", None) or "").strip("[]").lower()
    if host in {"localhost", "localhost.localdomain"}:
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_link_local or number.is_unspecified or number.is_multicast
