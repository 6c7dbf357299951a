"""What custody enters into core's registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.offline import one_by_one
from shouwang.core.registry import (
    AuditKind,
    CopySource,
    DueKind,
    Eraser,
    Finding,
    HeldSource,
    Invariant,
    MessageTemplate,
    NavEntry,
    OfflineKind,
    Page,
    PhonePart,
    Section,
    TodayItem,
    TodaySource,
    WorkSource,
    audit_kinds,
    copy_sources,
    due_kinds,
    erasers,
    held_sources,
    household_actions,
    household_sections,
    invariants,
    message_templates,
    nav_entries,
    offline_kinds,
    pages,
    phone_parts,
    today_sources,
    work_sources,
)
from shouwang.core.scope import Scope
from shouwang.goods import jobs
from shouwang.goods.commands import custody as commands
from shouwang.goods.selectors import custody as selectors
from shouwang.goods.selectors import custody_copy
from shouwang.goods.selectors import custody_lines as lines
from shouwang.goods.services import custody as services
from shouwang.goods.services import custody_erasing as erasing


def today_items(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """What is to be recovered from those off duty, and what should have been back."""
    if not scope.can(selectors.CUSTODY):
        return []
    recover, late = list(selectors.to_recover(scope)), lines.late_in(scope)
    items = []
    if recover:
        items.append(
            TodayItem(
                key="custody:recover", tone="need", rank=1,
                title=ngettext(
                    "%(n)s thing is with somebody who is stood down", "%(n)s things are with people who are stood down",
                    len(recover),
                ) % {"n": len(recover)},
                small=gettext("Somebody on duty fetches them; the list says who is near."),
                action=gettext("To be recovered"), url=reverse("goods:recover"), since=recover[0].began_at,
            )
        )  # fmt: skip
    if late:
        items.append(
            TodayItem(
                key="custody:late", tone="need", rank=3,
                title=ngettext("%(n)s thing should be back by now", "%(n)s things should be back by now", len(late))
                % {"n": len(late)},
                small=gettext("Whoever has them has been reminded."), action=gettext("Look"),
                url=f"{reverse('goods:custody')}?show=late", since=late[0].due_back_at,
            )
        )  # fmt: skip
    return items


def count_to_recover(scope: Scope, at: datetime) -> int:
    """How much is to be recovered, for the navigation."""
    return selectors.to_recover(scope).count()


def _chains(at: datetime, community: UUID | None) -> Finding:
    return Finding(*selectors.custody_agrees(community))


def _recoverable(at: datetime, community: UUID | None) -> Finding:
    return Finding(*selectors.not_recoverable(at, community))


for code, sentence in (
    ("goods.holding.begun", _("wrote down that somebody took something over")),
    ("goods.holding.passed_on", _("wrote down that something went on into other hands")),
    ("goods.holding.confirmed", _("receipted what changed hands")),
    ("goods.holding.declined", _("said that something offered was not taken")),
    ("goods.holding.given_back", _("wrote down that something was given back")),
    ("goods.holding.used_up", _("wrote down that something was used for what it was meant for")),
    ("goods.holding.missing", _("wrote down that something can't be found")),
    ("goods.holding.found", _("wrote down that something was found again")),
    ("goods.holding.amount", _("so much cash is in somebody's hands by now, as the books say")),
):
    audit_kinds.add(AuditKind(code, sentence))

for code, sentence, discreet in (
    (
        "goods.offered",
        _("%(name)s hands over to you: %(what)s. Please say that you have it, under In my hands."),
        _("Something was handed over to you. Please say that you have it."),
    ),
    (
        "goods.due_back",
        _("%(what)s should be back by now. Please give it back, or say where it is."),
        _("Something in your hands should be back by now."),
    ),
    (
        "goods.overdue",
        _("%(what)s is not back yet; %(name)s has it."),
        _("Something that was lent is not back yet. Please look."),
    ),
    (
        "goods.recover",
        _("%(name)s is stood down and has things in their hands that are to be recovered: %(number)s."),
        _("Somebody is stood down: things in their hands are to be recovered. Please look."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

due_kinds.add(DueKind(services.DUE_BACK, jobs.remind_due_holding))
due_kinds.add(DueKind("goods.recover", jobs.recover_due_holdings))
erasers.add(
    Eraser(
        "goods.custody",
        frozenset(
            {
                "goods.Holding.words",
                "goods.Holding.why",
                "goods.Handover.from_words",
                "goods.Handover.to_words",
            }
        ),
        count=erasing.count_past_holdings,
        erase_batch=erasing.erase_past_holdings,
        verify=erasing.verify_past_holdings,
    )
)
invariants.add(
    Invariant(
        "goods.custody.chains",
        _("Whatever is out is in one pair of hands, and its handovers lead there"),
        _chains,
        order=70,
        describe=lines.told_of,
    )
)
invariants.add(
    Invariant(
        "goods.custody.recovered",
        _("Whatever is out is with somebody on duty, or on the list of what is to be recovered"),
        _recoverable,
        order=71,
        describe=lines.told_of,
    )
)
held_sources.add(HeldSource("goods.custody", lines.things_held))
copy_sources.add(CopySource("goods.custody", custody_copy.copy_parts, order=45))
today_sources.add(TodaySource("goods.custody", today_items, order=26))
work_sources.add(WorkSource("goods.hands", lines.work_for, order=40))
phone_parts.add(PhonePart("hands", lines.phone_hands, order=40))
for kind, label, schemas, do in (
    (lines.CONFIRM, _("The receipt for what changed hands"), commands.CONFIRMS, commands.confirm),
    (lines.GIVE_BACK, _("What was given back"), commands.BACKS, commands.give_back),
):
    offline_kinds.add(OfflineKind(kind, label, schemas, one_by_one(do), commands.describe))
household_sections.add(
    Section(
        "goods.custody", _("In others' hands"), "goods/section_custody.html", lines.section_of, column="right", order=60
    )
)  # fmt: skip
# No capability: whoever goes for a household sees it by what they have in hand, without a post.
pages.add(Page("goods.take_over", "goods:take_over", _("Take something over")))
household_actions.add(Page("goods.take_over", "goods:take_over", _("Take something over"), "register.see"))
pages.add(Page("goods.hands", "goods:hands", _("In my hands")))
pages.add(Page("goods.holding", "goods:holding", _("What is in whose hands")))
pages.add(Page("goods.recover", "goods:recover", _("To be recovered"), selectors.CUSTODY))
nav_entries.add(
    NavEntry(
        "goods.custody", _("In whose hands"), "goods:custody", "hand-helping", selectors.CUSTODY, order=44, under="goods",
        count=count_to_recover,
    )
)  # fmt: skip
