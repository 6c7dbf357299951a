"""What lists of gifts enter into core's registries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext
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
    TodayItem,
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
from shouwang.core.scope import Scope
from shouwang.goods import jobs
from shouwang.goods.selectors import gifts as selectors
from shouwang.goods.selectors import gifts_copy
from shouwang.goods.services import gifts_posting as services
from shouwang.people.selectors import file_household


def today_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Lists that go on with households that have had nothing yet."""
    if not scope.can(selectors.GIFTS):
        return []
    return [
        TodayItem(
            key=f"gifts:{row.pk}", tone="need", rank=3,
            title=ngettext(
                "%(name)s: %(n)s household has had nothing yet", "%(name)s: %(n)s households have had nothing yet", left
            ) % {"name": row.name, "n": left},
            small="", action=gettext("Open the list"), url=reverse("goods:gift_list", args=[row.pk]), since=row.made_at,
        )
        for row, left in selectors.lists_open(scope)[:10]
    ]  # fmt: skip


def section_of(household_id: UUID, scope: Scope, at: datetime) -> Mapping[str, Any] | None:
    """What a household was given, for its file; None hides the section."""
    if scope.counter:
        return None
    file_household(scope, household_id)
    lines = selectors.gifts_of(household_id)
    return {"lines": [(line, selectors.amount_of(line.gift_list)) for line in lines]} if lines else None


def _given_once(at: datetime, community: UUID | None) -> Finding:
    return Finding(*selectors.twice_given(community))


for code, sentence in (
    ("goods.gifts.made", _("made a list of %(households)s households that get something")),
    (
        "goods.gifts.flags_read",
        _("went through care flags (%(kinds)s) to make a list of %(households)s households"),
    ),
    ("goods.gifts.added", _("put %(households)s households onto a list of gifts")),
    ("goods.gifts.dropped", _("took a household off a list of gifts")),
    ("goods.gifts.read", _("opened the doors of a list of gifts")),
    ("goods.gifts.giver_named", _("named a volunteer to carry a list of gifts")),
    ("goods.gifts.giver_released", _("a volunteer carries a list of gifts no more")),
    ("goods.gifts.closed", _("closed a list of gifts: %(handed)s handed over, %(left)s left")),
    ("goods.gifts.reopened", _("opened a list of gifts again")),
    ("goods.gifts.posted", _("posted for everybody what was handed out where")),
    ("goods.gifts.posting_taken_back", _("took back what was posted of a list of gifts")),
    ("goods.gift.handed_over", _("handed a gift over at a door")),
    ("goods.gift.settled", _("noted at a door that a gift is not needed (%(state)s)")),
    ("goods.gift.taken_back", _("took back what had been noted of a gift")),
):
    audit_kinds.add(AuditKind(code, sentence))

for code, sentence, discreet in (
    (
        "goods.gift_list",
        _("Please carry to the doors: %(what)s. The list is under My work."),
        _("There is something to be carried to doors for you under My work."),
    ),
    (
        "goods.gift_waits",
        _("%(name)s: somebody who carried it is off duty. Please choose who goes."),
        _("A list needs somebody else to carry it. Please look."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

due_kinds.add(DueKind("goods.gift_giver", jobs.release_due_giver))
erasers.add(
    Eraser(
        "goods.gifts",
        frozenset({"goods.GiftLine.to_words"}),
        count=services.count_past_gifts,
        erase_batch=services.erase_past_gifts,
        verify=services.verify_past_gifts,
    )
)
invariants.add(
    Invariant(
        "goods.gifts.once",
        _("Whatever was handed over from a list left the store once"),
        _given_once,
        order=72,
    )
)
copy_sources.add(CopySource("goods.gifts", gifts_copy.copy_parts, order=46))
today_sources.add(TodaySource("goods.gifts", today_items, order=60))
work_sources.add(WorkSource("goods.gifts", selectors.work_for, order=35))
household_sections.add(
    Section("goods.gifts", _("Was given"), "goods/section_gifts.html", section_of, column="right", order=65)
)
pages.add(Page("goods.gift_list", "goods:gift_doors", _("Doors to carry to")))
pages.add(Page("goods.gifts", "goods:gifts", _("Gifts"), selectors.GIFTS))
nav_entries.add(
    NavEntry("goods.gifts", _("Gifts"), "goods:gifts", "gift", selectors.GIFTS, order=46, under="goods")
)
