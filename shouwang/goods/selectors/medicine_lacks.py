"""What the bank of a community is short of, as everybody may read it: medicines and counts, nobody and no door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouwang.goods.engines.medicines import Medicine, table
from shouwang.goods.models import Balance, Item, MedicineAsk, MedicineOffer
from shouwang.goods.selectors.medicine_checks import limits_in
from shouwang.goods.states import AskState
from shouwang.goods.states.medicine_names import amount_said, medicine_name

# What is good for no longer than this may be over before somebody needs it.
RUNS_OUT_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Lack:
    """One medicine the bank is short of: how many wait for it, the units here, and those of them that stay good."""

    medicine: Medicine
    asked: int
    here: int
    lasting: int

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return medicine_name(self.medicine)

    @property
    def asked_said(self) -> str:
        """How many wait; "" for nobody."""
        if not self.asked:
            return ""
        return ngettext("%(count)s person waits", "%(count)s people wait", self.asked) % {"count": self.asked}

    @property
    def here_said(self) -> str:
        """How much is left of it."""
        if not self.here:
            return _("none left")
        left = _("%(amount)s left") % {"amount": amount_said(self.here, self.medicine.unit)}
        if self.lasting < self.here:
            return _("%(left)s, good for a few weeks only") % {"left": left}
        return left


def has_bank(community_id: UUID | None) -> bool:
    """Whether this community keeps a medicine bank: some medicine has a place in its store."""
    rows = Item.objects.filter(community_id=community_id, until_at__isnull=True)  # type: ignore[misc]
    return community_id is not None and rows.exclude(medicine="").exists()


def may_be_given(medicine: Medicine) -> bool:
    """Whether neighbours are asked for it: nothing that needs a prescription, nothing that is never passed on."""
    return not medicine.prescription and all(rule.kind != "not_shared" for rule in medicine.all_rules)


def lacks_in(community_id: UUID, at: datetime) -> list[Lack]:
    """What is asked for and not here, or less than one household may be given; whatever most wait for first."""
    day = timezone.localtime(at).date()
    asked, limits = _asked(community_id), limits_in(community_id)
    here, lasting = _units(community_id, day), _units(community_id, day + RUNS_OUT_WITHIN)
    kept = Item.objects.filter(community_id=community_id, until_at__isnull=True).exclude(medicine="")
    codes = {*asked, *kept.values_list("medicine", flat=True)}
    found = [
        Lack(medicine, asked.get(code, (0, 0))[0], here.get(code, 0), lasting.get(code, 0))
        for code, medicine in table().medicines.items()
        if code in codes and may_be_given(medicine)
        and (here.get(code, 0) < asked.get(code, (0, 0))[1] or lasting.get(code, 0) < limits[code].household_units)
    ]  # fmt: skip
    return sorted(found, key=lambda lack: (-lack.asked, lack.here > 0))


def _asked(community_id: UUID) -> dict[str, tuple[int, int]]:
    """Medicine to how many wait for it and for how many units together; what is found or on its way does not count."""
    rows = MedicineAsk.objects.filter(community_id=community_id, state=AskState.ASKED).exclude(medicine="")
    counted = rows.values("medicine").annotate(asks=Count("pk"), units=Sum("quantity"))
    return {row["medicine"]: (row["asks"], row["units"]) for row in counted}


def _units(community_id: UUID, day: date) -> dict[str, int]:
    """Medicine to the units that are still good on that day."""
    rows = Balance.objects.filter(
        lot__item__community_id=community_id, lot__expires_on__gte=day, quantity__gt=0
    ).exclude(lot__item__medicine="")
    counted = rows.values("lot__item__medicine").annotate(n=Sum("quantity"))
    return {row["lot__item__medicine"]: row["n"] for row in counted}


def chat_words(community_id: UUID, at: datetime) -> str:
    """What can be put into the chat group of a compound; "" while nothing is short."""
    names = _(", ").join(lack.name for lack in lacks_in(community_id, at))
    if not names:
        return ""
    return _(
        "Our medicine bank lacks: %(names)s. Who has some left after the family's own needs, please scan the code on your "
        "stairwell and choose “I have medicine to spare”. Nobody learns who gave."
    ) % {"names": names}


def offered_lately(place_id: UUID, since: datetime) -> int:
    """How many offers residents wrote at this place's door code since then."""
    rows = MedicineOffer.objects.filter(place_id=place_id, offered_at__gte=since)
    return rows.exclude(door_said="").count()
