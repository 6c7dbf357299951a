"""All figures, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection

from shouwang.site.bench.batches import batch_pairs, morning_lasts
from shouwang.site.bench.coverage import coverage_pairs
from shouwang.site.bench.engines import engine_pairs
from shouwang.site.bench.ledger import export_pair, import_pair
from shouwang.site.bench.million import grow
from shouwang.site.bench.pages import page_pairs
from shouwang.site.bench.registers import search_pairs, worst_of
from shouwang.site.bench.requests import create_pair, suggestion_pair
from shouwang.site.bench.runs import run_lines
from shouwang.site.bench.scans import scan_pairs
from shouwang.site.bench.timing import Measured, Pair, measure
from shouwang.site.bench.world import Size, World, build_world

Say = Callable[[str], object]


def measure_all(size: Size, clock: str, say: Say) -> list[Measured]:
    """Builds the world and measures; `say` is told what is going on."""
    say("building the neighbourhood")
    world = build_world(size)
    if size.people:
        say(f"{grow(world.community.pk, size.people, say):,} people")
    lines = _measured([import_pair(world), export_pair(world)], size, clock, say)
    count_rows()
    searches = _measured(search_pairs(world), size, clock, say)
    lines += [*searches, worst_of(searches)]
    lines += _measured(page_pairs(world), size, clock, say)
    lines += _measured(_acts(world), size, clock, say)
    lines += _measured(coverage_pairs(world, say), size, clock, say)
    lines += _measured(scan_pairs(world), size, clock, say)
    pairs, missing = engine_pairs()
    plans, no_plans = batch_pairs()
    for reason in (*missing, *no_plans):
        say(reason)
    lines += _measured([*pairs, *plans], size, clock, say)
    if plans:
        lines.append(morning_lasts())
    return [*lines, *run_lines(size.afternoons, say)]


def count_rows() -> None:
    """What PostgreSQL does by itself within a minute of many new rows, where it is not switched off: counts them, so
    that questions are asked in a way that fits."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _acts(world: World) -> Iterable[Pair]:
    yield create_pair(world)
    yield suggestion_pair(world)


def _measured(pairs: Iterable[Pair], size: Size, clock: str, say: Say) -> list[Measured]:
    found = []
    for pair in pairs:
        say(pair.code)
        found.append(measure(pair, size.rounds, clock))
    return found
