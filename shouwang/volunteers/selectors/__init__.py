"""Reads of those who serve. No ranking by hours or thanks; load is for whom to ask next, not for praise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from shouwang.core.registry import pages, purposes
from shouwang.core.scope import Grant, ObjectGrant, Scope
from shouwang.places.models import Place, Post
from shouwang.places.selectors import labels_of, live_posts, places_for
from shouwang.places.states import Level
from shouwang.volunteers.models import Availability, Commitment, StandDown, Volunteer
from shouwang.volunteers.rules import COMMITTED_CLASSES, REOFFER_WITHIN, is_own
from shouwang.volunteers.states import CommitmentState, Skill


def live_stand_downs(at: datetime) -> QuerySet[StandDown]:
    """Stand-downs that hold at `at`."""
    return StandDown.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


def enrolled(at: datetime) -> QuerySet[Volunteer]:
    """Everybody who serves at all, with `stood_down` (bool) on each."""
    return (
        Volunteer.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at))
        .select_related("user", "home")
        .annotate(stood_down=Exists(live_stand_downs(at).filter(volunteer=OuterRef("pk"))))
    )


def available(found: QuerySet[Volunteer], at: datetime) -> QuerySet[Volunteer]:
    """Of these, those who can be asked now: no times given at all, or within one of them."""
    times = Availability.objects.filter(volunteer=OuterRef("pk"))
    now = times.filter(from_at__lte=at, until_at__gt=at)
    return found.filter(Exists(now) | ~Exists(times))


def off_duty(found: QuerySet[Volunteer], at: datetime) -> QuerySet[Volunteer]:
    """Of these, those who are stood down."""
    return found.filter(Exists(live_stand_downs(at).filter(volunteer=OuterRef("pk"))))


def on_duty(found: QuerySet[Volunteer], at: datetime) -> QuerySet[Volunteer]:
    """Of these, those who are not stood down."""
    return found.filter(~Exists(live_stand_downs(at).filter(volunteer=OuterRef("pk"))))


def can_serve(at: datetime) -> QuerySet[Volunteer]:
    """Volunteers who are enrolled, not stood down, and can be asked now. For rooms above; not scoped."""
    return available(on_duty(enrolled(at), at), at)


def volunteers_for(scope: Scope, capability: str = "volunteer.see") -> QuerySet[Volunteer]:
    """Volunteers who live (or answer) where the capability is held, by name; with `stood_down` on each."""
    return enrolled(scope.at).filter(scope.q(capability)).order_by("user__name", "id")


def volunteer_for(scope: Scope, volunteer_id: UUID, capability: str = "volunteer.see") -> Volunteer:
    """The volunteer, or 404. One's own record is always there."""
    found = enrolled(scope.at).filter(pk=volunteer_id).first()
    if found is None or not (is_own(scope, found) or scope.covers(capability, found)):
        raise Http404
    return found


def volunteer_of(user: Any) -> Volunteer | None:
    """The volunteer's record of a user."""
    return Volunteer.objects.select_related("user", "home").filter(user=user).first()


def users_in(community_id: UUID) -> set[UUID]:
    """Ids of the users of everybody who serves in the community, stood down or not."""
    return set(Volunteer.objects.filter(community_id=community_id).values_list("user_id", flat=True))


def volunteer_by_id(volunteer_id: UUID) -> Volunteer | None:
    """A volunteer by id, for due rows; never for a page."""
    return Volunteer.objects.select_related("user", "home").filter(pk=volunteer_id).first()


def is_stood_down(volunteer: Volunteer, at: datetime) -> bool:
    """Whether the volunteer is off duty."""
    return live_stand_downs(at).filter(volunteer=volunteer).exists()


def is_available(volunteer: Volunteer, at: datetime) -> bool:
    """Whether the volunteer can be asked now, by the times given."""
    times = list(volunteer.availability.all())
    return not times or any(time.from_at <= at < time.until_at for time in times)


def is_off_duty(user: Any, at: datetime) -> bool:
    """Whether this user serves and is stood down."""
    return live_stand_downs(at).filter(volunteer__user=user).exists()


def stand_down_of(volunteer: Volunteer, at: datetime) -> StandDown | None:
    """The stand-down that holds now; who may read its reason is rules.may_know_why."""
    return live_stand_downs(at).filter(volunteer=volunteer).order_by("-from_at").first()


def availability_of(volunteer: Volunteer, at: datetime) -> list[Availability]:
    """The times given that have not passed, earliest first."""
    return list(volunteer.availability.filter(until_at__gt=at).order_by("from_at"))


# Commitments


def loads(volunteer_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The sum of the weights of open commitments, by volunteer id; 0 for whoever has none."""
    ids = list(volunteer_ids)
    rows = Commitment.objects.filter(volunteer_id__in=ids, state=CommitmentState.OPEN)
    sums = dict(rows.values_list("volunteer_id").annotate(total=Sum("weight")))
    return {pk: int(sums.get(pk, 0)) for pk in ids}


def commitments_of(volunteer: Volunteer) -> QuerySet[Commitment]:
    """What the volunteer still has in hand, or left behind to be offered again; oldest first."""
    return volunteer.commitments.exclude(state=CommitmentState.CLOSED).order_by("from_at", "id")


def commitment_for(subject_id: UUID, volunteer: Volunteer, kind: str) -> Commitment | None:
    """The volunteer's commitment to this subject that is not closed yet."""
    return commitments_of(volunteer).filter(kind=kind, subject_id=subject_id).first()


def commitments_to(subject_id: UUID, kind: str) -> list[Commitment]:
    """Everybody's commitments to this subject that are not closed."""
    rows = Commitment.objects.filter(subject_id=subject_id, kind=kind).exclude(state=CommitmentState.CLOSED)
    return list(rows.select_related("volunteer__user").order_by("from_at"))


def commitments_to_reoffer(commitment_ids: Iterable[UUID], kind: str) -> list[Commitment]:
    """Of these, those of one kind that wait to be offered again."""
    rows = Commitment.objects.filter(pk__in=list(commitment_ids), kind=kind, state=CommitmentState.TO_REOFFER)
    return list(rows.select_related("volunteer__user"))


@dataclass(frozen=True)
class CommitmentLine:
    """One line of the checklist that must come to zero. `url` is empty where the reader may not open it."""

    commitment: Commitment
    label: Any
    url: str
    where: str = ""


def checklist_for(scope: Scope, volunteer: Volunteer) -> list[CommitmentLine]:
    """What the volunteer has in hand, each with the page it is about, if a room draws one."""
    rows = list(commitments_of(volunteer))
    places = {row.pk: row.stairwell_id or row.building_id for row in rows}
    labels = labels_of(place for place in places.values() if place)
    return [_line(scope, row, labels.get(places[row.pk], "")) for row in rows]  # type: ignore[arg-type]


def _line(scope: Scope, commitment: Commitment, where: str) -> CommitmentLine:
    page = pages.find(commitment.kind)
    url = ""
    if page is not None and (not page.capability or scope.can(page.capability)):
        try:
            url = reverse(page.url_name, kwargs={f"{page.code.split('.')[-1]}_id": commitment.subject_id})
        except NoReverseMatch:
            url = ""
    return CommitmentLine(commitment, page.label if page is not None else "", url, where)


def grants_of_commitments(user: Any, at: datetime) -> tuple[Sequence[Grant], Sequence[ObjectGrant]]:
    """What a user may see because of open commitments: the subject and its household, while they last."""
    rows = Commitment.objects.filter(volunteer__user=user, state=CommitmentState.OPEN, from_at__lte=at)
    found: list[ObjectGrant] = []
    for row in rows.filter(Q(until_at__isnull=True) | Q(until_at__gt=at)):
        found.append(ObjectGrant(row.kind, row.subject_id, COMMITTED_CLASSES, "commitment"))
        if row.household_id:
            found.append(ObjectGrant("people.household", row.household_id, COMMITTED_CLASSES, "commitment"))
    return [], found


def not_reoffered(at: datetime, community: UUID | None) -> tuple[int, list[UUID]]:
    """Commitments of people off duty: how many wait to be offered again, and those that waited too long.

    Too long is `rules.REOFFER_WITHIN` from the stand-down; one still open although its holder is off duty
    counts too.
    """
    rows = (
        Commitment.objects.all() if community is None else Commitment.objects.filter(community_id=community)
    )
    waiting = rows.filter(state=CommitmentState.TO_REOFFER).annotate(
        since=Max("volunteer__stand_downs__from_at", filter=Q(volunteer__stand_downs__from_at__lte=at))
    )
    late = [row.pk for row in waiting if row.since is None or row.since < at - REOFFER_WITHIN]
    off_duty = live_stand_downs(at).filter(volunteer=OuterRef("volunteer"))
    left_open = rows.filter(Exists(off_duty), state=CommitmentState.OPEN).values_list("pk", flat=True)
    return waiting.count() + rows.filter(state=CommitmentState.OPEN).count(), [*late, *left_open]


def waiting_by_volunteer(scope: Scope) -> list[tuple[Volunteer, int]]:
    """Volunteers off duty within the scope whose commitments have not come to zero, with how many are left."""
    people = {v.pk: v for v in off_duty(volunteers_for(scope), scope.at)}
    rows = Commitment.objects.filter(volunteer_id__in=people).exclude(state=CommitmentState.CLOSED)
    counts: dict[UUID, int] = defaultdict(int)
    for pk in rows.values_list("volunteer_id", flat=True):
        counts[pk] += 1
    return [(people[pk], number) for pk, number in counts.items()]


# The list


@dataclass(frozen=True)
class VolunteerRow:
    """A line of the list. `posts` in words; `available` is whether the volunteer can be asked now."""

    volunteer: Volunteer
    posts: tuple[str, ...]
    skills: tuple[str, ...]
    load: int
    available: bool
    home: str = ""

    @property
    def stood_down(self) -> bool:
        return bool(getattr(self.volunteer, "stood_down", False))

    @property
    def is_full(self) -> bool:
        return self.load >= self.volunteer.at_most


FILTERS = ("all", "free", "stood_down", "second_line", "by_phone")
SORTS = {"name": ("user__name", "id"), "-name": ("-user__name", "id")}


def rows_for(
    scope: Scope, *, show: str = "all", skill: str = "", words: str = "", sort: str = "name"
) -> list[VolunteerRow]:
    """The list of volunteers as it is shown. `show` one of FILTERS, `skill` a Skill code, `words` part of a name."""
    found = volunteers_for(scope).prefetch_related("availability")
    if words:
        found = found.filter(Q(user__name__icontains=words) | Q(user__phone__endswith=words))
    if show == "stood_down":
        found = off_duty(found, scope.at)
    elif show == "second_line":
        found = found.filter(second_line=True)
    elif show == "by_phone":
        found = found.filter(by_phone_only=True)
    people = [v for v in found.order_by(*SORTS.get(sort, SORTS["name"])) if not skill or skill in v.skills]
    rows = _rows(people, scope.at)
    if show == "free":
        rows = [row for row in rows if row.available and not row.stood_down and not row.is_full]
    if sort in ("load", "-load"):
        rows.sort(key=lambda row: row.load, reverse=sort == "-load")
    return rows


def _rows(people: Sequence[Volunteer], at: datetime) -> list[VolunteerRow]:
    weights = loads(v.pk for v in people)
    homes = {v.home_id for v in people if v.home_id}
    posts, labels = posts_with_labels([v.user_id for v in people], at, homes)
    return [
        VolunteerRow(
            v,
            tuple(posts.get(v.user_id, ())),
            skills_in_words(v),
            weights[v.pk],
            is_available(v, at),
            labels.get(v.home_id, "") if v.home_id else "",
        )
        for v in people
    ]


def rows_at(scope: Scope, place_id: UUID) -> list[VolunteerRow]:
    """The rows of volunteers who live at or below a place."""
    here = Q(grid_id=place_id) | Q(building_id=place_id) | Q(stairwell_id=place_id)
    return _rows(list(volunteers_for(scope).filter(here).prefetch_related("availability")), scope.at)


def row_of(volunteer: Volunteer, at: datetime) -> VolunteerRow:
    """One volunteer as a line of the list."""
    return _rows([volunteer], at)[0]


def posts_of_all(volunteer: Volunteer, at: datetime) -> list[tuple[Post, str, bool]]:
    """Posts that have not ended as (post, in words, whether suspended): what a stand-down suspends stays in view."""
    rows = volunteer.user.posts.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)
    posts = list(rows.select_related("place", "area").order_by("from_at"))
    labels = labels_of(post.place_id for post in posts if post.place_id)
    return [(post, _post_words(post, labels), post.suspended_at is not None) for post in posts]


def homes_for(scope: Scope) -> list[tuple[Place, str]]:
    """Places somebody new may live in, with labels: those within the reader's scope, communities to stairwells."""
    levels = (Level.COMMUNITY, Level.GRID, Level.BUILDING, Level.STAIRWELL)
    places = list(places_for(scope, "volunteer.edit").filter(level__in=levels))
    labels = labels_of(place.pk for place in places)
    return [(place, labels[place.pk]) for place in places]


def found_by(scope: Scope, words: str) -> list[VolunteerRow]:
    """Volunteers whose name holds these words, for the search of the desk; at most ten."""
    return rows_for(scope, words=words)[:10] if scope.can("volunteer.see") and words else []


def counts_for(scope: Scope) -> dict[str, int]:
    """How many volunteers each filter shows."""
    found = volunteers_for(scope)
    return {
        "all": found.count(),
        "free": len(rows_for(scope, show="free")),
        "stood_down": off_duty(found, scope.at).count(),
        "second_line": found.filter(second_line=True).count(),
        "by_phone": found.filter(by_phone_only=True).count(),
    }


def skills_in_words(volunteer: Volunteer) -> tuple[str, ...]:
    """Skills as people say them."""
    return tuple(str(Skill(code).label) for code in volunteer.skills if code in Skill.values)


def posts_in_words(user_ids: Sequence[UUID], at: datetime) -> dict[UUID, list[str]]:
    """Live posts of many users in words, by user id, with three queries."""
    return posts_with_labels(user_ids, at, set())[0]


def posts_with_labels(
    user_ids: Sequence[UUID], at: datetime, places: set[UUID]
) -> tuple[dict[UUID, list[str]], dict[UUID, str]]:
    """The same, and the labels of further places with the same queries."""
    posts = list(live_posts(at).filter(holder_id__in=user_ids).select_related("area").order_by("order"))
    labels = labels_of({post.place_id for post in posts if post.place_id} | places)
    found: dict[UUID, list[str]] = defaultdict(list)
    for post in posts:
        found[post.holder_id].append(_post_words(post, labels))
    return found, labels


def _post_words(post: Post, labels: dict[UUID, str]) -> str:
    where = labels.get(post.place_id, "") if post.place_id else post.area.name if post.area else ""
    return f"{where} {post.get_role_display()}".strip()


# Erasure


def old_reasons(at: datetime) -> QuerySet[StandDown]:
    """Stand-downs that ended long enough ago and still hold their reason."""
    return StandDown.objects.filter(until_at__lt=at - _days()).exclude(reason="")


def old_reasons_opened(at: datetime) -> int:
    """The same, found by opening each ended one."""
    ended = StandDown.objects.filter(until_at__isnull=False)
    return len([row for row in ended if row.reason and row.until_at and row.until_at < at - _days()])


def _days() -> timedelta:
    return timedelta(days=purposes.get("service").days)


MOST_CANDIDATES = 6


def nearest_for_post(scope: Scope, place: Place) -> list[tuple[VolunteerRow, list[str]]]:
    """Volunteers of the same building (else grid) for a post at `place`, best first, each with the reasons in words."""
    near = Q(building_id=place.building_id) if place.building_id else Q(grid_id=place.grid_id or place.pk)
    people = on_duty(volunteers_for(scope).filter(near), scope.at).prefetch_related("availability")
    if not people.exists():
        people = on_duty(volunteers_for(scope), scope.at).prefetch_related("availability")
    rows = [row for row in _rows(list(people), scope.at) if row.available]
    rows.sort(key=lambda row: (row.volunteer.stairwell_id != place.stairwell_id, bool(row.posts), row.load))
    return [(row, _why_near(row, place)) for row in rows[:MOST_CANDIDATES]]


def _why_near(row: VolunteerRow, place: Place) -> list[str]:
    here = place.stairwell_id is not None and row.volunteer.stairwell_id == place.stairwell_id
    words = [
        gettext("lives in this stairwell") if here else gettext("lives in %(place)s") % {"place": row.home}
    ]
    if row.volunteer.second_line:
        words.append(gettext("second line"))
    words += row.posts or [gettext("no post yet")]
    words.append(gettext("%(number)s in hand") % {"number": row.load})
    return words
