"""What a protocol presets, and who may lead an incident.

The minutes are where an incident begins from, not a norm: no source states any. The incident keeps its own copy,
so that changing a preset changes no incident that is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shouwang.core.scope import Scope
from shouwang.incidents.models import Incident
from shouwang.incidents.states import Protocol, RestRule
from shouwang.people.states import Care

# What a community may set: a beginning between a minute and a week, records for a day up to two years.
MOST_MINUTES = 7 * 24 * 60
MOST_DAYS = 730


@dataclass(frozen=True)
class Preset:
    """`targets`: {category code: (minutes to accept, minutes to finish)}; `days` its records are kept after it.

    `first`: care flags, most pressing first; whoever has one and lives inside is reached one by one at the beginning.
    `rest`: {RestRule: minutes that goods rest at the gate after they were disinfected}; empty: goods are let in as they
    come, without being disinfected.
    """

    targets: Mapping[str, tuple[int, int]]
    days: int = 30
    first: tuple[str, ...] = ()
    icon: str = "shield"
    rest: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[str, int]]:
        """The targets as an incident keeps them."""
        return {code: {"accept": accept, "finish": finish} for code, (accept, finish) in self.targets.items()}


# Two hours on open ground is what the neighbourhoods told that did it; for nothing else is there a figure. Medicine and
# cold food spoil or are waited for: the wrapping is wiped and they go on at once. That is our own beginning, not a norm.
RESTS: dict[str, int] = {RestRule.USUAL: 120, RestRule.COLD: 0, RestRule.MEDICINE: 0}
MOST_REST = 24 * 60

# Who dies first in heat and cold: the old who live alone, the ill, the very young.
FRAIL = (
    Care.SEVERE_ILLNESS, Care.NEEDS_CARE, Care.LIVES_ALONE, Care.COUPLE_ALONE, Care.DEMENTIA, Care.CHRONIC_ILLNESS,
    Care.PREGNANT, Care.INFANT, Care.NO_PHONE,
)  # fmt: skip

PRESETS: dict[str, Preset] = {
    # Nobody may go out: what else a neighbour or a shop would do falls to the volunteers.
    Protocol.SEALED_ZONE: Preset(
        {
            "medicine": (10, 120),
            "shopping": (30, 480),
            "parcel": (30, 240),
            "repair": (30, 480),
            "care": (15, 180),
            "visit": (30, 360),
        },
        icon="shield-alert",
        rest=RESTS,
    ),
    # Goods can be collected in turns at the gate of the zone.
    Protocol.CONTROLLED_ZONE: Preset(
        {
            "medicine": (15, 240),
            "shopping": (60, 720),
            "parcel": (60, 480),
            "care": (20, 240),
            "visit": (60, 480),
        },
        icon="shield-half",
        rest=RESTS,
    ),
    # Everyday care keeps each category's own times.
    Protocol.EVERYDAY_CARE: Preset({}, days=365, icon="heart-handshake"),
    # Heat and cold kill the old at home first: a visit must not wait.
    Protocol.HEAT: Preset(
        {"visit": (20, 120), "care": (15, 120), "repair": (20, 240)}, first=FRAIL, icon="sun"
    ),
    Protocol.COLD: Preset(
        {"visit": (20, 180), "care": (15, 120), "repair": (20, 240)}, first=FRAIL, icon="snowflake"
    ),
    # Without power or lift: oxygen at home, stairs, medicine that must be kept cold.
    Protocol.POWER_OUT: Preset(
        {"care": (10, 60), "medicine": (10, 90), "repair": (15, 240), "visit": (20, 180)},
        first=(
            Care.OXYGEN,
            Care.DIALYSIS,
            Care.SEVERE_ILLNESS,
            Care.INJECTABLE,
            Care.NEEDS_CARE,
            Care.WALKS_BADLY,
            Care.PREGNANT,
            Care.ALONE_WITH_CHILD,
            Care.INFANT,
            Care.LIVES_ALONE,
            Care.NO_PHONE,
        ),
        icon="zap-off",
    ),
}


def may_lead(scope: Scope, incident: Incident) -> bool:
    """Whether the scope may move the line, suspend and resume."""
    return scope.covers("incident.lead", incident)
