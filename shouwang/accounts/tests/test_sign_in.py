"""Coming in and leaving: uniform answers, lockout by account and address, everything on record."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from shouwang.accounts import services
from shouwang.accounts.models import User
from shouwang.core import clock
from shouwang.core.actors import OPERATOR
from shouwang.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "willow-kettle-42"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def alice() -> User:
    return services.create_user(
        username="alice", name="甲", password=PASSWORD, by=OPERATOR, phone="19900000001"
    )


def attempt(username: str, password: str, address: str = "203.0.113.5", client: Client | None = None):
    return (client or Client()).post(
        SIGN_IN, {"username": username, "password": password}, REMOTE_ADDR=address
    )


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("kind", flat=True))


def test_right_password_opens_and_is_on_record(alice: User) -> None:
    answer = attempt("alice", PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert kinds()[-1] == "accounts.user.signed_in"


@pytest.mark.parametrize("username", ["Alice", " alice ", "ａｌｉｃｅ"])
def test_sign_in_name_is_found_however_it_is_typed(alice: User, username: str) -> None:
    assert attempt(username, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("wished", "reached"),
    [("/accounts/", "/accounts/"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_goes_on_to_where_one_wanted_but_never_elsewhere(alice: User, wished: str, reached: str) -> None:
    answer = Client().post(SIGN_IN, {"username": "alice", "password": PASSWORD, "next": wished})
    assert answer.url == reached


def test_unknown_name_wrong_password_and_closed_account_answer_alike(alice: User) -> None:
    closed = services.create_user(username="bob", name="乙", password=PASSWORD, by=OPERATOR)
    services.end_user(user=closed, by=OPERATOR)
    pages = [
        attempt(name, secret) for name, secret in (("alice", "wrong"), ("nobody", "wrong"), ("bob", PASSWORD))
    ]
    assert {page.status_code for page in pages} == {422}
    errors = {tuple(page.context["form"].non_field_errors()) for page in pages}
    assert len(errors) == 1


def test_tenth_wrong_try_locks_the_account_but_not_a_browser_that_knows_it(alice: User) -> None:
    own = Client()
    assert attempt("alice", PASSWORD, address="203.0.113.77", client=own).status_code == 302
    answers = [attempt("alice", f"wrong-{n}").status_code for n in range(12)]
    assert answers[:9] == [422] * 9
    assert set(answers[9:]) == {429}
    assert attempt("alice", PASSWORD).status_code == 429
    assert attempt("alice", PASSWORD, address="203.0.113.78").status_code == 429
    assert attempt("alice", PASSWORD, address="203.0.113.77", client=own).status_code == 302


def test_guessing_in_another_spelling_counts_for_the_same_account(alice: User) -> None:
    for spelling in ["alice", "ALICE", "Alice "] * 4:
        last = attempt(spelling, "wrong")
    assert last.status_code == 429


def test_unknown_name_is_locked_alike_and_leaves_no_record() -> None:
    answers = [attempt("nobody", "wrong").status_code for _ in range(11)]
    assert answers[-1] == 429
    assert "accounts.user.locked_out" not in kinds()


def test_lockout_is_on_record_once(alice: User) -> None:
    for _ in range(13):
        attempt("alice", "wrong")
    assert kinds().count("accounts.user.locked_out") == 1


def test_lockout_is_over_after_a_quarter_of_an_hour(alice: User) -> None:
    for _ in range(10):
        attempt("alice", "wrong")
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=16))
    assert attempt("alice", PASSWORD).status_code == 302


def test_lockout_page_says_when_it_is_over(alice: User) -> None:
    for _ in range(9):
        attempt("alice", "wrong")
    page = Client(headers={"accept-language": "en"}).post(
        SIGN_IN, {"username": "alice", "password": "x"}, REMOTE_ADDR="203.0.113.5"
    )
    assert "quarter of an hour" in page.content.decode()


def test_neither_name_nor_password_reaches_a_log(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(11):
        attempt("alice", "very-secret-guess")
    assert "alice" not in caplog.text
    assert "very-secret-guess" not in caplog.text
    assert not AccessAttempt.objects.filter(post_data__contains="very-secret-guess").exists()


def test_sign_out_takes_a_post_and_is_on_record(alice: User) -> None:
    client = Client()
    attempt("alice", PASSWORD, client=client)
    assert client.get("/accounts/sign-out/").status_code == 405
    client.post("/accounts/sign-out/")
    assert kinds()[-1] == "accounts.user.signed_out"
    assert client.get("/accounts/").url.startswith(SIGN_IN)


def test_leaving_twice_leads_to_the_door() -> None:
    assert Client().post("/accounts/sign-out/").url == SIGN_IN


def test_a_forged_sign_in_is_refused(alice: User) -> None:
    answer = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 403


def test_ended_user_is_out_at_once(alice: User) -> None:
    client = Client()
    attempt("alice", PASSWORD, client=client)
    services.end_user(user=alice, by=OPERATOR)
    assert client.get("/accounts/").status_code == 302


def test_language_of_the_account_comes_with_sign_in(alice: User) -> None:
    services.choose_language(user=alice, language="en", by=alice)
    client = Client()
    attempt("alice", PASSWORD, client=client)
    assert client.cookies["language"].value == "en"


@pytest.mark.parametrize(
    ("demo", "address", "forwarded", "found"),
    [(True, "127.0.0.1", "", True), (True, "::1", "", True), (False, "127.0.0.1", "", False),
     (True, "192.168.1.9", "", False), (True, "127.0.0.1", "192.168.1.9", False)],
)  # fmt: skip
def test_demo_exists_only_in_demo_mode_and_from_this_machine(
    settings, demo: bool, address: str, forwarded: str, found: bool
) -> None:
    services.create_user(username="demo-secretary", name="陈书记", password=None, by=OPERATOR)
    settings.SHOUWANG_DEMO = demo
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    routes = [reverse("accounts:demo"), reverse("accounts:demo_sign_in", args=["secretary"])]
    statuses = {Client().get(route, REMOTE_ADDR=address, **extra).status_code for route in routes}
    posted = Client().post(routes[1], REMOTE_ADDR=address, **extra).status_code
    assert statuses == {200 if found else 404}
    assert posted == (302 if found else 404)


def test_demo_link_signs_in_only_with_its_own_key(settings) -> None:
    from shouwang.accounts.selectors import demo_key

    settings.SHOUWANG_DEMO = True
    for code in ("secretary", "clerk"):
        services.create_user(username=f"demo-{code}", name="某人", password=None, by=OPERATOR)
    route = reverse("accounts:demo_sign_in", args=["secretary"])
    assert Client().get(route, {"key": demo_key("secretary")}).status_code == 302
    for key in ("", "x", demo_key("clerk")):
        client = Client()
        assert client.get(route, {"key": key}).status_code == 200
        assert "_auth_user_id" not in client.session


def test_nobody_plays_an_unknown_role(settings) -> None:
    settings.SHOUWANG_DEMO = True
    assert Client().post(reverse("accounts:demo_sign_in", args=["emperor"])).status_code == 404
