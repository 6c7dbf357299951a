"""The second factor: set up, asked for, used once, limited, taken away; and the browsers one is signed in with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from shouwang.accounts import services
from shouwang.accounts.models import OwnSession, SecondFactor, User
from shouwang.accounts.services import second, sessions
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.errors import Refusal
from shouwang.core.models import AuditEntry
from shouwang.core.registry import erasers

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PASSWORD = "willow-kettle-42"
AT = clock.now()


@pytest.fixture
def alice() -> User:
    return services.create_user(username="alice", name="甲", password=PASSWORD, by=OPERATOR)


@pytest.fixture
def papers(alice: User) -> list[str]:
    factor = second.begin_factor(user=alice, at=AT)
    return second.confirm_factor(user=alice, code=second.code_at(factor, AT), at=AT)


def code(user: User, at: Any = None) -> str:
    return second.code_at(SecondFactor.objects.get(user=user), at or AT)


def come_in(client: Client, **more: Any) -> Any:
    return client.post("/accounts/sign-in/", {"username": "alice", "password": PASSWORD}, **more)


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("kind", flat=True))


def test_it_counts_only_when_a_first_code_was_right(alice: User) -> None:
    factor = second.begin_factor(user=alice, at=AT)
    assert second.begin_factor(user=alice, at=AT).secret == factor.secret, (
        "the code on the screen stays the same"
    )
    with pytest.raises(Refusal, match="code-wrong"):
        second.confirm_factor(user=alice, code="000000", at=AT)
    assert second.factor_of(alice) is None
    assert come_in(Client()).url == "/"


def test_the_secret_and_the_papers_are_not_in_the_database(alice: User, papers: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_secondfactor")
        row = str(cursor.fetchone())
    assert str(SecondFactor.objects.get().secret) not in row
    assert len(papers) == len(set(papers)) == second.RECOVERY_CODES
    assert not any(paper in row or paper.replace("-", "") in row for paper in papers)


def test_a_code_counts_for_its_step_and_its_neighbours_and_only_once(alice: User, papers: list[str]) -> None:
    later = AT + timedelta(minutes=5)
    early = code(alice, later - timedelta(seconds=second.STEP_SECONDS))
    assert second.check_code(user=alice, code=early, at=later) == "code"
    with pytest.raises(Refusal, match="code-wrong"):
        second.check_code(user=alice, code=early, at=later)
    for stale in (timedelta(seconds=-90), timedelta(seconds=90)):
        with pytest.raises(Refusal, match="code-wrong"):
            second.check_code(user=alice, code=code(alice, later + stale), at=later)


def test_the_first_code_does_not_open_the_door_again(alice: User, papers: list[str]) -> None:
    with pytest.raises(Refusal, match="code-wrong"):
        second.check_code(user=alice, code=code(alice), at=AT)


def test_each_paper_lets_in_once(alice: User, papers: list[str]) -> None:
    assert second.check_code(user=alice, code=papers[3].upper().replace("-", " "), at=AT) == "paper"
    assert "accounts.second.paper_used" in kinds()
    with pytest.raises(Refusal, match="code-wrong"):
        second.check_code(user=alice, code=papers[3], at=AT)
    assert second.check_code(user=alice, code=papers[4], at=AT) == "paper"


def test_ten_wrong_codes_are_all_for_a_quarter_of_an_hour(alice: User, papers: list[str]) -> None:
    later = AT + timedelta(minutes=5)
    for _try in range(second.MOST_WRONG):
        with pytest.raises(Refusal, match="code-wrong"):
            second.check_code(user=alice, code="no", at=later)
    with pytest.raises(Refusal, match="too-many-tries"):
        second.check_code(user=alice, code=papers[0], at=later)
    after = later + second.WRONG_WITHIN
    assert second.check_code(user=alice, code=code(alice, after), at=after) == "code"


def test_nobody_is_in_before_the_code(alice: User, papers: list[str]) -> None:
    client = Client()
    assert come_in(client).url == "/accounts/second/"
    assert client.get("/accounts/").status_code == 302, "not signed in"
    wrong = client.post("/accounts/second/", {"code": "123456"})
    assert wrong.status_code == 422 and "_auth_user_id" not in client.session
    right = client.post("/accounts/second/", {"code": papers[0]})
    assert (right.status_code, right.url) == (302, "/")
    assert client.get("/accounts/").status_code == 200
    assert kinds()[-1] == "accounts.user.signed_in"
    assert Client().get("/accounts/second/").url == "/accounts/sign-in/", "only after a password"


def test_taking_it_away_needs_password_and_code(alice: User, papers: list[str]) -> None:
    for password, paper in (("wrong", papers[0]), (PASSWORD, "wrong")):
        with pytest.raises(Refusal):
            second.end_factor(user=alice, by=alice, password=password, code=paper, at=AT)
    second.end_factor(user=alice, by=alice, password=PASSWORD, code=papers[0], at=AT)
    assert second.factor_of(alice) is None and kinds()[-1] == "accounts.second.ended"


def test_the_machine_takes_it_away_when_the_phone_is_lost(alice: User, papers: list[str]) -> None:
    call_command("user", "second-factor", "alice", "--reset")
    assert second.factor_of(alice) is None


def test_one_sees_and_ends_where_one_is_signed_in(alice: User) -> None:
    here, phone = Client(), Client()
    come_in(here, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537"})
    come_in(phone, headers={"user-agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120 MicroMessenger/8"})
    page = here.get("/accounts/").content.decode()
    assert "Chrome · Windows" in page and "微信 · Android" in page
    theirs = OwnSession.objects.get(session_key=phone.session.session_key)
    assert here.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 302
    assert phone.get("/accounts/").status_code == 302 and here.get("/accounts/").status_code == 200
    assert kinds()[-1] == "accounts.session.ended"


def test_all_others_at_once_and_nobody_elses(alice: User) -> None:
    here, there = Client(), Client()
    come_in(here), come_in(there)
    bob = services.create_user(username="bob", name="乙", password=None, by=OPERATOR)
    stranger = Client()
    stranger.force_login(bob)
    mine = OwnSession.objects.get(session_key=here.session.session_key)
    assert stranger.post(f"/accounts/sessions/{mine.pk}/end/").status_code == 404
    assert here.post("/accounts/sessions/end/").status_code == 302
    assert there.get("/accounts/").status_code == 302 and here.get("/accounts/").status_code == 200


def test_seen_is_written_once_in_five_minutes(alice: User, django_assert_num_queries: Any) -> None:
    client = Client()
    come_in(client)
    row = OwnSession.objects.get()
    client.get("/accounts/")
    assert OwnSession.objects.get().seen_at == row.seen_at
    session = client.session
    session[sessions.MARK] -= 301
    session.save()
    client.get("/accounts/")
    assert OwnSession.objects.get().seen_at > row.seen_at


def test_the_list_goes_when_it_was_not_used_for_two_weeks(alice: User) -> None:
    come_in(Client())
    eraser, later = erasers.get("accounts.own_sessions"), clock.now() + timedelta(days=15)
    assert (eraser.count(clock.now()), eraser.count(later)) == (0, 1)
    assert eraser.erase_batch(later, 10) == 1 and eraser.verify(later) == 0
