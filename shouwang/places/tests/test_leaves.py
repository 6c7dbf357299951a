"""The leaves of a ledger made at once are those that would be made one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.core.actors import OPERATOR
from shouwang.core.models import AuditEntry
from shouwang.places.models import Coverage, Place
from shouwang.places.services import (
    WantedLeaf,
    add_grid,
    appoint,
    create_community,
    ensure_building,
    ensure_leaves,
    ensure_stairwell,
)
from shouwang.places.signals import coverage_changed
from shouwang.places.states import Role

pytestmark = pytest.mark.django_db
AT = datetime(2022, 2, 20, 1, 0, tzinfo=UTC)
WANTED = [
    WantedLeaf("8", "1", "1", "第1网格"),
    WantedLeaf("8", "2", "1", "第1网格"),
    WantedLeaf("9", "", "1", "第1网格"),
    WantedLeaf("10", "1", "2", "第2网格"),
    WantedLeaf("8", "1", "1", "第1网格"),
]


def one_by_one(community: Place) -> None:
    for leaf in WANTED:
        grid = add_grid(community=community, code=leaf.grid, name=leaf.grid_name, by=OPERATOR, at=AT)
        building = ensure_building(community=community, grid=grid, code=leaf.building, by=OPERATOR, at=AT)
        if leaf.stairwell:
            ensure_stairwell(building=building, code=leaf.stairwell, by=OPERATOR, at=AT)


def standing(community: Place) -> list[tuple[Any, ...]]:
    """The tree and its coverage without ids."""
    names = dict(Place.objects.filter(community_id=community.pk).values_list("pk", "name"))
    covered = dict(Coverage.objects.filter(community_id=community.pk).values_list("place_id", "state"))
    return [
        (p.level, p.code, p.name, p.kind, p.sort_key.split("/", 2)[2:], p.depth, p.numchild, covered.get(p.pk),
         names.get(p.grid_id), names.get(p.building_id), names.get(p.stairwell_id))
        for p in Place.objects.filter(community_id=community.pk).exclude(pk=community.pk).order_by("path")
    ]  # fmt: skip


def test_they_stand_as_if_made_one_by_one() -> None:
    slow = create_community(code="slow", name="甲", by=OPERATOR, at=AT)
    fast = create_community(code="fast", name="乙", by=OPERATOR, at=AT)
    one_by_one(slow)
    made = ensure_leaves(community=fast, wanted=WANTED, by=OPERATOR, at=AT)
    assert standing(fast) == standing(slow)
    assert set(made) == {("8", "1"), ("8", "2"), ("9", ""), ("10", "1")}
    added = AuditEntry.objects.filter(kind="places.place.added")
    assert added.filter(community_id=fast.pk).count() == added.filter(community_id=slow.pk).count() == 8


def test_what_is_there_is_found_and_nothing_is_written() -> None:
    community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)
    first = ensure_leaves(community=community, wanted=WANTED, by=OPERATOR, at=AT)
    written = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        again = ensure_leaves(community=community, wanted=WANTED, by=OPERATOR, at=AT)
    assert {key: place.pk for key, place in again.items()} == {key: place.pk for key, place in first.items()}
    assert AuditEntry.objects.count() == written
    assert not [
        entry for entry in asked.captured_queries if entry["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]


def test_a_building_that_gets_its_first_stairwell_is_no_leaf_any_more() -> None:
    community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)
    building = ensure_leaves(community=community, wanted=[WantedLeaf("9")], by=OPERATOR, at=AT)[("9", "")]
    assert Coverage.objects.get().place_id == building.pk
    leaf = ensure_leaves(community=community, wanted=[WantedLeaf("9", "1")], by=OPERATOR, at=AT)[("9", "1")]
    assert Coverage.objects.get().place_id == leaf.pk


def test_a_new_stairwell_under_a_head_is_covered_and_each_gap_is_announced_once(
    django_user_model: Any,
) -> None:
    community = create_community(code="jinxiu", name="锦绣社区", by=OPERATOR, at=AT)
    building = ensure_building(community=community, code="8", by=OPERATOR, at=AT)
    head = django_user_model.objects.create(username="head", name="张敏", joined_at=AT)
    appoint(place=building, role=Role.BUILDING_HEAD, holder=head, by=OPERATOR, at=AT)
    news: list[tuple[Any, str]] = []

    def hear(*, place_ids: list[Any], after: str, **_more: Any) -> None:
        news.extend((place_id, after) for place_id in place_ids)

    coverage_changed.connect(hear)
    try:
        made = ensure_leaves(community=community, wanted=WANTED[:4], by=OPERATOR, at=AT)
    finally:
        coverage_changed.disconnect(hear)
    assert sorted((str(pk), after) for pk, after in news) == sorted(
        [(str(made[("8", "1")].pk), "building"), (str(made[("8", "2")].pk), "building"),
         (str(made[("9", "")].pk), "none"), (str(made[("10", "1")].pk), "none")]
    )  # fmt: skip
