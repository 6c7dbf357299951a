"""A confidential request reaches few: no list, search, count, wall or message of anybody else."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse

from shouwang.core.errors import Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry
from shouwang.core.registry import lenses, nav_entries, search_sources, today_sources
from shouwang.help.models import Confidant, HelpRequest, Told
from shouwang.help.selectors import board_counts, board_rows, read_drafts, request_for, requests_for, work_for
from shouwang.help.selectors.faces import household_section, place_section
from shouwang.help.selectors.figures import open_life_count, waiting_count
from shouwang.help.services import change_request, end_confidant, name_confidant, offer_request
from shouwang.help.tests import scene
from shouwang.help.tests.scene import (
    AT,
    asked,
    minutes,
    neighbourhood,
    run_clock,
    scope,
    seconds,
    volunteer,
)
from shouwang.help.tests.test_pages import signed_in
from shouwang.notices.models import Message
from shouwang.places.selectors import live_posts
from shouwang.places.services import appoint, end_post

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


def test_only_those_named_see_it() -> None:
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


def test_the_taker_is_named_and_nobody_else_of_that_rank() -> None:
    made = neighbourhood()
    request = asked(made, title=SECRET, confidential=True, by=made.on_call)
    assert request_for(scope(made.on_call), request.pk) == request
    assert seen_anywhere(made, made.grid_head) == []


def test_only_those_named_are_told_and_only_the_number() -> None:
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


def name(made: object, request: HelpRequest, user: object, **more: object) -> Confidant:
    return name_confidant(request=request, user=user, by=made.alice, at=AT, **more)  # type: ignore[attr-defined,arg-type]


def test_whoever_is_named_sees_it_as_long_as_they_serve_and_are_named() -> None:
    made = neighbourhood()
    request = secret(made)
    row = name(made, request, made.grid_head)
    assert {"list", "board", "search"} <= set(seen_anywhere(made, made.grid_head))
    page = signed_in(made.grid_head).get(reverse("help:request", args=[request.pk]))
    assert SECRET in page.content.decode() and "谁可以知道" in page.content.decode()
    assert seen_anywhere(made, made.on_call) == []
    end_confidant(confidant=row, by=made.alice, at=AT + minutes(1))
    assert seen_anywhere(made, made.grid_head) == []
    kinds = AuditEntry.objects.filter(subject_id=request.pk).values_list("kind", flat=True)
    assert {"help.confidant.named", "help.confidant.ended"} <= set(kinds)


def test_who_serves_no_more_knows_no_more() -> None:
    made = neighbourhood()
    request = secret(made)
    name(made, request, made.grid_head)
    for post in live_posts(AT).filter(holder=made.grid_head):
        end_post(post=post, by=made.alice, at=AT)
    with pytest.raises(Http404):
        request_for(scope(made.grid_head), request.pk)


def test_a_secretary_who_is_not_named_reads_nothing_of_it() -> None:
    made = neighbourhood()
    request = secret(made)
    name(made, request, made.on_call)
    end_confidant(confidant=request.confidants.get(user=made.alice), by=made.on_call, at=AT)
    assert seen_anywhere(made, made.alice) == []
    run_clock(AT + seconds(300))
    assert set(Told.objects.filter(request=request).values_list("user__name", flat=True)) <= {
        made.alice.name, made.on_call.name,
    }  # fmt: skip


def test_somebody_always_knows_of_it() -> None:
    """The last one cannot be ended; and when nobody named serves any more, those who lead are told, and named."""
    made = neighbourhood()
    request = secret(made)
    only = request.confidants.get(until_at=None)
    with pytest.raises(Refusal, match="last-one"):
        end_confidant(confidant=only, by=made.alice, at=AT)
    name(made, request, made.on_call)
    end_confidant(confidant=only, by=made.on_call, at=AT)
    Told.objects.filter(request=request).delete()
    for post in live_posts(AT).filter(holder=made.on_call):
        end_post(post=post, by=made.alice, at=AT)
    run_clock(AT + seconds(300))
    assert Told.objects.filter(request=request, user=made.alice).exists()
    assert request_for(scope(made.alice), request.pk) == request


def test_what_cannot_be_named() -> None:
    made = neighbourhood()
    open_one, request = asked(made), secret(made)
    stranger = volunteer(made, "李楠").user
    for wrong, user, code in (
        (open_one, made.grid_head, "not-confidential"), (request, stranger, "nobody-here"),
        (request, made.alice, "named"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            name(made, wrong, user)
        assert refused.value.code == code


def test_made_confidential_later_it_is_only_theirs_from_then_on() -> None:
    made = neighbourhood()
    request = asked(made, title=SECRET)
    assert request_for(scope(made.grid_head), request.pk)
    change_request(request=request, by=made.alice, at=AT, confidential=True)
    assert seen_anywhere(made, made.grid_head) == []
    assert set(request.confidants.values_list("user__name", flat=True)) == {made.alice.name}


def test_nobody_named_by_page_of_those_who_are_not() -> None:
    made = neighbourhood()
    request = secret(made)
    name(made, request, made.building_head)
    client = signed_in(made.building_head)
    wanted = {"user": str(made.on_call.pk), "command_id": str(uuid7())}
    client.post(reverse("help:confidant", args=[request.pk]), wanted)
    assert request.confidants.filter(user=made.on_call, until_at=None).exists()
    client = signed_in(made.grid_head)
    wanted = {"user": str(made.grid_head.pk), "command_id": str(uuid7())}
    assert client.post(reverse("help:confidant", args=[request.pk]), wanted).status_code == 404
    row = request.confidants.get(user=made.building_head)
    assert client.post(reverse("help:end_confidant", args=[row.pk]), wanted).status_code == 404


def test_do_not_ring_back_shows_no_phone_to_anybody() -> None:
    made = neighbourhood()
    phone = "19900007777"
    request = asked(made, asker_phone=phone, no_ring_back=True)
    page = signed_in(made.alice).get(reverse("help:request", args=[request.pk])).content.decode()
    assert "不要回电" in page and phone not in page and phone[-4:] not in page
    change_request(request=request, by=made.alice, at=AT, no_ring_back=False)
    assert (
        phone[-4:] in signed_in(made.alice).get(reverse("help:request", args=[request.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("他又打我了，别给我打电话，他在家 16-2-503", True),
        ("老公喝酒打人，孩子吓坏了，千万不要回电话 4-1-214", True),
        ("活着没意思 不想麻烦你们了 10-3-904", False),
        ("土豆5斤 8-1-501 请打电话", False),
    ],
)
def test_the_wish_not_to_be_rung_is_read_out_of_a_message(text: str, quiet: bool) -> None:
    made = neighbourhood()
    (draft,) = read_drafts(scope(made.alice), made.community.pk, text).drafts
    assert draft.no_ring_back is quiet


def told_by(made: object, request: HelpRequest) -> set[str]:
    for at in (0, 60, 180, 300):
        run_clock(AT + seconds(at))
    return set(Told.objects.filter(request=request).values_list("user__name", flat=True))


def ended(made: object, *holders: object) -> None:
    for post in live_posts(AT).filter(holder__in=holders):
        end_post(post=post, by=made.alice, at=AT)  # type: ignore[attr-defined]


def test_without_a_secretary_those_who_watch_hear_of_it_and_at_last_whoever_serves() -> None:
    made = neighbourhood()
    ended(made, made.alice)
    assert told_by(made, secret(made)) == {made.on_call.name}
    ended(made, made.on_call)
    request = secret(made)
    assert told_by(made, request) == {made.bob.name, made.building_head.name, made.grid_head.name}
    assert request_for(scope(made.bob), request.pk) == request, "who is told may read it"


def test_somebody_named_who_answers_for_another_place_is_told() -> None:
    made = neighbourhood()
    far = scene.user("far", "远楼")
    appoint(place=made.other_stairwell, role="stairwell_head", holder=far, by=made.alice, at=AT)
    request = secret(made)
    name(made, request, far)
    end_confidant(confidant=request.confidants.get(user=made.alice), by=made.alice, at=AT)
    Told.objects.filter(request=request).delete()
    assert told_by(made, request) == {far.name}


def test_no_secret_any_more_is_nobody_s_when_it_becomes_one_again() -> None:
    made = neighbourhood()
    request = secret(made)
    name(made, request, made.grid_head)
    request = change_request(request=request, by=made.alice, at=AT, confidential=False)
    assert not request.confidants.filter(until_at=None).exists()
    change_request(request=request, by=made.alice, at=AT, confidential=True)
    assert set(request.confidants.filter(until_at=None).values_list("user__name", flat=True)) == {
        made.alice.name
    }
