"""The small world, built once for each module that asks for it and taken back afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.guards.routes_asking import Visitor, everybody
from tests.guards.routes_world import World, build_world, files_taken_back


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Everything that a test writes on top of it goes with the test."""
    around = transaction.atomic()
    with files_taken_back():
        with django_db_blocker.unblock():
            around.__enter__()
            built = build_world()
        yield built
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def visitors(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, Visitor]:
    with django_db_blocker.unblock():
        return everybody(world)
