"""Whoever is shown an ID number, an illness's note or a household's note has opened a file, and that is on record."""

from __future__ import annotations

import pytest

from shouwang.core.models import AuditEntry
from tests.guards.routes_asking import Line, Visitor, text_of, undone
from tests.guards.routes_world import World
from tests.guards.test_routes_access import LINES, TABLE_READ
from tests.trials.field_canaries import canaries, furnish

pytestmark = pytest.mark.django_db
SENSITIVE = ("id_number", "care_note", "household_note", "register_remark")
READS = ("people.file.read", "help.request.read", "ledgers.register.exported", "incidents.first.read")


def shown(visitor: Visitor, line: Line) -> tuple[set[str], bool]:
    """Which sensitive fields an answer shows, and whether a reading was put on record with it."""
    here = visitor.world.here
    forms = canaries(here)
    address = line.address(visitor.world, here, visitor.role)
    with undone():
        before = AuditEntry.objects.filter(kind__in=READS).count()
        answer = visitor.api(line, address, here, None) if line.is_api else visitor.page(line, address, None)
        text = text_of(answer)
        recorded = AuditEntry.objects.filter(kind__in=READS).count() > before
    return {field for field in SENSITIVE if forms[field][0] in text}, recorded


@pytest.mark.parametrize("role", ["secretary", "grid_worker", "building_head", "volunteer"])
def test_whatever_shows_something_sensitive_is_on_record(
    role: str, world: World, visitors: dict[str, Visitor]
) -> None:
    lines = [
        LINES[name] for name, said in TABLE_READ.items() if name.startswith("GET ") and role in said.inside
    ]
    with undone():
        furnish(world)
        found = {str(line): shown(visitors[role], line) for line in lines}
    silent = {line: sorted(fields) for line, (fields, recorded) in found.items() if fields and not recorded}
    assert silent == {}
    if role == "secretary":
        assert sum(bool(fields) for fields, _recorded in found.values()) >= 3, "the look finds what is shown"
