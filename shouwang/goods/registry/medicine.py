"""What the medicine bank enters into core's registries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    CopySource,
    DueKind,
    Eraser,
    Finding,
    Invariant,
    MessageTemplate,
    NavEntry,
    Page,
    Section,
    TodaySource,
    WorkSource,
    audit_kinds,
    copy_sources,
    due_kinds,
    erasers,
    household_sections,
    invariants,
    message_templates,
    nav_entries,
    pages,
    today_sources,
    work_sources,
)
from shouwang.goods.jobs import medicine as jobs
from shouwang.goods.selectors import medicine_faces, medicine_past, medicine_promise
from shouwang.goods.selectors.medicine import KEEP
from shouwang.goods.services.medicine_erasing import erase_medicine_texts

for code, sentence in (
    ("goods.medicine.asked", _("took down ask %(number)s for medicine")),
    ("goods.medicine.answered", _("changed what was said for ask %(number)s")),
    ("goods.medicine.checked", _("checked ask %(number)s for medicine")),
    ("goods.medicine.doctor_agreed", _("wrote down what a doctor said for ask %(number)s")),
    ("goods.medicine.ask_ended", _("ended ask %(number)s for medicine")),
    ("goods.medicine.ask_read", _("opened ask %(number)s for medicine")),
    ("goods.medicine.told", _("told %(people)s people that ask %(number)s for medicine waits")),
    ("goods.medicine.allergy_noted", _("noted %(notes)s allergies of a person")),
    ("goods.medicine.allergy_ended", _("ended a note of an allergy")),
    ("goods.medicine.notes_read", _("opened what is on file of a household for giving medicine")),
    ("goods.medicine.offered", _("wrote down medicine that somebody can spare")),
    ("goods.medicine.offer_checked", _("looked at medicine that was offered")),
    ("goods.medicine.taken_in", _("took medicine into the bank")),
    ("goods.medicine.offer_ended", _("did not take medicine that was offered")),
    ("goods.medicine.matched", _("found medicine for ask %(number)s at a neighbour's")),
    ("goods.medicine.counted", _("counted out %(quantity)s for ask %(number)s")),
    ("goods.medicine.second_look", _("was the second pair of eyes for ask %(number)s")),
    ("goods.medicine.handed_to_runs", _("gave the bag for ask %(number)s to the next run")),
    ("goods.medicine.delivered", _("the bag for ask %(number)s was at the door after %(minutes)s minutes")),
    ("goods.medicine.not_delivered", _("the bag for ask %(number)s was not handed over after all")),
    ("goods.medicine.taken_back", _("took the bag for ask %(number)s back into the bank")),
    ("goods.medicine.errand_given", _("asked a volunteer to go for the medicine bank")),
    ("goods.medicine.errand_done", _("an errand for the medicine bank was done")),
    ("goods.medicine.errand_left", _("an errand for the medicine bank waits for somebody again")),
    ("goods.medicine.limit_set", _("set the bank's limit of %(medicine)s to %(units)s for a person")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind("goods.medicine_watch", jobs.watch_due_ask))
due_kinds.add(DueKind("goods.medicine_reoffer", jobs.leave_due_errand))
due_kinds.add(DueKind("goods.medicine_parcel", jobs.deliver_due_parcel))
due_kinds.add(DueKind("goods.medicine_join", jobs.join_due_notes))

for code, sentence, discreet in (
    (
        "goods.medicine_waits",
        _("Ask %(number)s for medicine has been open for %(minutes)s minutes. Please see to it."),
        _("Something at the medicine bank waits. Please look."),
    ),
    (
        "goods.medicine_second",
        _("The bag for ask %(number)s needs a second pair of eyes. Please look at it now."),
        _("Something at the medicine bank needs a second pair of eyes."),
    ),
    (
        "goods.medicine_fetch",
        _("%(door)s: please fetch a small bag and bring it to the medicine bank."),
        _("There is an errand for you under My work."),
    ),
    (
        "goods.medicine_bring",
        _("%(door)s: please bring a small bag, now. It is under My work."),
        _("There is an errand for you under My work."),
    ),
    (
        "goods.medicine_thanks",
        _("What you gave is in the medicine bank now. Thank you."),
        _("What you gave has arrived. Thank you."),
    ),
    (
        "goods.medicine_went_to",
        _("What you gave has come to %(name)s. Both of you had agreed to be named. Thank you."),
        _("What you gave has come to a neighbour. Thank you."),
    ),
    (
        "goods.medicine_came_from",
        _("The small bag was given by %(name)s. Both of you had agreed to be named."),
        _("There is a word for you from the neighbourhood."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

erasers.add(
    Eraser(
        "goods.medicine",
        frozenset(
            {
                "goods.MedicineNote.substance", "goods.MedicineNote.why_ended",
                "goods.MedicineOffer.giver_name", "goods.MedicineOffer.giver_phone", "goods.MedicineOffer.door_said",
                "goods.MedicineOffer.words",
                "goods.MedicineAsk.door_said", "goods.MedicineAsk.asker_name", "goods.MedicineAsk.asker_phone",
                "goods.MedicineAsk.medicine", "goods.MedicineAsk.words", "goods.MedicineAsk.answers",
                "goods.MedicineAsk.findings", "goods.MedicineAsk.doctor_words",
                "goods.MedicineIssue.medicine", "goods.MedicineIssue.checks",
            }
        ),
        count=medicine_past.medicine_past_count,
        erase_batch=erase_medicine_texts,
        verify=medicine_past.medicine_texts_left,
    )
)  # fmt: skip


def _found(
    ask: Callable[[UUID | None], tuple[int, list[UUID]]],
) -> Callable[[datetime, UUID | None], Finding]:
    return lambda at, community: Finding(*ask(community))


for number, (code, sentence, ask, describe) in enumerate(
    (
        (
            "goods.medicine.no-allergy", _("Nothing was given against an allergy that was on record"),
            medicine_promise.against_allergies, medicine_promise.describe_issues,
        ),
        (
            "goods.medicine.two-people", _("What needs a second pair of eyes had them before it left"),
            medicine_promise.without_second_eyes, medicine_promise.describe_issues,
        ),
        (
            "goods.medicine.as-counted", _("What was given is what left the store for it"),
            medicine_promise.not_as_moved, medicine_promise.describe_issues,
        ),
        (
            "goods.medicine.once", _("Nothing was given twice for one ask"),
            medicine_promise.issued_twice, medicine_promise.describe_asks,
        ),
    )
):  # fmt: skip
    invariants.add(Invariant(code, sentence, _found(ask), order=60 + number, describe=describe))

today_sources.add(TodaySource("goods.medicine", medicine_faces.today_items, order=22))
work_sources.add(WorkSource("goods.medicine", medicine_faces.work_for, order=15))
copy_sources.add(CopySource("goods.medicine", medicine_faces.copy_parts, order=45))
household_sections.add(
    Section(
        "goods.medicine", _("Medicine"), "goods/medicine_section.html", medicine_faces.household_section, order=60,
    )
)  # fmt: skip
nav_entries.add(
    NavEntry(
        "goods.medicine", _("Medicine bank"), "goods:medicine", "pill", KEEP, order=42,
        count=medicine_faces.open_count, under="goods",
    )
)  # fmt: skip
pages.add(Page("goods.medicine_ask", "goods:medicine_ask", _("An ask for medicine"), KEEP))
pages.add(Page("goods.medicine_errand", "goods:medicine_errand", _("Small bag")))
