"""The demo: a neighbourhood at work, built from the ledger through the same code as a user's."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from shouwang.accounts.selectors import demo_people
from shouwang.core import clock
from shouwang.core.checks import as_json, check_promise
from shouwang.core.scope import scope_for
from shouwang.desk.selectors import today_items
from shouwang.help.models import HelpRequest
from shouwang.help.states import OPEN_STATES, RequestState
from shouwang.incidents.models import Incident
from shouwang.places.models import Coverage, Dwelling, Place
from shouwang.places.states import Cover
from shouwang.site.demo import build_demo
from shouwang.volunteers.models import StandDown

ZONE = "Asia/Shanghai"


@pytest.mark.django_db
def test_the_demo_is_busy_and_keeps_the_promise(client: Client) -> None:
    # The first half hour of a day: the one at which "yesterday at this hour" and "yesterday" fall apart. Every
    # journey builds the demo as of the present.
    at = datetime.combine(clock.local_day(clock.now(), ZONE), time(0, 30), ZoneInfo(ZONE))
    if at > clock.now():
        at -= timedelta(days=1)
    build_demo(at)
    assert Place.objects.filter(level="building").count() == 24
    assert Dwelling.objects.count() == 1214
    assert Coverage.objects.filter(state=Cover.NONE).count() == 3
    assert Incident.objects.get().line.filter(until_at__isnull=True).count() == 24
    assert StandDown.objects.count() == 1
    states = set(HelpRequest.objects.values_list("state", flat=True))
    assert states >= set(OPEN_STATES) | {RequestState.CLOSED}
    assert HelpRequest.objects.filter(received_at__gt=at + timedelta(seconds=1)).count() == 0
    assert as_json(check_promise(at))["holds"] is True
    roles = {role.code: user for role, user in demo_people()}
    assert len(roles) == 10
    items = today_items(scope_for(roles["secretary"], at), at)
    assert items[0].tone == "danger" and len(items) > 8
    client.force_login(roles["volunteer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/field/").content.decode().count('<article class="job') >= 3
