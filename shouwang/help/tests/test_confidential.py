"""A confidential request reaches few: no list, search, count, wall or message of anybody else."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse

from shouwang.core.models import AuditEntry
from shouwang.core.registry import lenses, nav_entries, search_sources, today_sources
from shouwang.help.models import HelpRequest, Told
from shouwang.help.selectors import board_counts, board_rows, request_for, requests_for, work_for
from shouwang.help.selectors.faces import household_section, place_section
from shouwang.help.selectors.figures import open_life_count, waiting_count
from shouwang.help.services import offer_request
from shouwang.help.tests.scene import AT, asked, minutes, neighbourhood, run_clock, scope, seconds, volunteer
from shouwang.help.tests.test_pages import signed_in
from shouwang.notices.models import Message

pytestmark = pytest.mark.django_db
SECRET = "丈夫动手打人"


def seen_anywhere(made: object, user: object) -> list[str]:
    """Where a reader would find it."""
    of = scope(user)  # type: ignore[arg-type]
    at = AT + minutes(1)
    found = {
        "list": requests_for(of).exists(),
        "board": bool(board_rows(of, at, "all")),
        "counts": any(board_counts(of, at).values()),
        "board search": bool(board_rows(of, at, "all", search="0001")),
        "search": bool(search_sources.get("help.requests").search(of, "0001", at)),
        "today": bool(today_sources.get("help.requests").items(of, at)),
        "waiting": waiting_count(of),
        "life": open_life_count(of),
        "nav": nav_entries.get("help").count(of, at),  # type: ignore[misc]
        "wall": bool(lenses.get("requests").cells(made.community.pk, of, at)),  # type: ignore[attr-defined]
        "household": bool((household_section(made.household.pk, of, at) or {}).get("requests")),  # type: ignore[attr-defined]
        "place": bool((place_section(made.building.pk, of, at) or {}).get("requests")),  # type: ignore[attr-defined]
        "work": bool(work_for(user, at)),
    }
    return [where for where, is_there in found.items() if is_there]


def secret(made: object) -> HelpRequest:
    return asked(made, title=SECRET, category="dispute", urgency="life", confidential=True)  # type: ignore[arg-type]


def test_only_those_who_lead_see_it() -> None:
    made = neighbourhood()
    request = secret(made)
    for user in (made.bob, made.building_head, made.grid_head, made.on_call):
        assert seen_anywhere(made, user) == [], user.name
        with pytest.raises(Http404):
            request_for(scope(user), request.pk)
        assert signed_in(user).get(reverse("help:request", args=[request.pk])).status_code == 404
    there = seen_anywhere(made, made.alice)
    assert {
        "list",
        "board",
        "counts",
        "search",
        "today",
        "waiting",
        "life",
        "wall",
        "household",
        "place",
    } <= set(there)


def test_the_taker_sees_it_and_nobody_else_of_that_rank() -> None:
    made = neighbourhood()
    request = asked(made, title=SECRET, confidential=True, by=made.on_call)
    assert request_for(scope(made.on_call), request.pk) == request
    assert seen_anywhere(made, made.grid_head) == []


def test_only_those_who_lead_are_told_and_only_the_number() -> None:
    made = neighbourhood()
    request = secret(made)
    volunteer(made, "李楠")
    for at in (0, 60, 180, 300):
        run_clock(AT + seconds(at))
    assert set(Told.objects.filter(request=request).values_list("user__name", flat=True)) == {"陈书记"}
    for message in Message.objects.filter(subject_id=request.pk):
        assert SECRET not in str(message.values)
        assert set(message.values) == {"number"}


def test_whoever_is_asked_sees_it_while_it_lasts_and_each_opening_is_on_record() -> None:
    made = neighbourhood()
    helper = volunteer(made, "李楠")
    request = secret(made)
    offer_request(request=request, volunteer=helper, by=made.alice, at=AT)
    assert request_for(scope(helper.user), request.pk) == request
    assert signed_in(made.alice).get(reverse("help:request", args=[request.pk])).status_code == 200
    assert AuditEntry.objects.filter(
        kind="help.request.read", subject_id=request.pk, actor_id=made.alice.pk
    ).exists()


def test_the_audit_holds_no_word_of_it() -> None:
    made = neighbourhood()
    request = asked(made, title=SECRET, words=SECRET, asker_phone="19900007777", asker_name="马女士")
    run_clock(AT)
    for entry in AuditEntry.objects.filter(subject_id=request.pk):
        for said in (SECRET, "19900007777", "马女士"):
            assert said not in str(entry.payload), entry.kind
