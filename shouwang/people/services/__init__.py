"""Every write of people. Each is one transaction: rule, move, audit, signal."""

from shouwang.people.services.bulk import Added, Merged, add_people_in_bulk, merge_register_rows
from shouwang.people.services.care import add_flag, decide_flag, end_flag, review_flag
from shouwang.people.services.codes import (
    complete_codes,
    give_phone_code,
    issue_codes,
    note_unknown_number,
    refuse_guessing,
    revoke_codes,
)
from shouwang.people.services.contacts import add_contact, add_proxy, end_contact, end_proxy
from shouwang.people.services.contradictions import hear_safety
from shouwang.people.services.doors import register_doors, set_occupancies_in_bulk, set_occupancy
from shouwang.people.services.households import (
    change_relation,
    close_household,
    end_membership,
    move_person,
    note_household,
    open_household,
)
from shouwang.people.services.persons import add_person, change_person, void_person
from shouwang.people.services.reads import record_file_read
from shouwang.people.services.settling import decide_contradiction
from shouwang.people.services.stays import end_stay, record_stay
from shouwang.people.services.uniting import merge_persons, tell_apart, undo_merge

__all__ = [
    "Added",
    "Merged",
    "add_contact",
    "add_flag",
    "add_people_in_bulk",
    "add_person",
    "add_proxy",
    "change_person",
    "change_relation",
    "close_household",
    "complete_codes",
    "decide_contradiction",
    "decide_flag",
    "end_contact",
    "end_flag",
    "end_membership",
    "end_proxy",
    "end_stay",
    "give_phone_code",
    "hear_safety",
    "issue_codes",
    "merge_persons",
    "merge_register_rows",
    "move_person",
    "note_household",
    "note_unknown_number",
    "open_household",
    "record_file_read",
    "record_stay",
    "refuse_guessing",
    "register_doors",
    "review_flag",
    "revoke_codes",
    "set_occupancies_in_bulk",
    "set_occupancy",
    "tell_apart",
    "undo_merge",
    "void_person",
]
