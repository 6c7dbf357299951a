"""Delivery runs: how far a plan, a run and a stop are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(TextChoices):
    """`asked` waits for the planner; `ready` stands until something changes, and is planned anew then."""

    ASKED = "asked", pgettext_lazy("delivery plan", "asked for")
    PLANNING = "planning", pgettext_lazy("delivery plan", "being planned")
    READY = "ready", pgettext_lazy("delivery plan", "ready")
    FAILED = "failed", pgettext_lazy("delivery plan", "could not be planned")
    OVER = "over", pgettext_lazy("delivery plan", "over")


PLAN_MOVES = {
    PlanState.ASKED: frozenset({PlanState.ASKED, PlanState.PLANNING, PlanState.OVER}),
    PlanState.PLANNING: frozenset(
        {PlanState.ASKED, PlanState.PLANNING, PlanState.READY, PlanState.FAILED, PlanState.OVER}
    ),
    PlanState.READY: frozenset({PlanState.ASKED, PlanState.PLANNING, PlanState.OVER}),
    PlanState.FAILED: frozenset({PlanState.ASKED, PlanState.PLANNING, PlanState.OVER}),
}


class PlanFault(TextChoices):
    """Why a plan is not what it could be."""

    NONE = "", ""
    NOBODY = "nobody", _("Nobody helps yet. Say who carries, and with which cart.")
    NO_SOLVER = (
        "no_solver",
        _("This computer has no route planner, so the runs are made as by hand: building by building."),
    )


class RunState(TextChoices):
    """One trip with a cart. Only a planned one is ever changed by planning."""

    PLANNED = "planned", pgettext_lazy("delivery run", "planned")
    LOADING = "loading", pgettext_lazy("delivery run", "being loaded")
    OUT = "out", pgettext_lazy("delivery run", "on its way")
    OVER = "over", pgettext_lazy("delivery run", "over")


RUN_MOVES = {
    RunState.PLANNED: frozenset({RunState.LOADING}),
    RunState.LOADING: frozenset({RunState.OUT, RunState.PLANNED}),
    RunState.OUT: frozenset({RunState.OVER}),
}
BEGUN = (RunState.LOADING, RunState.OUT)
LIVE = (RunState.PLANNED, RunState.LOADING, RunState.OUT)


class StopState(TextChoices):
    """What became of one stop. `called`: the cart stands at the stairwell, and the household was told or rung."""

    OPEN = "open", pgettext_lazy("stop", "still to come")
    CALLED = "called", pgettext_lazy("stop", "the cart is there")
    HANDED_OVER = "handed_over", _("handed over")
    LEFT_AT_DOOR = "left_at_door", _("left at the door")
    NOBODY = "nobody", _("nobody there")
    NOT_WANTED = "not_wanted", pgettext_lazy("stop", "not wanted")
    BROUGHT_BACK = "brought_back", _("brought back")


ENDS = frozenset(
    {StopState.HANDED_OVER, StopState.LEFT_AT_DOOR, StopState.NOBODY, StopState.NOT_WANTED, StopState.BROUGHT_BACK}
)  # fmt: skip
# A slip of the finger: what was said to be handed over lies in the cart again, or at the gate where the run is over.
TAKEN_BACK = frozenset({StopState.OPEN, StopState.CALLED, StopState.NOBODY, StopState.BROUGHT_BACK})
# A phone that was away may say the end of a stop before it says that the cart was there, and a second try may
# succeed after the first did not, or after the run was said to be over.
STOP_MOVES = {
    StopState.OPEN: ENDS | {StopState.CALLED},
    StopState.CALLED: ENDS,
    StopState.NOBODY: frozenset(
        {StopState.CALLED, StopState.HANDED_OVER, StopState.LEFT_AT_DOOR, StopState.NOT_WANTED, StopState.BROUGHT_BACK}
    ),
    StopState.NOT_WANTED: frozenset({StopState.HANDED_OVER, StopState.LEFT_AT_DOOR, StopState.BROUGHT_BACK}),
    StopState.BROUGHT_BACK: frozenset({StopState.HANDED_OVER, StopState.LEFT_AT_DOOR}),
    StopState.HANDED_OVER: TAKEN_BACK,
    StopState.LEFT_AT_DOOR: TAKEN_BACK,
}  # fmt: skip
# Still to be rung at.
OPEN_STOPS = (StopState.OPEN, StopState.CALLED)
# In the cart, and not yet in anybody's hands.
IN_CART = (StopState.OPEN, StopState.CALLED, StopState.NOBODY, StopState.NOT_WANTED)
GIVEN = (StopState.HANDED_OVER, StopState.LEFT_AT_DOOR)
