"""What must not be seen, looked for everywhere it could be: pages, API, addresses, logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils.translation import override

from shouwang.core import clock
from shouwang.core.actors import RESIDENT
from shouwang.goods.models import Run
from shouwang.goods.services.run_trips import end_run
from shouwang.help import services as help_services
from shouwang.places.rules import ROLE_RIGHTS
from shouwang.volunteers.models import Commitment
from shouwang.volunteers.services import close_commitment, stand_down
from shouwang.volunteers.states import StandDownReason
from tests.guards.reading import told
from tests.guards.routes_asking import Line, Visitor, browser, text_of, undone
from tests.guards.routes_homes import CARE_NOTE
from tests.guards.routes_world import (
    ANONYMOUS,
    ROLES,
    WITHOUT_POST,
    WORDS,
    Corner,
    World,
    id_number,
)  # fmt: skip
from tests.guards.test_routes_access import LINES, TABLE_READ
from tests.trials.record import record_trial

pytestmark = pytest.mark.django_db
SEARCHES = (
    "POST /desk/search/",
    "POST /help/search/",
    "POST /people/search/",
    "POST /people/",
    "POST /volunteers/",
)


def entered(role: str, *, skip: Iterable[str] = ()) -> list[Line]:
    """Every line that reads and lets the role in."""
    return [
        LINES[name]
        for name, expected in TABLE_READ.items()
        if name.startswith("GET ") and role in expected.inside and name not in skip
    ]


def searched(role: str) -> list[Line]:
    return [LINES[name] for name in SEARCHES if role in TABLE_READ[name].inside]


def asked(
    visitor: Visitor, lines: Iterable[Line], body: dict[str, Any] | None = None
) -> Iterator[tuple[Line, str]]:
    """What each of the lines says about `here`."""
    for line in lines:
        yield line, text_of(visitor.ask(line, visitor.world.here, body))


def said(
    visitor: Visitor, lines: Iterable[Line], secrets: Iterable[str], body: dict[str, Any] | None = None
) -> list[str]:
    """Where one of the secrets is said to this role."""
    found = list(secrets)
    return [
        f"{visitor.role} {line}: says {secret}"
        for line, text in asked(visitor, lines, body)
        for secret in found
        if secret in text
    ]


def without(capability: str) -> list[str]:
    return [
        role for role in ROLES if role not in ROLE_RIGHTS or capability not in ROLE_RIGHTS[role].capabilities
    ]


# Confidential requests


def confidential_secrets(corner: Corner) -> list[str]:
    found = corner.requests["confidential"]
    return [found.title, str(found.pk), f">{found.spoken_number}<"]


@pytest.mark.parametrize("role", without("help.see_confidential"))
def test_a_confidential_request_is_nowhere(role: str, visitors: dict[str, Visitor]) -> None:
    visitor = visitors[role]
    secrets = confidential_secrets(visitor.world.here)
    found = said(visitor, entered(role), secrets)
    for words in ("confidential", visitor.world.here.requests["confidential"].spoken_number):
        found += said(visitor, searched(role), secrets, {"q": words, "words": words})
    record_trial(
        20, trials=len(secrets) * len(entered(role)), failed=len(found),
        what="words of a confidential request looked for on every page, search and answer of the API, for each role",
    )  # fmt: skip
    assert not found, told(found)


def test_a_confidential_request_counts_for_nobody_else(world: World, visitors: dict[str, Visitor]) -> None:
    """One more changes no figure of the clerk's; one more that is not confidential does."""
    lines = [LINES[name] for name in ("GET /desk/", "GET /desk/wall/", "GET /help/", "GET /api/v1/requests")]

    def shown(**more: Any) -> list[str]:
        with undone():
            if more:
                _another(world.here, **more)
            return [bare(text) for _line, text in asked(visitors["clerk"], lines)]

    before = shown()
    assert shown(confidential=True) == before
    assert shown(confidential=False) != before


def _another(corner: Corner, **more: Any) -> None:
    help_services.take_in_request(
        community_id=corner.community.pk, place=None, dwelling=corner.dwelling, household=corner.household,
        category="shopping", urgency="today", source="visit", title="又一件", words="",
        by=corner.owners["secretary"].user, **more,
    )  # fmt: skip


def test_the_secretary_sees_it(visitors: dict[str, Visitor]) -> None:
    """The same look finds it where it may be."""
    secretary = visitors["secretary"]
    secrets = confidential_secrets(secretary.world.here)
    assert {secret for line in said(secretary, entered("secretary"), secrets) for secret in secrets if secret in line} >= {
        secrets[0], secrets[1],
    }  # fmt: skip


# Illness, and what a volunteer sees of a household


def illness(corner: Corner) -> list[str]:
    return [WORDS + corner.mark, CARE_NOTE + corner.mark, "dialysis", "oxygen", "透析", "吸氧", "家用氧"]


@pytest.mark.parametrize("role", [*WITHOUT_POST, ANONYMOUS])
def test_illness_is_not_for_those_without_a_post(role: str, visitors: dict[str, Visitor]) -> None:
    visitor = visitors[role]
    lines = entered(role, skip={"GET /api/v1/openapi.json"})
    found = said(visitor, lines, illness(visitor.world.here))
    record_trial(
        20, trials=len(lines) * len(illness(visitor.world.here)), failed=len(found),
        what="words of illness looked for on every page and answer of the API, for those without a post",
    )  # fmt: skip
    assert not found, told(found)


def test_illness_is_seen_by_those_it_is_for(visitors: dict[str, Visitor]) -> None:
    visitor = visitors["grid_worker"]
    found = " ".join(said(visitor, entered("grid_worker"), illness(visitor.world.here)))
    assert WORDS in found and ("dialysis" in found or "透析" in found)


def test_a_volunteer_sees_the_household_while_it_lasts(world: World, visitors: dict[str, Visitor]) -> None:
    volunteer, here = visitors["volunteer"], world.here
    opened = [
        LINES["GET /api/v1/households/<uuidstr:household_id>"],
        LINES["GET /field/requests/<uuid:request_id>/"],
        LINES["GET /help/requests/<uuid:request_id>/"],
    ]

    def statuses() -> list[int]:
        return [volunteer.ask(line, here).status_code for line in opened]

    assert statuses() == [200, 200, 200]
    assert here.phone in text_of(volunteer.ask(opened[0], here))
    help_services.decline_offer(assignment=here.offer, by=volunteer.belongings.user)
    assert statuses() == [200, 200, 200], "what is in hand is still in hand"
    help_services.finish_request(request=here.requests["in_hand"], by=volunteer.belongings.user)
    assert statuses() == [200, 404, 404], (
        "their shopping is in the same hands, and a bag for them in the cart"
    )
    end_run(run=Run.objects.get(pk=here.runs["out"]), by=here.owners["secretary"].user)
    user = volunteer.belongings.user
    rest = Commitment.objects.filter(volunteer__user=user, household_id=here.household.pk, state="open")
    *others, last = rest
    for one in others:
        close_commitment(commitment=one, by=user)
    assert statuses() == [200, 404, 404]
    close_commitment(commitment=last, by=user)
    assert statuses() == [404, 404, 404]
    assert not said(volunteer, [LINES["GET /api/v1/households"], LINES["GET /api/v1/requests"]], [here.phone])


# Standing down


def why(language: str = "zh-hans") -> list[str]:
    with override(language):
        return [str(StandDownReason.CONTACT.label)]


@pytest.mark.parametrize("role", ["clerk", "grid_head", "building_head", "stairwell_head", "volunteer_free"])
def test_why_somebody_stood_down(role: str, world: World, visitors: dict[str, Visitor]) -> None:
    """Said to those who answer for the community alone."""
    here = world.here
    stand_down(volunteer=here.volunteer, reason="contact", by=here.owners["secretary"].user)
    # the page that asks for the reason lists all reasons
    skip = {"GET /volunteers/<uuid:volunteer_id>/stand-down/", "GET /api/v1/openapi.json"}
    secrets = ["密接", "close contact", '"reason": "contact"']
    found = said(visitors[role], entered(role, skip=skip), secrets)
    assert not found, told(found)
    page = LINES["GET /volunteers/<uuid:volunteer_id>/"]
    assert said(visitors["secretary"], [page], [*why(), *secrets]), "the secretary is told why"


# The portal tells nobody who lives where

CHANGING = (
    (r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"', "csrf"),
    (r'name="command_id" value="[^"]*"', "command"),
    (r"(?i)csrftoken[^\n]*|x-csrftoken[^\n,]*", "csrf"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "id"),
    (r"/r/[\w-]+/", "/r/token/"),
    (r"\d{1,2}:\d\d(:\d\d)?|\d{4}-\d\d-\d\d[T ][\d:.+]*", "time"),
    (r"\b\d{4}\b", "number"),
    (r"after=\d+|X-After: \d+|data-after=\"\d+\"|\"position\": \d+", "after"),
    (r"Content-Length: \d+", "length"),
)


def bare(text: str) -> str:
    """An answer without what is another each time: tokens, ids, times, the request's number."""
    for pattern, word in CHANGING:
        text = re.sub(pattern, word, text)
    return text


def asked_at_the_door(corner: Corner, **said_there: str) -> list[str]:
    """What somebody at the door is shown: the answer to the form, and the page behind the private link."""
    form = {
        "choice": "medicine",
        "words": "降压药两盒",
        "command_id": "01900000-0000-7000-8000-000000000001",
        **said_there,
    }
    with undone():
        answer = browser().post(reverse("portal:ask", args=[corner.stairwell.door_code, "medicine"]), form)
        shown = [f"{answer.status_code} {text_of(answer)}"]
        if answer.status_code == 302:
            followed = browser().get(answer.headers["Location"])
            shown.append(f"{followed.status_code} {text_of(followed)}")
    return [bare(text) for text in shown]


def test_the_portal_knows_nobody(world: World) -> None:
    here = world.here
    stranger = asked_at_the_door(here, door="909", name="张一", phone="19900069999")
    assert len(stranger) == 2 and stranger[1].startswith("200 ")
    assert asked_at_the_door(here, door="501", name="张一", phone="19900069999") == stranger, "a door"
    assert asked_at_the_door(here, door="909", name=here.person.name, phone="19900069999") == stranger, (
        "a name"
    )
    assert asked_at_the_door(here, door="909", name="张一", phone=here.phone) == stranger, "a number"
    known = asked_at_the_door(here, door="501", name=here.person.name, phone=here.phone)
    assert known == stranger, "all of them"
    assert asked_at_the_door(here, door="501", words="换个说法") != stranger, "a difference would be seen"


def test_a_door_that_does_not_exist_is_a_404() -> None:
    assert browser().get(reverse("portal:choose", args=["no-such-door"])).status_code == 404


@pytest.mark.parametrize(
    ("since", "status"), [(timedelta(days=7, seconds=1), 404), (timedelta(days=7, minutes=-5), 200)]
)
def test_a_private_link_dies_after_seven_days(since: timedelta, status: int, world: World) -> None:
    here, ended = world.here, clock.now() - since
    made, token = help_services.take_in_request(
        community_id=here.community.pk, place=here.stairwell, dwelling=None, household=None, category="shopping",
        urgency="normal", source="portal", title="土豆", words="", by=RESIDENT, at=ended - timedelta(hours=1),
    )  # fmt: skip
    assert browser().get(reverse("portal:follow", args=[token])).status_code == 200
    help_services.withdraw_request(request=made, by=RESIDENT, at=ended)
    assert browser().get(reverse("portal:follow", args=[token])).status_code == status
    words = browser().post(reverse("portal:add_words", args=[token]), {"words": "还有"})
    assert words.status_code == (404 if status == 404 else 302)


# Who may take a post


def test_the_list_for_a_post_holds_nobody_of_elsewhere(world: World, visitors: dict[str, Visitor]) -> None:
    """Whoever has an account and is not known here yet is named by the sign-in name."""
    fill, clerk, newcomer = (
        LINES["POST /places/<uuid:place_id>/posts/fill/"],
        visitors["clerk"],
        "newcomer-312",
    )
    away = world.away.owners["volunteer"].user

    def status(**body: str) -> int:
        return int(clerk.ask(fill, world.here, {"role": "stairwell_head", **body}).status_code)

    assert world.users["newcomer"].user.username == newcomer
    assert status(holder=str(world.users["volunteer_free"].user.pk)) == 302
    assert status(username=newcomer) == 302
    assert status(holder=str(away.pk)) == 422
    assert status(username="nobody-at-all") == 422
    assert status() == 422


# Addresses and logs

LINKS = re.compile(r'(?:href|action|src|hx-get|hx-post|data-url)="([^"]*)"')
BY_THE_PHONE = ("tel:", "sms:", "data:")


def addresses_in(text: str) -> set[str]:
    """Addresses that a page would send to a server, readable."""
    found = {unquote(unescape(address)) for address in LINKS.findall(text)}
    found |= {unquote(address) for address in re.findall(r"^(?:Location|HX-Redirect): (.*)$", text, re.M)}
    return {address for address in found if not address.startswith(BY_THE_PHONE)}


def personal(corner: Corner) -> list[str]:
    return [*corner.secrets, "ntfy.example.org"]


@pytest.mark.parametrize("role", ["secretary", "volunteer"])
def test_nothing_personal_in_addresses_or_logs(
    role: str, visitors: dict[str, Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    visitor = visitors[role]
    here = visitor.world.here
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.DEBUG, "shouwang")
    lines = [
        LINES[name] for name, expected in TABLE_READ.items() if role in expected.inside | expected.refused
    ]
    found = []
    for line, text in asked(visitor, lines):
        for address in addresses_in(text):
            found += [f"{line}: {secret} in {address}" for secret in personal(here) if secret in address]
    for body in ({"q": here.person.name}, {"q": here.phone}, {"q": id_number(here.number)}):
        list(asked(visitor, searched(role), body))
    asked_at_the_door(here, door="501", name=here.person.name, phone=here.phone)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    found += [f"logged: {secret}" for secret in personal(here) if secret in unquote(logged)]
    assert logged, "something was logged, and looked through"
    assert not found, told(found)


def test_a_name_in_an_address_is_noticed() -> None:
    text = '<a href="/people/?q=%E6%9D%8E">x</a><a href="tel:19900070300">x</a>\nLocation: /r/李/\n'
    assert addresses_in(text) == {"/people/?q=李", "/r/李/"}
