"""Pages of rounds, one file a subject."""

from shouwang.rounds.views.answers import (
    answers,
)
from shouwang.rounds.views.beginning import (
    begin,
    choose_kind,
)
from shouwang.rounds.views.board import (
    board,
    close,
    missing,
    round_page,
)
from shouwang.rounds.views.calling import (
    back,
    call,
    call_point,
    calling,
    hold,
    plan,
    screen,
    slips,
    tables,
)
from shouwang.rounds.views.coverage import (
    asked_rounds,
    campaign,
    campaign_community,
    close_campaign,
)
from shouwang.rounds.views.doors import (
    building,
    stairwell,
)
from shouwang.rounds.views.entries import (
    entry,
    quick,
)
from shouwang.rounds.views.kinds import (
    change_kind,
    copy_kind,
    end_kind,
    kind,
    kinds,
)
from shouwang.rounds.views.point import (
    bags,
    point,
    point_step,
    sheet,
    sheets,
    trouble,
)
from shouwang.rounds.views.proposals import (
    begin_proposal,
    decline_proposal,
    proposals,
)
from shouwang.rounds.views.series import (
    end_series,
)
from shouwang.rounds.views.spots import (
    end_spot,
    spot_list,
)
from shouwang.rounds.views.table import (
    names,
    scan,
    table,
    undo,
    walk_in,
)
from shouwang.rounds.views.tracing import (
    close_tracing,
    tracing_answers,
    tracing_line,
    tracing_list,
    tracing_lists,
    tracing_match,
)
from shouwang.rounds.views.tubes import (
    close_tube,
    consignment,
    label,
    results,
    tube_page,
    tubes_page,
)
from shouwang.rounds.views.walk_ins import (
    place,
    walk_ins,
)
from shouwang.rounds.views.walking import (
    end_walk,
    give,
    give_all,
    give_back,
    make_walks,
    take_back,
    walking_list,
    walking_sheet,
    walks,
)

__all__ = [
    "answers",
    "asked_rounds",
    "back",
    "bags",
    "begin",
    "begin_proposal",
    "board",
    "building",
    "call",
    "call_point",
    "calling",
    "campaign",
    "campaign_community",
    "change_kind",
    "choose_kind",
    "close",
    "close_campaign",
    "close_tracing",
    "close_tube",
    "consignment",
    "copy_kind",
    "decline_proposal",
    "end_kind",
    "end_series",
    "end_spot",
    "end_walk",
    "entry",
    "give",
    "give_all",
    "give_back",
    "hold",
    "kind",
    "kinds",
    "label",
    "make_walks",
    "missing",
    "names",
    "place",
    "plan",
    "point",
    "point_step",
    "proposals",
    "quick",
    "results",
    "round_page",
    "scan",
    "screen",
    "sheet",
    "sheets",
    "slips",
    "spot_list",
    "stairwell",
    "table",
    "tables",
    "take_back",
    "tracing_answers",
    "tracing_line",
    "tracing_list",
    "tracing_lists",
    "tracing_match",
    "trouble",
    "tube_page",
    "tubes_page",
    "undo",
    "walk_in",
    "walk_ins",
    "walking_list",
    "walking_sheet",
    "walks",
]
