"""A form acts once, whatever the browser does; a refusal is an error at its field."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from shouwang.core import clock
from shouwang.core.errors import NotAllowed, Refusal
from shouwang.core.forms import CommandForm, plain_body
from shouwang.core.ids import uuid7
from shouwang.core.models import CommandReceipt

pytestmark = pytest.mark.django_db


class WishForm(CommandForm):
    UNHASHED: ClassVar[frozenset[str]] = frozenset({"secret"})

    words = forms.CharField()
    secret = forms.CharField(required=False)


def asked_by(user: Any = None) -> HttpRequest:
    request = RequestFactory().post("/")
    request.user = user or AnonymousUser()
    request.at = clock.now()
    return request


def filled(**changes: Any) -> dict[str, Any]:
    return {"command_id": str(uuid7()), "words": "一瓶醋"} | changes


def test_sent_twice_acts_once_and_says_so() -> None:
    done: list[int] = []
    sent = filled()
    answers = [WishForm(sent).apply(asked_by(), "core.wish", lambda: done.append(1)) for _ in range(2)]
    assert [answer.status for answer in answers] == ["accepted", "duplicate"]
    assert done == [1]


def test_same_id_with_other_words_is_refused() -> None:
    sent = filled()
    WishForm(sent).apply(asked_by(), "core.wish", lambda: None)
    again = WishForm(sent | {"words": "two"})
    assert again.apply(asked_by(), "core.wish", lambda: None) is None
    assert again.status == 409
    assert again.non_field_errors()


def test_same_form_for_another_object_is_refused() -> None:
    sent = filled()
    WishForm(sent).apply(asked_by(), "core.wish", lambda: None, also={"request_id": uuid7()})
    again = WishForm(sent)
    assert again.apply(asked_by(), "core.wish", lambda: None, also={"request_id": uuid7()}) is None


@pytest.mark.parametrize(
    ("field", "shown_at"), [("words", "words"), ("elsewhere", "__all__"), (None, "__all__")]
)
def test_refusal_is_an_error_where_it_belongs(field: str | None, shown_at: str) -> None:
    def refuse() -> None:
        raise Refusal("no-vinegar", "There is no %(what)s left.", field=field, what="vinegar")

    form = WishForm(filled())
    assert form.apply(asked_by(), "core.wish", refuse) is None
    assert form.errors[shown_at] == ["There is no vinegar left."]
    assert form.status == 422
    assert not CommandReceipt.objects.exists()


def test_status_of_a_refusal_is_kept() -> None:
    def refuse() -> None:
        raise NotAllowed("not-allowed", "Not yours.")

    form = WishForm(filled())
    form.apply(asked_by(), "core.wish", refuse)
    assert form.status == 403


def test_refused_form_may_be_put_right_and_sent_again() -> None:
    def refuse() -> None:
        raise Refusal("no", "No.")

    sent = filled()
    WishForm(sent).apply(asked_by(), "core.wish", refuse)
    receipt = WishForm(sent | {"words": "oil"}).apply(asked_by(), "core.wish", lambda: "done")
    assert receipt is not None
    assert (receipt.status, receipt.answer) == ("accepted", "done")


@pytest.mark.parametrize("command_id", ["", "not-an-id"])
def test_without_a_command_id_nothing_happens(command_id: str) -> None:
    form = WishForm(filled(command_id=command_id))
    assert form.apply(asked_by(), "core.wish", lambda: pytest.fail("ran")) is None
    assert form.errors["command_id"]


def test_another_person_cannot_reuse_an_id() -> None:
    users = get_user_model().objects
    alice = users.create(username="alice", name="甲", joined_at=clock.now())
    sent = filled()
    WishForm(sent).apply(asked_by(alice), "core.wish", lambda: None)
    assert WishForm(sent).apply(asked_by(), "core.wish", lambda: None) is None


def test_command_id_keeps_its_name_under_a_prefix() -> None:
    form = WishForm(prefix="one")
    assert form["command_id"].html_name == "command_id"
    assert form["words"].html_name == "one-words"


def test_a_password_is_not_even_hashed_into_the_receipt() -> None:
    sent = filled(secret="one")
    WishForm(sent).apply(asked_by(), "core.wish", lambda: None)
    receipt = WishForm(sent | {"secret": "two"}).apply(asked_by(), "core.wish", lambda: None)
    assert receipt is not None
    assert receipt.status == "duplicate"


def test_files_count_by_their_content_and_can_still_be_read() -> None:
    file = SimpleUploadedFile("name.jpg", b"picture")
    same = SimpleUploadedFile("other.jpg", b"picture")
    assert plain_body({"photo": file}) == plain_body({"photo": same})
    assert plain_body({"photo": SimpleUploadedFile("name.jpg", b"else")}) != plain_body({"photo": file})
    assert file.read() == b"picture"
