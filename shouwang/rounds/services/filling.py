"""Tubes are filled by what is said of entries: made by the first word that names them, never refused for being full."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core.errors import Refusal
from shouwang.rounds.engines.barcodes import LONGEST, SHORTEST, barcode_fault
from shouwang.rounds.models import Attempt, Round, Tube
from shouwang.rounds.services.following import keep_follow_up_true
from shouwang.rounds.states import FOLLOWED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FAULTS: dict[str, _StrPromise] = {
    "code": _("This is a resident's code, not a tube. Scan the barcode on the tube."),
    "id-number": _("This is an ID number, not a tube. Scan the barcode on the tube."),
    "length": _("A tube's barcode has %(shortest)s to %(longest)s characters. Scan it again."),
    "signs": _("A tube's barcode has letters, digits and - _ . / + only. Scan it again."),
    "blank": _("A tube's barcode has no blanks. Scan it again."),
}


def barcode_refusal(barcode: str, *, shortest: int = SHORTEST) -> Refusal | None:
    """Why this can be no tube's barcode, or None. Somebody's number must not come to stand where barcodes do;
    `shortest` guards against slips of a keyboard."""
    fault = barcode_fault(barcode, shortest)
    if not fault:
        return None
    return Refusal(f"tube-{fault}", FAULTS[fault], field="tube", shortest=shortest, longest=LONGEST)


def fill_tubes(attempts: Sequence[Attempt], rounds: Mapping[UUID, Round], *, by: User, at: datetime) -> None:
    """Makes the tubes that these attempts name for the first time, and has results that are in follow who is in them.

    One query when every tube is known. Which tube came first, which phone, or whether the result was there before the
    word, makes no difference.
    """
    with_tubes = {pk: found for pk, found in rounds.items() if found.tube_size}
    named = {
        (with_tubes[attempt.entry.round_id].community_id, attempt.tube): with_tubes[attempt.entry.round_id]
        for attempt in attempts if attempt.tube and attempt.entry.round_id in with_tubes
    }  # fmt: skip
    if not with_tubes or not attempts:
        return
    known = _known_tubes(named, with_tubes)
    make_tubes(named, {(tube.community_id, tube.barcode) for tube in known}, by=by, at=at)
    for round_id in sorted({tube.round_id for tube in known if tube.result in FOLLOWED} & set(with_tubes)):
        keep_follow_up_true(with_tubes[round_id], by=by, at=at)


def make_tubes(
    named: Mapping[tuple[UUID, str], Round], known: Collection[tuple[UUID, str]] = (), *, by: User, at: datetime
) -> None:  # fmt: skip
    """Makes the tubes of these (community, barcode) that are not known. Two phones may name one at the same time: whoever
    comes second finds it there."""
    fresh = [
        Tube(
            community_id=community_id, round=round_, barcode=barcode, size=round_.tube_size or 1, opened_by=by,
            opened_at=at,
        )
        for (community_id, barcode), round_ in sorted(named.items(), key=lambda item: item[0])
        if (community_id, barcode) not in known
    ]  # fmt: skip
    if fresh:
        Tube.objects.bulk_create(fresh, ignore_conflicts=True)


def _known_tubes(named: Mapping[tuple[UUID, str], Round], rounds: Mapping[UUID, Round]) -> list[Tube]:
    """The tubes named, and those whose results are followed. The rounds are held by the words, and whoever records a
    result waits for them, so that nobody comes into a tube unseen."""
    mine = Q(round__in=list(rounds), result__in=FOLLOWED)
    if named:
        mine |= Q(community_id__in={key[0] for key in named}, barcode__in={key[1] for key in named})
    return list(Tube.objects.filter(mine).order_by("pk"))
