"""A board that is open shows what has changed. In one transaction PostgreSQL has committed nothing: SQLite only."""

from __future__ import annotations

import pytest

from shouwang.incidents.tests.neighbourhood import AT, Neighbourhood, signed_in
from shouwang.rounds import services
from shouwang.rounds.tests.test_calling import set_up
from shouwang.rounds.tests.test_rounds import begun, here

__all__ = ["here"]
pytest.importorskip("ortools")
pytestmark = pytest.mark.django_db


def test_an_open_board_shows_what_has_changed(here: Neighbourhood) -> None:
    round_ = begun(here)
    point = set_up(here, round_)
    client = signed_in(here.alice)
    for address in (f"/rounds/{round_.pk}/calling/", f"/rounds/{round_.pk}/calling/screen/"):
        after = client.get(address).headers["X-After"]
        services.set_tables(point=point, tables=point.tables + 1, by=here.alice, at=AT)
        point.refresh_from_db()
        answer = client.get(f"{address}?after={after}")
        assert answer.status_code == 200 and answer.headers["X-After"] != after
        assert "<html" not in answer.content.decode()
