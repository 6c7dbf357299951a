"""Every write of this room, one file a chapter of a round's life."""

from shouwang.rounds.services.answers import (
    clean_answers,
)
from shouwang.rounds.services.at_table import (
    Scanned,
    SheetRefused,
    SheetRow,
    apply_scan,
    enter_sheet,
    left_open,
    refuse_unready,
    take_back_sample,
    take_sample,
)
from shouwang.rounds.services.beginning import (
    begin_round,
)
from shouwang.rounds.services.calling import (
    Agreed,
    call_slot,
    hold_building,
    pass_slot,
    plan_anew,
    set_point,
    set_tables,
)
from shouwang.rounds.services.campaigns import (
    begin_campaign,
    close_campaign,
)
from shouwang.rounds.services.closing import (
    close_round,
    count_past,
    erase_past,
    record_missing_read,
    record_roster_read,
    settle_left,
    verify_past,
)
from shouwang.rounds.services.erasing_table import (
    count_table_past,
    erase_table_past,
    verify_table_past,
)
from shouwang.rounds.services.filling import (
    fill_tubes,
)
from shouwang.rounds.services.joining import (
    join_entries,
)
from shouwang.rounds.services.keeping import (
    keep_true,
)
from shouwang.rounds.services.kinds import (
    change_kind,
    copy_kind,
    end_kind,
    ship_kinds,
)
from shouwang.rounds.services.marking import (
    Heard,
    Word,
    hear_words,
    mark_entry,
)
from shouwang.rounds.services.planning import (
    Plan,
    keep_plan,
    pass_slots,
)
from shouwang.rounds.services.point import (
    issue_bags,
    report_trouble,
    take_bags_away,
    take_point_step,
)
from shouwang.rounds.services.proposals import (
    begin_proposal,
    decline_proposal,
    record_proposals_read,
)
from shouwang.rounds.services.reading import (
    record_answers_counted,
    record_answers_named,
    record_answers_read,
)
from shouwang.rounds.services.results import (
    record_results,
)
from shouwang.rounds.services.spots import (
    add_spots,
    end_spot,
)
from shouwang.rounds.services.tracing import (
    answer_line,
    close_list,
    count_tracing,
    erase_tracing,
    record_tracing_read,
    settle_match,
    take_in_list,
    verify_tracing,
)
from shouwang.rounds.services.tubes import (
    close_tube,
    open_tube,
    record_tube_read,
    relabel_tube,
    reopen_tube,
    send_tubes,
)
from shouwang.rounds.services.turning import (
    come_again,
    end_series,
    take_turn,
)
from shouwang.rounds.services.walk_ins import (
    Shown,
    WalkedIn,
    add_walk_in,
    enter_walk_in_person,
    place_walk_in,
    take_back_walk_in,
)
from shouwang.rounds.services.walking import (
    end_list,
    give_list,
    give_lists,
    propose_lists,
    record_list_read,
    reoffer_list,
    take_back_list,
)

__all__ = [
    "Agreed",
    "Heard",
    "Plan",
    "Scanned",
    "SheetRefused",
    "SheetRow",
    "Shown",
    "WalkedIn",
    "Word",
    "add_spots",
    "add_walk_in",
    "answer_line",
    "apply_scan",
    "begin_campaign",
    "begin_proposal",
    "begin_round",
    "call_slot",
    "change_kind",
    "clean_answers",
    "close_campaign",
    "close_list",
    "close_round",
    "close_tube",
    "come_again",
    "copy_kind",
    "count_past",
    "count_table_past",
    "count_tracing",
    "decline_proposal",
    "end_kind",
    "end_list",
    "end_series",
    "end_spot",
    "enter_sheet",
    "enter_walk_in_person",
    "erase_past",
    "erase_table_past",
    "erase_tracing",
    "fill_tubes",
    "give_list",
    "give_lists",
    "hear_words",
    "hold_building",
    "issue_bags",
    "join_entries",
    "keep_plan",
    "keep_true",
    "left_open",
    "mark_entry",
    "open_tube",
    "pass_slot",
    "pass_slots",
    "place_walk_in",
    "plan_anew",
    "propose_lists",
    "record_answers_counted",
    "record_answers_named",
    "record_answers_read",
    "record_list_read",
    "record_missing_read",
    "record_proposals_read",
    "record_results",
    "record_roster_read",
    "record_tracing_read",
    "record_tube_read",
    "refuse_unready",
    "relabel_tube",
    "reoffer_list",
    "reopen_tube",
    "report_trouble",
    "send_tubes",
    "set_point",
    "set_tables",
    "settle_left",
    "settle_match",
    "ship_kinds",
    "take_back_list",
    "take_back_sample",
    "take_back_walk_in",
    "take_bags_away",
    "take_in_list",
    "take_point_step",
    "take_sample",
    "take_turn",
    "verify_past",
    "verify_table_past",
    "verify_tracing",
]
