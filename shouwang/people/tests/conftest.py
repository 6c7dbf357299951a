"""The house that this room's tests stand in."""

from __future__ import annotations

import pytest

from shouwang.people.tests.house import House, build_house


@pytest.fixture
def house(db: None) -> House:
    return build_house()
