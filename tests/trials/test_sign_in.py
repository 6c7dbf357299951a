"""Guessing at the door: ten tries an account in a quarter of an hour, from wherever; its owner still gets in. And who
must have a second factor."""

from __future__ import annotations

import random
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from shouwang.accounts.models import SecondFactor, User
from shouwang.accounts.services import create_user, second
from shouwang.accounts.services.second import code_at
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from tests.journeys.world import PASSWORD, small_community
from tests.trials.crashing import trials_wanted
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/sign-in/"


def guess(username: str, password: str, address: str, client: Client | None = None) -> int:
    answer = (client or Client()).post(
        SIGN_IN, {"username": username, "password": password}, REMOTE_ADDR=address
    )
    return int(answer.status_code)


def test_guessing_from_everywhere_gets_ten_tries_and_keeps_nobody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One guesser with many addresses at one account, and others who spray one password over all accounts."""
    names = [f"neighbour{number}" for number in range(8)]
    for name in names:
        create_user(username=name, name="邻居", password=PASSWORD, by=OPERATOR)
    own = Client()
    assert guess(names[0], PASSWORD, "203.0.113.5", own) == 302, "known from now on"
    looked_at: dict[str, int] = dict.fromkeys(names, 0)
    check = User.check_password

    def counted(user: User, raw: str) -> bool:
        looked_at[user.username] += 1
        return check(user, raw)

    monkeypatch.setattr(User, "check_password", counted)
    chance, tries = random.Random(21), trials_wanted(400, 10_000)
    for number in range(tries):
        name = names[0] if number % 2 else chance.choice(names)
        guess(name, f"spring-{number:05d}", f"198.51.{number % 250}.{chance.randrange(250)}")
    worst = max(looked_at.values())
    monkeypatch.undo()
    owner = guess(names[0], PASSWORD, "203.0.113.5", own)
    stranger = guess(names[0], PASSWORD, "198.51.100.7")
    record_trial(
        21, trials=tries, failed=int(worst > 10) + int(owner != 302) + int(stranger != 429),
        what="wrong passwords for eight accounts from many addresses within a quarter of an hour", most_tries=worst,
    )  # fmt: skip
    assert (worst, owner, stranger) == (10, 302, 429)
    assert AccessAttempt.objects.exists()


def test_a_known_browser_is_limited_too() -> None:
    create_user(username="neighbour", name="邻居", password=PASSWORD, by=OPERATOR)
    own = Client()
    assert guess("neighbour", PASSWORD, "203.0.113.5", own) == 302
    assert [guess("neighbour", "wrong", "203.0.113.5", own) for _try in range(11)][-1] == 429
    assert guess("neighbour", PASSWORD, "203.0.113.5", own) == 429


def test_a_forged_cookie_makes_nobody_known() -> None:
    create_user(username="neighbour", name="邻居", password=PASSWORD, by=OPERATOR)
    forger = Client()
    forger.cookies["known"] = "WyJhIl0:1abcde:forged"
    for number in range(11):
        guess("neighbour", "wrong", f"198.51.100.{number}", forger)
    assert guess("neighbour", PASSWORD, "198.51.100.99", forger) == 429


def test_posts_that_see_a_whole_community_must_have_one(settings: Any) -> None:
    """The secretary is led to set it up before anything else; the head of a stairwell and a volunteer are not."""
    world = small_community()
    settings.SHOUWANG_SECOND_FACTOR = "required"
    for name, must in (("alice", True), ("clerk", True), ("bob", False), ("vera", False)):
        client = Client()
        client.force_login(world.people[name])
        answer = client.get("/notices/")
        assert (answer.status_code == 302) is must, name
        assert not must or answer.url == "/accounts/second/set/"
    client = Client()
    client.force_login(world.people["alice"])
    page = client.get("/accounts/second/set/")
    assert page.status_code == 200 and "<svg" in page.content.decode()
    assert client.post("/accounts/tokens/", {"name": "表格", "reach": "read"}).status_code == 302, (
        "no token before it"
    )
    factor = SecondFactor.objects.get(user=world.people["alice"])
    done = client.post("/accounts/second/set/", {"code": code_at(factor, clock.now())})
    assert done.content.decode().count("<code>") == second.RECOVERY_CODES
    assert client.get("/desk/").status_code == 200
