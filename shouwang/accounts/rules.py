"""What accounts allows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouwang.core.actors import OPERATOR, Actor
from shouwang.core.registry import Text
from shouwang.core.scope import Scope

USERNAME = re.compile(r"[\w.@+-]{2,60}")


@dataclass(frozen=True)
class DemoRole:
    """A made-up person of the demo: signs in as `username` with one click. `small` says what there is to see."""

    code: str
    username: str
    label: Text
    small: Text


DEMO_ROLES = (
    DemoRole(
        "secretary",
        "demo-secretary",
        _("Secretary"),
        _("sees the whole community, leads the incident, fills posts"),
    ),
    DemoRole(
        "clerk",
        "demo-clerk",
        _("Clerk at the desk"),
        _("answers the telephone, reads messages, keeps the register"),
    ),
    DemoRole("on_call", "demo-on_call", _("Post on call"), _("is told of danger to life, day and night")),
    DemoRole("grid_head", "demo-grid_head", _("Grid head"), _("one grid: requests, posts, households")),
    DemoRole("grid_worker", "demo-grid_worker", _("Grid worker"), _("one grid: requests and households")),
    DemoRole(
        "building_head",
        "demo-building_head",
        _("Building head"),
        _("one building, two heads who cover for each other"),
    ),
    DemoRole(
        "stairwell_head",
        "demo-stairwell_head",
        _("Stairwell head"),
        _("one stairwell: its doors, its requests"),
    ),
    DemoRole(
        "volunteer",
        "demo-volunteer",
        _("Volunteer"),
        _("on the phone: what I have been asked, what I have taken on"),
    ),
    DemoRole(
        "officer",
        "demo-officer",
        _("Subdistrict officer"),
        _("asks for rounds and sees numbers, never a name"),
    ),
    DemoRole("technician", "demo-technician", _("Technician"), _("runs the machine and sees no resident")),
)


def clean_username(text: str) -> str:
    """The sign-in name as it is kept and compared: NFKC, without blanks around, in small letters."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_username(text: str) -> bool:
    """Whether a cleaned text can be a sign-in name: 2 to 60 letters, figures or . @ + - _."""
    return USERNAME.fullmatch(text) is not None


def may_hold_token(by: Actor, user: Any) -> bool:
    """Tokens are made and ended by their owner, or on the machine's command line."""
    return by == OPERATOR or by.pk == user.pk


def sees_whole_community(scope: Scope) -> bool:
    """Whether some post reads a community's register: such posts come in with a second factor."""
    return any(grant.column == "community_id" and grant.classes for grant in scope.grants)


def demo_role(code: str) -> DemoRole | None:
    """The demo's role with this code."""
    return next((role for role in DEMO_ROLES if role.code == code), None)
