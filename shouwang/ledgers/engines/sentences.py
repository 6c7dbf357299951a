"""Every sentence a reader of registers can say, by its stable code.

The texts are msgids: the layer above translates them and fills in the parameters.
Codes are part of the import's contract and never change their meaning.
"""

from __future__ import annotations

from shouwang.core.sheets import UNREADABLE as SHEETS_UNREADABLE
from shouwang.core.sheets import gettext_noop

NO_HEADER = gettext_noop(
    "No line with column headings was found: it needs a column for the name and for the door."
)
UNREADABLE: dict[str, str] = {**SHEETS_UNREADABLE, "sheet.no_header": NO_HEADER}

ISSUES: dict[str, str] = {
    "name.missing": gettext_noop("Nobody is named on this line."),
    "name.unreadable": gettext_noop("The name cannot be read as one."),
    "name.several": gettext_noop(
        "Several names stand in one cell. One person was taken; give each a line of their own."
    ),
    "members.in_columns": gettext_noop(
        "Others are named on this line and were not taken: %(names)s. Give each a line of their own."
    ),
    "address.missing": gettext_noop("No door is given, and none can be carried down from the lines above."),
    "address.unreadable": gettext_noop("The door cannot be read."),
    "phone.short": gettext_noop("The phone number lacks %(missing)s digits."),
    "phone.long": gettext_noop("The phone number has %(extra)s digits too many."),
    "phone.mangled": gettext_noop("Excel has changed the phone number; its last digits are lost."),
    "phone.unreadable": gettext_noop("The phone number cannot be read."),
    "id.short": gettext_noop("The ID number lacks %(missing)s digits."),
    "id.long": gettext_noop("The ID number has %(extra)s digits too many."),
    "id.check_digit": gettext_noop("The check digit of the ID number is wrong."),
    "id.birth_date": gettext_noop("The birth date inside the ID number does not exist."),
    "id.mangled": gettext_noop("Excel has changed the ID number; its last digits are lost."),
    "id.masked": gettext_noop("Part of the ID number is covered."),
    "id.unreadable": gettext_noop("The ID number cannot be read."),
    "id.twice": gettext_noop("The same ID number stands beside another name on line %(other)s."),
    "date.unreadable": gettext_noop("The birth date cannot be read."),
    "date.doubtful": gettext_noop("The birth date may have lost a digit; only the year is taken."),
    "date.differs": gettext_noop(
        "The birth date differs from the one in the ID number; the ID number's is taken."
    ),
    "age.unreadable": gettext_noop("The age cannot be read."),
    "sex.unreadable": gettext_noop("The sex cannot be read."),
    "sex.differs": gettext_noop("The sex differs from the one in the ID number; the ID number's is taken."),
    "occupancy.unreadable": gettext_noop("How the flat is lived in cannot be read."),
    "occupancy.differs": gettext_noop(
        "The lines of this door disagree on how the flat is lived in; the first is taken."
    ),
    "text.cut": gettext_noop("The text is longer than %(limit)s characters and was cut."),
    "person.twice": gettext_noop("The same person already stands on line %(other)s."),
    "household.twice": gettext_noop("This door already has a household on line %(other)s."),
    "sheet.joined": gettext_noop(
        "Several sheets were read as one: %(names)s. For a line of a later sheet, sheet and line stand before the column."
    ),
    "sheet.others_ignored": gettext_noop("Other sheets in the file were not read: %(names)s."),
    "sheet.no_date": gettext_noop("No date was found on the sheet."),
}
