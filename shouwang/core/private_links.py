"""Private links: whoever has one may see what is behind it, and only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_link() -> str:
    """A token of 192 bits for a private link."""
    return secrets.token_urlsafe(24)


def link_digest(token: str) -> str:
    """What is kept of a private link: SHA-256 (hex) of its token."""
    return hashlib.sha256(token.encode()).hexdigest()
