"""Every write of this room, one file a chapter of a round's life."""

from shouwang.rounds.services.beginning import begin_round
from shouwang.rounds.services.calling import (
    Agreed,
    call_slot,
    hold_building,
    pass_slot,
    plan_anew,
    set_point,
    set_tables,
)
from shouwang.rounds.services.closing import (
    close_round,
    count_past,
    erase_past,
    record_missing_read,
    verify_past,
)
from shouwang.rounds.services.keeping import keep_true
from shouwang.rounds.services.marking import Heard, Word, hear_words, mark_entry
from shouwang.rounds.services.planning import Plan, keep_plan, pass_slots
from shouwang.rounds.services.walking import (
    end_list,
    give_list,
    propose_lists,
    record_list_read,
    reoffer_list,
    take_back_list,
)

__all__ = [
    "Agreed",
    "Heard",
    "Plan",
    "Word",
    "begin_round",
    "call_slot",
    "close_round",
    "count_past",
    "end_list",
    "erase_past",
    "give_list",
    "hear_words",
    "hold_building",
    "keep_plan",
    "keep_true",
    "mark_entry",
    "pass_slot",
    "pass_slots",
    "plan_anew",
    "propose_lists",
    "record_list_read",
    "record_missing_read",
    "reoffer_list",
    "set_point",
    "set_tables",
    "take_back_list",
    "verify_past",
]
