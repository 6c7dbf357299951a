"""What the store enters into core's registries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import (
    AuditKind,
    Eraser,
    Finding,
    Invariant,
    NavEntry,
    TodayItem,
    TodaySource,
    audit_kinds,
    erasers,
    invariants,
    nav_entries,
    today_sources,
)
from shouwang.core.scope import Scope
from shouwang.goods.selectors import store_checks
from shouwang.goods.selectors.stock_lists import StockRow, stock_list
from shouwang.goods.selectors.stocktakes import takes_to_count, takes_to_sign
from shouwang.goods.selectors.store import STORE
from shouwang.goods.services import erasing_store

for code, sentence in (
    ("goods.shelf.added", _("added %(name)s as a place of the store")),
    ("goods.item.added", _("added %(name)s to what the store keeps")),
    ("goods.item.changed", _("changed what is said of %(name)s in the store")),
    ("goods.item.ended", _("the store does not keep %(name)s any more")),
    ("goods.stock.came", _("took %(rows)s lines into the store")),
    ("goods.stock.went", _("took %(rows)s lines out of the store")),
    ("goods.stock.gave_back", _("took %(rows)s lines back into the store")),
    ("goods.stock.transferred", _("moved stock from one place to another")),
    ("goods.stock.split", _("split a pack in the store")),
    ("goods.stock.corrected", _("took %(rows)s lines of the store's books back")),
    ("goods.stock.counted", _("wrote %(rows)s differences of a stock-take into the books")),
    ("goods.count.begun", _("began to count %(shelf)s")),
    ("goods.count.again", _("asked for one more count of a line")),
    ("goods.count.signed", _("signed a stock-take of %(lines)s lines with %(differences)s differences")),
    ("goods.count.called_off", _("called a stock-take off")),
    ("goods.donation.received", _("received a donation, receipt %(number)s")),
    ("goods.donation.read", _("opened the receipt %(number)s of a donation")),
):
    audit_kinds.add(AuditKind(code, sentence))

erasers.add(
    Eraser(
        "goods.store",
        frozenset(
            {
                "goods.Movement.to_words",
                "goods.Movement.origin",
                "goods.Movement.reason",
                "goods.StockTake.reason",
                "goods.Donation.donor_name",
                "goods.Donation.donor_phone",
            }
        ),
        count=erasing_store.count_store_past,
        erase_batch=erasing_store.erase_store_past,
        verify=erasing_store.verify_store_past,
    )
)


def _found(
    ask: Callable[[UUID | None], tuple[int, list[UUID]]],
) -> Callable[[datetime, UUID | None], Finding]:
    return lambda at, community: Finding(*ask(community))


for number, (code, sentence, ask) in enumerate(
    (
        (
            "goods.stock.sum-of-movements",
            _("What the store says it holds is the sum of its movements"),
            store_checks.uneven_balances,
        ),
        (
            "goods.stock.never-below-zero",
            _("No place of the store ever held less than nothing"),
            store_checks.lots_below_zero,
        ),
        (
            "goods.stock.corrected-once",
            _("Each act of the store was corrected at most once, and then wholly"),
            store_checks.acts_corrected_twice,
        ),
    )
):
    invariants.add(Invariant(code, sentence, _found(ask), order=70 + number))


def stock_to_mind(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """What runs out, and what expires: one row each, however many things it is."""
    if not scope.can(STORE):
        return []
    rows = scope.once("goods.stock", lambda: stock_list(scope))
    short = [row for row in rows if row.runs_out or row.is_low]
    old = [row for row in rows if row.expired or row.expires_soon]
    found = []
    if short:
        title = ngettext("%(n)s thing in the store runs out", "%(n)s things in the store run out", len(short))
        found.append(_row("stock.short", title % {"n": len(short)}, short, gettext("Look at the store")))
    if old:
        title = ngettext(
            "%(n)s thing in the store expires or has expired",
            "%(n)s things in the store expire or have expired",
            len(old),
        )
        found.append(_row("stock.old", title % {"n": len(old)}, old, gettext("Look at the store")))
    return found


def _row(key: str, title: str, rows: Sequence[StockRow], action: str) -> TodayItem:
    names = gettext(", ").join(f"{row.item.name} {row.said}" for row in rows[:3])
    return TodayItem(
        key=key, tone="need", rank=3, title=title, small=names, action=action, url=reverse("goods:store")
    )


def counts_to_mind(scope: Scope, at: datetime) -> Sequence[TodayItem]:
    """Stock-takes: those that wait for a signature, and for whoever may count those that go on."""
    found = []
    for take in takes_to_sign(scope) if scope.can(STORE) else []:
        number = take.differing  # type: ignore[attr-defined]
        words = ngettext("%(n)s difference to be signed", "%(n)s differences to be signed", number) % {
            "n": number
        }
        found.append(
            TodayItem(
                key=f"stock-take:{take.pk}", tone="need", rank=2, since=take.began_at, action=gettext("Sign"),
                title=gettext("%(shelf)s has been counted") % {"shelf": take.shelf.name},
                small=words if number else gettext("Everything agrees."), url=reverse("goods:stock_take", args=[take.pk]),
            )
        )  # fmt: skip
    for take in takes_to_count(scope) if scope.can("goods.gate") else []:
        number = take.waiting  # type: ignore[attr-defined]
        found.append(
            TodayItem(
                key=f"counting:{take.pk}", tone="note", rank=4, since=take.began_at, action=gettext("Count"),
                title=gettext("%(shelf)s is being counted") % {"shelf": take.shelf.name},
                small=ngettext("%(n)s line still to count", "%(n)s lines still to count", number) % {"n": number},
                url=reverse("goods:counting", args=[take.pk]),
            )
        )  # fmt: skip
    return found


today_sources.add(TodaySource("goods.stock", stock_to_mind, order=60))
today_sources.add(TodaySource("goods.counts", counts_to_mind, order=61))
nav_entries.add(
    NavEntry("goods.store", _("Store"), "goods:store", "warehouse", STORE, order=42, under="goods")
)
