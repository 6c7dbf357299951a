"""One's own account: password, language, tokens; closing and erasing it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client

from shouwang.accounts import jobs, selectors, services
from shouwang.accounts.models import ApiToken, User
from shouwang.core import clock
from shouwang.core.actors import CLOCK, OPERATOR
from shouwang.core.errors import NotAllowed, Refusal
from shouwang.core.ids import uuid7
from shouwang.core.models import AuditEntry, CommandReceipt, Tombstone

pytestmark = pytest.mark.django_db
PASSWORD = "willow-kettle-42"


@pytest.fixture
def alice() -> User:
    return services.create_user(
        username="alice", name="甲", password=PASSWORD, by=OPERATOR, phone="19900000001"
    )


@pytest.fixture
def bob() -> User:
    return services.create_user(username="bob", name="乙", password=PASSWORD, by=OPERATOR)


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("username", "name", "password", "code"),
    [("alice", "丙", PASSWORD, "username-taken"), ("ALICE", "丙", PASSWORD, "username-taken"),
     ("a", "丙", PASSWORD, "username-unfit"), ("two words", "丙", PASSWORD, "username-unfit"),
     ("carol", " ", PASSWORD, "name-missing"), ("carol", "丙", "short", "password-weak"),
     ("carol", "丙", "1234567890123", "password-weak")],
)  # fmt: skip
def test_unfit_accounts_are_refused(alice: User, username: str, name: str, password: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        services.create_user(username=username, name=name, password=password, by=OPERATOR)
    assert refusal.value.code == code
    assert User.objects.count() == 1


def test_record_of_an_account_names_nobody(alice: User) -> None:
    entry = AuditEntry.objects.get(kind="accounts.user.created")
    assert entry.subject_id == alice.pk
    assert "甲" not in str(entry.payload)
    assert "1990" not in str(entry.payload)


def change(client: Client, **values: str):
    return client.post("/accounts/password/", {"command_id": str(uuid7()), **values})


def test_new_password_needs_the_present_one(client: Client, alice: User) -> None:
    page = change(client, old="wrong", password="maple-drum-77")
    assert page.status_code == 422
    assert page.context["form"].errors["old"]
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_weak_password_is_refused_at_its_field(client: Client) -> None:
    assert change(client, old=PASSWORD, password="password12").context["form"].errors["password"]


def test_changed_password_keeps_this_browser_and_ends_the_others(client: Client, alice: User) -> None:
    other = Client()
    other.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert change(client, old=PASSWORD, password="maple-drum-77").status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("maple-drum-77")


def make(client: Client, command_id: str | None = None, **values: str):
    body = {"command_id": command_id or str(uuid7()), "name": "report", "reach": "read"} | values
    return client.post("/accounts/tokens/", body)


def test_secret_is_shown_once_and_kept_nowhere(client: Client) -> None:
    command_id = str(uuid7())
    page = make(client, command_id)
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert selectors.user_for_token(secret, clock.now()) is not None
    assert secret not in client.get("/accounts/").content.decode()
    assert make(client, command_id).status_code == 302
    assert ApiToken.objects.count() == 1
    kept = str(list(CommandReceipt.objects.values_list("answer"))) + str(
        list(AuditEntry.objects.values_list("payload"))
    )
    assert secret not in kept


def test_unknown_reach_is_refused(client: Client) -> None:
    page = make(client, reach="everything")
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_ended_token_opens_nothing(client: Client, alice: User) -> None:
    token, secret = services.create_token(name="x", user=alice, reach="read", by=alice)
    client.post(f"/accounts/tokens/{token.pk}/end/")
    assert selectors.token_for(secret, clock.now()) is None


def test_another_ones_token_does_not_exist(client: Client, bob: User) -> None:
    token, secret = services.create_token(name="x", user=bob, reach="read", by=bob)
    assert client.post(f"/accounts/tokens/{token.pk}/end/").status_code == 404
    assert selectors.token_for(secret, clock.now()) == token
    with pytest.raises(Http404):
        selectors.token_of(bob, uuid4(), clock.now())


def test_nobody_makes_a_token_for_another(alice: User, bob: User) -> None:
    with pytest.raises(NotAllowed):
        services.create_token(name="x", user=bob, reach="read", by=alice)
    with pytest.raises(NotAllowed):
        services.create_token(name="x", user=bob, reach="read", by=CLOCK)


def test_ending_a_user_ends_the_tokens(alice: User) -> None:
    _token, secret = services.create_token(name="x", user=alice, reach="read", by=alice)
    services.end_user(user=alice, by=OPERATOR)
    assert selectors.user_for_token(secret, clock.now()) is None
    with pytest.raises(Refusal):
        services.create_token(name="x", user=alice, reach="read", by=OPERATOR)


def test_use_is_kept_to_five_minutes(alice: User) -> None:
    token, _secret = services.create_token(name="x", user=alice, reach="read", by=alice)
    at = clock.now()
    services.mark_token_used(token=token, at=at)
    token.refresh_from_db()
    services.mark_token_used(token=token, at=at + timedelta(minutes=4))
    token.refresh_from_db()
    assert token.last_used_at == at
    services.mark_token_used(token=token, at=at + timedelta(minutes=5))
    token.refresh_from_db()
    assert token.last_used_at == at + timedelta(minutes=5)


@pytest.mark.parametrize("language", ["en", "zh-hant", ""])
def test_language_is_kept(client: Client, alice: User, language: str) -> None:
    client.post("/accounts/language/", {"command_id": str(uuid7()), "language": language})
    alice.refresh_from_db()
    assert alice.language == language


def test_unknown_language_is_refused(client: Client, alice: User) -> None:
    page = client.post("/accounts/language/", {"command_id": str(uuid7()), "language": "tlh"})
    assert page.status_code == 422


@pytest.mark.both
def test_ended_users_are_erased_when_their_days_are_over(alice: User, bob: User) -> None:
    services.create_token(name="x", user=alice, reach="read", by=alice)
    ended = clock.now()
    services.end_user(user=alice, by=OPERATOR, at=ended)
    early, late = ended + timedelta(days=364), ended + timedelta(days=366)
    assert (jobs.count_users(early), jobs.count_users(late)) == (0, 1)
    assert jobs.erase_users(late, 10) == 1
    assert (jobs.count_users(late), jobs.count_users_left(late)) == (0, 0)
    alice.refresh_from_db()
    assert (alice.name, alice.phone) == ("", "")
    assert "alice" not in alice.username
    assert Tombstone.objects.filter(subject_id=alice.pk).exists()
    assert User.objects.get(pk=bob.pk).name == "乙"
