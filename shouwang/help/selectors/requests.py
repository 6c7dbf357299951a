"""Which requests a reader may see at all; every other list starts from here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from shouwang.accounts.models import User
from shouwang.accounts.selectors import active_users
from shouwang.core.models import StoredFile
from shouwang.core.moves import may_move
from shouwang.core.scope import Scope
from shouwang.help.models import Assignment, Confidant, HelpRequest
from shouwang.help.rules import LINK_LIVES
from shouwang.help.states import LIVE_ASSIGNMENTS, REQUEST_MOVES
from shouwang.places.selectors import live_posts

KIND = "help.request"


def requests_for(scope: Scope, capability: str = "help.see") -> QuerySet[HelpRequest]:
    """Requests within the scope: by place, by commitment, by having been told of a danger to life.

    Confidential ones only for those named, and who has it in hand; in counter mode for nobody, and of the others only
    what kind of thing is needed.
    """
    by_place, named = scope.q(capability), named_to(scope)
    seen = by_place & (Q(confidential=False) | named)
    if capability == "help.see":
        seen |= Q(pk__in=scope.object_ids(KIND)) | (named & Q(confidential=True))
    found = HelpRequest.objects.filter(seen).select_related(
        "place", "dwelling__place", "household__dwelling__place", "taken_by"
    )
    return found.filter(confidential=False).veiled() if scope.counter else found


def named_to(scope: Scope) -> Q:
    """The filter for requests that the scope's user is named to know of, as long as the user serves there."""

    def ask() -> list[UUID]:
        serves = live_posts(scope.at).filter(holder=scope.user).values("community_id")
        named = Confidant.objects.filter(
            user=scope.user, until_at__isnull=True, request__community_id__in=serves
        )
        return list(named.values_list("request_id", flat=True))

    # Ids rather than a subquery: there are few, and every list of requests would carry it twice.
    return Q(pk__in=scope.once("help.named", ask) if scope.user is not None else [])


def confidants_of(request: HelpRequest) -> QuerySet[Confidant]:
    """Who is named to know of it now, in the order they were named."""
    return request.confidants.filter(until_at__isnull=True).select_related("user").order_by("from_at", "id")


def named_request_for(scope: Scope, request_id: UUID) -> HelpRequest:
    """A confidential request that the scope's user is named to know of; else 404."""
    found = requests_for(scope).filter(named_to(scope), pk=request_id, confidential=True).first()
    if found is None:
        raise Http404
    return found


def who_may_be_named(request: HelpRequest, at: datetime) -> QuerySet[User]:
    """Those who serve in the request's community and are not named yet, by name."""
    serving = live_posts(at).filter(community_id=request.community_id).values("holder_id")
    named = request.confidants.filter(until_at__isnull=True).values("user_id")
    return active_users().filter(pk__in=serving).exclude(pk__in=named)


def confidant_for(scope: Scope, confidant_id: UUID) -> Confidant:
    """A naming on a request that the scope sees and is named to; else 404."""
    found = Confidant.objects.select_related("request", "user").filter(pk=confidant_id, until_at__isnull=True)
    row = found.filter(request__in=requests_for(scope).filter(named_to(scope)).values("pk")).first()
    if row is None:
        raise Http404
    return row


def request_for(scope: Scope, request_id: UUID, capability: str = "help.see") -> HelpRequest:
    """The request, or 404."""
    found = requests_for(scope, capability).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def veiled_ids(scope: Scope) -> QuerySet[HelpRequest, Any]:
    """Ids of confidential requests of which the scope may know nothing."""
    known = requests_for(scope).values("pk")
    return HelpRequest.objects.filter(confidential=True).exclude(pk__in=known).values("pk")


def request_by_link(token: str, at: datetime) -> HelpRequest | None:
    """The request behind a private link; None for an unknown one and 7 days after its end."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = HelpRequest.objects.filter(link_digest=digest).select_related("place", "dwelling__place").first()
    if found is None or (found.closed_at is not None and found.closed_at + LINK_LIVES <= at):
        return None
    return found


def requests_of_household(scope: Scope, household_id: UUID) -> QuerySet[HelpRequest]:
    """A household's requests, newest first."""
    return requests_for(scope).filter(household_id=household_id).order_by("-received_at")


def search_requests(scope: Scope, said: str) -> QuerySet[HelpRequest]:
    """By number, or by what is needed, who asks, a phone's end or the door as said; newest first. With # in front of
    it a number is one and nothing else."""
    text = said.strip().lstrip("#№").strip()
    # Whose places and doors they are is told with two more questions; joined in, they are most of the time it takes.
    found = requests_for(scope).select_related(None).select_related("dwelling")
    if not text:
        return found.none()
    if text.isdigit() and len(text) <= 6 and said.strip()[0] in "#№":
        return found.filter(number=int(text)).order_by("-received_at")
    if text.isdigit() and len(text) <= 6:
        return found.filter(Q(number=int(text)) | Q(asker_phone__endswith=text)).order_by("-received_at")
    words = Q(title__icontains=text) | Q(asker_name__icontains=text) | Q(door_said__icontains=text)
    phone = Q(asker_phone=text) if text.isdigit() else Q(pk__in=[])
    return found.filter(words | phone).order_by("-received_at")


def assignments_on(request: HelpRequest) -> QuerySet[Assignment]:
    """Everybody who was asked or has it in hand, in the order they were asked."""
    return request.assignments.select_related("volunteer__user", "commitment").order_by("offered_at")


def assignment_for(scope: Scope, assignment_id: UUID) -> Assignment:
    """An assignment on a request that the scope sees, or one's own; else 404."""
    found = Assignment.objects.select_related("request", "volunteer__user", "commitment").filter(
        pk=assignment_id
    )
    mine = Q(volunteer__user=scope.user) if scope.user is not None else Q(pk__in=[])
    assignment = found.filter(mine | Q(request__in=requests_for(scope).values("pk"))).first()
    if assignment is None:
        raise Http404
    return assignment


def live_assignment_of(request: HelpRequest, user: Any) -> Assignment | None:
    """What this user was offered or has taken on of the request."""
    return assignments_on(request).filter(volunteer__user=user, state__in=LIVE_ASSIGNMENTS).first()


def assignments_to_reoffer(commitment_ids: Iterable[UUID]) -> list[Assignment]:
    """Live assignments that hang on these commitments."""
    return list(
        Assignment.objects.filter(
            commitment_id__in=list(commitment_ids), state__in=LIVE_ASSIGNMENTS
        ).select_related("request", "volunteer__user", "commitment")
    )


def reoffers_waiting(scope: Scope) -> QuerySet[Assignment]:
    """Live assignments of somebody off duty within the scope: to be offered again."""
    return Assignment.objects.filter(
        request__in=requests_for(scope).values("pk"),
        state__in=LIVE_ASSIGNMENTS,
        commitment__state="to_reoffer",
    ).select_related("request", "volunteer__user")


def photo_for(scope: Scope, request_id: UUID, file_id: UUID) -> StoredFile:
    """A photo in the timeline of a request within the scope, or 404."""
    event = request_for(scope, request_id).events.select_related("photo").filter(photo_id=file_id).first()
    if event is None or event.photo is None or scope.counter:
        raise Http404
    return event.photo


def may_move_to(request: HelpRequest, state: str) -> bool:
    """Whether the table of moves allows it; for buttons."""
    return may_move(REQUEST_MOVES, request.state, state)


def live_assignment_to(request_id: UUID, volunteer_id: UUID) -> Assignment | None:
    """What this volunteer was asked or has taken on of the request; for their own answer, whatever else they see."""
    return (
        Assignment.objects.select_related("request", "volunteer__user", "commitment")
        .filter(request_id=request_id, volunteer_id=volunteer_id, state__in=LIVE_ASSIGNMENTS)
        .first()
    )
