"""What people enters into core's registries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwang.core.offline import one_by_one
from shouwang.core.registry import (
    AuditKind,
    CopySource,
    Eraser,
    Finding,
    Invariant,
    Lens,
    NavEntry,
    OfflineKind,
    Page,
    PhonePart,
    PurposeKind,
    SearchSource,
    Section,
    TodaySource,
    WorkSource,
    audit_kinds,
    copy_sources,
    erasers,
    household_actions,
    household_sections,
    invariants,
    lenses,
    nav_entries,
    offline_kinds,
    pages,
    phone_parts,
    purposes,
    search_sources,
    today_sources,
    work_sources,
)
from shouwang.people import commands
from shouwang.people.models import (
    CareFlag,
    Contact,
    Contradiction,
    Household,
    Person,
    PersonMerge,
    Proxy,
    ResidentCode,
    Stay,
)
from shouwang.people.rules import UNDO_DAYS
from shouwang.people.selectors import doors_without_state, own_copy
from shouwang.people.selectors.contradictions import phone_homes, phone_safety, work_for
from shouwang.people.selectors.finding import hits_for
from shouwang.people.selectors.sections import (
    care_section,
    codes_section,
    contacts_section,
    members_section,
    reads_section,
)
from shouwang.people.selectors.today import today_items
from shouwang.people.selectors.wall import CARE_LEGEND, care_cells
from shouwang.people.services import erasure

for code, sentence in (
    ("people.household.opened", _("A household was entered")),
    ("people.household.closed", _("A household moved out on %(until_on)s")),
    ("people.household.noted", _("The household's note was rewritten")),
    ("people.person.added", _("A person was entered")),
    ("people.person.changed", _("Particulars of a person were changed")),
    ("people.person.moved", _("A person moved to another household")),
    ("people.person.voided", _("A person entered in error was taken off")),
    ("people.person.merged", _("Two entries of one person were put together")),
    ("people.person.unmerged", _("Two entries that had been put together were taken apart")),
    ("people.person.told_apart", _("Two alike were found to be two people")),
    ("people.membership.ended", _("A person left the household on %(until_on)s")),
    ("people.register.added", _("%(people)s people of a sheet were entered")),
    ("people.register.merged", _("%(people)s people were brought up to date from a sheet")),
    ("people.door.stated", _("What the door is was entered")),
    ("people.doors.stated", _("What %(doors)s doors are was entered")),
    ("people.flag.proposed", _("A care flag was proposed (%(source)s)")),
    ("people.flag.accepted", _("A care flag was taken over (%(source)s)")),
    ("people.flag.declined", _("A proposed care flag was not taken over")),
    ("people.flag.reviewed", _("A care flag was looked at and stays until %(review_on)s")),
    ("people.flag.ended", _("A care flag ended")),
    ("people.contact.added", _("Somebody to ring was added")),
    ("people.contact.ended", _("Somebody to ring was taken off")),
    ("people.proxy.added", _("Somebody who may speak for the household was added")),
    ("people.proxy.ended", _("Somebody no longer speaks for the household")),
    ("people.stay.recorded", _("It was entered where a person is staying")),
    ("people.stay.ended", _("A person came back home")),
    ("people.codes.issued", _("Codes were made: %(codes)s")),
    ("people.codes.revoked", _("Codes were revoked: %(codes)s")),
    ("people.number.unknown", _("An ID number of nobody here was typed in")),
    ("people.contradiction.found", _("Two different words about one field were found")),
    ("people.contradiction.decided", _("It was decided which of two words holds")),
    ("people.file.read", _("The household's file was opened: %(why)s")),
):
    audit_kinds.add(AuditKind(code, sentence))

purposes.add(PurposeKind("register", _("To know who lives behind which door, so that nobody is missed"), 180,
                         after=_("the person has left")))  # fmt: skip
purposes.add(PurposeKind("care", _("To think of those who need it, in the way they need it"), 90,
                         after=_("the flag has ended")))  # fmt: skip
purposes.add(
    PurposeKind("stay", _("To know where somebody is who is not at home"), 30, after=_("the person is back"))
)
purposes.add(
    PurposeKind(
        "contact", _("To reach those who can help or speak for somebody"), 30, after=_("this has ended")
    )
)

purposes.add(
    PurposeKind("merge", _("To take two entries apart again that were put together by mistake"), UNDO_DAYS,
                after=_("they were put together"))
)  # fmt: skip
purposes.add(
    PurposeKind("contradiction", _("To lose neither of two different words about one field"), 30,
                after=_("it was decided which holds"))
)  # fmt: skip
purposes.add(
    PurposeKind("code", _("To know somebody by a code, without asking for name and number"), 30,
                after=_("the code has run out"))
)  # fmt: skip


def _fields(*models: type) -> frozenset[str]:
    return frozenset(f"{model._meta.label}.{name}" for model in models for name in model.PERSONAL)  # type: ignore[attr-defined]


erasers.add(
    Eraser("people.register", _fields(Household, Person), erasure.count_register, erasure.erase_register,
           erasure.verify_register)
)  # fmt: skip
erasers.add(
    Eraser("people.care", _fields(CareFlag), lambda at: erasure.flags_past(at).count(), erasure.erase_flags,
           erasure.verify_flags)
)  # fmt: skip
erasers.add(
    Eraser("people.stay", _fields(Stay), lambda at: erasure.stays_past(at).count(), erasure.erase_stays,
           erasure.verify_stays)
)  # fmt: skip
erasers.add(
    Eraser("people.contact", _fields(Contact, Proxy),
           lambda at: erasure.contacts_past(at).count() + erasure.proxies_past(at).count(), erasure.erase_contacts,
           erasure.verify_contacts)
)  # fmt: skip
erasers.add(
    Eraser("people.merge", _fields(PersonMerge), lambda at: erasure.merges_past(at).count(), erasure.erase_merges,
           erasure.verify_merges)
)  # fmt: skip
erasers.add(
    Eraser("people.code", _fields(ResidentCode), lambda at: erasure.codes_past(at).count(), erasure.erase_codes,
           erasure.verify_codes)
)  # fmt: skip

erasers.add(
    Eraser("people.contradiction", _fields(Contradiction), lambda at: erasure.contradictions_past(at).count(),
           erasure.erase_contradictions, erasure.verify_contradictions)
)  # fmt: skip


def _every_door_counted(at: datetime, community: UUID | None) -> Finding:
    return Finding(*doors_without_state(community))


invariants.add(
    Invariant("people.door.known-or-gap", _("Every door has a known state, or is a gap that is counted"),
              _every_door_counted, order=20)
)  # fmt: skip

lenses.add(
    Lens("care", pgettext_lazy("lens", "Care"), care_cells, CARE_LEGEND, capability="care.see", order=20)
)

for section in (
    Section("people.members", _("Family"), "people/section_members.html", members_section, column="left", order=10),
    Section("people.codes", _("Codes"), "people/section_codes.html", codes_section, column="left", order=15),
    Section("people.care", _("Care flags"), "people/section_care.html", care_section, column="left", order=20),
    Section("people.contacts", _("Whom to ring"), "people/section_contacts.html", contacts_section, column="left",
            order=30),
    Section("people.reads", _("Who looked at this file"), "people/section_reads.html", reads_section, column="right",
            order=90),
):  # fmt: skip
    household_sections.add(section)

for page in (
    Page("people.add_person", "people:add_person", _("Add a person"), "register.edit"),
    Page("people.add_flag", "people:add_flag", _("Add a care flag"), "care.edit"),
    Page("people.change_door", "people:change_door", _("What the door is"), "register.edit"),
    Page("people.close_household", "people:close_household", _("Moved out"), "register.edit"),
):
    pages.add(page)
# The file's cards carry the other two beside what they change.
for action in ("people.add_flag", "people.close_household"):
    household_actions.add(pages.get(action))

pages.add(
    Page(
        "people.households", "people:household_list", pgettext_lazy("register", "Households"), "register.see"
    )
)
pages.add(Page("people.codes", "people:codes", _("Codes"), "register.see"))
pages.add(Page("people.code_places", "people:code_places", _("Print codes"), "register.edit"))
pages.add(Page("people.read_code", "people:read_code", _("Read a code"), "register.see"))
pages.add(Page("people.door", "people:door", _("A door"), "register.see"))
pages.add(Page("people.doubles", "people:doubles", _("Possibly entered twice"), "register.edit"))
pages.add(Page("people.search", "people:search", _("Search"), "register.see"))
nav_entries.add(
    NavEntry(
        "people",
        pgettext_lazy("register", "Households"),
        "people:household_list",
        "house",
        "register.see",
        order=30,
    )
)
copy_sources.add(CopySource("people", own_copy.copy_parts, order=10))
search_sources.add(SearchSource("people", hits_for, order=10))
today_sources.add(TodaySource("people", today_items, order=40))
pages.add(Page("people.contradictions", "people:contradictions", _("Two different words"), "register.edit"))
offline_kinds.add(
    OfflineKind("people.amend", _("Something put right in the register"), commands.AMENDS, one_by_one(commands.amend),
                commands.describe)
)  # fmt: skip
phone_parts.add(PhonePart("homes", phone_homes, order=40))
phone_parts.add(PhonePart("safety", phone_safety, order=41))
work_sources.add(WorkSource("people.contradictions", work_for, order=80))
