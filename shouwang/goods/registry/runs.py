"""Delivery runs: acts, due rows, messages, work, Today, the wall, the file, the promise, and what a phone may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.offline import one_by_one
from shouwang.core.registry import (
    AuditKind,
    Cell,
    DueKind,
    Invariant,
    Lens,
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
    due_kinds,
    household_sections,
    invariants,
    lenses,
    message_templates,
    nav_entries,
    offline_kinds,
    pages,
    phone_parts,
    today_sources,
    work_sources,
)
from shouwang.core.scope import Scope
from shouwang.goods.commands import runs as commands
from shouwang.goods.jobs import hear_due_news, leave_due_runs, plan_due_runs
from shouwang.goods.selectors import run_promises
from shouwang.goods.selectors.run_phones import phone_runs
from shouwang.goods.selectors.runs import CAN

LOOKS = {
    "there": Cell("visit", "▼", _("the cart is at the stairwell")),
    "coming": Cell("note", "→", _("something is on its way here")),
    "nobody": Cell("need", "!", _("brought, and could not be handed over")),
}


def delivery_cells(community_id: UUID, scope: Scope, at: datetime) -> Mapping[UUID, Cell]:
    """Where runs are going, have come, and came in vain."""
    marks = run_promises.delivery_marks(community_id, scope, at)
    return {dwelling_id: LOOKS[mark] for dwelling_id, mark in marks.items()}


def runs_today(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Carts that nobody has, runs that did not begin, parcels that no run brings."""
    if not scope.can(CAN):
        return []
    carts = [
        TodayItem(
            f"run-waits:{run.pk}", "danger", 1, gettext("A loaded cart has nobody"),
            gettext("Whoever had it was stood down. What is on it waits on the way."),
            gettext("Give it to somebody"), reverse("goods:run", args=[run.pk]), run.waits_since,
        )
        for run in run_promises.carts_without_anybody(scope)
    ]  # fmt: skip
    late = [
        TodayItem(
            f"run-late:{run.pk}", "need", 1,
            gettext("%(name)s's run has not begun") % {"name": run.carrier.volunteer.user.name},
            gettext("It was to leave at %(hour)s.") % {"hour": f"{localtime(run.starts_at):%H:%M}"},
            gettext("Look"), reverse("goods:run", args=[run.pk]), run.starts_at,
        )
        for run in run_promises.forgotten_runs(scope, at)
    ]  # fmt: skip
    return [*carts, *late, *_without_run(scope)]


def _without_run(scope: Scope) -> list[TodayItem]:
    number, since = run_promises.count_without_run(scope)
    if not number:
        return []
    said = ngettext("%(n)s released parcel is on no run", "%(n)s released parcels are on no run", number)
    return [
        TodayItem(
            "runs:none", "need", 2, said % {"n": number}, gettext("They may leave, and nobody brings them."),
            gettext("Plan the runs"), reverse("goods:runs"), since,
        )
    ]  # fmt: skip


for code, sentence, tone in (
    ("goods.runs.opened", _("began the deliveries of a day"), "calm"),
    ("goods.runs.asked", _("had the delivery runs planned"), "calm"),
    ("goods.runs.planned", _("planned %(runs)s delivery runs with %(stops)s stops"), "calm"),
    ("goods.runs.failed", _("the delivery runs could not be planned"), "need"),
    ("goods.runs.ended", _("ended the deliveries of a day"), "calm"),
    (
        "goods.runs.carrier_added",
        _("took a volunteer on for the delivery runs, cart of %(cart_kg)s kg"),
        "calm",
    ),
    ("goods.runs.carrier_changed", _("changed the cart or hours of somebody who carries"), "calm"),
    ("goods.runs.carrier_left", _("a volunteer no longer carries on the delivery runs"), "calm"),
    ("goods.runs.kept_apart", _("a volunteer and a household are kept apart"), "calm"),
    ("goods.runs.apart_ended", _("a volunteer and a household are no longer kept apart"), "calm"),
    ("goods.run.loading", _("loaded a cart with %(parcels)s parcels"), "calm"),
    ("goods.run.out", _("set out with a cart"), "calm"),
    ("goods.run.unloaded", _("unloaded a cart again"), "calm"),
    ("goods.run.over", _("came back with the cart; %(brought_back)s stops brought back"), "calm"),
    ("goods.run.waits", _("whoever had a loaded cart is off duty; it waits for somebody"), "need"),
    ("goods.run.handed_on", _("gave a loaded cart to somebody else"), "calm"),
    ("goods.run.changed", _("changed a delivery run by hand"), "calm"),
    ("goods.run.stands", _("a delivery run stands as it is"), "calm"),
    ("goods.run.freed", _("a delivery run may be planned anew"), "calm"),
    ("goods.run.read", _("opened a delivery run"), "calm"),
    (
        "goods.stop.called",
        _("stood at a stairwell with the cart: %(households)s households, %(told)s told"),
        "calm",
    ),
    ("goods.stop.rung", _("rang a household up about a delivery"), "calm"),
    ("goods.stop.handed_over", _("handed a delivery over"), "calm"),
    ("goods.stop.not_handed", _("a delivery was not handed over after all"), "calm"),
    ("goods.stop.nobody", _("nobody was there for a delivery"), "calm"),
    ("goods.stop.not_wanted", _("a delivery was not wanted"), "calm"),
    ("goods.stop.again", _("a delivery that was not wanted goes out again"), "calm"),
    ("goods.stop.taken_off", _("a delivery was not taken along"), "calm"),
):
    audit_kinds.add(AuditKind(code, sentence, tone=tone))

for code, sentence, discreet in (
    (
        "goods.cart_at_stairwell",
        _("%(door)s: the cart with your things is at your stairwell. Please come down."),
        _("Something for you is downstairs. Please come down."),
    ),
    (
        "goods.cart_at_door",
        _("%(door)s: the cart with your things is at your stairwell. They are brought up to your door."),
        _("Something for you is being brought up."),
    ),
    (
        "goods.run_waits",
        _("A loaded cart has nobody: whoever had it was stood down. Please give it to somebody."),
        _("A delivery run needs you. Please look."),
    ),
):
    message_templates.add(MessageTemplate(code, sentence, discreet))

for code, sentence, run, describe in (
    (
        "goods.parcel.brought-once",
        _("No parcel is on more runs than it has pieces"), run_promises.brought_twice, None,
    ),
    (
        "goods.parcel.in-cart-on-the-way",
        _("Whatever lies in a cart is on its way"), run_promises.in_cart_not_on_the_way, None,
    ),
    (
        "goods.run.with-somebody",
        _("Every loaded cart has somebody on duty, or somebody was told"), run_promises.runs_with_nobody,
        run_promises.describe_runs,
    ),
):  # fmt: skip
    invariants.add(Invariant(code, sentence, run, order=66, describe=describe))

for code, label, shape, do in (
    ("goods.at_stairwell", _("The cart is at the stairwell"), commands.AtStop, commands.at_stairwell),
    ("goods.rung", _("Rang them up"), commands.AtStop, commands.rung),
    ("goods.handed_over", _("Handed over"), commands.HandedOver, commands.handed_over),
    ("goods.not_handed", _("Not handed over after all"), commands.AtStop, commands.not_handed),
    ("goods.nobody_there", _("Could not be handed over"), commands.NobodyThere, commands.nobody_there_said),
    ("goods.run_over", _("The cart is back"), commands.RunOver, commands.run_over),
):
    offline_kinds.add(OfflineKind(code, label, {1: shape}, one_by_one(do), commands.describe))

due_kinds.add(DueKind("goods.plan_runs", plan_due_runs, lane="worker"))
due_kinds.add(DueKind("goods.runs_news", hear_due_news))
due_kinds.add(DueKind("goods.leave_runs", leave_due_runs))
work_sources.add(WorkSource("goods.runs", run_promises.work_for, order=15))
today_sources.add(TodaySource("goods.runs", runs_today, order=42))
phone_parts.add(PhonePart("runs", phone_runs, order=50))
household_sections.add(
    Section(
        "goods.runs", _("On its way"), "goods/runs_section.html", run_promises.household_section, order=26
    )
)
lenses.add(Lens("runs", _("Delivery runs"), delivery_cells, legend=list(LOOKS.values()), order=45))
pages.add(Page("goods.run", "goods:run", _("Delivery run")))
pages.add(Page("goods.carrier", "goods:runs", _("Carries on delivery runs"), CAN))
nav_entries.add(
    NavEntry("goods.runs", _("Delivery runs"), "goods:runs", "route", CAN, order=42, under="goods")
)
