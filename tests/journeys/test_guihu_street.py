"""Scene E1: round 3 of Guihu Street comes out at exactly 28 households and 41 people, with the six origins and the
fever clinic counted. The sheet is taken over, the round begun over everybody on it, and each is asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from shouwang.accounts.services import create_user
from shouwang.core.actors import OPERATOR
from shouwang.core.ids import uuid7
from shouwang.core.scope import scope_for
from shouwang.ledgers.engines.rows import read_register
from shouwang.ledgers.services import import_at_once
from shouwang.places import services as places
from shouwang.places.selectors import buildings_in
from shouwang.rounds.engines.texts import said
from shouwang.rounds.models import Kind, Round
from shouwang.rounds.selectors import counts_of
from shouwang.rounds.selectors.answers import behind_number, counted_answers
from shouwang.rounds.services import Word, begin_round, clean_answers, hear_words

SHEET = Path(__file__).resolve().parents[2] / "samples" / "guihu-street.xlsx"
EXPECTED = json.loads((SHEET.parent / "expected.json").read_text("utf-8"))["guihu-street.xlsx"]
AT = datetime(2020, 3, 4, 1, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_round_three_of_guihu_street() -> None:
    community = places.create_community(code="guihu", name="桂湖社区", by=OPERATOR, at=AT)
    import_at_once(community=community, content=SHEET.read_bytes(), name=SHEET.name, by=OPERATOR, at=AT)
    lead = create_user(username="lead", name="何敏", password=None, by=OPERATOR, at=AT)
    places.appoint(place=community, role="secretary", holder=lead, by=OPERATOR, at=AT)
    round_ = begin_round(
        community=community, name="第三轮排查", places=buildings_in(community.pk),
        kind=Kind.objects.get(community_id=None, code="survey"), by=lead, at=AT,
    )  # fmt: skip
    entries = round_.entries.select_related("person")
    assert (entries.values("household_id").distinct().count(), entries.count()) == (28, 41)
    ask_everybody(round_, lead)
    scope = scope_for(lead, AT)
    counts = counts_of(scope, round_)
    assert (counts.total, counts.done, counts.open) == (41, 41, 0)
    found = counted_answers(scope, round_)
    origins = found.questions[0]
    named = {choice["code"]: said(choice["text"], "zh") for choice in origins.question["choices"]}
    assert {named[code]: count for code, count in origins.values if count} == EXPECTED["origins"]
    assert sum(EXPECTED["origins"].values()) == 41 and len(EXPECTED["origins"]) == 7
    assert (found.there, found.opened, origins.answered) == (41, 41, 41)
    assert origins.any_of == (41, 28), "people and households, on the page of answers"
    behind = behind_number(scope, round_, "origin:fever_clinic", None, "zh")
    assert behind is not None
    assert (behind.answer, len(behind.rows)) == ("发热门诊", EXPECTED["origins"]["发热门诊"])
    client = Client()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/rounds/{round_.pk}/answers/?of=origin:*").content.decode()
    assert "41" in page
    assert "28 户" in page
    assert all(entry.person.name in page for entry in entries if entry.person)


def ask_everybody(round_: Round, lead: object) -> None:
    """Each person answers what stands beside them on the sheet; all the words arrive at once, as from a phone."""
    origin = next(one for one in round_.questions if one["code"] == "origin")
    codes = {said(choice["text"], "zh"): choice["code"] for choice in origin["choices"]}
    by_number = {row.id_number: codes[row.extra["来源地"]] for row in read_register(SHEET).rows}
    words = []
    for entry in round_.entries.select_related("person"):
        assert entry.person is not None
        answers = clean_answers(
            round_=round_, answers={"origin": by_number[entry.person.id_number]}, state="done"
        )
        words.append(Word(uuid7(), entry.pk, "done", answers=answers))
    heard = hear_words(words, by=lead, at=AT)  # type: ignore[arg-type]
    assert all(one.refusal is None for one in heard)
