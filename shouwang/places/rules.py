"""What a role may do and read, at the place where the post is. Nothing is kept by hand anywhere else.

Field classes are core.personal's. Above the community there are counts only.
"""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.core.personal import BIRTH, CARE, DOOR, HEALTH, ID_NUMBER, NAME, NOTE, PHONE, WISH
from shouwang.core.scope import Scope
from shouwang.places.states import Role


@dataclass(frozen=True)
class Rights:
    """Capabilities and readable field classes."""

    capabilities: frozenset[str]
    classes: frozenset[str]


LOOK = frozenset(
    {
        "today.see",
        "wall.see",
        "place.see",
        "help.see",
        "register.see",
        "volunteer.see",
        "promise.see",
        "round.mark",
    }
)  # fmt: skip | {"round.mark"}
SERVE = LOOK | {
    "help.take_in",
    "help.dispatch",
    "help.close",
    "help.shop",
    "care.see",
    "care.edit",
    "goods.gate",
    "goods.runs",
    "goods.custody",
}
DESK = SERVE | {
    "register.edit",
    "register.import",
    "register.export",
    "post.fill",
    "volunteer.edit",
    "directory.edit",
    "help.sign_off",
    "help.tickets",
    "help.money",
    "round.lead",
    "phone.oversee",
    "goods.store",
    "goods.medicine",
    "goods.gifts",
}
LEAD = DESK | {
    "incident.lead",
    "register.copy",
    "help.see_confidential",
    "volunteer.why_stood_down",
    "audit.see",
    "counts.see",
}

DOORSTEP = frozenset({NAME, DOOR, PHONE, WISH})
CARING = DOORSTEP | {BIRTH, CARE, NOTE}
FULL = CARING | {HEALTH, ID_NUMBER}

ROLE_RIGHTS: dict[str, Rights] = {
    Role.SECRETARY: Rights(LEAD, FULL),
    Role.CLERK: Rights(DESK, CARING | {HEALTH}),
    Role.ON_CALL: Rights(SERVE | {"goods.medicine"}, CARING | {HEALTH}),
    Role.SUBDISTRICT_OFFICER: Rights(frozenset({"counts.see", "campaign.begin"}), frozenset()),
    Role.GRID_HEAD: Rights(
        SERVE | {"post.fill", "register.edit", "register.carry", "volunteer.edit", "goods.medicine"},
        CARING | {HEALTH},
    ),
    Role.GRID_WORKER: Rights(
        SERVE | {"register.edit", "register.carry", "goods.medicine"}, CARING | {HEALTH}
    ),
    Role.SECONDED_OFFICER: Rights(SERVE, CARING),
    Role.BUILDING_HEAD: Rights(LOOK | {"help.take_in", "care.see"}, CARING),
    Role.STAIRWELL_HEAD: Rights(LOOK | {"help.take_in", "care.see"}, CARING),
}

# What one does not do while visitors can read the screen: their pages say too much. In counter mode they are not there.
PRIVATE = frozenset(
    {
        "care.see",
        "care.edit",
        "register.edit",
        "register.import",
        "register.export",
        "register.copy",
        "register.carry",
        "help.dispatch",
        "help.close",
        "help.see_confidential",
        "help.sign_off",
        "help.tickets",
        "help.money",
        "goods.medicine",
        "goods.gifts",
        "volunteer.why_stood_down",
        "audit.see",
        "round.lead",
        "phone.oversee",
    }
)

# What an emergency opens for a time: looking, never writing, and no ID numbers.
GLASS_RIGHTS = Rights(
    frozenset({"wall.see", "place.see", "register.see", "care.see", "help.see"}), CARING | {HEALTH}
)
GLASS_MINUTES = (15, 60, 240)
SHORTEST_REASON = 10

LEAF_ROLES = (Role.STAIRWELL_HEAD,)
BUILDING_ROLES = (Role.BUILDING_HEAD,)
COMMUNITY_ROLES = (Role.ON_CALL, Role.SECRETARY, Role.CLERK)


def may_fill_posts(scope: Scope, placed: object) -> bool:
    """Whether the scope may appoint and end posts at this place."""
    return scope.covers("post.fill", placed)
