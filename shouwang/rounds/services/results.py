"""What the laboratory found, tube by tube: recorded one by one or by file, all or nothing; never for more eyes than needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.bulk import update_many
from shouwang.core.errors import Refusal
from shouwang.rounds.models import Round, Tube
from shouwang.rounds.services.following import keep_follow_up_true
from shouwang.rounds.states import TubeResult, TubeState


@transaction.atomic
def record_results(
    *, round_: Round, results: Mapping[str, str], by: User, at: datetime | None = None
) -> list[Tube]:
    """Records results by barcode, also after the round was closed; answers the tubes of which they are news.

    Whoever is in a tube that is not negative comes onto a round of single samples; a result put right takes them off
    again. The same results twice change nothing. Refusal when a barcode is of no tube of this round, or the result none.
    """
    at = at or clock.now()
    # Words of this round that are being heard come first: who is in a tube is read after them.
    Round.objects.select_for_update().get(pk=round_.pk)
    rows = round_.tubes.select_for_update().filter(barcode__in=list(results)).order_by("pk")
    tubes = {tube.barcode: tube for tube in rows}
    if set(tubes) != set(results):
        raise Refusal(
            "tube-unknown",
            _("No tube of this round has this barcode. Look at the label again."),
            field="tube",
        )
    if not set(results.values()) <= set(TubeResult.values):
        raise Refusal("result-unknown", _("Choose the result."), field="result")
    news = [tube for barcode, tube in tubes.items() if tube.result != results[barcode]]
    corrected = [tube for tube in news if tube.result]
    for tube in news:
        tube.result, tube.state, tube.result_at, tube.result_by = (
            results[tube.barcode],
            TubeState.RESULT,
            at,
            by,
        )
    update_many(news, ["result", "state", "result_at", "result_by"])
    if news:
        write_audit("rounds.results.recorded", by=by, at=at, subject=round_, results=len(news))
        keep_follow_up_true(round_, by=by, at=at)
    for tube in corrected:
        write_audit("rounds.result.corrected", by=by, at=at, subject=tube)
    return news
