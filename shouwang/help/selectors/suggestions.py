"""Whom to ask: every volunteer of the community, nearest first, each with the reasons for and against.

The cost is that of the contract for assignments (metres along both axes + 200 x what they have in hand + 150
where somebody else did it last time), so that a suggestion and a plan never contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shouwang.help.models import Assignment, HelpRequest
from shouwang.help.selectors.reach import rungs_for
from shouwang.help.states import BY_PHONE, LIVE_ASSIGNMENTS, AssignmentState
from shouwang.places.models import Place
from shouwang.places.selectors import labels_of
from shouwang.places.states import Level
from shouwang.volunteers.models import Volunteer
from shouwang.volunteers.selectors import can_serve, enrolled, loads
from shouwang.volunteers.states import Skill

LOAD_METRES = 200
CONTINUITY_METRES = 150
# Without coordinates: next stairwell, next building, elsewhere in the grid, elsewhere.
SAME_STAIRWELL, SAME_BUILDING, SAME_GRID, ELSEWHERE = 0, 20, 150, 400
# Whoever answers for the place is asked before whoever merely lives near.
POST_METRES = 60
MOST_NOT = 3
# A community has hundreds who serve, and only nearness and name are asked of their homes and accounts.
UNREAD = (
    *(
        f"home__{name}"
        for name in ("path", "depth", "numchild", "kind", "sort_key", "time_zone", "door_code", "until")
    ),
    *(f"user__{name}" for name in ("password", "last_login", "joined_at", "ended_at", "locked_said_at")),
)


@dataclass(frozen=True)
class Reason:
    """One reason, as a code for the record and a sentence for people. `against` makes it impossible."""

    code: str
    value: str = ""
    against: bool = False

    def __str__(self) -> str:
        return SENTENCES[self.code](self.value)

    @property
    def stored(self) -> str:
        return f"{self.code}:{self.value}" if self.value else self.code


SENTENCES: dict[str, Callable[[str], str]] = {
    "same_stairwell": lambda _v: _("same stairwell"),
    "same_building": lambda _v: _("same building"),
    "same_grid": lambda _v: _("same grid"),
    "metres": lambda v: _("%(metres)s m away") % {"metres": v},
    "answers_here": lambda v: _("answers for %(place)s") % {"place": v},
    "skill": lambda v: str(Skill(v).label) if v in Skill.values else v,
    "load": lambda v: _("%(number)s in hand") % {"number": v},
    "free": lambda _v: _("nothing in hand"),
    "last_time": lambda _v: _("did it last time"),
    "second_line": lambda _v: _("second line"),
    "carries": lambda v: _("carries %(kg)s kg") % {"kg": v},
    "stood_down": lambda _v: _("stood down, cannot be asked today"),
    "not_now": lambda _v: _("not available now"),
    "full": lambda v: _("%(number)s in hand, no more at present") % {"number": v},
    "lacks": lambda v: _("lacks: %(skill)s") % {"skill": str(Skill(v).label) if v in Skill.values else v},
    "too_heavy": lambda v: _("too heavy: carries %(kg)s kg") % {"kg": v},
    "by_phone_only": lambda _v: _("by phone only"),
    "declined": lambda _v: _("was asked and could not"),
    "asked": lambda _v: _("is on it already"),
}


@dataclass(frozen=True)
class Suggestion:
    """`score` in metres, less is better; `possible` False shows why not and offers no button."""

    volunteer: Volunteer
    score: float
    reasons: tuple[Reason, ...]
    possible: bool
    post: str = ""

    @property
    def why(self) -> list[str]:
        """The reasons as codes, for the assignment's record."""
        return [reason.stored for reason in self.reasons]


@dataclass
class _Known:
    """What is read once for all volunteers."""

    request: HelpRequest
    here: Place | None
    homes: dict[UUID, Place]
    posts: dict[UUID, tuple[str, str]]
    weights: dict[UUID, int]
    now: set[UUID]
    last: UUID | None
    asked: dict[UUID, str] = field(default_factory=dict)


def suggestions_for(request: HelpRequest, at: datetime, limit: int = 8) -> list[Suggestion]:
    """At most `limit` volunteers who can be asked, best first, then the nearest three who cannot, with why not."""
    volunteers = list(enrolled(at).filter(community_id=request.community_id).defer(*UNREAD))
    known = _read(request, volunteers, at)
    found = sorted((_suggest(v, known) for v in volunteers), key=lambda s: (s.score, s.volunteer.user.name))
    found = [s for s in found if not any(r.code == "asked" for r in s.reasons)]
    able = [s for s in found if s.possible][:limit]
    return able + [s for s in found if not s.possible][:MOST_NOT]


def _read(request: HelpRequest, volunteers: Sequence[Volunteer], at: datetime) -> _Known:
    ids = [v.pk for v in volunteers]
    return _Known(
        request=request,
        here=request.dwelling.place if request.dwelling is not None else request.place,
        homes={v.pk: v.home for v in volunteers if v.home is not None},
        posts=_posts_above(request, at),
        weights=loads(ids),
        now=set(can_serve(at).filter(pk__in=ids).values_list("pk", flat=True)),
        last=_did_it_last_time(request),
        asked=_asked(request),
    )


def _posts_above(request: HelpRequest, at: datetime) -> dict[UUID, tuple[str, str]]:
    """User id to (level, label) of the lowest post by which they answer for the place."""
    found: dict[UUID, tuple[str, str]] = {}
    rungs = [rung for rung in rungs_for(request, at) if rung.level != Level.COMMUNITY]
    labels = labels_of(rung.place.pk for rung in rungs)
    for rung in rungs:
        for post in rung.posts:
            found.setdefault(post.holder_id, (rung.level, labels[rung.place.pk]))
    return found


def _did_it_last_time(request: HelpRequest) -> UUID | None:
    """The volunteer who last did a request of this household."""
    if request.household_id is None:
        return None
    done = Assignment.objects.filter(request__household_id=request.household_id, state=AssignmentState.DONE)
    return done.exclude(request=request).order_by("-ended_at").values_list("volunteer_id", flat=True).first()


def _asked(request: HelpRequest) -> dict[UUID, str]:
    """Volunteer id to the state of their last assignment on this request."""
    return dict(request.assignments.order_by("offered_at").values_list("volunteer_id", "state"))


def _suggest(volunteer: Volunteer, known: _Known) -> Suggestion:
    metres, near = _near(volunteer, known)
    load = known.weights.get(volunteer.pk, 0)
    last = known.last == volunteer.pk
    score = metres + LOAD_METRES * load + (CONTINUITY_METRES if known.last and not last else 0)
    score += 0 if volunteer.user_id in known.posts else POST_METRES
    against = tuple(_against(volunteer, known, load))
    speaking = tuple(_for(volunteer, known, load, last))
    post = known.posts.get(volunteer.user_id, ("", ""))[1]
    return Suggestion(volunteer, score, (against or (*near, *speaking)), not against, post)


def _near(volunteer: Volunteer, known: _Known) -> tuple[float, list[Reason]]:
    post = known.posts.get(volunteer.user_id)
    here, home = known.here, known.homes.get(volunteer.pk)
    if post is not None and post[0] == Level.STAIRWELL:
        return 0, [Reason("answers_here", post[1])]
    first = [Reason("answers_here", post[1])] if post else []
    if here is None or home is None:
        return (SAME_BUILDING if post and post[0] == Level.BUILDING else ELSEWHERE), first
    metres, near = _between(here, home)
    return (min(metres, SAME_BUILDING) if post and post[0] == Level.BUILDING else metres), first + near


def _between(here: Place, home: Place) -> tuple[float, list[Reason]]:
    if here.stairwell_id and here.stairwell_id == home.stairwell_id:
        return SAME_STAIRWELL, [Reason("same_stairwell")]
    if here.building_id and here.building_id == home.building_id:
        return SAME_BUILDING, [Reason("same_building")]
    grid = [Reason("same_grid")] if here.grid_id and here.grid_id == home.grid_id else []
    metres = _metres(here, home)
    if metres is not None:
        return max(metres, SAME_BUILDING + 1), [*grid, Reason("metres", f"{round(metres, -1):.0f}")]
    return (SAME_GRID if grid else ELSEWHERE), grid


def _metres(here: Place, home: Place) -> float | None:
    """Metres along both axes, as one walks between blocks."""
    if here.x_m is None or here.y_m is None or home.x_m is None or home.y_m is None:
        return None
    return float(abs(here.x_m - home.x_m) + abs(here.y_m - home.y_m))


def _for(volunteer: Volunteer, known: _Known, load: int, last: bool) -> Iterable[Reason]:
    yield Reason("load", str(load)) if load else Reason("free")
    for skill in known.request.needs_skills:
        yield Reason("skill", skill)
    if known.request.weight_kg:
        yield Reason("carries", str(volunteer.carries_kg))
    if last:
        yield Reason("last_time")
    if volunteer.second_line:
        yield Reason("second_line")


def _against(volunteer: Volunteer, known: _Known, load: int) -> Iterable[Reason]:
    request, state = known.request, known.asked.get(volunteer.pk)
    if state in LIVE_ASSIGNMENTS:
        yield Reason("asked", against=True)
    if getattr(volunteer, "stood_down", False):
        yield Reason("stood_down", against=True)
    elif volunteer.pk not in known.now:
        yield Reason("not_now", against=True)
    if load >= volunteer.at_most:
        yield Reason("full", str(load), against=True)
    for skill in request.needs_skills:
        if skill not in volunteer.skills:
            yield Reason("lacks", skill, against=True)
    if request.weight_kg > volunteer.carries_kg:
        yield Reason("too_heavy", str(volunteer.carries_kg), against=True)
    if volunteer.by_phone_only and request.category not in BY_PHONE:
        yield Reason("by_phone_only", against=True)
    if state == AssignmentState.DECLINED:
        yield Reason("declined", against=True)
