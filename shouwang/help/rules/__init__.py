"""What help permits, by when help should come, and when it rises."""

from shouwang.help.rules.acting import (
    CONFIDED,
    is_named,
    may_act_on,
    may_answer_for,
    may_be_offered,
    may_hear_of,
)
from shouwang.help.rules.steps import (
    ACKNOWLEDGED_FOR,
    CONFIRM_AFTER,
    LINK_LIVES,
    REMIND_EVERY,
    RUNGS,
    SOON,
    life_step_due,
    rise_every,
    rung_of_level,
)
from shouwang.help.rules.targets import TARGETS, Target, due_times, target_of

__all__ = [
    "ACKNOWLEDGED_FOR", "CONFIDED", "CONFIRM_AFTER", "LINK_LIVES", "REMIND_EVERY", "RUNGS", "SOON", "TARGETS", "Target",
    "due_times", "is_named", "life_step_due", "may_act_on", "may_answer_for", "may_be_offered", "may_hear_of", "rise_every",
    "rung_of_level", "target_of",
]  # fmt: skip
