"""Orders and shopping runs: acts, due rows, messages, who may see what, the promise, pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
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
    PurposeKind,
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
    purposes,
    today_sources,
    work_sources,
)
from shouwang.help.jobs import book_due_cash, remind_due_answer, reoffer_due_run
from shouwang.help.selectors import order_faces, own_copy, shopping
from shouwang.help.selectors.accounts import acts_that_do_not_add_up, lines_that_do_not_reconcile
from shouwang.help.selectors.order_past import LINE_WORDS, lines_past, runs_past
from shouwang.help.selectors.order_promise import describe_orders, describe_runs, orders_unwatched
from shouwang.help.services import order_erasing
from shouwang.help.services.run_cash import CASH_MOVED

for code, sentence in (
    ("help.order.made", _("read a request as a list of %(lines)s lines")),
    ("help.order.changed", _("changed a shopping list")),
    ("help.order.dropped", _("a shopping list is not needed any more")),
    ("help.order.taken_out", _("took a list out of its shopping run")),
    ("help.order.line_ticked", _("ticked a line in the shop")),
    ("help.order.line_unticked", _("took a tick back")),
    ("help.order.line_missed", _("did not find a line in the shop")),
    ("help.order.line_asked", _("asked a household about a line")),
    ("help.order.line_substituted", _("a household takes something else")),
    ("help.order.line_left_out", _("left a line out")),
    ("help.order.lines_priced", _("entered what %(lines)s lines cost")),
    ("help.order.line_counted", _("counted a line again")),
    ("help.order.line_delivered", _("a line was checked at the door")),
    ("help.order.parcel_fetched", _("noted a parcel to be fetched")),
    ("help.order.delivered", _("a shopping list was delivered")),
    ("help.order.brought_for_nobody", _("brought a list whose request was handed back")),
    ("help.order.settled", _("a shopping list was settled")),
    ("help.order.bagged", _("put the bag of a household down at the gate")),
    ("help.run.gathered", _("gathered %(orders)s lists into a shopping run")),
    ("help.run.given", _("gave a shopping run to a volunteer")),
    ("help.run.taken_off", _("a shopping run waits for somebody")),
    ("help.run.cancelled", _("called a shopping run off")),
    ("help.run.started", _("a shopping run began")),
    ("help.run.bought", _("everything of a shopping run was bought")),
    ("help.run.back", _("went back into the shop")),
    ("help.run.receipt", _("entered the receipt of a shopping run")),
    ("help.run.receipt_back", _("took a receipt back")),
    ("help.run.counted", _("counted a shopping run again")),
    ("help.run.delivered", _("every household of a shopping run has its bag")),
    ("help.run.settled", _("settled a shopping run; %(left)s differences signed")),
    ("help.run.read", _("opened the statement of a household")),
):
    audit_kinds.add(AuditKind(code, sentence))

due_kinds.add(DueKind("help.answer", remind_due_answer))
due_kinds.add(DueKind("help.rerun", reoffer_due_run))
due_kinds.add(DueKind(CASH_MOVED, book_due_cash))

for code, sentence in (
    ("help.answer_waits", _("Request %(number)s: a household has not answered about its list. Please ring them.")),
    ("help.run_waits", _("The shopping run to %(shop)s waits for somebody again. Please choose who goes.")),
):  # fmt: skip
    message_templates.add(MessageTemplate(code, sentence, sentence))

# As long as the request that it belongs to.
purposes.add(
    PurposeKind(
        "help.order", _("So that what a household wants is bought, brought and settled"), 30,
        after=_("the request is closed"),
    )
)  # fmt: skip
erasers.add(
    Eraser(
        "help.orders",
        frozenset({*(f"help.OrderLine.{name}" for name in LINE_WORDS), "help.ShoppingRun.reason"}),
        count=lambda at: lines_past(at).count() + runs_past(at).count(),
        erase_batch=order_erasing.erase_order_words,
        verify=order_erasing.order_words_left,
    )
)


def _adds_up(at: datetime, community: UUID | None) -> Finding:
    return Finding(*acts_that_do_not_add_up(community))


def _reconciles(at: datetime, community: UUID | None) -> Finding:
    return Finding(*lines_that_do_not_reconcile(community))


def _watched(at: datetime, community: UUID | None) -> Finding:
    return Finding(*orders_unwatched(community))


def _describe_subjects(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    return [(words, reverse("help:run_money", args=[pk])) for pk, words in describe_runs(ids)]


def _describe_orders(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    return [(words, reverse("help:order", args=[pk])) for pk, words in describe_orders(ids)]


for code, sentence, check, describe in (
    ("help.money.adds-up", _("Money is conserved: the entries of every act add up to nothing"), _adds_up,
     _describe_subjects),
    ("help.order.quantities-reconcile", _("What was ordered, bought, received and delivered fits together"), _reconciles,
     _describe_orders),
    ("help.order.watched", _("Every list is in somebody's hands or on a board, and every question to a household has a time"),
     _watched, _describe_orders),
):  # fmt: skip
    invariants.add(Invariant(code, sentence, check, order=40, describe=describe))

nav_entries.add(
    NavEntry(
        "help.orders", _("Shopping"), "help:orders", "shopping-cart", "help.shop", order=32, under="help"
    )
)
pages.add(Page("help.orders", "help:orders", _("Shopping for others"), "help.shop"))
pages.add(Page("help.order", "help:order", _("Shopping list"), "help.shop"))
pages.add(Page("help.shopping", "help:shopping_run", _("Shopping run")))
household_sections.add(
    Section("help.orders", _("Shopping"), "help/section_orders.html", order_faces.household_section, order=32)
)
today_sources.add(TodaySource("help.orders", order_faces.today_items, order=44))
work_sources.add(WorkSource("help.shopping", shopping.work_for, order=15))
copy_sources.add(CopySource("help.orders", own_copy.order_parts, order=21))
