"""Rounds of many communities, asked for together from above."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.audit import write_audit
from shouwang.core.errors import Refusal
from shouwang.core.moves import move
from shouwang.places.models import Place
from shouwang.places.states import Level
from shouwang.rounds.models import Campaign
from shouwang.rounds.states import ROUND_MOVES, RoundState

ABOVE = (Level.DISTRICT, Level.SUBDISTRICT)


@transaction.atomic
def begin_campaign(
    *, place: Place, name: str, words: str = "", by: User, at: datetime | None = None
) -> Campaign:
    """Asks every community below a district or subdistrict for a round; each begins its own. Refusal without a name."""
    at = at or clock.now()
    if not name.strip():
        raise Refusal("name-missing", _("Please give it a name, for example “Third sampling”."), field="name")
    if place.level not in ABOVE:
        raise Refusal("not-above", _("Choose a district or subdistrict."), field="place")
    campaign = Campaign(
        place=place, name=name.strip()[:60], words=words.strip()[:300], began_at=at, began_by=by
    )
    campaign.save(force_insert=True)
    write_audit("rounds.campaign.begun", by=by, at=at, subject=campaign, name=campaign.name)
    return campaign


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User, at: datetime | None = None) -> Campaign:
    """Nothing further is asked for; rounds that go on are finished by their communities. Conflict when it is closed."""
    at = at or clock.now()
    move(campaign, RoundState.CLOSED, table=ROUND_MOVES, closed_at=at, closed_by=by)
    write_audit("rounds.campaign.closed", by=by, at=at, subject=campaign, name=campaign.name)
    return campaign
