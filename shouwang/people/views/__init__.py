"""Pages of people: the list, the doors, persons, care, contacts. The household's file itself is composed above."""

from shouwang.people.views.care import add_flag, care_queue, decide_flag, end_flag, review_flag
from shouwang.people.views.codes import (
    code_places,
    codes,
    family_sheet,
    phone_code,
    place_sheets,
    read_code,
    renew_codes,
    revoke_codes,
)
from shouwang.people.views.contacts import add_contact, add_proxy, end_contact, end_proxy, record_stay
from shouwang.people.views.contradictions import contradictions, decide_contradiction
from shouwang.people.views.doors import change_door, door, open_household, unknown_doors
from shouwang.people.views.doubles import doubles, merge_pair, tell_apart, undo_merge
from shouwang.people.views.households import close_household, household_list, note_household, search
from shouwang.people.views.persons import add_person, change_person, end_membership, move_person, void_person

__all__ = [
    "add_contact",
    "add_flag",
    "add_person",
    "add_proxy",
    "care_queue",
    "change_door",
    "change_person",
    "close_household",
    "code_places",
    "codes",
    "contradictions",
    "decide_contradiction",
    "decide_flag",
    "door",
    "doubles",
    "end_contact",
    "end_flag",
    "end_membership",
    "end_proxy",
    "family_sheet",
    "household_list",
    "merge_pair",
    "move_person",
    "note_household",
    "open_household",
    "phone_code",
    "place_sheets",
    "read_code",
    "record_stay",
    "renew_codes",
    "review_flag",
    "revoke_codes",
    "search",
    "tell_apart",
    "undo_merge",
    "unknown_doors",
    "void_person",
]
