"""The main pages as the secretary gets them, from request to last byte, beside their own reads alone."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from shouwang.core.audit import position_now
from shouwang.help.selectors import requests_for
from shouwang.people.selectors import households_for
from shouwang.places.selectors import buildings_in
from shouwang.site.bench.replay import reads_of, replay, statements_of
from shouwang.site.bench.timing import Pair
from shouwang.site.bench.world import World

BESIDE = "its own reads, sent again bare"


def page_pairs(world: World) -> list[Pair]:
    """Today, the wall of every door, a building, the board, a request, a household's file, a place."""
    client = Client()
    client.force_login(world.secretary)
    session = client.session
    session["second"] = "yes"  # as after a code from the phone
    session.save()
    building = buildings_in(world.community.pk)[7]
    home = households_for(world.scope).filter(building_id=building.pk).order_by("pk")[0]
    request = requests_for(world.scope).filter(state="under_way").order_by("pk")[0]
    return [
        _watch(client),
        _page(client, "page.today", 60, reverse("desk:today")),
        _page(client, "page.wall", 60, reverse("desk:wall")),
        _page(client, "page.building", 30, reverse("desk:building", args=[building.pk])),
        _page(client, "page.board", 40, reverse("help:board")),
        _page(client, "page.request", 30, reverse("help:request", args=[request.pk])),
        _page(client, "page.list", 30, reverse("people:household_list")),
        _page(client, "page.household", 30, reverse("desk:household", args=[home.pk])),
        _page(client, "page.place", 30, reverse("desk:place", args=[building.pk])),
    ]


def _watch(client: Client) -> Pair:
    """A desk that watches Today while nothing happens: it asks every five seconds, so that a thousand of them cost one
    core when one question costs five milliseconds."""
    here: dict[str, int] = {}

    def before(turn: int) -> None:
        here["after"] = position_now()

    def ours(turn: int) -> Any:
        answer = client.get(reverse("desk:today"), here)
        if answer.status_code != 204:
            raise RuntimeError(f"today.watch answered {answer.status_code}")
        return answer

    before(0), ours(0), ours(0)
    reads = reads_of(statements_of(lambda: ours(0)))
    return Pair(
        "today.watch", aim=5, beside=BESIDE, ours=ours, rival=lambda turn: replay(reads), before=before
    )


def _page(client: Client, code: str, aim: float, url: str) -> Pair:
    def ours(turn: int) -> Any:
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{code} answered {answer.status_code}")
        return answer

    ours(0)  # whatever is loaded or written only once
    reads = reads_of(statements_of(lambda: ours(0)))
    return Pair(code, aim=aim, beside=BESIDE, ours=ours, rival=lambda turn: replay(reads))
