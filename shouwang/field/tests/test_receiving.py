"""What phones bring is applied once, has a true receipt, and what can't be applied waits for a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.accounts.services.devices import end_device, note_pulled
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Conflict, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, CommandReceipt
from shouwang.core.registry import erasers
from shouwang.field import services
from shouwang.field.models import SetAside
from shouwang.field.selectors import phones_in, row_for, waiting_in
from shouwang.field.tests.phones import Phone, phone_of
from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, settle, signed_in
from shouwang.people.services import add_person
from shouwang.places.models import Post
from shouwang.places.services import end_post
from shouwang.rounds.models import Attempt, Entry, Round
from shouwang.rounds.services import begin_round, close_round

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def here() -> Neighbourhood:
    here = settle()
    for number, home in enumerate(here.households):
        add_person(household=home, name=f"居民{number}", relation="head", by=OPERATOR, at=AT)
    return here


def begun(here: Neighbourhood) -> Round:
    return begin_round(
        community=here.community, name="第三轮", whom="people", places=here.buildings, by=here.alice, at=AT
    )


def mark(phone: Phone, entry: Entry, state: str = "done", **more: Any) -> UUID:
    base = more.pop("base", None)
    body = {"round": str(entry.round_id), "who": {"entry": str(entry.pk)}, "state": state, **more}
    return phone.make("rounds.mark", body, base=base)


def test_a_roster_ticked_without_a_signal_arrives_once(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    made = [mark(phone, entry) for entry in round_.entries.all()]
    parcels = list(phone.outbox.values())
    lines = services.receive_parcels(parcels * 2, at=AT)
    assert sorted(line.status for line in lines) == ["accepted"] * 6 + ["duplicate"] * 6
    assert {line.status for line in services.receive_parcels(parcels, at=AT)} == {"duplicate"}
    assert set(Attempt.objects.values_list("pk", flat=True)) == set(made)
    assert {entry.state for entry in round_.entries.all()} == {"done"}
    assert {row.source for row in AuditEntry.objects.filter(kind="rounds.entries.marked")} == {"phone"}


def test_a_command_that_was_changed_on_the_way_is_set_aside(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    pk = mark(phone, round_.entries.all()[0])
    moved = replace(phone.outbox[pk], seq=7)
    assert services.receive_parcels([moved], at=AT)[0].reason == "unreadable"
    assert services.receive_parcels([phone.outbox[pk]], at=AT)[0].reason == "two-bodies"
    assert not Attempt.objects.exists()


def test_a_phone_that_the_server_does_not_know_gets_no_receipt(here: Neighbourhood) -> None:
    phone = Phone(here.alice, uuid7(), "A" * 43 + "=")
    phone.make("rounds.mark", {})
    assert [line.status for line in phone.sync(AT)] == ["unknown-device"]
    assert (len(phone.outbox), CommandReceipt.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "rounds.dance"}, "unknown-kind"),
        ({"schema": 99}, "unknown-schema"),
        ({"body": {"state": "done"}}, "unfit"),
        ({"body": "done"}, "unfit"),
        ({"base": "yesterday"}, "unfit"),
        ({"actor": "somebody else"}, "wrong-actor"),
    ],
)
def test_what_this_server_can_make_nothing_of_is_kept_whole(
    here: Neighbourhood, changes: dict[str, Any], reason: str
) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    pk = mark(phone, round_.entries.all()[0])
    said = phone.made[pk] | changes
    phone.outbox[pk] = phone.seal(pk, 1, said)
    assert [(line.status, line.reason) for line in phone.sync(AT)] == [("quarantined", reason)]
    row = SetAside.objects.get()
    assert (json.loads(row.body), row.reason, row.author) == (said, reason, here.alice)
    assert services.receive_parcels([phone.seal(pk, 1, said)], at=AT)[0].reason == reason
    assert SetAside.objects.count() == 1


def test_one_id_with_two_bodies_keeps_both(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    pk = mark(phone, round_.entries.all()[0])
    phone.sync(AT)
    other = phone.seal(pk, 1, phone.made[pk] | {"made_at": "2026-11-21T09:00:00+08:00"})
    for _again in range(2):
        assert services.receive_parcels([other], at=AT)[0].reason == "two-bodies"
    assert (SetAside.objects.count(), Attempt.objects.count()) == (1, 1)


def test_a_closed_account_applies_nothing_by_itself_and_a_person_decides(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.bob, AT)
    entry = round_.entries.all()[0]
    mark(phone, entry)
    here.bob.is_active = False
    here.bob.save()
    assert [line.reason for line in phone.sync(AT)] == ["author-revoked"]
    row = waiting_in(here.scope(here.alice)).get()
    services.apply_set_aside(row=row, by=here.alice, at=AT)
    attempt = Attempt.objects.get()
    assert (attempt.by, attempt.pk, attempt.entry_id) == (here.bob, row.command_id, entry.pk)
    with pytest.raises(Conflict):
        services.apply_set_aside(row=row, by=here.alice, at=AT)
    lines = services.receive_parcels([phone.seal(row.command_id, 1, phone.made[row.command_id])], at=AT)
    assert lines[0].status == "duplicate"


def test_a_lost_phone_is_set_aside_from_then_on(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    first, second = round_.entries.all()[:2]
    mark(phone, first)
    phone.sync(AT)
    mark(phone, second)
    end_device(user=here.alice, device_id=phone.device, at=AT)
    assert [line.reason for line in phone.sync(AT)] == ["device-ended"]
    assert Attempt.objects.count() == 1


def test_what_the_author_may_not_mark_is_set_aside_and_the_others_stand(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    entries = list(round_.entries.all())
    mark(phone, entries[0])
    mark(phone, Entry(pk=uuid7(), round=round_))
    mark(phone, entries[1], "refused")
    mark(phone, entries[2])
    assert [(line.status, line.reason) for line in phone.sync(AT)] == [
        ("accepted", ""), ("quarantined", "gone"), ("quarantined", "refused"), ("accepted", ""),
    ]  # fmt: skip
    assert Attempt.objects.count() == 2


def test_what_comes_after_the_round_was_closed_waits_for_a_person(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    mark(phone, round_.entries.all()[0])
    close_round(round_=round_, reason="到此为止", by=here.alice, at=AT)
    assert [line.reason for line in phone.sync(AT)] == ["refused"]
    row = waiting_in(here.scope(here.alice)).get()
    with pytest.raises(Refusal, match="round-closed"):
        services.apply_set_aside(row=row, by=here.alice, at=AT)
    services.leave_out(row=row, by=here.alice, at=AT)
    assert not waiting_in(here.scope(here.alice)).exists()


def test_gaps_in_the_numbers_of_a_phone_are_seen(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.alice, AT)
    lost, *_others = [mark(phone, entry) for entry in round_.entries.all()]
    kept = phone.outbox.pop(lost)
    phone.sync(AT)
    assert [(p.arrived, p.missing) for p in phones_in([here.community.pk])] == [(5, 1)]
    services.receive_parcels([kept], at=AT)
    assert [(p.arrived, p.missing) for p in phones_in([here.community.pk])] == [(6, 0)]


def test_what_was_set_aside_is_erased_after_thirty_days_and_the_receipt_remains(here: Neighbourhood) -> None:
    phone = phone_of(here.alice, AT)
    pk = phone.make("rounds.dance", {"with": "居民0"})
    phone.sync(AT)
    eraser, later = erasers.get("field.set_aside"), AT + timedelta(days=31)
    assert eraser.count(AT + timedelta(days=29)) == 0
    assert (eraser.erase_batch(later, 10), eraser.verify(later)) == (1, 0)
    again = services.receive_parcels([phone.seal(pk, 1, phone.made[pk])], at=later)
    assert [(line.status, line.reason) for line in again] == [("quarantined", "unknown-kind")]


def test_the_app_enrols_pulls_and_sends_over_the_network(here: Neighbourhood, client: Client) -> None:
    round_ = begun(here)
    assert client.get(reverse("field:phone_me")).json()["signed_in"] is False
    assert client.post(reverse("field:phone_pull"), {}, content_type="application/json").status_code == 401
    signed = signed_in(here.alice)
    me = signed.get(reverse("field:phone_me")).json()
    assert (me["signed_in"], me["user"]["id"]) == (True, str(here.alice.pk))
    key, device = "A" * 43 + "=", str(uuid7())
    said = {"device": device, "key": key, "name": "手机"}
    for _twice in range(2):
        answer = signed.post(reverse("field:phone_enrol"), said, content_type="application/json")
        assert answer.status_code == 200
    taken = signed_in(here.bob).post(reverse("field:phone_enrol"), said, content_type="application/json")
    assert (taken.status_code, taken.json()["code"]) == (409, "device-taken")
    given = signed.post(
        reverse("field:phone_pull"), {"device": device}, content_type="application/json"
    ).json()
    assert (len(given["rounds"]), len(given["entries"]), given["known"]) == (1, 6, True)
    phone = Phone(here.alice, UUID(device), key)
    entry = given["entries"][0]
    phone.make("rounds.mark", {"round": str(round_.pk), "who": {"entry": entry["id"]}, "state": "done"})
    commands = [
        {"id": str(p.id), "device": str(p.device), "seq": p.seq, "sealed": p.sealed}
        for p in phone.outbox.values()
    ]
    answer = client.post(reverse("field:phone_sync"), {"commands": commands}, content_type="application/json")
    assert [row["status"] for row in answer.json()["receipts"]] == ["accepted"]
    assert (
        client.post(reverse("field:phone_sync"), "nonsense", content_type="application/json").status_code
        == 400
    )


def test_what_a_phone_kept_passes_though_its_user_lacks_the_second_factor(
    here: Neighbourhood, settings: Any
) -> None:
    settings.SHOUWANG_SECOND_FACTOR = "required"
    round_, phone, browser = begun(here), phone_of(here.alice, AT), signed_in(here.alice)
    mark(phone, round_.entries.all()[0])
    kept = [{"id": p.id, "device": p.device, "seq": p.seq, "sealed": p.sealed} for p in phone.outbox.values()]
    pull, sync = reverse("field:phone_pull"), reverse("field:phone_sync")
    assert browser.post(pull, {}, content_type="application/json").status_code == 302
    answer = browser.post(sync, {"commands": kept}, content_type="application/json")
    assert [row["status"] for row in answer.json()["receipts"]] == ["accepted"]


def test_a_post_that_has_ended_counts_if_the_roster_was_given_before(here: Neighbourhood) -> None:
    """And the posts of then are not read where those of now do."""
    round_, phone = begun(here), phone_of(here.bob, AT)
    note_pulled(user=here.bob, device_id=phone.device, at=AT)
    stairwell, later = here.stairwells[0], here.later(60)
    for entry in round_.entries.all()[:2]:
        mark(phone, entry)
    assert [line.status for line in phone.sync(later)] == ["accepted", "quarantined"]
    post = Post.objects.get(holder=here.bob, place=stairwell)
    end_post(post=post, by=here.alice, at=later)
    mark(phone, round_.entries.get(stairwell_id=stairwell.pk))
    with CaptureQueriesContext(connection) as of_both:
        assert [line.status for line in phone.sync(here.later(90))] == ["accepted"]
    in_office = phone_of(here.alice, AT)
    note_pulled(user=here.alice, device_id=in_office.device, at=AT)
    mark(in_office, round_.entries.all()[0])
    with CaptureQueriesContext(connection) as of_now:
        assert [line.status for line in in_office.sync(here.later(95))] == ["accepted"]
    assert (reads_of_posts(of_both), reads_of_posts(of_now)) == (2, 1)


def reads_of_posts(queries: CaptureQueriesContext) -> int:
    return sum('FROM "places_post"' in query["sql"] for query in queries)


def test_the_page_of_what_was_set_aside(here: Neighbourhood) -> None:
    round_, phone = begun(here), phone_of(here.bob, AT)
    mark(phone, round_.entries.all()[0], "done", note="门口遇到")
    here.bob.is_active = False
    here.bob.save()
    phone.sync(AT)
    alice = signed_in(here.alice)
    row = waiting_in(here.scope(here.alice)).get()
    assert str(row.pk) in alice.get(reverse("field:set_aside")).content.decode()
    assert "门口遇到" in alice.get(reverse("field:set_aside_row", args=[row.pk])).content.decode()
    assert AuditEntry.objects.filter(kind="field.set_aside.read").count() == 1
    alice.post(reverse("field:decide", args=[row.pk, "apply"]), {"command_id": str(uuid7())})
    assert Attempt.objects.get().by == here.bob
    assert row_for(here.scope(here.alice), row.pk).decision == "applied"
