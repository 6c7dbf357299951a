"""Taking in a request, and whom to ask, beside the same statements alone."""

from __future__ import annotations

from shouwang.help.selectors import requests_for, suggestions_for
from shouwang.people.selectors import households_for
from shouwang.site.bench.pages import BESIDE
from shouwang.site.bench.replay import Statement, reads_of, replay, statements_of, statements_undone
from shouwang.site.bench.timing import Pair
from shouwang.site.bench.world import WISHES, World, ask


def create_pair(world: World) -> Pair:
    """One request by phone with its line, number, event, audit row and due row."""
    home = households_for(world.scope).select_related("dwelling__place").order_by("id")[0]
    prepared: list[Statement] = []

    def ours(turn: int) -> None:
        ask(world.community, home, WISHES[turn % len(WISHES)], world.secretary, world.at)

    def before(turn: int) -> None:
        """Taken back, so that the same ids and the same number may be sent once more, before ours takes the next."""
        prepared[:] = statements_undone(lambda: ours(turn))

    def rival(turn: int) -> None:
        replay(prepared, together=True)

    return Pair(
        "request.create",
        aim=10,
        beside="the same statements alone, in one transaction",
        ours=ours,
        rival=rival,
        before=before,
        rival_first=True,
    )


def suggestion_pair(world: World) -> Pair:
    """Everybody who serves, weighed for one request."""
    waiting = requests_for(world.scope).filter(state="new").select_related("dwelling__place", "place")
    request = waiting.order_by("pk")[0]

    def ours(turn: int) -> None:
        suggestions_for(request, world.at)

    reads = reads_of(statements_of(lambda: ours(0)))
    return Pair("help.suggestions", aim=20, beside=BESIDE, ours=ours, rival=lambda turn: replay(reads))
