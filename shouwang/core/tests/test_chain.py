"""The chain over the audit: whatever is done to a sealed record is found."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from shouwang.core import audit, chain
from shouwang.core.actors import OPERATOR
from shouwang.core.command_line import Unusable
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, AuditSeal
from shouwang.core.tests.waiting import wait_for_the_others

AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
KIND = "core.records.erased"


def write(**payload: Any) -> AuditEntry:
    with transaction.atomic():
        return audit.write_audit(KIND, by=OPERATOR, at=AT, **payload)


def sealed(count: int = 6) -> list[AuditEntry]:
    """Entries in two links, the second over the last two."""
    rows = [write(eraser=f"e{number}", erased=number) for number in range(count)]
    wait_for_the_others()
    chain.seal_audit(AT)
    rows += [write(eraser="late", erased=number) for number in range(2)]
    wait_for_the_others()
    chain.seal_audit(AT)
    return rows


def _forged_without_the_key() -> None:
    """What whoever can write the database would do: change a row, then every link after it, by a key of their own."""
    row = AuditEntry.objects.order_by("id")[1]
    body = {"eraser": "nothing", "erased": 0}
    AuditEntry.objects.filter(pk=row.pk).update(payload=body, payload_hash=audit.payload_digest(body))
    before = None
    for seal in AuditSeal.objects.order_by("number"):
        digest = hashlib.sha256((before.digest if before else "").encode())
        for entry in chain._between(before, seal):
            digest.update(entry.payload_hash.encode())
        seal.digest = digest.hexdigest()
        seal.save()
        before = seal


def _cut_off_the_end() -> None:
    last = AuditSeal.objects.get(number=2)
    AuditEntry.objects.filter(
        pk__in=[row.pk for row in chain._between(AuditSeal.objects.get(number=1), last)]
    ).delete()
    last.delete()


def _slipped_in() -> None:
    """A forged row in front of the first one."""
    row = AuditEntry.objects.order_by("id")[0]
    row.pk -= 1
    row.save(force_insert=True)


def _change(**columns: Any) -> Callable[[], None]:
    return lambda: (
        AuditEntry.objects.filter(pk=AuditEntry.objects.order_by("id")[1].pk).update(**columns) and None
    )


TAMPERING: dict[str, Callable[[], Any]] = {
    "another payload": _change(payload={"eraser": "forged"}),
    "another payload and its hash": _change(
        payload={"eraser": "f"}, payload_hash=audit.payload_digest({"eraser": "f"})
    ),
    "another actor": _change(actor_kind="user", actor_id=uuid7()),
    "another time": _change(at=AT - timedelta(days=1)),
    "another kind": _change(kind="core.due.failed"),
    "another subject": _change(subject_id=uuid7()),
    "another person": _change(person_id=uuid7()),
    "another place": _change(community_id=uuid7()),
    "another source": _change(source="command line"),
    "a row slipped in": _slipped_in,
    "a row taken out": lambda: AuditEntry.objects.order_by("id")[1].delete(),
    "a row taken out at the end": lambda: AuditEntry.objects.order_by("-id")[0].delete(),
    "a link taken out": lambda: AuditSeal.objects.get(number=1).delete(),
    "every row and link taken out": lambda: (
        AuditSeal.objects.all().delete(),
        AuditEntry.objects.all().delete(),
    ),
    "the end cut off, rows and link": _cut_off_the_end,
    "links made anew without the key": _forged_without_the_key,
    "a link's digest": lambda: AuditSeal.objects.filter(number=1).update(digest="0" * 64),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found(what: str) -> None:
    sealed()
    assert chain.broken_links() == [] and chain.read_head() is not None
    TAMPERING[what]()
    assert chain.broken_links()


@pytest.mark.django_db(transaction=True)
def test_erasing_payloads_and_sealing_on_is_no_tampering() -> None:
    rows = sealed()
    AuditEntry.objects.filter(pk__in=[row.pk for row in rows[:4]]).update(payload=None)
    write(eraser="later", erased=1)
    assert chain.seal_audit(AT) == 1 and chain.broken_links() == []
    noted = chain.read_head()
    assert noted and noted.number == 3 and chain.broken_links(noted) == []
    assert chain.broken_links(chain.Head(3, "0" * 64)) == [3]


@pytest.mark.django_db(transaction=True)
def test_the_command_prints_the_head_and_compares_a_noted_one() -> None:
    said = io.StringIO()
    call_command("audit_chain", stdout=said)
    assert ":" not in said.getvalue()
    sealed()
    said = io.StringIO()
    call_command("audit_chain", stdout=said)
    noted = said.getvalue().strip()
    assert noted.startswith("2:")
    call_command("audit_chain", "--expect", noted, stdout=io.StringIO())
    with pytest.raises(Unusable):
        call_command("audit_chain", "--expect", "two")
    _cut_off_the_end()
    chain.head_path().unlink()
    call_command("audit_chain", stdout=io.StringIO())
    with pytest.raises(SystemExit) as ended:
        call_command("audit_chain", "--expect", noted, stdout=io.StringIO(), stderr=io.StringIO())
    assert ended.value.code == 1
