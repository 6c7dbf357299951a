"""What the store enters into core's registries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouwang.core.registry import AuditKind, Eraser, Finding, Invariant, audit_kinds, erasers, invariants
from shouwang.goods.selectors import store_checks
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
